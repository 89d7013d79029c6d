from __future__ import annotations

import pytest
from sqlalchemy import func, select

from kb.db import Database
from kb.demo.loader import PASSWORD
from kb.notes.models import Note
from kb.people.passwords import verify_password
from kb.people.queries import user_by_email
from tests.support.factories import make_user
from tests.unit.cli.conftest import Command


def notes(database: Database) -> int:
    with database.transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def test_the_demo_is_loaded_once_and_says_who_can_sign_in(kb: Command, database: Database):
    answer = kb("demo", "--no-serve")
    assert (answer.status, answer.err) == (0, "")
    for word in (
        "Who can sign in:",
        "可以登录的人：",
        "lin.xiaowen@example.com",
        "林晓雯",
        "交接人",
        "Trainer",
        PASSWORD,
    ):
        assert word in answer.out
    loaded = notes(database)
    assert loaded >= 40
    again = kb("demo", "--no-serve")
    assert again.out == answer.out
    assert "known to everybody" in kb("demo", "--no-serve", "--host", "0.0.0.0").err
    assert notes(database) == loaded
    assert kb("search", "退款", "--as", "lin.xiaowen@example.com").out.splitlines()[0] not in {
        "0 hits",
        "1 hit",
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_machines_get_a_password_of_their_own(kb: Command, database: Database):
    out = kb("demo", "--no-serve", "--host", "0.0.0.0").out
    password = next(line for line in out.splitlines() if line.startswith("Everybody's password: ")).split()[
        -1
    ]
    with database.transaction(read_only=True) as session:
        user = user_by_email(session, "admin@example.com")
        assert user is not None
        assert verify_password(user.password_hash, password)
        assert not verify_password(user.password_hash, PASSWORD)
    assert PASSWORD not in out
    assert PASSWORD not in kb("demo", "--no-serve").out


def test_a_database_in_use_is_left_alone(kb: Command, database: Database):
    with database.transaction() as session:
        make_user(session, "somebody@example.com")
    answer = kb("demo", "--no-serve")
    assert (answer.status, answer.out) == (0, "")
    assert answer.err.startswith("The database is not empty")
    assert notes(database) == 0
