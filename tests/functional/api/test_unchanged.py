"""What changes nothing leaves no trace, what cannot be changed here is said, and every fault is named at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from kb.activity.models import Event
from kb.clock import today
from tests.support.api import World


def _recorded(world: World) -> int | None:
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(Event))


def test_a_change_of_nothing_is_not_recorded(world: World):
    item = world.item()
    quote = {"kind": "comment", "body": "Really?", "target": {"quote": {"exact": "Check the order"}}}
    remark = world.manager.post(f"/notes/{world.note()['id']}/annotations", quote)
    handover = world.manager.get(f"/handovers/{world.handover}")
    before = _recorded(world)
    same: dict[str, Any]
    for path, was, same in (
        (f"/handovers/{world.handover}", handover, {"title": handover["title"], "stage": handover["stage"]}),
        (f"/items/{item['id']}", item, {"slots": item["slots"], "state": item["state"], "module": "Orders"}),
        (f"/annotations/{remark['id']}", remark, {"body": "Really?", "state": "open"}),
    ):
        for sent in ({}, same):
            assert world.manager("PATCH", path, sent).json() == was, path
    assert _recorded(world) == before


def test_what_is_changed_elsewhere_says_where(world: World):
    sent: dict[str, Any] = {"title": "New", "leaver": world.viewer.email, "members": [], "template": None}
    errors = world.manager.errors("PATCH", f"/handovers/{world.handover}", sent)
    assert set(errors) == {"leaver", "members", "template"}
    assert "/members" in errors["leaver"]
    assert world.manager.get(f"/handovers/{world.handover}")["title"] != "New"


def test_faults_of_form_and_of_fact_are_named_together(world: World):
    sent: dict[str, Any] = {
        "title": "T", "position": "P", "leaver": "nobody@example.com", "last_day": "soon", "template": "none",
        "members": [{"email": "unknown@example.com", "role": "viewer"}, {"email": "x", "role": "viewer"}],
    }  # fmt: skip
    errors = world.manager.errors("POST", "/handovers", sent)
    assert set(errors) == {"leaver", "last_day", "template", "members", "members.email"}
    item = {"module": "M", "title": "T", "due": "soon", "owner": "unknown@example.com"}
    path = f"/handovers/{world.handover}/items"
    assert set(world.manager.errors("POST", path, item)) == {"due", "owner"}
    members = [{"email": "unknown@example.com", "role": "leaver"}, {"email": "x", "role": "viewer"}]
    assert set(world.manager.errors("PUT", f"/handovers/{world.handover}/members", members)) == {
        "members", "members.email",
    }  # fmt: skip


def test_a_new_handover_is_never_born_overdue(world: World):
    day = today("Asia/Shanghai")
    for left in (-3, 0, 5):
        last_day = day + timedelta(days=left)
        sent = {"title": "T", "position": "P", "leaver": world.leaver.email, "last_day": last_day.isoformat(),
                "template": "ecommerce-operations"}  # fmt: skip
        made = world.manager.post("/handovers", sent)
        items = world.manager.get(f"/handovers/{made['id']}/items", limit=200)["items"]
        due = sorted({item["due"] for item in items if item["due"]})
        assert due[0] == day.isoformat()
        assert due[-1] <= max(day, last_day).isoformat()
    assert len(due) > 2  # squeezed in proportion, not all on one day
