"""Templates as an administrator's browser keeps them."""

from __future__ import annotations

from typing import Any

from kb.checklists.template_queries import get_kept
from kb.checklists.templates import shipped_templates
from tests.functional.web_handovers.conftest import Shop

ID = "ecommerce-operations"
HERE = f"/admin/templates/{ID}"
SHIPPED = shipped_templates()[ID]


def base(shop: Shop, template_id: str = ID) -> str:
    return str(shop.ask(lambda s: get_kept(s, template_id).template.version))


def post(shop: Shop, path: str, **fields: Any) -> Any:
    return shop["admin"].send(path, {"base": base(shop)} | fields)


def kept(shop: Shop, template_id: str = ID) -> Any:
    return shop.ask(lambda s: get_kept(s, template_id))


def item_fields(**more: Any) -> dict[str, Any]:
    return {
        "titles-en": "Gift cards", "titles-zh-Hans": "礼品卡", "guidance-en": "Who issues them.",
        "guidance-zh-Hans": "", "module": "orders", "importance": "high", "rhythm": "monthly",
        "due_days_before": "4", "slots": ["steps", "access"], "kinds": ["pitfall"],
        "practice-level": "independent", "practice-runs": "2",
    } | more  # fmt: skip
