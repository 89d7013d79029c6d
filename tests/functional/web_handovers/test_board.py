"""The board's page: what would go wrong, the trend, what is missing by risk, what holds it up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

from kb.access.roles import Role
from kb.checklists.services import add_item, change_item
from kb.clock import today
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.handovers.schemas import Member
from kb.notes.ownership import change_members
from kb.progress.trend import record_day
from kb.registers.services import add_entry
from tests.functional.web_handovers.conftest import ITEM, Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words


def board(shop: Shop, name: str = "manager", query: str = "") -> str:
    """What the page says, in words."""
    return words(shop[name].get(f"/handovers/{shop.handover}/board{query}"))


def items(shop: Shop, number: int, **fields) -> None:
    def add(session):
        for n in range(number):
            data = ITEM | {"title": f"Item {n}", "module": f"Module {n % 7}", "importance": "low"} | fields
            add_item(session, who(session, person(session, "leaver")), shop.handover, data)

    shop.change(add)


def day_of(shop: Shop):
    return today(shop.client.app.state["services"].settings.time_zone)


def test_it_says_what_would_go_wrong_the_worst_first(shop: Shop):
    items(shop, 2)
    said = board(shop)
    assert "What would go wrong if Leaver Li left today?" in said
    assert "Nobody could do it: nothing is written, and only Leaver Li has ever done it." in said
    assert said.index("Refund review") < said.index("Item 0")


def test_what_leads_to_harm_is_said_by_what_is_missing(shop: Shop):
    body = {"items": [shop.item], "body": "## Steps\n\nDo it like this.\n", "title": "Refund review"}
    shop.change(lambda s: make_note(s, person(s, "successor"), shop.stored(), **body).id)
    assert "Mistakes that Leaver Li has learnt to avoid would be made again." in board(shop)


def test_what_still_names_the_leaver_is_among_it(shop: Shop):
    entry = {
        "kind": "vendor",
        "name": "Hosting Ltd",
        "holder": "leaver@example.com",
        "importance": "critical",
    }
    expires = (day_of(shop) + timedelta(days=30)).isoformat()
    add = {**entry, "expires_on": expires}
    shop.change(lambda s: add_entry(s, who(s, person(s, "manager")), shop.handover, add))
    said = board(shop)
    assert "The vendor would still call Leaver Li; renewals and faults would reach nobody." in said
    assert "still names Leaver Li" in said.partition("What expires")[2]


def test_without_a_successor_that_is_said_after_what_is_critical(shop: Shop):
    def alone(session):
        handover = get_handover(session, shop.handover)
        members = [
            Member(m.user.email, Role(m.role)) for m in handover.memberships if m.role != Role.SUCCESSOR
        ]
        change_members(session, who(session, person(session, "manager")), shop.handover, members)

    shop.change(alone)
    said = board(shop)
    assert said.index("Nobody could do it") < said.index("Nobody is named to take the work over")


def test_the_trend_is_a_picture_with_its_numbers_in_a_table(shop: Shop):
    day = day_of(shop)
    for ago in (3, 2, 1):
        shop.change(partial(record_day, handover_id=shop.handover, today=day - timedelta(days=ago)))
    page = shop["leaver"].get(f"/handovers/{shop.handover}/board").text
    line = re.search(r'<polyline class="trend-covered" points="([^"]+)"', page)
    assert line and len(line[1].split()) == 4
    table = page.partition("<summary>The numbers</summary>")[2].partition("</table>")[0]
    assert table.count("<tr>") == 5
    assert ">0/2<" in table


def test_what_will_not_come_round_again_asks_to_be_shown(shop: Shop):
    late = (shop.stored().last_day + timedelta(days=40)).isoformat()
    fields = {"rhythm": "campaign", "next_on": late}
    shop.change(lambda s: change_item(s, who(s, person(s, "leaver")), shop.item, fields))
    assert "Show it once while there is time 1" in board(shop)
    said = words(shop["viewer"].get(f"/items/{shop.item}"))
    assert "This will not come round again before the last day, and nobody has rehearsed it." in said


def test_blockers_are_listed_with_what_holds_them(shop: Shop):
    overdue = {"due": (day_of(shop) - timedelta(days=2)).isoformat()}
    practice = {"practice": {"level": "independent", "runs": 2}}
    shop.change(lambda s: change_item(s, who(s, person(s, "leaver")), shop.item, overdue | practice))
    held = board(shop).partition("What holds it up")[2]
    assert "Overdue 1 Refund review was due 2 days ago · Leaver Li" in held
    assert "Practice lacking 1 Refund review 0 of 2 runs passed" in held


def test_many_items_come_in_part_and_all_when_asked_for(shop: Shop):
    items(shop, 40)
    assert board(shop).count("Write it") < 40
    assert "Show all 41" in board(shop)
    assert board(shop, query="?every=1").count("Write it") == 41


def test_readers_see_it_without_being_led_to_write(shop: Shop):
    said = board(shop, "viewer")
    assert "What would go wrong" in said
    assert "Write it" not in said


def test_an_empty_checklist_says_what_to_do(shop: Shop):
    shop.change(lambda s: s.delete(shop.stored_item()))
    assert "Add the first item" in board(shop)
    assert "Add the first item" not in board(shop, "viewer")


def test_days_end_in_the_organisations_zone(shop: Shop):
    services = shop.client.app.state["services"]
    left = []
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # never on the same day
        shop.client.app.state["services"] = replace(
            services, settings=replace(services.settings, time_zone=zone)
        )
        days = (shop.ask(lambda s: s.get_one(Handover, shop.handover)).last_day - today(zone)).days
        assert f"{days} days left" in board(shop)
        left.append(days)
    assert left[0] < left[1]


def test_it_speaks_chinese(shop: Shop):
    shop["manager"].cookies["kb_locale"] = "zh-Hans"
    said = board(shop)
    assert "没人做得了：什么都没写，一直只有Leaver Li在做。" in said
    assert "只有Leaver Li一个人会。" in said
    assert "1 个关键清单项什么都没写。" in said


def test_the_day_it_comes_round_is_set_in_the_form_and_shown(shop: Shop):
    day = day_of(shop) + timedelta(days=5)
    fields = {**ITEM, "rhythm": "yearly", "next_on": day.isoformat()}
    assert shop["leaver"].send(f"/items/{shop.item}/edit", fields).status_code == 303
    assert shop.stored_item().next_on == day
    said = words(shop["viewer"].get(f"/items/{shop.item}"))
    assert "Yearly · next time" in said
    assert "1 time until the last day" in said
    form = shop["leaver"].get(f"/items/{shop.item}/edit").text
    assert f'value="{day}"' in form
    refused = shop["leaver"].send(f"/items/{shop.item}/edit", fields | {"next_on": "soon"})
    assert refused.status_code == 422
    assert "soon" in refused.text


def test_the_overview_tells_the_worst_and_leads_to_the_board(shop: Shop):
    items(shop, 6)
    said = words(shop["manager"].get(f"/handovers/{shop.handover}"))
    assert "Nobody could do it: nothing is written, and only Leaver Li has ever done it." in said
    assert "and 3 more on the board" in said
    assert (
        f'href="/handovers/{shop.handover}/board"' in shop["viewer"].get(f"/handovers/{shop.handover}").text
    )


def test_by_level_first_and_the_count_says_what_it_counts(shop: Shop):
    shop.change(lambda s: change_item(s, who(s, person(s, "manager")), shop.item, {"importance": "critical"}))
    handover = shop.ask(lambda s: get_handover(s, shop.handover))
    others = [Member(m.user.email, Role(m.role)) for m in handover.memberships if m.role != Role.SUCCESSOR]
    shop.change(lambda s: change_members(s, who(s, person(s, "manager")), shop.handover, others))
    told = board(shop)
    assert told.index("Refund review") < told.index("No successor")
    assert "Not covered: 1 of 1 item." in told
    assert "of 1 items not covered 1" in words(shop["manager"].get(f"/handovers/{shop.handover}"))
