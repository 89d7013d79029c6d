"""The board says how far a handover is and what is at risk, by evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from kb.annotations.services import create_annotation, save_note
from kb.clock import now
from kb.errors import NotFound
from kb.notes.freshness import still_right
from kb.notes.models import Note
from kb.notes.slots import mark_slot
from kb.progress.board import board_of, boards_of
from tests.functional.progress.conftest import BODY, Scene
from tests.support.factories import make_handover

MARK = {"kind": "question", "body": "Why?", "target": {"quote": {"exact": "every time"}}}


def test_a_critical_item_with_nothing_written(scene: Scene):
    one = scene.only()
    assert one.risk.level == "critical"
    assert one.risk.reasons == ("Nothing is written yet.", "Only Lin knows it.")
    assert scene.board().risk.level == "critical"
    assert scene.board().risk.reasons == (
        "1 critical item has nothing written.", "1 item is known by Lin alone.", "20 days are left.",
    )  # fmt: skip


def test_written_by_the_leaver_alone_is_still_a_risk(scene: Scene):
    scene.note()
    one = scene.only()
    assert (one.risk.level, one.risk.reasons) == ("medium", ("Only Lin knows it.",))


def test_a_draft_shows_nothing(scene: Scene):
    scene.note(by=scene.successor, status="draft")
    assert scene.only().standing.alone
    assert scene.only().evidence.coverage.notes == 0


def wrote(scene: Scene) -> None:
    scene.note(by=scene.successor)


def edited(scene: Scene) -> None:
    changed = {"body": BODY + "\nAnd mind the gap.\n"}
    save_note(scene.session, scene.who(scene.successor), scene.note(), changed, 1)


def asked(scene: Scene) -> None:
    create_annotation(scene.session, scene.who(scene.successor), scene.note(), MARK)


def checked(scene: Scene) -> None:
    still_right(scene.session, scene.who(scene.manager), scene.note(), 1)


def practised(scene: Scene) -> None:
    scene.note()
    scene.practise("observed")


def saw(scene: Scene) -> None:
    scene.note()
    scene.demonstrate()


def accepted_a_slot(scene: Scene) -> None:
    scene.note()
    mark_slot(scene.session, scene.who(scene.successor), scene.item, "steps", {"accepted": True})


def accepted_it(scene: Scene) -> None:
    scene.note()
    scene.change(state="accepted")


@pytest.mark.parametrize(
    "deed", [wrote, edited, asked, checked, practised, saw, accepted_a_slot, accepted_it], ids=lambda d: d.__name__
)  # fmt: skip
def test_somebody_else_knows_it(scene: Scene, deed):
    deed(scene)
    one = scene.only()
    assert not one.standing.alone
    assert "Only Lin knows it." not in one.risk.reasons


def owned_by_somebody_else(scene: Scene) -> None:
    scene.change(owner=scene.successor.email)


def failed(scene: Scene) -> None:
    scene.practise(outcome="failed")


def planned(scene: Scene) -> None:
    later = (now() + timedelta(days=2)).isoformat()
    scene.demonstrate(minutes="", held_at=later)


@pytest.mark.parametrize("deed", [owned_by_somebody_else, failed, planned], ids=lambda d: d.__name__)
def test_what_shows_nothing(scene: Scene, deed):
    scene.note()
    deed(scene)
    assert scene.only().standing.alone


def test_risk_grows_towards_the_last_day(scene: Scene):
    scores = [scene.only(scene.last_day - timedelta(days=left)).risk for left in (60, 30, 20, 0, -5)]
    assert [risk.level for risk in scores] == ["high", "high", "critical", "critical", "critical"]
    assert [risk.score for risk in scores] == [6.0, 6.0, 12.0, 24.0, 24.0]


@pytest.mark.parametrize(
    ("importance", "level"),
    [("critical", "critical"), ("high", "high"), ("normal", "medium"), ("low", "low")],
)
def test_risk_goes_with_importance(scene: Scene, importance: str, level: str):
    scene.change(importance=importance)
    assert scene.only().risk.level == level


def test_a_passage_changed_since_is_half_missing(scene: Scene):
    note = scene.note()
    mark_slot(scene.session, scene.who(scene.successor), scene.item, "steps", {"accepted": True})
    before = scene.only().risk.score
    save_note(scene.session, scene.who(), note, {"body": BODY.replace("like this", "otherwise")}, 1)
    one = scene.only()
    assert one.risk.score > before
    assert "The passage has changed since: Steps." in one.risk.reasons


def test_practice_that_is_lacking(scene: Scene):
    scene.note(by=scene.successor)
    scene.change(practice={"level": "independent", "runs": 1})
    assert scene.only().risk.reasons == (
        "Practice is lacking: independent × 1 is asked for, 0 passed.",
    )  # fmt: skip
    scene.practise()
    assert scene.only().risk.reasons == ()


def test_what_will_not_come_round_again_asks_for_a_rehearsal(scene: Scene):
    scene.note(by=scene.successor)
    scene.change(rhythm="yearly", next_on=(scene.last_day + timedelta(days=1)).isoformat())
    assert scene.only().standing.asks_rehearsal
    assert scene.only().risk.reasons == (
        "It will not come round again before the last day, and nobody has rehearsed it.",
    )  # fmt: skip
    scene.change(next_on=scene.last_day.isoformat())
    assert not scene.only().standing.asks_rehearsal


@pytest.mark.parametrize("fields", [{}, {"minutes": "", "recording": "Shared drive, video 7"}])
def test_a_demonstration_or_a_recording_is_a_rehearsal(scene: Scene, fields: dict[str, str]):
    scene.change(rhythm="rare")
    assert scene.only().standing.asks_rehearsal
    scene.demonstrate(**fields)
    assert not scene.only().standing.asks_rehearsal


def test_overdue_and_questions_are_said(scene: Scene):
    scene.change(due=(scene.today - timedelta(days=3)).isoformat())
    note = scene.note(body="## Steps\n\nDo it every time.\n")
    create_annotation(scene.session, scene.who(scene.successor), note, MARK)
    one = scene.only()
    assert one.standing.overdue == 3
    assert one.risk.reasons[-2:] == ("It was due 3 days ago.", "1 question is open.")
    scene.session.get_one(Note, note).deleted_at = now()
    assert scene.only().evidence.questions == 0


def test_a_slot_that_is_waived_needs_nobody(scene: Scene):
    for slot in ("steps", "cautions"):
        waived = {"waived_because": "The warehouse system does this by itself since May."}
        mark_slot(scene.session, scene.who(), scene.item, slot, waived)
    assert scene.only().risk.reasons == ()


def test_an_empty_checklist_is_a_risk(session):
    handover = make_handover(session, days=20)
    board = board_of(session, handover.id, handover.last_day - timedelta(days=20))
    assert (board.risk.level, board.coverage.percent) == ("medium", 0)
    assert board_of(session, handover.id, handover.last_day).risk.level == "high"


def test_of_what_is_not_there(session):
    with pytest.raises(NotFound):
        board_of(session, "0" * 12, now().date())


def test_as_many_statements_for_many_items_and_handovers(scene: Scene):
    def count(ids: list[str]) -> int:
        statements: list[str] = []

        def heard(_connection, _cursor, statement: str, *_rest) -> None:
            statements.append(statement)

        scene.session.flush()
        scene.session.expire_all()
        engine = scene.session.get_bind()
        event.listen(engine, "before_cursor_execute", heard)
        try:
            boards_of(scene.session, ids, scene.today)
        finally:
            event.remove(engine, "before_cursor_execute", heard)
        return len(statements)

    few = count([scene.handover.id])
    for number in range(60):
        scene.add(title=f"Item {number}", module=f"Module {number % 5}")
    other = make_handover(scene.session, template="ecommerce-operations")
    assert count([scene.handover.id, other.id]) == few
