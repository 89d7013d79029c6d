"""Drafts: kept for their person only, never over another device's words, offered on return, gone with the save."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from kb.notes import drafts
from kb.notes.models import Draft
from kb.people.models import User
from tests.functional.web_notes.conftest import Desk, fields_of
from tests.functional.web_notes.test_writing import field
from tests.support.factories import who
from tests.support.visitor import words


def stored(desk: Desk) -> list[Draft]:
    with desk.database.transaction(read_only=True) as session:
        return list(session.scalars(select(Draft).order_by(Draft.saved_at)))


def keep(
    desk: Desk, who: str, body: str, writer: str = "one", version: int = 0, **more: Any
) -> dict[str, Any]:
    """What the editor of the note sends while somebody types."""
    sent = fields_of(desk.stored(), body=body, writer=writer, draft_version=version, **more)
    answer = desk[who].send_fragment(f"{desk.note}/draft", sent)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_what_is_typed_is_kept_and_offered_and_touches_no_note(desk: Desk):
    before, leaver = desk.stored(), desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", "halb getippt 😀\r\n核对")
    assert desk.stored().body == before.body
    assert desk.stored().revision == 1
    offered = leaver.get(f"{desk.note}/edit")
    assert "You typed here" in words(offered)
    assert field(offered.text, "body") == before.body
    page = leaver.get(kept["bring"])
    assert field(page.text, "body") == "halb getippt 😀\n核对"
    assert "It is not saved yet." in words(page)
    assert kept["bring"] in leaver.get("/").text


@pytest.mark.parametrize(
    ("who", "status"),
    [("leaver", 200), ("manager", 200), ("successor", 200), ("trainer", 403), ("viewer", 403), ("stranger", 404)],
)  # fmt: skip
def test_who_may_keep_a_draft_of_a_note(desk: Desk, who: str, status: int):
    desk[who].get("/")
    sent = fields_of(desk.stored(), body="x")
    assert desk[who].send_fragment(f"{desk.note}/draft", sent).status_code == status
    assert len(stored(desk)) == (status == 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [("leaver", 200), ("manager", 200), ("successor", 200), ("trainer", 200), ("viewer", 403), ("stranger", 404)],
)  # fmt: skip
def test_who_may_keep_a_draft_of_a_new_note(desk: Desk, who: str, status: int):
    desk[who].get("/")
    address = f"/handovers/{desk.ids['handover']}/drafts"
    assert desk[who].send_fragment(address, {"title": "A", "body": "b"}).status_code == status
    assert len(stored(desk)) == (status == 200)


def test_rights_come_before_the_body_and_strangers_sign_in_first(desk: Desk):
    trainer = desk["trainer"]
    trainer.get("/")
    assert trainer.send_raw(f"{desk.note}/draft", b"body=%FF").status_code in (400, 403)
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.cookies.pop("kb_session")
    assert leaver.send_fragment(f"{desk.note}/draft", {"body": "x"}).status_code == 401
    assert stored(desk) == []


def test_a_draft_is_its_persons_only(desk: Desk):
    leaver, manager = desk["leaver"], desk["manager"]
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", "nur für mich")
    page = manager.get(kept["bring"])
    assert "nur für mich" not in page.text
    assert "It is not saved yet." not in words(page)
    assert kept["draft"] not in manager.get("/").text
    assert manager.send(f"/drafts/{kept['draft']}/drop").status_code == 404
    assert manager.send("/drafts/000000000000/drop").status_code == 404
    assert manager.send("/drafts/%00/drop").status_code == 404
    assert len(stored(desk)) == 1
    assert leaver.send(f"/drafts/{kept['draft']}/drop").headers["location"] == f"{desk.note}/edit"
    assert stored(desk) == []


def test_the_same_page_goes_on_and_another_device_is_kept_beside(desk: Desk):
    desk["leaver"].get(f"{desk.note}/edit")
    first = keep(desk, "leaver", "one")
    again = keep(desk, "leaver", "one more", version=0)  # its first answer was lost on the way
    assert (again["draft"], again["beside"]) == (first["draft"], None)
    other = keep(desk, "leaver", "two", "two", version=0)
    assert other["beside"] == again["bring"]
    assert other["draft"] != first["draft"]
    lost = keep(desk, "leaver", "two more", "two", version=0)
    assert lost["draft"] == other["draft"]
    assert sorted(draft.fields["body"] for draft in stored(desk)) == ["one more", "two more"]
    # A device that brought it back goes on with it; the page it came from is no longer up to date then.
    third = keep(desk, "leaver", "three", "three", version=again["version"])
    assert third["draft"] == first["draft"]
    page = desk["leaver"].get(f"{desk.note}/edit").text
    assert first["bring"] in page
    assert other["bring"] in page


def test_two_devices_at_the_same_moment_are_both_kept(desk: Desk):
    with desk.database.transaction(read_only=True) as session:
        leaver = who(session, session.scalars(select(User).where(User.email == "leaver@example.com")).one())

    def write(number: int) -> None:
        with desk.database.transaction() as session:
            sent = {"body": str(number), "writer": str(number)}
            drafts.keep_draft(
                session, leaver, desk.ids["handover"], desk.ids["note"], sent, f"note:{desk.ids['note']}", 0
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(8)))
    assert sorted(draft.fields["body"] for draft in stored(desk)) == [str(number) for number in range(8)]


def test_a_draft_on_an_older_revision_never_overwrites(desk: Desk):
    leaver, note = desk["leaver"], desk.stored()
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", note.body.replace("先核对订单", "先看清订单"))
    manager = desk["manager"]
    manager.get(f"{desk.note}/edit")
    manager.send(f"{desk.note}/edit", fields_of(note, body=note.body + "\n新的一行。\n"))
    page = leaver.get(kept["bring"])
    assert "Typed on revision 1; the note is at revision 2 since." in words(page)
    assert field(page.text, "base_revision") == "1"
    form = fields_of(
        note, body=field(page.text, "body"), draft_place=kept["place"], draft_version=kept["version"]
    )
    clash = leaver.send(f"{desk.note}/edit", form)
    assert clash.status_code == 409
    assert "新的一行。" in field(clash.text, "body")
    assert "先看清订单" in field(clash.text, "body")
    assert desk.stored().revision == 2
    assert len(stored(desk)) == 1


def test_the_save_that_takes_a_draft_up_forgets_it(desk: Desk):
    leaver, note = desk["leaver"], desk.stored()
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", "fertig")
    form = fields_of(note, body="fertig", draft_place=kept["place"], draft_version=kept["version"])
    assert leaver.send(f"{desk.note}/edit", {**form, "title": ""}).status_code == 422
    assert len(stored(desk)) == 1
    assert leaver.send(f"{desk.note}/edit", form).status_code == 303
    assert stored(desk) == []


def test_a_save_leaves_what_another_device_wrote_since(desk: Desk):
    leaver, note = desk["leaver"], desk.stored()
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", "eins")
    keep(desk, "leaver", "zwei", "other", version=kept["version"])
    form = fields_of(note, body="eins", draft_place=kept["place"], draft_version=kept["version"])
    assert leaver.send(f"{desk.note}/edit", form).status_code == 303
    assert [draft.fields["body"] for draft in stored(desk)] == ["zwei"]


def test_a_new_note_is_kept_listed_brought_back_and_forgotten_once_saved(desk: Desk):
    trainer = desk["trainer"]
    opened = trainer.get(f"{desk.new}/new")
    place = field(opened.text, "draft_place")
    form = {
        "title": "夜班", "body": "## 步骤\n\n关灯", "kind": "case", "items": [desk.ids["item"]],
        "draft_place": place, "draft_version": 0, "writer": "w", "status": "draft",
    }  # fmt: skip
    kept = trainer.send_fragment(f"/handovers/{desk.ids['handover']}/drafts", form).json()
    assert kept["place"] == place
    assert "New note, not saved yet" in words(trainer.get("/"))
    page = trainer.get(kept["bring"])
    assert field(page.text, "title") == "夜班"
    assert field(page.text, "draft_place") == place
    assert f'name="items" value="{desk.ids["item"]}" checked' in page.text
    assert 'name="kind" value="case" checked' in page.text
    assert trainer.send(desk.new, {**form, "draft_version": kept["version"]}).status_code == 303
    assert stored(desk) == []


def test_the_place_of_another_handover_or_note_is_not_taken(desk: Desk):
    leaver = desk["leaver"]
    leaver.get("/")
    kept = keep(desk, "leaver", "x", draft_place=f"note:{desk.ids['other']}")
    assert kept["place"] == f"note:{desk.ids['note']}"
    made = leaver.send_fragment(
        f"/handovers/{desk.ids['handover']}/drafts", {"draft_place": "note:evil", "body": "y"}
    )
    assert made.json()["place"].startswith("new:")


def test_words_sent_to_a_note_in_the_bin_come_back_and_their_draft_is_still_found(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    kept = keep(desk, "leaver", "写到一半 <b>", title="退款")
    sent = fields_of(desk.stored(), body="写到一半 <b>\n", title="退款")
    leaver.send(f"{desk.note}/delete")
    refused = leaver.send(f"{desk.note}/edit", sent)
    assert refused.status_code == 404
    assert field(refused.text.replace('id="t-', 'name="'), "body") == "写到一半 <b>\n"
    assert "There is nothing here, or it is not shared with you." in words(refused)
    home = leaver.get("/")
    assert "its note is in the bin" in words(home)
    assert f"/drafts/{kept['draft']}" in home.text
    page = leaver.get(f"/drafts/{kept['draft']}")
    assert "写到一半 &lt;b&gt;" in page.text
    assert f"/handovers/{desk.ids['handover']}/bin" in page.text
    assert desk["manager"].get(f"/drafts/{kept['draft']}").status_code == 404
    assert leaver.send(f"/drafts/{kept['draft']}/drop").headers["location"] == "/"


def test_words_sent_without_the_right_come_back_and_tell_nothing_of_the_note(desk: Desk):
    for name, status in (("trainer", 403), ("stranger", 404)):
        desk[name].get("/")
        refused = desk[name].send(f"{desk.note}/edit", {"title": "Mine", "body": "my words"})
        assert refused.status_code == status
        assert "my words" in refused.text
        assert "退款审核" not in refused.text


def test_only_a_save_lets_the_browser_forget_its_copy(desk: Desk):
    leaver, writer = desk["leaver"], "0123456789abcdef01234567"
    leaver.get(f"{desk.note}/edit")
    form = fields_of(desk.stored(), body="fertig", writer=writer)
    assert f"kb_saved_{writer}" not in str(leaver.send(f"{desk.note}/edit", {**form, "title": ""}).headers)
    assert "kb_saved" not in str(leaver.send(f"{desk.note}/edit", {**form, "writer": "x=1; y"}).headers)
    again = fields_of(desk.stored(), body="ganz fertig", writer=writer)
    assert f"kb_saved_{writer}=1" in leaver.send(f"{desk.note}/edit", again).headers["set-cookie"]
