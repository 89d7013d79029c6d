"""The database: declarative base, engines for SQLite and PostgreSQL, and who owns a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

# Named constraints, or SQLite's batch migrations could not drop them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base; `kb.models` imports them all."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python on both databases, whatever the driver gives back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs an offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred BEGIN that later writes fails at once under load instead of waiting its turn.
        reading = connection.get_execution_options().get("kb_read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """One engine and its two kinds of session: one that may write, one that only reads."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            Path(make_url(url).database or ".").parent.mkdir(parents=True, exist_ok=True)
        # A shared in-memory pool would serialise readers; SQLite files open quickly.
        arguments: dict[str, Any] = {"check_same_thread": False} if self.is_sqlite else {}
        self.engine = create_engine(
            url, pool_size=pool_size, max_overflow=4, pool_timeout=10, connect_args=arguments,
            pool_pre_ping=not self.is_sqlite, hide_parameters=True,  # texts people write are none of the log's business
        )  # fmt: skip
        reader = self.engine.execution_options(kb_read_only=True)
        if self.is_sqlite:
            _set_up_sqlite(self.engine)
        else:
            reader = reader.execution_options(postgresql_readonly=True)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._read = sessionmaker(reader, expire_on_commit=False, autoflush=False)

    def session(self, *, read_only: bool = False) -> Session:
        """A session nobody else uses; the caller commits or rolls back."""
        return self._read() if read_only else self._write()

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self.session(read_only=read_only) as session:
            try:
                yield session
                # Closing a reading session ends its transaction and leaves what was loaded usable.
                if not read_only:
                    session.commit()
            except BaseException:
                session.rollback()
                raise

    def answers(self) -> bool:
        """Whether the database answers a trivial question now."""
        with self.session(read_only=True) as session:
            return bool(session.execute(text("SELECT 1")).scalar_one() == 1)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


# Keys of PostgreSQL's advisory locks, all in one place so that no two mean the same.
LOCK_AUDIT_CHAIN = 7_301_001
LOCK_CHANGE_LOG = 7_301_002
LOCK_MIGRATION = 7_301_003
LOCK_SEARCHES = 7_301_004
LOCK_ATTACHMENTS = 7_301_005


def lock_until_commit(session: Session, key: int) -> None:
    """Make writers of one log take turns until they commit; SQLite's BEGIN IMMEDIATE already does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


_before_commit: list[tuple[int, Callable[[Session], None]]] = []


def before_commit(lock: int, hook: Callable[[Session], None]) -> None:
    """Run a hook just before every commit; hooks run in the order of the lock each takes.

    One order whatever is imported first: else one process could hold the first lock and wait for the
    second while another holds the second and waits for the first.
    """
    _before_commit.append((lock, hook))
    _before_commit.sort(key=lambda pair: pair[0])


@event.listens_for(Session, "before_commit")
def _run_hooks(session: Session) -> None:
    for _lock, hook in _before_commit:
        hook(session)
