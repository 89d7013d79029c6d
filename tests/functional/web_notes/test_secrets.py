"""The editor's warning of secrets: while writing, when a save is refused, and saving all the same."""

from __future__ import annotations

import re

from tests.functional.web_notes.conftest import Desk, fields_of
from tests.functional.web_notes.test_writing import field
from tests.support.visitor import words

SECRET = "Rx7!kq92Lm"
BODY = f"## 步骤\n\n先登录后台。\n\n后台密码：{SECRET}\n"
TICK = re.compile(r'<label class="choice secrets-accept" data-accept( hidden)?>')


def _shown(text: str) -> bool:
    """Whether the tick that saves all the same is there to be seen."""
    found = TICK.search(text)
    assert found
    return not found[1]


def test_a_refused_save_keeps_the_text_names_the_line_and_can_be_saved_all_the_same(desk: Desk):
    leaver = desk["leaver"]
    assert not _shown(leaver.get(f"{desk.note}/edit").text)
    sent = fields_of(desk.stored(), body=BODY)
    refused = leaver.send(f"{desk.note}/edit", sent)
    assert refused.status_code == 422
    assert field(refused.text, "body") == BODY
    assert "line 5: a password" in words(refused)
    assert "vault: payments/erp-admin" in words(refused)
    assert "Line 5" in words(refused)
    assert _shown(refused.text)
    assert desk.stored().revision == 1

    assert leaver.send(f"{desk.note}/edit", sent | {"accept_secrets": "1"}).status_code == 303
    assert (desk.stored().body, desk.stored().revision) == (BODY, 2)
    assert not _shown(leaver.get(f"{desk.note}/edit").text)  # it was let through: no warning of it again


def test_a_new_note_is_refused_the_same_way(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    sent = {"title": "登录", "kind": "procedure", "body": BODY, "status": "published", "language": "zh-Hans"}
    refused = leaver.send(desk.new, sent)
    assert (refused.status_code, field(refused.text, "title")) == (422, "登录")
    assert leaver.send(desk.new, sent | {"accept_secrets": "1"}).status_code == 303


def test_a_secret_in_the_title_is_told_there(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    refused = leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), title=f"password: {SECRET}"))
    assert refused.status_code == 422
    assert 'id="f-title-error"' in refused.text
    assert _shown(refused.text)


def test_a_preview_without_scripts_warns_and_stops_nothing(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    page = leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=BODY, intent="preview"))
    assert page.status_code == 200
    assert "Line 5" in words(page)


def test_while_writing_the_places_are_answered_and_never_the_words(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    answer = leaver.send_fragment("/markdown/secrets", {"body": "😀\r\n" + BODY})
    assert answer.status_code == 200
    at = ("😀\n" + BODY).index(SECRET)
    assert f'data-secret="{at} {at + len(SECRET)}"' in answer.text
    assert 'data-say="Line 6 looks like a secret."' in answer.text
    assert SECRET not in answer.text
    assert "data-secret" not in leaver.send_fragment("/markdown/secrets", {"body": "Nothing."}).text


def test_what_was_accepted_is_no_longer_warned_of_but_nobody_learns_what_a_note_holds(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=BODY, accept_secrets="1"))
    sent = {"body": BODY, "note_id": desk.ids["note"]}
    assert "data-secret" not in leaver.send_fragment("/markdown/secrets", sent).text
    for name in ("stranger", "viewer", "trainer"):  # who may not edit it cannot try out what stands there
        desk[name].get("/help")
        assert "data-secret" in desk[name].send_fragment("/markdown/secrets", sent).text
    for note_id in ("0" * 12, "%00", "x"):
        assert "data-secret" in leaver.send_fragment("/markdown/secrets", sent | {"note_id": note_id}).text


def test_once_the_session_has_ended_both_panels_stay_as_they_are(desk: Desk):
    desk["leaver"].get(f"{desk.note}/edit")
    desk["leaver"].cookies.pop("kb_session")
    for address in ("/markdown/secrets", "/markdown/preview"):
        answer = desk["leaver"].send_fragment(address, {"body": BODY})
        assert (answer.status_code, answer.headers.get("hx-reswap"), answer.text) == (401, "none", "")


def test_every_field_is_looked_at_and_told_apart(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    fields = {
        "title": "登录",
        "purpose": "",
        "tags": "",
        "reason": "",
        "body": "Nothing.",
        "note_id": desk.ids["note"],
    }
    for name, value in {
        "title": "密码：{}",
        "purpose": "password={}",
        "tags": "shop, 密码：{}",
        "reason": "密码：{}",
    }.items():
        sent = fields | {name: value.replace("{}", SECRET)}
        answer = leaver.send_fragment("/markdown/secrets", sent).text
        assert re.findall('data-secret-field="f-([a-z]+)"', answer) == [name]
        assert "looks like it holds a secret." in answer
        assert SECRET not in answer
    assert "data-secret" not in leaver.send_fragment("/markdown/secrets", fields).text


def test_a_secret_among_the_tags_is_refused_and_may_stay(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    sent = fields_of(desk.stored(), tags=f"shop, 密码：{SECRET}")
    refused = leaver.send(f"{desk.note}/edit", sent)
    assert (refused.status_code, 'id="f-tags-error"' in refused.text, _shown(refused.text)) == (
        422,
        True,
        True,
    )
    assert leaver.send(f"{desk.note}/edit", sent | {"accept_secrets": "1"}).status_code == 303
    again = fields_of(desk.stored(), tags=f"shop, 密码：{SECRET}", body="先核对订单。再改。\n")
    assert leaver.send(f"{desk.note}/edit", again).status_code == 303  # it stood there before


def test_an_old_text_with_a_secret_is_taken_up_again_only_knowingly(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=BODY, accept_secrets="1"))
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="## 步骤\n\n先登录后台。\n"))
    restore = f"{desk.note}/history/2/restore"
    refused = leaver.send(restore, {"base_revision": "3"})
    assert refused.status_code == 422
    assert 'name="accept_secrets"' in refused.text
    assert "line 5: a password" in words(refused)
    assert (SECRET in refused.text, desk.stored().revision) == (False, 3)
    assert leaver.send(restore, {"base_revision": "3", "accept_secrets": "1"}).status_code == 303
    assert (desk.stored().body, desk.stored().revision) == (BODY, 4)


def test_a_draft_s_title_with_a_secret_is_not_offered_in_full(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    typed = {"title": f"密码：{SECRET}", "body": "b"}
    kept = leaver.send_fragment(f"/handovers/{desk.ids['handover']}/drafts", typed)
    assert kept.status_code == 200
    offered = leaver.get(f"{desk.new}/new").text
    assert "a title that looks like it holds a secret" in offered
    assert SECRET not in offered


def test_a_long_list_of_findings_stays_short_to_read(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    body = "".join(f"password: {SECRET}{number}\n\n" for number in range(60))
    refused = leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=body))
    assert refused.status_code == 422
    assert refused.text.count("data-secret-replace") == 20
    assert "line 17" not in refused.text


def test_a_remark_with_a_secret_is_refused_and_may_be_kept(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    sent = {"kind": "comment", "exact": "先核对订单", "body": f"密码：{SECRET}"}
    plain = viewer.send(f"{desk.note}/annotations", sent)
    assert (plain.status_code, "data-guarded" in plain.text) == (422, True)
    assert SECRET in plain.text  # in the field in which it was typed
    margin = viewer.send_fragment(f"{desk.note}/annotations", sent)
    assert (margin.status_code, "data-guarded" in margin.text, SECRET in margin.text) == (422, True, False)
    kept = viewer.send(f"{desk.note}/annotations", sent | {"accept_secrets": "1"})
    assert kept.status_code == 303
    remark = kept.headers["location"].rpartition("#a-")[2]

    reply = f"/annotations/{remark}/replies"
    words_of_it = {"body": f"password: {SECRET}9"}
    for refused in (viewer.send(reply, words_of_it), viewer.send_fragment(reply, words_of_it)):
        assert refused.status_code == 422
        assert 'name="accept_secrets"' in refused.text
    assert viewer.send(reply, words_of_it | {"accept_secrets": "1"}).status_code == 303
