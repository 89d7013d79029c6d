"""Real rows for tests, made through the product's own services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.attachments.models import Attachment
from kb.attachments.services import attach
from kb.attachments.storage import Storage
from kb.checklists.services import start_handover
from kb.clock import now
from kb.handovers.models import Handover
from kb.handovers.queries import identity_of
from kb.handovers.schemas import Member, NewHandover
from kb.ids import new_id
from kb.notes.models import Note
from kb.notes.services import create_note
from kb.people.models import User
from kb.people.schemas import NewUser
from kb.people.services import create_token, create_user, open_session
from kb.search import changes  # noqa: F401  # or the index would never hear of what is made here

PASSWORD = "a-long-test-password"


def make_user(
    session: Session, email: str | None = None, *, name: str = "", admin: bool = False, password: str | None = None,
    locale: str = "en",
) -> User:  # fmt: skip
    """An account; without a password it signs in through `cookie_for` or `token_for` only."""
    email = email or f"{new_id()}@example.com"
    return create_user(session, NewUser(email, name or email.split("@")[0], password, admin, locale), by=None)


def make_handover(
    session: Session, *, manager: User | None = None, leaver: User | None = None, template: str | None = None,
    title: str = "Shop operations", language: str = "en", days: int = 20, **roles: User,
) -> Handover:  # fmt: skip
    """A handover its manager started; further members by role: `successor=user, viewer=user`."""
    manager, leaver = manager or make_user(session), leaver or make_user(session)
    members = tuple(Member(user.email, Role(role)) for role, user in roles.items())
    today = now().date()
    new = NewHandover(
        title=title, position="Operations lead", department="", language=language, leaver=leaver.email,
        last_day=today + timedelta(days=days), support_until=None, confirmed_on=None, confirmed_by="",
        template=template, members=members,
    )  # fmt: skip
    return start_handover(session, identity_of(session, manager), new, today=today)


def make_note(session: Session, author: User, handover: Handover, **fields: Any) -> Note:
    """A published procedure unless said otherwise."""
    data = {"kind": "procedure", "title": f"Note {new_id()}", "body": "## Steps\n\nDo it.\n"} | fields
    return create_note(session, identity_of(session, author), handover.id, data)


def make_attachment(
    session: Session,
    author: User,
    note: Note,
    storage: Storage,
    name: str = "对账.csv",
    content: bytes = b"a,b\n",
) -> Attachment:
    """A file of a note."""
    incoming = storage.incoming()
    incoming.write(content)
    incoming.finish()
    return attach(session, identity_of(session, author), storage, note.id, incoming, name)


def who(session: Session, user: User) -> Identity:
    """The person as the services see them."""
    return identity_of(session, user)


def token_for(session: Session, user: User) -> str:
    """An API token."""
    return create_token(session, user, days=None, by=None)[0]


def bearer(session: Session, user: User) -> dict[str, str]:
    """The header of an API call by this person."""
    return {"authorization": f"Bearer {token_for(session, user)}"}


def cookie_for(session: Session, user: User) -> dict[str, str]:
    """The cookie of a signed-in browser."""
    return {"kb_session": open_session(session, user)}
