"""Templates kept by administrators: every change a version, running handovers as they began, YAML out and in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from litestar.routes import HTTPRoute
from sqlalchemy import select

from kb.activity.models import Event
from kb.checklists.models import Item, TemplateVersion
from kb.checklists.template_queries import all_templates, get_template, versions_of
from kb.checklists.template_services import change_template
from kb.errors import Conflict, Invalid
from kb.handovers.models import Handover
from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.template_desk import HERE, ID, SHIPPED, base, item_fields, kept, post
from tests.support.factories import make_handover, who
from tests.support.visitor import words


def test_an_item_added_is_there_for_the_next_handover_and_not_for_one_that_runs(shop: Shop):
    running = shop.change(lambda s: make_handover(s, template=ID, title="Before").id)
    answer = post(shop, f"{HERE}/items/_new", why="Asked for twice", **item_fields())
    assert answer.headers["location"] == f"{HERE}#module-orders"
    now = kept(shop)
    assert (now.template.version, now.why, now.saved_by) == (SHIPPED.version + 1, "Asked for twice", "admin")
    assert now.template.modules[1].items[-1].guidance == {
        "en": "Who issues them.",
        "zh-Hans": "Who issues them.",
    }
    later = shop.change(lambda s: make_handover(s, template=ID, title="After", language="zh-Hans").id)
    items = shop.ask(lambda s: s.execute(select(Item.handover_id, Item.title, Item.required_runs, Item.rhythm)
                                         .where(Item.template_key == "gift-cards")).all())  # fmt: skip
    assert [tuple(row) for row in items] == [(later, "礼品卡", 2, "monthly")]
    versions = shop.ask(lambda s: [s.get_one(Handover, one).template_version for one in (running, later)])
    assert versions == [SHIPPED.version, SHIPPED.version + 1]


def test_what_is_wrong_with_an_item_is_told_and_what_was_typed_stays(shop: Shop):
    wrong = item_fields(
        **{"titles-en": "", "titles-zh-Hans": "", "due_days_before": "soon", "module": "nowhere"}
    )
    refused = post(shop, f"{HERE}/items/_new", **wrong)
    assert refused.status_code == 422
    said = words(refused)
    assert "Title: This must be filled in, in one language at least." in said
    assert "Due, days before the last day: This must be a whole number" in said
    assert 'value="soon"' in refused.text and "Who issues them." in refused.text
    assert "Choose a module." in words(post(shop, f"{HERE}/items/_new", **item_fields(module="nowhere")))
    assert kept(shop).shipped


def test_long_guidance_is_not_lost(shop: Shop):
    text = "Mind the gap. " * 200
    assert post(shop, f"{HERE}/items/_new", **item_fields(**{"guidance-en": text})).status_code == 303
    assert kept(shop).template.item("gift-cards").guidance["en"] == text


def test_an_item_is_changed_moved_and_taken_out(shop: Shop):
    page = shop["admin"].get(f"{HERE}/items/refund-review")
    assert 'value="Refund review"' in page.text and 'value="退款审核"' in page.text
    post(shop, f"{HERE}/items/refund-review", **item_fields(**{"titles-en": "Refunds", "module": "finance"}))
    assert kept(shop).template.module_of("refund-review").key == "finance"
    assert kept(shop).template.item("refund-review").titles["en"] == "Refunds"
    assert "Take out “Refunds”?" in words(shop["admin"].get(f"{HERE}/items/refund-review/remove"))
    post(shop, f"{HERE}/items/refund-review/remove")
    assert kept(shop).template.item("refund-review") is None
    for path in (f"{HERE}/items/refund-review", f"{HERE}/items/refund-review/remove", f"{HERE}/modules/none"):
        assert shop["admin"].get(path).status_code == 404


def test_modules_are_added_renamed_ordered_and_taken_out(shop: Shop):
    post(shop, f"{HERE}/modules/_new", **{"titles-en": "Live streaming", "titles-zh-Hans": "直播"})
    assert kept(shop).template.modules[-1].key == "live-streaming"
    post(shop, f"{HERE}/modules/live-streaming", **{"titles-en": "Streams", "titles-zh-Hans": "直播间"})
    assert kept(shop).template.modules[-1].titles == {"en": "Streams", "zh-Hans": "直播间"}
    order = {"module": ["live-streaming"], "module_place": ["0.5"], "item": ["refund-review", "order-daily"],
             "place": ["0", "x"], "home": ["orders", "live-streaming"]}  # fmt: skip
    post(shop, f"{HERE}/order", **order)
    made = kept(shop).template
    assert made.modules[0].key == "live-streaming" and [i.key for i in made.modules[0].items] == [
        "order-daily"
    ]
    assert made.module("orders").items[0].key == "refund-review"
    assert "1 item goes with the module:" in words(shop["admin"].get(f"{HERE}/modules/live-streaming/remove"))
    post(shop, f"{HERE}/modules/live-streaming/remove")
    assert kept(shop).template.item("order-daily") is None
    refused = post(shop, f"{HERE}/modules/_new", **{"titles-en": " "})
    assert refused.status_code == 422


def test_nothing_changed_makes_no_version(shop: Shop):
    titles = {f"titles-{code}": text for code, text in SHIPPED.titles.items()}
    about = {f"descriptions-{code}": text for code, text in SHIPPED.descriptions.items()}
    post(shop, f"{HERE}/edit", **titles, **about)
    assert kept(shop).shipped
    post(shop, f"{HERE}/edit", **titles, **about | {"descriptions-en": "Mine."})
    assert kept(shop).template.descriptions["en"] == "Mine."


def test_a_form_opened_on_an_older_version_is_told_so_and_can_be_saved_again(shop: Shop):
    old = base(shop)
    post(shop, f"{HERE}/items/_new", **item_fields())
    refused = shop["admin"].send(
        f"{HERE}/modules/orders", {"base": old, "titles-en": "Orders", "titles-zh-Hans": "订单"}
    )
    assert refused.status_code == 409
    assert "Somebody saved this template meanwhile: version 3." in words(refused)
    assert 'value="Orders"' in refused.text
    again = re.search(r'name="base" value="(\d+)"', refused.text)
    assert again
    shop["admin"].send(
        f"{HERE}/modules/orders", {"base": again[1], "titles-en": "Orders", "titles-zh-Hans": "订单"}
    )
    assert kept(shop).template.module("orders").titles["en"] == "Orders"
    assert kept(shop).template.item("gift-cards")


def test_of_two_who_save_at_once_one_is_told(shop: Shop):
    def save(title: str) -> str:
        def run(session: Any) -> None:
            change_template(
                session, who(session, person(session, "admin")), ID, SHIPPED.version,
                lambda template: replace(template, titles={"en": title, "zh-Hans": title}),
            )  # fmt: skip

        try:
            shop.change(run)
        except Conflict:
            return ""
        return title

    with ThreadPoolExecutor(2) as both:
        saved = list(both.map(save, ("One", "Two")))
    assert "" in saved
    assert kept(shop).template.titles["en"] == "".join(saved)
    assert base(shop) == "3"


def test_versions_tell_who_when_why_and_what_and_an_earlier_one_comes_back(shop: Shop):
    post(shop, f"{HERE}/items/_new", why="More sold", **item_fields())
    post(shop, f"{HERE}/items/product-listing/remove", why="Done elsewhere")
    said = words(shop["admin"].get(f"{HERE}/versions"))
    for told in ("Version 4", "More sold", "Added: Gift cards", "Done elsewhere", "Taken out: Listing a product",
                 "comes with the program"):  # fmt: skip
        assert told in said
    assert "Gift cards" in words(shop["admin"].get(f"{HERE}/versions/3"))
    shop["admin"].send(f"{HERE}/versions/{SHIPPED.version}/restore")
    now = kept(shop)
    assert (now.template.version, now.why) == (5, f"Version {SHIPPED.version} again")
    assert now.template.modules == SHIPPED.modules
    assert shop.ask(lambda s: len(versions_of(s, ID))) == 4
    assert shop["admin"].get(f"{HERE}/versions/77").status_code == 404
    actions = shop.ask(lambda s: s.scalars(select(Event.action).where(Event.object_id == ID)).all())
    assert actions == ["template.saved"] * 3


def test_a_version_is_never_changed_afterwards(shop: Shop):
    post(shop, f"{HERE}/items/_new", **item_fields())
    before = shop.ask(lambda s: s.get_one(TemplateVersion, (ID, 3)).content)
    post(shop, f"{HERE}/items/gift-cards/remove")
    assert shop.ask(lambda s: s.get_one(TemplateVersion, (ID, 3)).content) == before


def test_a_retired_template_is_offered_to_nobody_and_can_be_taken_up_again(shop: Shop):
    post(shop, f"{HERE}/retire", why="Too long")
    assert f'value="{ID}"' not in shop["manager"].get("/handovers/new").text
    assert shop.ask(lambda s: ID in {one.id for one in all_templates(s)}) is False
    with pytest.raises(Invalid, match="This template is retired"):
        shop.ask(lambda s: get_template(s, ID))
    assert "It is retired" in words(shop["admin"].get(HERE))
    post(shop, f"{HERE}/take-up")
    assert shop.ask(lambda s: get_template(s, ID).modules) == SHIPPED.modules


def test_a_copy_and_a_new_one_stand_under_their_own_ids(shop: Shop):
    copied = shop["admin"].send(f"{HERE}/copy", {"id": "shop-two", "titles-en": "Second shop"})
    assert copied.headers["location"] == "/admin/templates/shop-two"
    assert kept(shop, "shop-two").template.modules == SHIPPED.modules
    for taken in (ID, "shop-two", "Shop!", "new", ""):
        refused = shop["admin"].send("/admin/templates/new", {"id": taken, "titles-en": "X"})
        assert refused.status_code == 422, taken
    shop["admin"].send("/admin/templates/new", {"id": "empty-one", "titles-zh-Hans": "空白"})
    assert (kept(shop, "empty-one").template.version, kept(shop, "empty-one").template.size) == (1, 0)
    assert "No module yet" in words(shop["admin"].get("/admin/templates/empty-one"))
    shop.change(lambda s: make_handover(s, template="empty-one"))


def test_every_page_and_deed_is_for_administrators(shop: Shop):
    names = {"template_id": ID, "item_key": "refund-review", "module_key": "orders", "version": "2"}
    walked = 0
    for route in shop.client.app.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith("/admin/templates"):
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: names[found[1]], route.path_format)
            for handler in route.route_handlers:
                for method in handler.http_methods & {"GET", "POST"}:
                    ask = "get" if method == "GET" else "send"
                    assert getattr(shop["manager"], ask)(path).status_code == 403, (method, path)
                    walked += 1
    assert walked >= 30
    assert kept(shop).shipped
