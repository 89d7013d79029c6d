"""Reading about people."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.people.models import ApiToken, User


def secret_hash(secret: str) -> str:
    """How a bearer secret is kept: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def user_by_email(session: Session, email: str) -> User | None:
    """The account with that address, active or not."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def users_by_email(session: Session, emails: set[str]) -> dict[str, User]:
    """Accounts by address, those that exist."""
    if not emails:
        return {}
    return {user.email: user for user in session.scalars(select(User).where(User.email.in_(emails)))}


def user_of_token(session: Session, token: str, at: datetime) -> User | None:
    """The active person an API token stands for."""
    return session.scalar(
        select(User)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == secret_hash(token),
            (ApiToken.expires_at.is_(None)) | (ApiToken.expires_at > at),
            User.is_active,
        )
    )


def all_users() -> Select[User]:
    """Every account, by name."""
    return select(User).order_by(User.name, User.email)


def tokens_of(user_id: str) -> Select[ApiToken]:
    """A person's API tokens, newest first."""
    return select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.created_at.desc())


def token_counts(session: Session) -> dict[str, int]:
    """How many API tokens each person has, by user id."""
    return dict(session.execute(select(ApiToken.user_id, func.count()).group_by(ApiToken.user_id)).all())


def any_user(session: Session) -> bool:
    """Whether there is an account at all."""
    return session.scalar(select(User.id).limit(1)) is not None
