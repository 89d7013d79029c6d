"""Writing about people: accounts, signing in and out, tokens."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found, require
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict, Invalid, TooMany
from kb.i18n import LOCALES, _
from kb.ids import new_secret
from kb.people.models import ApiToken, FailedSignIn, SignIn, User
from kb.people.passwords import hash_password
from kb.people.queries import secret_hash, user_by_email
from kb.people.schemas import NewUser

SIGNED_IN_FOR = timedelta(days=14)
# At most this many failures per account in the window; then wait. Behind one address may be a whole
# office: there it takes many more, so that one person's mistyping does not lock the others out.
FAILURES, FAILURES_OF_ADDRESS, WINDOW = 10, 100, timedelta(minutes=15)


def create_user(session: Session, new: NewUser, *, by: Identity | None) -> User:
    """Create an account; `by` None is the command line. An address already there is a Conflict."""
    if by is not None:
        require(by, Permission.USERS_MANAGE)
    if user_by_email(session, new.email):
        raise Conflict(_("There is already an account for %(email)s.") % {"email": new.email})
    user = User(
        email=new.email, name=new.name, locale=new.locale, is_admin=new.is_admin, is_active=True,
        password_hash=hash_password(new.password) if new.password else None, created_at=now(),
    )  # fmt: skip
    session.add(user)
    session.flush()
    actor = by.user_id if by else None
    record(session, actor_id=actor, action="user.created", object_type="user", object_id=user.id)
    return user


def hash_to_check(session: Session, email: str, address: str) -> str | None:
    """The hash of an active account, None where there is none; raises TooMany after repeated failures.

    Whoever calls this checks the password once the transaction is over: that takes long, and others would wait.
    """
    _slow_down(session, _subject("account", email.strip().lower()), _subject("address", address))
    user = user_by_email(session, email)
    return user.password_hash if user and user.is_active else None


def sign_in(session: Session, email: str, checked: str | None) -> tuple[User, str]:
    """The person and a new session token. `checked`: the hash the password was right for; raises Invalid."""
    user = user_by_email(session, email)
    if user is None or not _still(user, checked):
        raise Invalid.field("password", _("The address or the password is not right."))
    account = _subject("account", email.strip().lower())
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject == account))
    return user, open_session(session, user)


def open_session(session: Session, user: User) -> str:
    """A new session for a person; returns the cookie's token."""
    token, moment = new_secret(), now()
    session.add(
        SignIn(
            token_hash=secret_hash(token),
            user_id=user.id,
            created_at=moment,
            expires_at=moment + SIGNED_IN_FOR,
        )
    )
    session.execute(delete(SignIn).where(SignIn.expires_at < moment))
    record(session, actor_id=user.id, action="user.signed_in", object_type="user", object_id=user.id)
    return token


def note_failure(session: Session, email: str, address: str) -> None:
    """Count a refused sign-in; in a transaction of its own, as the attempt's was rolled back."""
    moment = now()
    for subject in (_subject("account", email.strip().lower()), _subject("address", address)):
        session.add(FailedSignIn(subject=subject, at=moment))
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < moment - WINDOW))


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == secret_hash(token)))


def create_token(
    session: Session, user: User, *, days: int | None, by: Identity | None
) -> tuple[str, datetime | None]:
    """A new API token of a person and when it ends; shown once, only its hash is kept."""
    if by is not None and by.user_id != user.id:
        require(by, Permission.USERS_MANAGE)
    token, moment = new_secret(), now()
    expires = moment + timedelta(days=days) if days else None
    session.add(
        ApiToken(token_hash=secret_hash(token), user_id=user.id, created_at=moment, expires_at=expires)
    )
    actor = by.user_id if by else None
    record(session, actor_id=actor, action="token.created", object_type="user", object_id=user.id)
    return token, expires


def revoke_token(session: Session, identity: Identity, mark: str) -> None:
    """End one of one's own API tokens, named by the first characters of its hash."""
    mine = select(ApiToken).where(ApiToken.user_id == identity.user_id)
    token = next((one for one in session.scalars(mine) if one.mark == mark), None)
    if token is None:
        raise not_found()
    session.delete(token)
    record(
        session,
        actor_id=identity.user_id,
        action="token.revoked",
        object_type="user",
        object_id=identity.user_id,
    )


def change_password(
    session: Session, identity: Identity, checked: str | None, encoded: str, *, kept: str
) -> None:
    """A new password by its hash; ends every other browser's session.

    `checked`: the hash the current password was right for; `kept`: this browser's token. Raises Invalid.
    """
    user = session.get(User, identity.user_id)
    if user is None or not _still(user, checked):
        raise Invalid.field("current_password", _("This is not your current password."))
    user.password_hash = encoded
    others = SignIn.token_hash != secret_hash(kept)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id, others))
    record(session, actor_id=user.id, action="user.password_changed", object_type="user", object_id=user.id)


def deactivate(session: Session, email: str, *, by: Identity | None) -> User:
    """End an account: sessions and tokens stop at once, what the person wrote stays."""
    user = _managed(session, email, by)
    user.is_active = False
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    actor = by.user_id if by else None
    record(session, actor_id=actor, action="user.deactivated", object_type="user", object_id=user.id)
    return user


def set_password(session: Session, email: str, password: str, *, by: Identity | None) -> User:
    """A new password for somebody who forgot theirs: sessions end, and earlier wrong guesses no longer count."""
    user = _managed(session, email, by)
    if not user.is_active:
        raise Conflict(_("This account is deactivated. Activate it first."))
    user.password_hash = hash_password(password)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject == _subject("account", user.email)))
    actor = by.user_id if by else None
    record(session, actor_id=actor, action="user.password_set", object_type="user", object_id=user.id)
    return user


def activate(session: Session, email: str, *, by: Identity | None) -> User:
    """Take a deactivated account up again; its old sessions and tokens stay ended."""
    user = _managed(session, email, by)
    if not user.is_active:
        user.is_active = True
        actor = by.user_id if by else None
        record(session, actor_id=actor, action="user.activated", object_type="user", object_id=user.id)
    return user


def _managed(session: Session, email: str, by: Identity | None) -> User:
    """The account an administrator, or the command line, may manage; raises NotFound."""
    if by is not None:
        require(by, Permission.USERS_MANAGE)
    user = user_by_email(session, email)
    if user is None:
        raise not_found()
    return user


def choose_locale(session: Session, user_id: str, locale: str) -> None:
    """Keep a person's language."""
    user = session.get(User, user_id)
    if user is not None and locale in LOCALES:
        user.locale = locale


def _still(user: User, checked: str | None) -> bool:
    """Whether the account is active and its password the one that was checked a moment ago."""
    return user.is_active and checked is not None and user.password_hash == checked


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def _slow_down(session: Session, account: str, address: str) -> None:
    since = now() - WINDOW
    for subject, most in ((account, FAILURES), (address, FAILURES_OF_ADDRESS)):
        failures = (
            select(func.count())
            .select_from(FailedSignIn)
            .where(FailedSignIn.subject == subject, FailedSignIn.at > since)
        )
        if (session.scalar(failures) or 0) >= most:
            raise TooMany(_("Too many attempts. Please wait a quarter of an hour and try again."))
