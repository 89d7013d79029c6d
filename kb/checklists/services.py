"""Writing checklists: from a template, item by item, and their states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.access.roles import Role
from kb.activity.record import record
from kb.checklists.models import Item, ItemSlot, Module, Slot
from kb.checklists.queries import get_item, item_facts
from kb.checklists.schemas import item_fields
from kb.checklists.template_queries import get_template
from kb.checklists.templates import Template, TemplateItem
from kb.clock import now
from kb.errors import FieldError, Invalid
from kb.handovers.models import Handover
from kb.handovers.queries import member_by_email, people_in
from kb.handovers.schemas import NewHandover, read_handover
from kb.handovers.services import create_handover, unknown_people
from kb.i18n import _
from kb.secrets import find_secrets
from kb.validation import Checker


def begin_handover(
    session: Session, identity: Identity, data: Mapping[str, Any], language: str, *, today: date,
    wrong: Sequence[FieldError] = (),
) -> Handover:  # fmt: skip
    """Start a handover from what was sent; everything wrong with it is told at once, with `wrong` from the sender.

    `language`: the handover's, where none was sent.
    """
    new, errors = read_handover(data, language)
    broken = {error.field for error in errors}
    new = replace(new, leaver="") if "leaver" in broken else new
    errors = [*errors, *wrong, *unknown_people(session, identity, new)]
    if new.template and "template" not in broken:
        try:
            get_template(session, new.template)
        except Invalid as unknown:
            errors += unknown.errors
    if errors:
        raise Invalid(errors)
    return start_handover(session, identity, new, today=today)


def start_handover(session: Session, identity: Identity, new: NewHandover, *, today: date) -> Handover:
    """Create a handover and, where a template is named, its checklist; `today` in the organisation's zone."""
    template = get_template(session, new.template) if new.template else None
    handover = create_handover(session, identity, new)
    if template:
        _apply_template(session, handover, template, today)
    return handover


def _apply_template(session: Session, handover: Handover, template: Template, today: date) -> None:
    handover.template_version = template.version
    leaver = people_in(handover, Role.LEAVER)[0]
    position = 0
    for place, part in enumerate(template.modules):
        module = Module(handover_id=handover.id, title=part.titles[handover.language], position=place)
        session.add(module)
        session.flush()
        for described in part.items:
            position += 1
            item = _item_from(described, handover, module, position)
            item.owner_id = leaver.id
            item.due = due_day(described.due_days_before, template.longest, handover.last_day, today)
            session.add(item)
    session.flush()


def due_day(days_before: int | None, longest: int, last_day: date, today: date) -> date | None:
    """When an item is due, `days_before` the last day; where the template's `longest` does not fit, all are squeezed.

    In proportion, into the days from today to the last day: nothing is overdue from the start.
    """
    if days_before is None:
        return None
    room = max((last_day - today).days, 0)
    fitting = days_before * room // longest if longest > room else days_before
    return max(last_day - timedelta(days=fitting), today)


def _item_from(described: TemplateItem, handover: Handover, module: Module, position: int) -> Item:
    moment = now()
    return Item(
        handover_id=handover.id, module_id=module.id, template_key=described.key,
        title=described.titles[handover.language], guidance=described.guidance[handover.language],
        importance=str(described.importance), rhythm=described.rhythm and str(described.rhythm),
        kinds=list(described.kinds), position=position, created_at=moment, updated_at=moment,
        required_level=described.practice and str(described.practice.level),
        required_runs=described.practice.runs if described.practice else 0,
        slots=[ItemSlot(slot=str(slot), position=n) for n, slot in enumerate(described.slots)],
    )  # fmt: skip


def add_item(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Item:
    """Add an item at the end of its module, which is made where it is new."""
    require(identity, Permission.ITEM_WRITE, Facts(handover_id))
    fields = _checked(session, handover_id, data, creating=True)
    module = _module(session, handover_id, fields.pop("module"))
    slots: list[Slot] = fields.pop("slots")
    last = session.scalar(select(func.max(Item.position)).where(Item.handover_id == handover_id)) or 0
    moment = now()
    item = Item(
        handover_id=handover_id, module_id=module.id, position=last + 1,
        created_at=moment, updated_at=moment, **fields,
        slots=[ItemSlot(slot=str(slot), position=n) for n, slot in enumerate(slots)],
    )  # fmt: skip
    session.add(item)
    session.flush()
    _record(session, identity, "item.created", item)
    return get_item(session, item.id)


def change_item(session: Session, identity: Identity, item_id: str, data: Mapping[str, Any]) -> Item:
    """Change the fields that were sent; a successor may move the state but nothing else. No change, no record."""
    facts = item_facts(session, item_id)
    item = get_item(session, item_id)
    stood = {"title": item.title, "guidance": item.guidance}
    fields = _checked(session, facts.handover_id or "", data, creating=False, stood=stood)
    only_state = set(fields) <= {"state"}
    require(identity, Permission.ITEM_STATE if only_state else Permission.ITEM_WRITE, facts)
    before = _snapshot(item)
    if "module" in fields:
        item.module_id = _module(session, item.handover_id, fields.pop("module")).id
    if "slots" in fields:
        _set_slots(session, item, fields.pop("slots"))
    for name, value in fields.items():
        setattr(item, name, value)
    if _snapshot(item) == before:
        return item
    item.updated_at = now()
    _record(session, identity, "item.changed", item, fields=sorted(data))
    session.flush()
    session.expire(item)
    return get_item(session, item_id)


def _checked(
    session: Session, handover_id: str, data: Mapping[str, Any], *, creating: bool,
    stood: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The fields of an item with `owner_id`; an unknown owner is told beside whatever else is wrong.

    `stood`: texts as they were saved last; what looks like a secret is refused where it is new.
    """
    check = Checker(data)
    fields = item_fields(check, creating=creating)
    if "owner" in fields:
        owner = member_by_email(session, handover_id, fields.pop("owner"), check)
        fields["owner_id"] = owner.id if owner else None
    for name in ("title", "guidance"):
        if find_secrets(str(fields.get(name) or "")) and fields[name] != (stood or {}).get(name):
            check.fail(name, _("This looks like a secret. Put it into the company's password vault and write here "
                               "where it is kept."))  # fmt: skip
    check.done()
    return fields


def _snapshot(item: Item) -> tuple[Any, ...]:
    return (
        item.module_id, item.title, item.guidance, item.importance, item.state, item.rhythm,
        item.next_on, item.due, item.owner_id, item.required_level, item.required_runs,
        sorted((slot.position, slot.slot) for slot in item.slots),
    )  # fmt: skip


def _set_slots(session: Session, item: Item, wanted: list[Slot]) -> None:
    present = {slot.slot: slot for slot in item.slots}
    for position, slot in enumerate(wanted):
        if slot in present:
            present.pop(slot).position = position
        else:
            item.slots.append(ItemSlot(slot=str(slot), position=position))
    for gone in present.values():
        item.slots.remove(gone)
    session.flush()


def _module(session: Session, handover_id: str, title: str) -> Module:
    module = session.scalar(select(Module).where(Module.handover_id == handover_id, Module.title == title))
    if module is None:
        last = session.scalar(select(func.max(Module.position)).where(Module.handover_id == handover_id))
        module = Module(handover_id=handover_id, title=title, position=(last if last is not None else -1) + 1)
        session.add(module)
        session.flush()
    return module


def _record(session: Session, identity: Identity, action: str, item: Item, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="item", object_id=item.id,
        handover_id=item.handover_id, **details,
    )  # fmt: skip
