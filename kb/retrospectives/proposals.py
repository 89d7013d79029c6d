"""Changes proposed to the template a handover was started from; a manager accepts or declines each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.template_edits import new_key, with_item, without_item
from kb.checklists.template_queries import Kept, find_template
from kb.checklists.template_reading import read_item
from kb.checklists.template_services import add_version
from kb.checklists.templates import Template, item_content, item_of
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.handovers.queries import get_handover
from kb.i18n import _
from kb.notes.guarding import accepts, guard, record_accepted
from kb.people.models import User
from kb.retrospectives.models import ProposalState, TemplateProposal
from kb.retrospectives.queries import current_template, get_proposal, proposal_facts, proposals_in
from kb.retrospectives.questions import ProposalKind, Question
from kb.retrospectives.services import open_handover
from kb.validation import Checker

MOST_WHY = 500


def propose(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]
) -> TemplateProposal:
    """Propose to add, change or drop an item of the template.

    `data`: kind, item (its key, unless added), module, fields (the item as in a template's YAML), why, question,
    from_item (of the checklist). Raises Invalid, Mistaken (about `fields`), Conflict.
    """
    handover = open_handover(session, identity, handover_id)
    template = current_template(session, handover)
    if template is None or handover.template_id is None:
        raise Conflict(_("This handover has no template that could be changed."))
    check = Checker(data)
    kind = check.choice("kind", ProposalKind)
    question = str(check.choice("question", Question)) if data.get("question") else ""
    why = check.text("why", most=MOST_WHY)
    key = None if kind is ProposalKind.ADD else str(data.get("item") or "")
    if key is not None and template.item(key) is None:
        check.fail("item", _("Choose an item of the template."))
    check.done()
    change = _change(template, kind, key, data)
    secrets = guard(_words(change) | {"why": why}, accepted=accepts(data))
    one = TemplateProposal(
        handover_id=handover_id, template_id=handover.template_id, kind=str(kind), question=question, item_key=key,
        change=change, why=why, proposed_by_id=identity.user_id, created_at=now(), state=str(ProposalState.OPEN),
    )  # fmt: skip
    _refuse_twice(session, one)
    session.add(one)
    session.flush()
    _record(session, identity, "proposal.made", one, kind=str(kind))
    record_accepted(session, identity, secrets, "proposal", one.id, handover_id)
    return one


def _change(
    template: Template, kind: ProposalKind, key: str | None, data: Mapping[str, Any]
) -> dict[str, Any]:
    """What is kept of a change: the item and its module as proposed, and as they stand in the template today."""
    base, home = template.item(key), template.module_of(key)
    change: dict[str, Any] = {"from_item": str(data.get("from_item") or "")[:12]}
    if base and home:
        change |= {"base": item_content(base), "base_module": home.key}
    if kind is ProposalKind.DROP:
        return change
    fields = dict(data.get("fields") or {})
    item = read_item(fields | {"key": key or new_key(template, fields.get("titles") or {}, "item")})
    module = str(data.get("module") or "")
    if template.module(module) is None:
        raise Invalid.field("module", _("Choose a module."))
    if item == base and module == change.get("base_module"):
        raise Invalid.field("titles", _("Nothing is changed yet; change what should be otherwise."))
    return change | {"item": item_content(item), "module": module}


def _words(change: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a change that people typed, by the fields of the form."""
    item, base = change.get("item") or {}, change.get("base") or {}
    return {
        f"{name}-{language}": text
        for name in ("titles", "guidance")
        for language, text in (item.get(name) or {}).items()
        if text != (base.get(name) or {}).get(language)
    }


def _refuse_twice(session: Session, one: TemplateProposal) -> None:
    for other in session.scalars(proposals_in(one.handover_id)):
        same = (other.kind, other.item_key, other.change.get("item")) == (
            one.kind, one.item_key, one.change.get("item"),
        )  # fmt: skip
        if same and other.state == ProposalState.OPEN:
            raise Conflict(_("The very same change is proposed already and waits for a manager."))


def accept_proposal(session: Session, identity: Identity, proposal_id: str) -> TemplateProposal:
    """Take a change into the template, as a new version that names handover and proposer; raises Conflict."""
    one = _to_decide(session, identity, proposal_id)
    kept = find_template(session, one.template_id)
    if kept is None:
        raise Conflict(_("The template is not there any more; decline the proposal."))
    after = _applied(kept, one)
    handover = get_handover(session, one.handover_id)
    who = one.proposed_by.name if one.proposed_by else _("somebody whose account is gone")
    why = _("From the handover “%(title)s”, proposed by %(who)s: %(why)s") % {
        "title": handover.title, "who": who, "why": " ".join(one.why.split()),
    }  # fmt: skip
    saved = add_version(session, identity, after, why=why, retired=kept.retired)
    one.template_version = saved.version
    return _decided(session, identity, one, ProposalState.ACCEPTED)


def decline_proposal(session: Session, identity: Identity, proposal_id: str) -> TemplateProposal:
    """Leave the template as it is; raises Conflict where it was decided already."""
    return _decided(session, identity, _to_decide(session, identity, proposal_id), ProposalState.DECLINED)


def _to_decide(session: Session, identity: Identity, proposal_id: str) -> TemplateProposal:
    require(identity, Permission.PROPOSAL_DECIDE, proposal_facts(session, proposal_id))
    one = get_proposal(session, proposal_id, to_decide=True)
    if one.state != ProposalState.OPEN:
        raise Conflict(_("This proposal has been decided already."))
    return one


def _decided(
    session: Session, identity: Identity, one: TemplateProposal, state: ProposalState
) -> TemplateProposal:
    one.state, one.decided_by_id, one.decided_at = str(state), identity.user_id, now()
    one.decided_by = session.get_one(User, identity.user_id)
    session.flush()
    _record(session, identity, f"proposal.{state}", one, version=one.template_version)
    return one


def _applied(kept: Kept, one: TemplateProposal) -> Template:
    """The template with the change; raises Conflict where it has gone another way meanwhile."""
    template, change = kept.template, one.change
    module = str(change.get("module") or "")
    if one.kind != ProposalKind.DROP and template.module(module) is None:
        raise Conflict(
            _("The module it should stand in is gone from the template; propose it anew for another one.")
        )
    if one.kind == ProposalKind.ADD:
        item = item_of(change["item"])
        taken = template.item(item.key) or template.module(item.key)
        content = {**change["item"], "key": new_key(template, item.titles, "item") if taken else item.key}
        return with_item(template, item_of(content), module)
    current = template.item(one.item_key)
    if current is None:
        raise Conflict(_("The item is gone from the template already; decline the proposal."))
    if current != item_of(change["base"]):
        raise Conflict(_("The item has been changed in the template since this was proposed; look at it and propose "
                         "anew what is still wanted."))  # fmt: skip
    if one.kind == ProposalKind.DROP:
        return without_item(template, current.key)
    return with_item(template, item_of(change["item"]), module)


def _record(session: Session, identity: Identity, action: str, one: TemplateProposal, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="proposal", object_id=one.id,
        handover_id=one.handover_id, template=one.template_id, **details,
    )  # fmt: skip
