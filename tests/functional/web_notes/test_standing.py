"""Cards of remarks whose passage changed or went, and corrections taken up, by plain forms."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from kb.annotations.models import Annotation
from kb.notes.models import Revision
from tests.functional.web_notes.conftest import BODY, Desk, fields_of
from tests.support.visitor import words

SENTENCE = "先核对订单 😀，再处理退款。"


def said(desk: Desk, exact: str, by: str = "viewer", **more: Any) -> str:
    """The id of a remark made by a plain form."""
    desk[by].get(desk.note)
    answer = desk[by].send(
        f"{desk.note}/annotations", {"kind": "comment", "body": "嗯", "exact": exact, **more}
    )
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"].rpartition("#a-")[2]


def corrected(desk: Desk, exact: str, replacement: str, **more: Any) -> str:
    return said(desk, exact, kind="correction", body="", replacement=replacement, **more)


def rewritten(desk: Desk, old: str, new: str) -> None:
    leaver, note = desk["leaver"], desk.stored()
    leaver.get(f"{desk.note}/edit")
    answer = leaver.send(f"{desk.note}/edit", fields_of(note, body=note.body.replace(old, new)))
    assert answer.status_code == 303, words(answer)


def stored(desk: Desk, one: str) -> Annotation:
    with desk.database.transaction(read_only=True) as session:
        return session.scalars(select(Annotation).where(Annotation.id == one)).one()


def card(page: Any, one: str) -> str:
    """The HTML of one card."""
    found = re.search(rf'<li class="remark [^>]*id="a-{one}".*?</div></li>', page.text, re.S)
    assert found
    return found[0]


def test_changed_words_stand_side_by_side_and_are_confirmed(desk: Desk):
    one = said(desk, SENTENCE)
    rewritten(desk, "再处理退款", "再处理换货")
    shown = card(desk["leaver"].get(desk.note), one)
    assert "<del>退款</del>" in shown
    assert "<ins>换货</ins>" in shown
    assert "Yes, this is the passage" in shown
    exact, start = stored(desk, one).anchor_exact, stored(desk, one).anchor_start
    answer = desk["leaver"].send(f"/annotations/{one}/anchor", {"exact": exact, "start": str(start)})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{desk.note}#a-{one}"
    after = card(desk["leaver"].get(desk.note), one)
    assert "Yes, this is the passage" not in after
    assert "the passage is confirmed" in after
    assert (stored(desk, one).anchor_status, stored(desk, one).confirmed_exact) == ("changed", exact)


def test_who_may_not_settle_a_remark_is_not_asked(desk: Desk):
    one = said(desk, SENTENCE, by="leaver")
    rewritten(desk, "再处理退款", "再处理换货")
    shown = card(desk["viewer"].get(desk.note), one)
    assert "Yes, this is the passage" not in shown
    assert "The words have changed since." in shown
    assert desk["viewer"].send(f"/annotations/{one}/anchor", {"exact": "订单"}).status_code == 403


def test_an_orphan_names_the_revision_that_took_it_and_is_put_back(desk: Desk):
    one = said(desk, SENTENCE)
    rewritten(desk, SENTENCE + "\n\n", "")
    shown = card(desk["leaver"].get(desk.note), one)
    assert f'href="{desk.note}/history/2"' in shown
    assert "Put it on a passage" in shown
    refused = desk["leaver"].send(f"/annotations/{one}/anchor", {"exact": "没有这句"})
    assert refused.status_code == 422
    assert "没有这句</textarea>" in refused.text
    assert desk["leaver"].send(f"/annotations/{one}/anchor", {"exact": "不要 借账号"}).status_code == 422
    answer = desk["leaver"].send_fragment(f"/annotations/{one}/anchor", {"exact": "不要借账号"})
    assert "data-told=" in answer.text
    assert (stored(desk, one).anchor_exact, stored(desk, one).lost_revision) == ("不要借账号", None)


def test_a_correction_is_shown_before_it_is_taken_up(desk: Desk):
    one = corrected(desk, "借", "转借")  # one character, in bold
    leaver = desk["leaver"]
    assert f"/annotations/{one}/accept" in card(leaver.get(desk.note), one)
    assert f"/annotations/{one}/accept" not in card(desk["viewer"].get(desk.note), one)
    page = leaver.get(f"/annotations/{one}/accept")
    assert "- 不要**<b>转</b>借账号**。" in page.text
    assert desk.stored().body == BODY
    answer = leaver.send(f"/annotations/{one}/accept", {"base_revision": "1"})
    assert answer.status_code == 303
    assert desk.stored().body == BODY.replace("借", "转借")
    with desk.database.transaction(read_only=True) as session:
        revision = session.scalars(select(Revision).where(Revision.number == 2)).one()
    assert revision.proposed_by_id == stored(desk, one).author_id != revision.author_id
    assert "Viewer" in revision.reason
    assert "Taken up with revision 2" in card(leaver.get(answer.headers["location"].partition("#")[0]), one)


def test_saved_meanwhile_it_is_shown_on_the_new_text(desk: Desk):
    one = corrected(desk, "借账号", "借用账号")
    desk["leaver"].get(f"/annotations/{one}/accept")
    rewritten(desk, "先核对", "先仔细核对")
    page = desk["leaver"].send(f"/annotations/{one}/accept", {"base_revision": "1"})
    assert page.status_code == 409
    assert "saved meanwhile" in words(page)
    assert 'name="base_revision" value="2"' in page.text
    assert desk["leaver"].send(f"/annotations/{one}/accept", {"base_revision": "2"}).status_code == 303
    assert desk.stored().body == BODY.replace("先核对", "先仔细核对").replace("借账号", "借用账号")


def test_what_looks_like_a_secret_is_taken_up_only_knowingly(desk: Desk):
    one = corrected(desk, "借账号", "用密码：Hg7#kd92Lq", accept_secrets="1")
    leaver = desk["leaver"]
    leaver.get(f"/annotations/{one}/accept")
    page = leaver.send(f"/annotations/{one}/accept", {"base_revision": "1"})
    assert page.status_code == 422
    assert 'name="accept_secrets"' in page.text
    assert desk.stored().revision == 1
    knowingly = {"base_revision": "1", "accept_secrets": "1"}
    assert leaver.send(f"/annotations/{one}/accept", knowingly).status_code == 303
    assert "密码" in desk.stored().body


def test_who_may_not_edit_takes_nothing_up(desk: Desk):
    one = corrected(desk, "借账号", "借用账号")
    for name, status in (("viewer", 403), ("trainer", 403), ("stranger", 404)):
        assert desk[name].get(f"/annotations/{one}/accept").status_code == status
        assert desk[name].send(f"/annotations/{one}/accept", {"base_revision": "1"}).status_code == status
    assert desk.stored().revision == 1


def test_without_a_safe_place_the_editor_shows_it_beside_the_text(desk: Desk):
    one = corrected(desk, "退款。\n不要", "只有一行")
    leaver = desk["leaver"]
    with desk.database.transaction() as session:  # as if its place were none
        session.scalars(select(Annotation).where(Annotation.id == one)).one().replacement = "\tx\n\n\ty"
    page = leaver.get(f"/annotations/{one}/accept")
    assert "by hand" in words(page)
    address = f"{desk.note}/edit?correction={one}"
    assert address in page.text
    assert "My text takes it up" in words(leaver.get(address))
    sent = fields_of(desk.stored(), body=BODY.replace("处理退款", "处理换货"), takes_up="1")
    assert leaver.send(address, sent).status_code == 303
    with desk.database.transaction(read_only=True) as session:
        revision = session.scalars(select(Revision).where(Revision.number == 2)).one()
    assert revision.proposed_by_id == stored(desk, one).author_id
    assert (stored(desk, one).state, stored(desk, one).accepted_revision) == ("resolved", 2)


def test_an_edit_that_does_not_take_it_up_leaves_it_open(desk: Desk):
    one = corrected(desk, "借账号", "借用账号")
    leaver, address = desk["leaver"], f"{desk.note}/edit?correction={one}"
    leaver.get(address)
    assert leaver.send(address, fields_of(desk.stored(), body=BODY + "\n再来一段。\n")).status_code == 303
    assert (stored(desk, one).state, stored(desk, one).accepted_revision) == ("open", None)
