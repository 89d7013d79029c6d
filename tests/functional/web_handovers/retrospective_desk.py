"""A desk that is being handed over, started from a template, and what is proposed for that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kb.checklists.templates import shipped_templates
from kb.handovers.models import Stage
from kb.retrospectives.models import TemplateProposal
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_handover

ID = "ecommerce-operations"
SHIPPED = shipped_templates()[ID]
ROLES = ("leaver", "successor", "manager", "trainer", "viewer")


def hand_over(shop: Shop) -> Shop:
    """The shop with a handover in the stage in which one looks back."""

    def run(session: Any) -> str:
        people: dict[str, Any] = {role: person(session, role) for role in ROLES}
        made = make_handover(session, title="Shop desk", template=ID, **people)
        made.stage = Stage.TRANSFERRING
        return made.id

    shop.handover = shop.change(run)
    return shop


def here(shop: Shop) -> str:
    return f"/handovers/{shop.handover}/retrospective"


def proposal(shop: Shop) -> TemplateProposal:
    found: TemplateProposal | None = shop.ask(
        lambda s: s.scalars(select(TemplateProposal).order_by(TemplateProposal.created_at.desc())).first()
    )
    assert found
    return found


def fields(**more: Any) -> dict[str, Any]:
    return {
        "kind": "add", "titles-en": "Roles for refunds", "titles-zh-Hans": "退款权限",
        "guidance-en": "Who grants them.",
        "module": "orders", "importance": "critical", "slots": ["steps", "access"], "kinds": ["procedure"],
        "practice-level": "", "why": "It took four days.",
    } | more  # fmt: skip


def propose(shop: Shop, by: str = "successor", **more: Any) -> Any:
    return shop[by].send(f"{here(shop)}/propose", fields(**more))


def decide(shop: Shop, deed: str = "accept", by: str = "manager") -> Any:
    return shop[by].send(f"/proposals/{proposal(shop).id}/{deed}")
