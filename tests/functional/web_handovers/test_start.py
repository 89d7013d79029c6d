"""Starting a handover: from a template, with people, and with every kind of wrong input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kb.checklists.models import Item
from kb.checklists.templates import shipped_templates
from kb.clock import now
from kb.handovers.models import Handover, Membership
from kb.people.models import User
from tests.functional.web_handovers.conftest import Shop
from tests.support.visitor import words

LAST_DAY = (now().date() + timedelta(days=14)).isoformat()


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Spring handover", "position": "Clerk", "department": "Sales", "leaver": "leaver@example.com",
        "last_day": LAST_DAY, "support_until": "", "language": "en", "template": "", "confirmed_on": "",
        "confirmed_by": "", "member_email": ["successor@example.com", "", ""], "member_name": ["", "", ""],
        "member_role": ["successor", "viewer", "viewer"], **changes,
    }  # fmt: skip


def started(shop: Shop) -> Handover | None:
    return shop.ask(
        lambda session: session.scalar(select(Handover).where(Handover.title == "Spring handover"))
    )


def test_a_handover_is_started_with_its_people(shop: Shop):
    answer = shop["stranger"].send("/handovers", fields(confirmed_on="2026-01-05", confirmed_by="HR, Ms Wu"))
    made = started(shop)
    assert made
    assert (answer.status_code, answer.headers["location"]) == (303, f"/handovers/{made.id}")
    assert (made.department, made.confirmed_by, str(made.last_day)) == ("Sales", "HR, Ms Wu", LAST_DAY)
    members = shop.ask(
        lambda session: session.execute(
            select(User.email, Membership.role).join(User).where(Membership.handover_id == made.id)
        ).all()
    )
    assert sorted(map(tuple, members)) == [
        ("leaver@example.com", "leaver"), ("stranger@example.com", "manager"), ("successor@example.com", "successor"),
    ]  # fmt: skip
    assert "Created." in words(shop["stranger"].get(f"/handovers/{made.id}"))


@pytest.mark.parametrize(
    ("template", "language"), [("ecommerce-operations", "zh-Hans"), ("website-administration", "en")]
)
def test_a_template_brings_its_checklist(shop: Shop, template: str, language: str):
    shop["manager"].send("/handovers", fields(template=template, language=language))
    made = started(shop)
    assert made
    titles = shop.ask(
        lambda session: list(session.scalars(select(Item.title).where(Item.handover_id == made.id)))
    )
    shipped = shipped_templates()[template]
    assert sorted(titles) == sorted(
        item.titles[language] for module in shipped.modules for item in module.items
    )
    page = shop["manager"].get(f"/handovers/{made.id}").text
    assert all(module.titles[language].replace("&", "&amp;") in page for module in shipped.modules)


def test_the_form_shows_what_each_template_holds(shop: Shop):
    said = words(shop["manager"].get("/handovers/new"))
    for template in shipped_templates().values():
        assert template.titles["en"] in said
        assert template.descriptions["en"] in said
        assert f"{template.size} items" in said


WRONG = [
    ("title", "", "Title", "标题"),
    ("title", "x" * 201, "Title", "标题"),
    ("title", "a\u202eb", "Title", "标题"),
    ("position", " ", "Position", "岗位"),
    ("leaver", "not an address", "Who leaves (email)", "交接人邮箱"),
    ("leaver", "unknown@example.com", "Who leaves (email)", "交接人邮箱"),
    ("last_day", "tomorrow", "Last day", "最后工作日"),
    ("last_day", "", "Last day", "最后工作日"),
    ("support_until", "2020-01-01", "Answers questions until", "答疑截止"),
    ("language", "fr", "Language", "语言"),
    ("template", "nothing", "Checklist to start from", "用哪份清单开始"),
]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_wrong_field_is_named_and_everything_typed_is_kept(shop: Shop, language: str):
    shop["manager"].cookies["kb_locale"] = language
    for field, value, english, chinese in WRONG:
        answer = shop["manager"].send("/handovers", fields(**{field: value}))
        assert (field, answer.status_code) == (field, 422)
        assert f'href="#f-{field}">{english if language == "en" else chinese}' in answer.text
        for name in {"title", "position", "department", "leaver", "last_day"} - {field}:
            assert f'value="{fields()[name]}"' in answer.text
        assert 'value="successor@example.com"' in answer.text
    assert started(shop) is None


def test_a_wrong_person_is_marked_in_their_row(shop: Shop):
    for address in ("nonsense", "unknown@example.com"):
        emails = ["successor@example.com", address, ""]
        answer = shop["manager"].send("/handovers", fields(member_email=emails))
        assert answer.status_code == 422
        assert 'href="#f-members-1"' in answer.text
        assert 'id="f-members-1-error"' in answer.text
        assert all(f'value="{email}"' in answer.text for email in emails[:2])


def test_wrong_rows_and_wrong_fields_are_told_together(shop: Shop):
    answer = shop["manager"].send("/handovers", fields(member_email=["nonsense", "", ""], title=""))
    assert 'href="#f-title"' in answer.text
    assert 'href="#f-members-0"' in answer.text


def test_more_rows_keep_what_was_typed_and_start_nothing(shop: Shop):
    answer = shop["manager"].send("/handovers", fields(more="1"))
    assert answer.status_code == 200
    assert answer.text.count('name="member_email"') == 7
    assert 'value="successor@example.com"' in answer.text
    assert 'value="Spring handover"' in answer.text
    assert started(shop) is None


def test_a_short_buffer_is_warned_of(shop: Shop):
    for days, warned in ((5, True), (9, False), (-3, False)):
        last_day = (now().date() + timedelta(days=days)).isoformat()
        answer = shop["manager"].send("/handovers", fields(last_day=last_day, past="1" if days < 0 else ""))
        page = words(shop["manager"].get(answer.headers["location"]))
        assert ("working side by side" in page) is warned


def test_markup_in_a_title_stays_text(shop: Shop):
    shop["manager"].send("/handovers", fields(title="<script>alert(1)</script> & co"))
    for path in ("/", "/handovers"):
        page = shop["manager"].get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page


def test_every_fault_is_named_at_once(shop: Shop):
    sent = fields(
        leaver="nobody@example.com", last_day="soon", member_email=["strange", "unknown@example.com", ""],
        template="none",
    )  # fmt: skip
    answer = shop["manager"].send("/handovers", sent)
    assert answer.status_code == 422
    for field in ("leaver", "last_day", "members-0", "members-1", "template"):
        assert f'href="#f-{field}"' in answer.text, field


def test_a_last_day_in_the_past_draws_a_remark_and_an_empty_handover_says_what_to_do(shop: Shop):
    past = (now().date() - timedelta(days=3)).isoformat()
    answer = shop["manager"].send("/handovers", fields(last_day=past, past="1"))
    assert answer.status_code == 303
    page = shop["manager"].get(answer.headers["location"])
    assert "The last day has passed" in words(page)
    assert "Begin with what only Leaver Li knows" in words(page)
    assert "/notes/new?kind=procedure" in page.text


def test_a_last_day_that_is_over_is_asked_about_once(shop: Shop):
    over = (now().date() - timedelta(days=3)).isoformat()
    refused = shop["manager"].send("/handovers", fields(last_day=over))
    assert refused.status_code == 422
    assert "This day has passed." in words(refused)
    assert 'name="past"' in refused.text
    assert shop["manager"].send("/handovers", fields(last_day=over, past="1")).status_code == 303


def test_days_out_of_order_are_named(shop: Shop):
    late = (now().date() + timedelta(days=20)).isoformat()
    refused = shop["manager"].send("/handovers", fields(confirmed_on=late))
    assert refused.status_code == 422
    assert "The resignation was confirmed before the last day, not after it." in words(refused)


def test_nobody_hands_over_to_themselves(shop: Shop):
    refused = shop["manager"].send("/handovers", fields(member_email=["leaver@example.com", "", ""]))
    assert refused.status_code == 422
    assert "Nobody can hand over to themselves: choose another successor." in words(refused)
