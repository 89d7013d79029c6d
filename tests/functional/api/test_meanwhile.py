"""Remarks and saves that meet: read on one revision, said on the next; at the same moment; one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.corrections import accept_newest
from kb.annotations.models import Annotation
from kb.annotations.services import create_annotation, save_note
from kb.db import Database
from tests.functional.api.test_standing import again, saved
from tests.support.api import World
from tests.support.factories import make_handover, make_note, make_user, who

ABOVE = "新的说明：目的、的确、别的。\n\n"
BODY = "先核对订单的编号。\n\n再核对付款的时间。\n"


def _sent(exact: str, start: int, **more: Any) -> dict[str, Any]:
    target = {"quote": {"exact": exact}, "position": {"start": start, "end": start + len(exact)}}
    return {"kind": "comment", "body": "？", "target": target} | more


def test_a_passage_read_before_a_save_is_found_after_it(world: World):
    note = world.note(body=BODY)
    start = note["text"].index("的编号")
    new = saved(world, note, ABOVE + BODY, 1)
    path = f"/notes/{note['id']}/annotations"
    made = world.viewer.post(path, _sent("的", start, revision=1))
    wanted = new["text"].index("的编号")
    assert (made["anchor"]["start"], made["anchor"]["status"], made["revision"]) == (wanted, "anchored", 1)
    moved = {"target": _sent("的", note["text"].index("的时间"))["target"], "revision": 1}
    assert world.viewer("PUT", f"/annotations/{made['id']}/anchor", moved).status_code == 200
    assert again(world.viewer, made)["anchor"]["start"] == new["text"].index("的时间")


def test_a_passage_that_went_meanwhile_is_said_so(world: World):
    note = world.note(body=BODY)
    saved(world, note, "另一件事。\n", 1)
    sent = _sent("核对付款的时间", note["text"].index("核对付款"), revision=1)
    answer = world.viewer("POST", f"/notes/{note['id']}/annotations", sent)
    assert (answer.status_code, "saved meanwhile" in answer.text) == (409, True)


def test_surroundings_tell_equal_words_apart_where_the_position_is_old(world: World):
    note = world.note(body=ABOVE + BODY)
    target = {
        "quote": {"exact": "的", "prefix": "付款", "suffix": "时间"},
        "position": {"start": 5, "end": 6},
    }
    made = world.viewer.post(
        f"/notes/{note['id']}/annotations", {"kind": "comment", "body": "？", "target": target}
    )
    assert made["anchor"]["start"] == note["text"].index("的时间")


def test_a_save_waits_for_a_remark_and_carries_it(database: Database):
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(session, manager, make_handover(session, manager=manager), body=BODY)

    def save() -> None:
        with database.transaction() as session:
            save_note(session, who(session, manager), note.id, {"body": ABOVE + BODY}, 1)

    saving = threading.Thread(target=save)
    with database.transaction() as session:
        data = {"kind": "comment", "body": "？", "exact": "付款"}
        made = create_annotation(session, who(session, manager), note.id, data).id
        saving.start()
        saving.join(1.5)
    saving.join()
    with database.transaction(read_only=True) as session:
        one = session.scalars(select(Annotation).where(Annotation.id == made)).one()
        assert one.anchor_start == (ABOVE.replace("\n\n", "\n") + BODY.replace("\n\n", "\n")).index("付款")


def test_a_correction_read_before_a_save_is_read_again(database: Database):
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(session, manager, make_handover(session, manager=manager), body=BODY)
        data = {"kind": "correction", "body": "", "exact": "付款", "replacement": "发货"}
        made = create_annotation(session, who(session, manager), note.id, data).id

    class SavedBetween(Database):
        """Somebody saves the note right after a correction was first read."""

        saved = False

        @contextmanager
        def transaction(self, *, read_only: bool = False) -> Iterator[Session]:
            with super().transaction(read_only=read_only) as session:
                identity = who(session, manager)
                yield session
            if not self.saved:
                self.saved = True
                with super().transaction() as session:
                    save_note(session, identity, note.id, {"body": ABOVE + BODY}, 1)

    with database.transaction(read_only=True) as session:
        identity = who(session, manager)
    busy = SavedBetween(database.url)
    with database.transaction() as session:
        taken = accept_newest(busy, session, identity, made)
        assert (busy.saved, taken.accepted_revision) == (True, 3)
    busy.close()


def test_a_mark_put_elsewhere_comes_back_where_it_was_put(world: World):
    note = world.note(body=BODY)
    first, second = note["text"].index("的编号"), note["text"].index("的时间")
    one = world.viewer.post(f"/notes/{note['id']}/annotations", _sent("的", first))
    put = {"target": _sent("的", second)["target"]}
    assert world.viewer("PUT", f"/annotations/{one['id']}/anchor", put).status_code == 200
    saved(world, note, "别无他物。\n", 1)
    assert again(world.viewer, one)["anchor"]["status"] == "orphaned"
    saved(world, note, BODY, 2)
    anchor = again(world.viewer, one)["anchor"]
    assert (anchor["status"], anchor["start"]) == ("anchored", second)


def test_a_short_mark_comes_back_though_its_surroundings_were_edited_before(world: World):
    note = world.note(body=BODY)
    one = world.viewer.post(f"/notes/{note['id']}/annotations", _sent("的", note["text"].index("的编号")))
    edited = "先核对甲订单的编号乙。\n\n再核对付款的时间。\n"
    kept = saved(world, note, edited, 1)
    before = again(world.viewer, one)["anchor"]
    assert before["status"] == "anchored" and kept["text"][before["start"]] == "的"
    saved(world, note, "别无他物。\n", 2)
    saved(world, note, edited, 3)
    assert again(world.viewer, one)["anchor"] == before
