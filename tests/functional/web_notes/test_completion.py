"""What the editor completes: titles and tags of this handover, and only of what the reader may see."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from kb.handovers.models import Handover
from kb.people.models import User
from tests.functional.web_notes.conftest import Desk
from tests.support.factories import make_handover, make_note


def offered(desk: Desk, who: str, what: str, typed: str, **more: str) -> list[str]:
    """What stands between the brackets, or after the #, for each row."""
    answer = desk[who].get(
        f"/handovers/{desk.ids['handover']}/completion/{what}", fragment=True, q=typed, **more
    )
    assert answer.status_code == 200, answer.text
    return [unescape(one) for one in re.findall(r'data-insert="([^"]*)"', answer.text)]


def _more(desk: Desk, *titles: str, by: str = "trainer", **fields: object) -> list[str]:
    """New notes of the handover; their ids."""
    with desk.database.transaction() as session:
        handover = session.get_one(Handover, desk.ids["handover"])
        author = session.scalars(select(User).where(User.email == f"{by}@example.com")).one()
        return [make_note(session, author, handover, title=title, **fields).id for title in titles]


@pytest.mark.parametrize("typed", ["退款", "退", "审核", "tui", "tuikuan", "tuikuansh", "Tui"])
def test_titles_as_typed_and_by_their_pinyin(desk: Desk, typed: str):
    assert offered(desk, "leaver", "notes", typed) == ["退款审核"]


@pytest.mark.parametrize("typed", ["night", "NIGHT sh", "shift", "Ｎight"])
def test_titles_in_english(desk: Desk, typed: str):
    assert offered(desk, "leaver", "notes", typed) == ["Night shift"]


def test_nothing_typed_yet_and_the_note_itself(desk: Desk):
    assert set(offered(desk, "leaver", "notes", "")) == {"退款审核", "Night shift"}
    assert offered(desk, "leaver", "notes", "", but=desk.ids["note"]) == ["Night shift"]
    assert offered(desk, "leaver", "notes", "%") == offered(desk, "leaver", "notes", "_") == []


def test_at_most_ten_and_those_that_begin_so_first(desk: Desk):
    _more(desk, *(f"The old shift {number:02}" for number in range(12)))
    _more(desk, "Shift plan")
    found = offered(desk, "leaver", "notes", "shift")
    assert (len(found), found[0]) == (10, "Shift plan")


def test_a_title_that_no_link_can_hold_is_linked_by_its_id(desk: Desk):
    (odd,) = _more(desk, "[ERP] a|b \\ c")
    assert offered(desk, "leaver", "notes", "erp") == [f"{odd}|ERP a b c"]
    desk["leaver"].get(f"{desk.note}/edit")
    html = desk["leaver"].send_fragment(
        "/markdown/preview", {"body": f"[[{odd}|ERP a b c]]", "handover_id": desk.ids["handover"]}
    )
    assert f'href="/notes/{odd}"' in html.text


def test_of_two_notes_with_one_title_each_can_be_meant(desk: Desk):
    ids = _more(desk, "Night shift")
    found = offered(desk, "leaver", "notes", "night")
    assert set(found) == {f"{ids[0]}|Night shift", f"{desk.ids['other']}|Night shift"}


def test_drafts_of_others_and_other_handovers_are_not_offered(desk: Desk):
    _more(desk, "Secret plan", status="draft", tags=["secretplan"])
    with desk.database.transaction() as session:
        leaver = session.scalars(select(User).where(User.email == "leaver@example.com")).one()
        foreign = make_handover(session, leaver=leaver)
        make_note(session, leaver, foreign, title="Secret elsewhere", tags=["secretelse"])
    for who in ("leaver", "successor", "viewer"):
        assert offered(desk, who, "notes", "secret") == offered(desk, who, "tags", "secret") == []
    for who in ("trainer", "manager"):  # its author, and who manages
        assert offered(desk, who, "notes", "secret") == ["Secret plan"]
        assert offered(desk, who, "tags", "secret") == ["secretplan"]


def test_what_is_in_the_bin_is_not_offered(desk: Desk):
    desk["leaver"].get(desk.note)
    assert desk["leaver"].send(f"{desk.note}/delete").status_code == 303
    assert offered(desk, "leaver", "notes", "退款") == offered(desk, "leaver", "tags", "退款") == []


def test_tags_as_typed_and_by_their_pinyin_the_most_used_first(desk: Desk):
    _more(desk, "a", "b", tags=["退货", "returns"])
    assert offered(desk, "leaver", "tags", "退") == ["退货", "退款"]
    assert offered(desk, "leaver", "tags", "#退款") == offered(desk, "leaver", "tags", "tuik") == ["退款"]
    assert offered(desk, "leaver", "tags", "urn") == ["returns"]
    assert offered(desk, "leaver", "tags", "<b>") == []


def test_strangers_and_unknown_handovers_look_alike(desk: Desk):
    for what in ("notes", "tags"):
        theirs = desk["stranger"].get(f"/handovers/{desk.ids['handover']}/completion/{what}", fragment=True)
        unknown = desk["stranger"].get(f"/handovers/{'0' * 12}/completion/{what}", fragment=True)
        assert (theirs.status_code, unknown.status_code) == (404, 404)
        assert theirs.text == unknown.text


@pytest.mark.parametrize("typed", ["\0", "[", "\\", "a" * 5_000, "😀", "‮", "'; --"])
def test_strange_input(desk: Desk, typed: str):
    assert offered(desk, "leaver", "notes", typed) in (
        [],
        ["退款审核", "Night shift"],
        ["Night shift", "退款审核"],
    )
    assert offered(desk, "leaver", "tags", typed) in ([], ["退款"])
