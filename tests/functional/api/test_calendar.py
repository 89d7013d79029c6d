"""The calendar feed, read by another library than the one that wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import vobject
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.checklists.models import Item
from kb.notifications.feeds import renew_feed
from kb.people.models import User
from kb.people.queries import user_by_email
from kb.people.services import deactivate
from tests.support.api import World
from tests.support.factories import who

DAY = date(2031, 3, 10)


def account(session: Session, email: str) -> User:
    found = user_by_email(session, email)
    assert found
    return found


def address(world: World, name: str = "viewer") -> str:
    return str(world.callers[name].get(f"/handovers/{world.handover}")["calendar_url"])


def fetch(world: World, url: str, **headers: str) -> Response:
    parts = urlsplit(url)
    return world.client.get(f"{parts.path}?{parts.query}", headers=headers)


def events(answer: Response) -> dict[str, Any]:
    """Events by what they say."""
    assert answer.status_code == 200
    found = vobject.readOne(answer.text)
    return {one.summary.value: one for one in found.contents.get("vevent", [])}


def dated(world: World) -> None:
    """One of everything that has a date."""
    at = f"/handovers/{world.handover}"
    world.manager(
        "PATCH", at, {"last_day": "2031-03-01", "support_until": "2031-04-01", "title": "Shop, 店铺; all"}
    )
    item = world.manager.post(
        f"{at}/items", {"module": "Orders", "title": "Refunds", "importance": "high", "due": "2031-02-01"}
    )
    for name, more in (("Old", {}), ("kb.example", {"expires_on": str(DAY)}), ("No day", {})):
        world.manager.post(f"{at}/register", {"kind": "domain", "name": name, **more})
    gone = world.manager.post(f"{at}/register", {"kind": "account", "name": "Gone", "expires_on": str(DAY)})
    closed = {"state": "revoked", "evidence": "The account was closed today."}
    assert world.manager("PATCH", f"/register/{gone['id']}", closed).status_code == 200
    run = {"level": "assisted", "outcome": "failed", "feedback": "Again.", "next_on": "2031-02-05"}
    world.manager.post(f"/items/{item['id']}/practice-runs", run)
    meeting = {
        "kind": "demonstration",
        "held_at": "2031-02-03T09:30:00+08:00",
        "attendees": [],
        "minutes": "",
    }
    world.manager.post(f"{at}/sessions", meeting)
    world.manager.post(f"{at}/sessions", meeting | {"kind": "kickoff", "minutes": "Held."})


def test_everything_with_a_date_is_in_it_and_nothing_else(world: World):
    dated(world)
    answer = fetch(world, address(world))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = events(answer)
    days = {said: event.dtstart.value for said, event in found.items()}
    title = "Shop, 店铺; all"
    assert days == {
        f"Last day: {title}": date(2031, 3, 1),
        f"Questions are answered until today: {title}": date(2031, 4, 1),
        "Due: Refunds": date(2031, 2, 1),
        "Expires: kb.example": DAY,
        "successor practises again: Refunds": date(2031, 2, 5),
        f"Demonstration: {title}": datetime(2031, 2, 3, 1, 30, tzinfo=UTC),
    }
    assert found["Expires: kb.example"].valarm.trigger.value == -timedelta(days=14)
    assert [said for said, event in found.items() if "valarm" in event.contents] == ["Expires: kb.example"]
    assert found["Due: Refunds"].dtend.value == date(2031, 2, 2)


def test_the_same_things_keep_their_uids(world: World):
    dated(world)
    before = {event.uid.value for event in events(fetch(world, address(world))).values()}
    world.manager("PATCH", f"/handovers/{world.handover}", {"last_day": "2031-03-03", "title": "Renamed"})
    after = events(fetch(world, address(world)))
    assert {event.uid.value for event in after.values()} == before
    assert after["Last day: Renamed"].dtstart.value == date(2031, 3, 3)


def test_hostile_titles_come_back_whole_and_lines_are_folded_by_octets(world: World):
    titles = ["a, b; c\\n d\\", "BEGIN:VEVENT", "退款" * 60, "é" * 90 + "🧾" * 20, '"quoted": x']
    for title in titles:
        item = {"module": "M", "title": title, "importance": "low", "due": str(DAY)}
        world.manager.post(f"/handovers/{world.handover}/items", item)
    with world.session() as session:  # no form lets these in
        there = session.scalars(
            select(Item).where(Item.handover_id == world.handover, Item.title == titles[1])
        ).one()
        there.title = "two\nlines\r\nEND:VCALENDAR\x07"
    titles[1] = "two\nlines \nEND:VCALENDAR "
    answer = fetch(world, address(world))
    assert {f"Due: {title}" for title in titles} <= set(events(answer))
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    for line in lines:
        line.decode("utf-8")  # no character is cut in two


def test_it_speaks_the_members_language(world: World):
    with world.session() as session:
        account(session, world.viewer.email).locale = "zh-Hans"
    said = fetch(world, address(world)).text
    assert "//zh-Hans" in said
    assert "//en" in fetch(world, address(world, "manager")).text


def test_a_calendar_that_has_it_already_gets_nothing(world: World):
    url = address(world)
    first = fetch(world, url)
    again = fetch(world, url, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    world.manager("PATCH", f"/handovers/{world.handover}", {"last_day": "2031-05-05"})
    assert fetch(world, url, **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_the_root_address_answers_the_same(world: World):
    url = address(world)
    assert fetch(world, url.replace("/api/v1", "")).content == fetch(world, url).content


def test_only_the_right_token_opens_it(world: World):
    url = address(world)
    own, token = url.split("?token=")
    other = world.stranger.get(f"/handovers/{world.foreign}")["calendar_url"].split("?token=")[1]
    for wrong in (
        "",
        "x",
        token[:-1],
        token + "A",
        other,
        "%00",
        "é",
        "%F0%9F%98%80",
        token.split(".")[0] + ".",
    ):
        assert fetch(world, f"{own}?token={wrong}").status_code == 404
        assert fetch(world, f"{own.replace('/api/v1', '')}?token={wrong}").status_code == 404
    assert fetch(world, own).status_code == 404
    assert fetch(world, url.replace(world.handover, world.foreign)).status_code == 404
    assert fetch(world, url.replace(world.handover, "0" * 12)).status_code == 404


def test_another_address_makes_the_old_one_worthless(world: World):
    old, others = address(world), address(world, "trainer")
    with world.session() as session:
        renew_feed(session, who(session, account(session, world.viewer.email)), world.handover)
    assert fetch(world, old).status_code == 404
    assert address(world) != old
    assert fetch(world, address(world)).status_code == 200
    assert fetch(world, others).status_code == 200


def test_a_former_member_and_a_deactivated_account_see_nothing(world: World):
    gone, ended = address(world, "viewer"), address(world, "trainer")
    members = world.manager.get(f"/handovers/{world.handover}")["members"]
    kept = [{"email": m["email"], "role": m["role"]} for m in members if m["email"] != world.viewer.email]
    assert world.manager("PUT", f"/handovers/{world.handover}/members", kept).status_code == 200
    with world.session() as session:
        deactivate(session, world.trainer.email, by=None)
    assert fetch(world, gone).status_code == 404
    assert fetch(world, ended).status_code == 404


def test_a_cancelled_handover_has_no_dates(world: World):
    world.manager(
        "PATCH", f"/handovers/{world.handover}", {"stage": "cancelled", "override_reason": "She stays."}
    )
    assert events(fetch(world, address(world))) == {}


def test_the_list_carries_each_address(world: World):
    (one,) = world.viewer.get("/handovers")["items"]
    assert one["calendar_url"] == address(world)
