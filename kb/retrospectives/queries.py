"""Reading retrospectives: answers, proposals, and where a checklist has gone its own way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Facts
from kb.access.permits import not_found
from kb.checklists.models import Item
from kb.checklists.queries import items_of
from kb.checklists.template_queries import find_template, get_version
from kb.checklists.templates import Template, TemplateItem
from kb.errors import NotFound
from kb.handovers.models import Handover
from kb.rehearsals.models import Meeting, MeetingItem
from kb.retrospectives.models import RetrospectiveAnswer, TemplateProposal
from kb.retrospectives.questions import ProposalKind

MOST_POINTED_AT = 8


def proposal_facts(session: Session, proposal_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    handover_id = session.scalar(
        select(TemplateProposal.handover_id).where(TemplateProposal.id == proposal_id)
    )
    if handover_id is None:
        raise not_found()
    return Facts(handover_id)


def answers_in(handover_id: str) -> Select[RetrospectiveAnswer]:
    """Every answer of a handover with who gave it, oldest first."""
    return (
        select(RetrospectiveAnswer)
        .where(RetrospectiveAnswer.handover_id == handover_id)
        .options(joinedload(RetrospectiveAnswer.user))
        .order_by(RetrospectiveAnswer.answered_at, RetrospectiveAnswer.user_id)
    )


def proposals_in(handover_id: str) -> Select[TemplateProposal]:
    """Every proposal of a handover with its people, newest first."""
    return (
        select(TemplateProposal)
        .where(TemplateProposal.handover_id == handover_id)
        .options(joinedload(TemplateProposal.proposed_by), joinedload(TemplateProposal.decided_by))
        .order_by(TemplateProposal.created_at.desc(), TemplateProposal.id)
    )


def get_proposal(session: Session, proposal_id: str, *, to_decide: bool = False) -> TemplateProposal:
    """One with its people; `to_decide` holds its row until the end. Raises NotFound."""
    statement = (
        select(TemplateProposal)
        .where(TemplateProposal.id == proposal_id)
        .options(joinedload(TemplateProposal.proposed_by), joinedload(TemplateProposal.decided_by))
    )
    if to_decide:
        statement = statement.with_for_update(of=TemplateProposal)
    found = session.scalar(statement)
    if found is None:
        raise not_found()
    return found


def current_template(session: Session, handover: Handover) -> Template | None:
    """The newest version of the template a handover was started from; None without one, or where it is gone."""
    kept = find_template(session, handover.template_id) if handover.template_id else None
    return kept.template if kept else None


@dataclass(frozen=True)
class OwnWay:
    """What people changed about the checklist by hand: likely what the template lacks, or has too much of."""

    added: tuple[Item, ...]
    left_out: tuple[TemplateItem, ...]


def own_way(
    session: Session, handover: Handover, template: Template, proposed: Iterable[TemplateProposal]
) -> OwnWay:
    """Items added to the checklist and items taken off it.

    Left out is what is proposed already, and the tasks of one meeting, which the next handover does not have.
    """
    items = list(session.scalars(items_of(handover.id)).unique())
    tasks = set(
        session.scalars(
            select(MeetingItem.item_id)
            .join(Meeting, Meeting.id == MeetingItem.meeting_id)
            .where(Meeting.handover_id == handover.id, MeetingItem.agreed.is_(True))
        )
    )
    told = {str(one.change.get("from_item") or "") for one in proposed}
    told |= {one.item_key or "" for one in proposed if one.kind == ProposalKind.DROP}
    told |= {item.template_key or "" for item in items} | tasks
    begun = _begun_with(session, handover)
    left_out = [i for m in template.modules for i in m.items if i.key in begun and i.key not in told]
    added = [item for item in items if item.template_key is None and item.id not in told]
    return OwnWay(tuple(added[:MOST_POINTED_AT]), tuple(left_out[:MOST_POINTED_AT]))


def _begun_with(session: Session, handover: Handover) -> set[str]:
    """The keys of the items the handover was started with."""
    try:
        kept = get_version(session, handover.template_id or "", handover.template_version or 0)
    except NotFound:  # a program of today does not ship what one of then did
        return set()
    return {item.key for module in kept.template.modules for item in module.items}
