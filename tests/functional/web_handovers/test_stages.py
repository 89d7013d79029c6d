"""A handover goes its way: what each stage needs, who went on all the same, and why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kb.clock import today
from kb.handovers.models import Stage
from kb.handovers.queries import get_handover
from kb.handovers.stage_changes import stage_changes_of
from kb.stages.needs import WAY, needs_between
from kb.stages.services import move_stage
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words

DAY = today("Asia/Shanghai")


def move(shop: Shop, stage: str, reason: str = "", by: str = "manager"):
    return shop[by].send(f"/handovers/{shop.handover}/stage", {"stage": stage, "override_reason": reason})


def write_everything(shop: Shop) -> None:
    body = "## Steps\n\nOne, two.\n\n## Cautions\n\nMind the gap.\n"
    shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), items=[shop.item], body=body))


def ways(shop: Shop) -> list[tuple[str, str, str, list[str]]]:
    changes = shop.ask(lambda s: stage_changes_of(s, shop.handover))
    return [(one.was, one.became, one.reason, one.unmet) for one in changes]


def test_advice_holds_nobody_up(shop: Shop):
    page = shop["manager"].get(f"/handovers/{shop.handover}/stage")
    assert "The kick-off meeting was held and has minutes." in words(page)
    assert move(shop, "capturing").status_code == 303
    assert ways(shop) == [("preparing", "capturing", "", [])]


def test_something_missing_is_asked_about_and_the_answer_kept(shop: Shop):
    move(shop, "capturing")
    refused = move(shop, "transferring")
    assert refused.status_code == 409
    assert "Every critical item is written down." in words(refused)
    assert shop.stored().stage == Stage.CAPTURING
    assert move(shop, "transferring", "The rest follows on Monday.").status_code == 303
    assert ways(shop)[-1] == ("capturing", "transferring", "The rest follows on Monday.", ["critical"])
    assert "The rest follows on Monday." in words(shop["viewer"].get(f"/handovers/{shop.handover}/stage"))


def test_what_is_written_needs_no_reason(shop: Shop):
    move(shop, "capturing")
    write_everything(shop)
    assert move(shop, "transferring").status_code == 303
    assert ways(shop)[-1][2:] == ("", [])


def test_only_signatures_sign_off_unless_somebody_says_why(shop: Shop):
    write_everything(shop)
    assert move(shop, "signed_off").status_code == 409
    assert move(shop, "signed_off", "Signed on paper, filed with HR.").status_code == 303
    assert ways(shop)[-1][3] == ["signatures"]


@pytest.mark.parametrize("stage", ["preparing", "cancelled"])
def test_back_and_off_the_way_need_a_reason(shop: Shop, stage: str):
    move(shop, "capturing")
    refused = move(shop, stage)
    assert refused.status_code == 422
    assert "Say why, so that the others understand it later." in words(refused)
    assert move(shop, stage, "She stays after all.").status_code == 303
    assert shop.stored().stage == stage


def test_a_cancelled_handover_keeps_its_notes_and_can_come_back(shop: Shop):
    write_everything(shop)
    move(shop, "cancelled", "He stays.")
    assert "Refund review" in words(shop["viewer"].get(f"/handovers/{shop.handover}"))
    assert move(shop, "preparing", "Leaves after all.").status_code == 303
    assert shop.stored().stage == Stage.PREPARING


@pytest.mark.parametrize("name", ["leaver", "successor", "trainer", "viewer"])
def test_others_read_it_and_move_nothing(shop: Shop, name: str):
    assert "A manager of the handover moves it on." in words(
        shop[name].get(f"/handovers/{shop.handover}/stage")
    )
    assert move(shop, "capturing", by=name).status_code == 403
    assert ways(shop) == []


def test_support_begins_on_the_last_day_and_ends_after_it(shop: Shop):
    handover = shop.stored()
    handover.stage = Stage.SIGNED_OFF

    def met(day, stage: Stage, to: Stage) -> dict[str, bool]:
        def look(session):
            stored = get_handover(session, shop.handover)
            stored.stage, stored.support_until = stage, stored.last_day + timedelta(days=30)
            found = needs_between(session, stored, to, day)
            session.rollback()
            return {need.name: need.met for need in found}

        return shop.change(look)

    last = handover.last_day
    assert met(last - timedelta(days=1), Stage.SIGNED_OFF, Stage.SUPPORTING) == {"last_day": False}
    assert met(last, Stage.SIGNED_OFF, Stage.SUPPORTING) == {"last_day": True}
    assert met(last + timedelta(days=30), Stage.SUPPORTING, Stage.CLOSED)["support"] is False
    assert met(last + timedelta(days=31), Stage.SUPPORTING, Stage.CLOSED)["support"] is True


def test_a_script_is_believed_and_what_was_missing_is_kept(shop: Shop):
    def skip(session):
        move_stage(
            session, who(session, person(session, "manager")), shop.handover, {"stage": "closed"}, today=DAY
        )

    shop.change(skip)
    (was, became, _why, unmet) = ways(shop)[-1]
    assert (was, became) == (str(WAY[0]), str(WAY[-1]))
    assert {"critical", "signatures", "last_day"} <= set(unmet)


def test_colleagues_are_told_in_the_handovers_language(shop: Shop):
    here = f"/handovers/{shop.handover}/announcement"
    page = shop["manager"].get(here)
    assert "Leaver Li (Operations lead) is leaving us." in words(page)
    assert shop["manager"].send(here, {"announcement": ""}).status_code == 422
    assert shop["manager"].send(here, {"announcement": "Li leaves.\n\nAsk him."}).status_code == 303
    assert shop.stored().announced_at is not None
    seen = words(shop["viewer"].get(here))
    assert "Li leaves." in seen
    assert "Told on" in seen
    assert shop["leaver"].send(here, {"announcement": "No."}).status_code == 403


def test_once_told_what_was_said_is_shown_and_the_form_is_folded(shop: Shop):
    here = f"/handovers/{shop.handover}/announcement"
    assert "Change and tell again" not in main(shop, here)
    shop["manager"].send(here, {"announcement": "Li leaves.\n\nAsk him."})
    page = main(shop, here)
    assert '<details class="more-fields"><summary>' in page
    assert page.index("Told on") < page.index("Li leaves.") < page.index("Change and tell again")
    assert page.index("Change and tell again") < page.index("<textarea")
    refused = shop["manager"].send(here, {"announcement": ""}).text
    assert '<details class="more-fields" open' in refused


def main(shop: Shop, path: str) -> str:
    text = shop["manager"].get(path).text
    return text[text.index("<main") : text.index("</main")]


def test_each_field_of_the_two_forms_has_an_id_of_its_own(shop: Shop):
    for sent, led_to in (("capturing", ""), ("cancelled", "f-why_back")):
        page = shop["manager"].send(
            f"/handovers/{shop.handover}/stage", {"stage": sent, "override_reason": ""}
        )
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert len(ids) == len(set(ids))
        if led_to:
            assert page.status_code == 422
            assert f'href="#{led_to}"' in page.text
            assert led_to in ids
            assert f'aria-describedby="{led_to}-error {led_to}-hint"' in page.text


def test_the_button_nobody_sees_says_what_it_does(shop: Shop):
    for path in ("/handovers/new", f"/handovers/{shop.handover}/members"):
        hidden = re.search(r'<button class="visually-hidden"[^>]*>', main(shop, path))
        assert hidden
        assert 'tabindex="-1"' in hidden[0]
        assert re.search('aria-label="[^"]+"', hidden[0])
