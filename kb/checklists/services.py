"""Writing checklists: from a template, item by item, and their states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
from kb.checklists.templates import Template, TemplateItem, get_template
from kb.clock import now
from kb.errors import Invalid
from kb.handovers.models import Handover, Membership
from kb.handovers.queries import people_in
from kb.handovers.schemas import NewHandover
from kb.handovers.services import create_handover
from kb.i18n import _
from kb.people.models import User


def start_handover(session: Session, identity: Identity, new: NewHandover) -> Handover:
    """Create a handover and, where a template is named, its checklist."""
    template = get_template(new.template) if new.template else None
    handover = create_handover(session, identity, new)
    if template:
        _apply_template(session, handover, template)
    return handover


def _apply_template(session: Session, handover: Handover, template: Template) -> None:
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
            session.add(item)
    session.flush()


def _item_from(described: TemplateItem, handover: Handover, module: Module, position: int) -> Item:
    due = None
    if described.due_days_before is not None:
        due = handover.last_day - timedelta(days=described.due_days_before)
    moment = now()
    return Item(
        handover_id=handover.id, module_id=module.id, template_key=described.key,
        title=described.titles[handover.language], guidance=described.guidance[handover.language],
        importance=str(described.importance), rhythm=described.rhythm and str(described.rhythm),
        kinds=list(described.kinds), due=due, position=position, created_at=moment, updated_at=moment,
        slots=[ItemSlot(slot=str(slot), position=n) for n, slot in enumerate(described.slots)],
    )  # fmt: skip


def add_item(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Item:
    """Add an item at the end of its module, which is made where it is new."""
    require(identity, Permission.ITEM_WRITE, Facts(handover_id))
    fields = item_fields(data, creating=True)
    module = _module(session, handover_id, fields.pop("module"))
    owner = _owner(session, handover_id, fields.pop("owner"))
    slots: list[Slot] = fields.pop("slots")
    last = session.scalar(select(func.max(Item.position)).where(Item.handover_id == handover_id)) or 0
    moment = now()
    item = Item(
        handover_id=handover_id, module_id=module.id, owner_id=owner.id if owner else None, position=last + 1,
        created_at=moment, updated_at=moment, **fields,
        slots=[ItemSlot(slot=str(slot), position=n) for n, slot in enumerate(slots)],
    )  # fmt: skip
    session.add(item)
    session.flush()
    _record(session, identity, "item.created", item)
    return get_item(session, item.id)


def change_item(session: Session, identity: Identity, item_id: str, data: Mapping[str, Any]) -> Item:
    """Change the fields that were sent; a successor may move the state but nothing else."""
    facts = item_facts(session, item_id)
    fields = item_fields(data, creating=False)
    only_state = set(fields) <= {"state"}
    require(identity, Permission.ITEM_STATE if only_state else Permission.ITEM_WRITE, facts)
    item = get_item(session, item_id)
    if "module" in fields:
        item.module_id = _module(session, item.handover_id, fields.pop("module")).id
    if "owner" in fields:
        owner = _owner(session, item.handover_id, fields.pop("owner"))
        item.owner_id = owner.id if owner else None
    if "slots" in fields:
        _set_slots(session, item, fields.pop("slots"))
    for name, value in fields.items():
        setattr(item, name, value)
    item.updated_at = now()
    _record(session, identity, "item.changed", item, fields=sorted(data))
    session.flush()
    session.expire(item)
    return get_item(session, item_id)


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


def _owner(session: Session, handover_id: str, email: str | None) -> User | None:
    if email is None:
        return None
    owner = session.scalar(
        select(User).join(Membership).where(Membership.handover_id == handover_id, User.email == email)
    )
    if owner is None:
        raise Invalid.field("owner", _("The owner must be someone in this handover."))
    return owner


def _record(session: Session, identity: Identity, action: str, item: Item, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="item", object_id=item.id,
        handover_id=item.handover_id, **details,
    )  # fmt: skip
