"""What other parts ask the register: what still names the leaver, what expires, whose entries an item has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kb.checklists.services import add_item
from kb.db import Database
from kb.handovers.models import Handover
from kb.notes.unlinking import delete_item
from kb.people.models import User
from kb.registers.evidence import evidence_needed, says_little
from kb.registers.models import Entry
from kb.registers.queries import entries_about, entries_of, expiring, steps_of, still_naming
from kb.registers.services import add_entry, change_entry
from tests.support.factories import make_handover, make_user, who

DAY = date(2026, 11, 30)


def _world(session: Session) -> tuple[Handover, User, User]:
    manager, leaver = make_user(session, name="王建国"), make_user(session, name="林晓雯")
    return make_handover(session, manager=manager, leaver=leaver), manager, leaver


def _enter(session: Session, manager: User, handover: Handover, name: str, **fields: Any) -> Entry:
    data = {"kind": "domain", "name": name} | fields
    return add_entry(session, who(session, manager), handover.id, data)


def test_what_still_names_the_leaver_until_it_has_changed_hands(database: Database) -> None:
    with database.transaction() as session:
        handover, manager, leaver = _world(session)
        other, boss, _other_leaver = _world(session)
        _enter(session, boss, other, "elsewhere", holder=leaver.email)
        taker = {"new_holder": "陈思远"}
        domain = _enter(session, manager, handover, "domain", holder=leaver.email, **taker)
        account = _enter(session, manager, handover, "account", kind="account", holder="林晓雯", **taker)
        vendor = _enter(session, manager, handover, "vendor", kind="vendor", contact="他们打给林晓雯的手机")
        _enter(session, manager, handover, "ours", holder="公司")
        assert [one.name for one in still_naming(session, handover.id)] == ["domain", "account", "vendor"]
        for one in (domain, account):
            change_entry(session, who(session, manager), one.id, {"state": "confirmed"})
        change_entry(session, who(session, manager), vendor.id, {"contact": "他们打给陈思远"})
        assert [one.name for one in still_naming(session, handover.id)] == ["account"]
        change_entry(session, who(session, manager), account.id, {"state": "revoked"})
        assert still_naming(session, handover.id) == []


def test_what_expires_by_a_day_in_several_handovers_the_earliest_first(database: Database) -> None:
    with database.transaction() as session:
        handover, manager, _leaver = _world(session)
        other, boss, _other_leaver = _world(session)
        _enter(session, manager, handover, "on the day", expires_on="2026-11-30")
        _enter(session, boss, other, "long past", expires_on="2025-01-01")
        _enter(session, manager, handover, "after it", expires_on="2026-12-01")
        _enter(session, manager, handover, "never")
        _enter(session, manager, handover, "ended", expires_on="2026-11-01", state="revoked")
        found = expiring(session, [handover.id, other.id], DAY)
        assert [one.name for one in found] == ["long past", "on the day"]
        assert [one.name for one in expiring(session, [handover.id], DAY)] == ["on the day"]
        assert expiring(session, [], DAY) == []


def test_an_item_that_goes_leaves_its_entries(database: Database) -> None:
    with database.transaction() as session:
        handover, manager, _leaver = _world(session)
        item = add_item(session, who(session, manager), handover.id, {"module": "M", "title": "T"})
        entry = _enter(session, manager, handover, "kept", item=item.id)
        assert [one.id for one in session.scalars(entries_about(item.id))] == [entry.id]
        delete_item(session, who(session, manager), item.id)
    with database.transaction(read_only=True) as session:
        assert [(one.name, one.item_id) for one in session.scalars(entries_of(handover.id))] == [
            ("kept", None)
        ]


def test_entries_keep_the_order_in_which_they_were_entered_and_steps_come_newest_first(
    database: Database,
) -> None:
    with database.transaction() as session:
        handover, manager, _leaver = _world(session)
        names = ["c", "a", "b"]
        made = [_enter(session, manager, handover, name) for name in names]
        for state in ("shared", "transferred", "held"):
            change_entry(session, who(session, manager), made[0].id, {"state": state})
        assert [one.name for one in session.scalars(entries_of(handover.id))] == names
        steps = [(step.was, step.became) for step in session.scalars(steps_of(made[0].id))]
        assert steps == [("transferred", "held"), ("shared", "transferred"), ("held", "shared")]


@pytest.mark.parametrize(
    ("evidence", "little"),
    [
        ("已登录成功", False),
        ("signed in", False),
        ("see ticket 4711", False),
        ("Registrar shows the company.", False),
        ("", True),
        ("ok", True),
        ("好", True),
        ("Done!!!", True),
        ("全部移交。", True),
        ("n/a", True),
        ("— — — — — —", True),
    ],
)
def test_what_says_little(evidence: str, little: bool) -> None:
    assert says_little(evidence) is little


@pytest.mark.parametrize(
    ("was", "becomes", "needed"),
    [
        ("held", "shared", False),
        ("held", "held", False),
        ("confirmed", "confirmed", False),
        ("held", "revoked", True),
        ("shared", "transferred", True),
        ("transferred", "confirmed", True),
        ("shared", "held", True),
    ],
)
def test_when_something_must_show_it(was: str, becomes: str, needed: bool) -> None:
    assert evidence_needed(was, becomes) is needed


def test_what_was_taken_over_by_who_leaves_now_does_not_vanish(database: Database) -> None:
    with database.transaction() as session:
        handover, manager, leaver = _world(session)
        other = make_user(session, name="陈思远")
        for kind, state in (("account", "revoked"), ("domain", "confirmed"), ("domain", "revoked")):
            entry = _enter(
                session, manager, handover, f"{kind} {state}", kind=kind, state=state, holder=leaver.email
            )
            entry.new_holder_id = leaver.id  # as it was before it was refused, or before they left
        names = [one.name for one in still_naming(session, handover.id)]
        assert names == ["account revoked", "domain confirmed", "domain revoked"]
        for entry in still_naming(session, handover.id):
            change_entry(session, who(session, manager), entry.id, {"new_holder": other.email})
        assert still_naming(session, handover.id) == []
