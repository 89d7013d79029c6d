"""What people said of items' slots, dated back: a passage that was changed since they looked is to be looked at again.

`content/HANDOVER/slots.yaml` lists, per item and slot: `because` (why nothing is written) or `note` and `heading`,
`by` and `days_ago`; and `accepted_by` with `accepted_days_ago`, alone where what is found is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.models import ItemState
from kb.checklists.queries import get_item
from kb.demo.calendar import Calendar
from kb.demo.stories import CONTENT
from kb.notes.models import Note, Revision, SlotMark
from kb.notes.rendering import rendered
from kb.notes.sections import section_text, text_hash
from kb.notes.slots import mark_slot, watch_slots


def load_slots(
    session: Session, calendar: Calendar, as_whom: Mapping[str, Identity], key: str, items: Mapping[str, str],
    notes: Mapping[str, Note],
) -> None:  # fmt: skip
    """Tell what was said of a handover's slots; `items` and `notes` are ids by key and notes by slug."""
    for item_id in items.values():
        item = get_item(session, item_id)
        if item.state == ItemState.ACCEPTED:  # before its notes were told
            watch_slots(session, item)
    for told in yaml.safe_load((CONTENT / key / "slots.yaml").read_text(encoding="utf-8")):
        _tell(session, calendar, as_whom, told, items[told["item"]], notes)
    session.flush()


def _tell(
    session: Session, calendar: Calendar, as_whom: Mapping[str, Identity], told: Mapping[str, Any], item_id: str,
    notes: Mapping[str, Note],
) -> None:  # fmt: skip
    place = (item_id, told["slot"])
    if "because" in told:
        mark_slot(session, as_whom[told["by"]], *place, {"waived_because": told["because"]})
    elif "note" in told:
        passage = {"note": notes[told["note"]].id, "heading": told["heading"]}
        mark_slot(session, as_whom[told["by"]], *place, passage)
    if "accepted_by" in told:
        mark_slot(session, as_whom[told["accepted_by"]], *place, {"accepted": True})
    mark = session.get_one(SlotMark, place)
    accepted = calendar.moment(told["accepted_days_ago"]) if "accepted_by" in told else None
    mark.updated_at = calendar.moment(told["days_ago"]) if "by" in told else accepted or mark.updated_at
    mark.accepted_at = max(accepted, mark.updated_at) if accepted else None
    if mark.note_id and mark.accepted_at:
        _as_read(session, mark)


def _as_read(session: Session, mark: SlotMark) -> None:
    """Put the mark on the passage as it read when it was accepted; ValueError where it was not there yet."""
    all_of_it = select(Revision).where(Revision.note_id == mark.note_id).order_by(Revision.number)
    texts = [
        (one, section_text(rendered(session, one.body, one.sha256), mark.heading))
        for one in session.scalars(all_of_it)
    ]
    read = [text for one, text in texts if mark.accepted_at and one.created_at <= mark.accepted_at]
    if not read or read[-1] is None:
        raise ValueError(
            f"{mark.slot} of {mark.item_id}: the passage was not written yet when it was accepted"
        )
    since = (one.number for one, text in texts[len(read) :] if text != read[-1] and not one.minor)
    mark.passage_sha256, mark.stale_revision = text_hash(read[-1]), next(since, None)
