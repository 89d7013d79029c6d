"""The shipped templates ask for what the domain's rows name, in both languages, and for practice where it is due."""

from __future__ import annotations

import pytest

from kb.checklists.models import Level, Rhythm
from kb.checklists.templates import TemplateItem, shipped_templates

SHOP, SITE = shipped_templates()["ecommerce-operations"], shipped_templates()["website-administration"]
# Row of the domain -> template, and the items that ask for it.
ROWS = {
    "E4 customers": (SHOP, ["key-customers", "open-cases"]),
    "E4 data": (SHOP, ["data-sources", "metric-definitions", "reports-daily-weekly"]),
    "E5": (SHOP, ["documents"]),
    "E6": (SHOP, ["accounts-permissions", "access-ended"]),
    "E8": (SHOP, ["refund-review"]),
    "E9": (SHOP, ["returns-exchanges", "order-system-failure"]),
    "W1": (SITE, ["domain-ownership", "registrar-account"]),
    "W2": (SITE, ["vendor-contacts"]),
    "W3": (SITE, ["icp-responsible-person", "icp-phone"]),
    "W4": (SITE, ["renewal-calendar", "domain-renewal", "tls-certificates"]),
    "W5": (SITE, ["site-accounts", "mailbox-accounts", "second-factors"]),
    "W6": (SITE, ["content-publishing", "cms-permissions", "site-down"]),
    "W7": (SITE, ["practice-release", "practice-restore"]),
    "W8": (SITE, ["named-registrations", "named-notifications", "named-automations"]),
}
ITEMS = [item for template in (SHOP, SITE) for module in template.modules for item in module.items]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_asked_for(row: str):
    template, keys = ROWS[row]
    assert [key for key in keys if template.item(key) is None] == []


def test_the_shop_has_the_seven_modules():
    assert [module.titles["zh-Hans"] for module in SHOP.modules] == [
        "产品管理", "订单处理", "客户服务", "仓储物流", "数据分析", "财务结算", "团队协作",
    ]  # fmt: skip


def test_independent_practice_is_asked_for_where_it_is_due():
    for key in ("returns-exchanges", "order-system-failure", "refund-review", "order-daily"):
        item = SHOP.item(key)
        assert item and item.practice and item.practice.level is Level.INDEPENDENT
    for key in ("practice-release", "practice-restore", "second-factors"):
        item = SITE.item(key)
        assert item and item.practice and item.practice.level is Level.INDEPENDENT


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)
def test_every_item_says_what_to_write_in_both_languages(item: TemplateItem):
    for texts in (item.titles, item.guidance):
        assert texts["en"].isascii() or "–" in texts["en"]
        assert any("\u4e00" <= character <= "\u9fff" for character in texts["zh-Hans"])
    assert item.slots and item.kinds and item.due_days_before is not None


def test_where_the_rhythm_does_not_tell_the_day_is_asked_for():
    """Nobody can guess when a yearly renewal comes round."""
    for key in ("vendor-contracts", "domain-renewal"):
        item = SITE.item(key)
        assert item and item.rhythm is Rhythm.YEARLY
        assert "comes round next" in item.guidance["en"] and "下次轮到" in item.guidance["zh-Hans"]
