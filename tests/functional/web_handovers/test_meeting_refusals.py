"""What the pages of meetings refuse with a sentence, do not offer, and say in the handover's language."""

from __future__ import annotations

import re

from kb.handovers.models import Handover
from tests.functional.web_handovers.conftest import Shop
from tests.functional.web_handovers.test_meetings import HELD, save, stored
from tests.support.visitor import words


def test_minutes_of_a_meeting_to_come_are_refused(shop: Shop):
    path = f"/handovers/{shop.handover}/meetings"
    refused = shop["manager"].send(path, HELD | {"held_at": "2031-01-15T10:00", "minutes": "All went well."})
    assert refused.status_code == 422
    assert "This meeting is still to come." in words(refused) and "All went well." in refused.text
    assert stored(shop) == []


def test_what_is_agreed_has_a_title_and_a_day_that_is_to_come(shop: Shop):
    lines = {
        "agreed_title": ["", "Order labels"],
        "agreed_owner": ["leaver@example.com", ""],
        "agreed_due": ["", "2020-01-01"],
        "held": "1",
    }
    path = f"/handovers/{shop.handover}/meetings"
    late = shop["manager"].send(path, HELD | lines)
    assert late.status_code == 422
    assert "This day is over." in words(late) and 'value="leaver@example.com" selected' in late.text
    untitled = shop["manager"].send(path, HELD | lines | {"agreed_due": ["", ""]})
    assert untitled.status_code == 422 and "This must be filled in." in words(untitled)
    assert stored(shop) == []


def test_a_problem_that_says_nothing_is_not_made_a_case(shop: Shop):
    assert "Make it a case" not in words(shop["manager"].get(save(shop, minutes="Shown.", problem="无")))
    assert "Make it a case" in words(
        shop["manager"].get(save(shop, minutes="Shown.", problem="It was locked."))
    )


def test_the_agenda_of_a_chinese_handover_is_chinese(shop: Shop):
    shop.change(lambda session: setattr(session.get_one(Handover, shop.handover), "language", "zh-Hans"))
    page = shop["manager"].get(f"/handovers/{shop.handover}/meetings/new?kind=kickoff").text
    agenda = re.search(r'name="agenda"[^>]*>([^<]*)</textarea>', page)
    assert agenda and "其中" in agenda[1]
    for english in (" of them", "without", "item", "nobody"):
        assert english not in agenda[1].replace("/items/", "")
