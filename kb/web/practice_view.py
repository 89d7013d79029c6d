"""What the pages about practice show: runs with what they became, an item's standing, the grid of a handover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.checklists.models import Importance, Level
from kb.checklists.queries import items_of
from kb.notes.fillers import is_filler
from kb.notes.models import Kind
from kb.people.models import User
from kb.rehearsals.models import PracticeRun
from kb.rehearsals.queries import higher, level_passed, never_tried, practice_of, practice_of_item
from kb.rehearsals.reading import demonstrations_of, readable, runs_in, runs_of, successors_of
from kb.web.handover_views import may_write_in, write_address

MOST_SHOWN = 3  # runs on the item's own page
MOST_LACKING = 6  # items named above the grid; all of them stand in it
_IMPORTANCE = list(Importance)


def run_rows(
    identity: Identity, handover_id: str, item_id: str, runs: Iterable[PracticeRun]
) -> list[dict[str, Any]]:
    """Runs, each with the note it became or where one is begun from what went wrong."""
    may_write = may_write_in(identity, handover_id)
    rows = []
    for run in runs:
        note = readable(identity, run.note)
        begin = [
            (str(kind), write_address(handover_id, kind, item=item_id, out_of=run.id))
            for kind in (Kind.CASE, Kind.PITFALL)
        ]
        rows.append(
            {
                "run": run,
                "removable": can(
                    identity, Permission.PRACTICE_REMOVE, Facts(handover_id, run.recorded_by_id)
                ),
                "note": note,
                "hidden": note is None and run.note is not None and run.note.deleted_at is None,
                "begin": begin if may_write and not (is_filler(run.problem) and is_filler(run.fix)) else [],
            }
        )
    return rows


def panel(session: Session, identity: Identity, handover_id: str, item_id: str) -> dict[str, Any]:
    """An item's practice and demonstrations, for its own page."""
    runs = list(session.scalars(runs_of(item_id).limit(MOST_SHOWN)))
    rows = run_rows(identity, handover_id, item_id, runs)
    return {
        "standing": practice_of_item(session, item_id),
        "runs": [row | {"removable": False} for row in rows],  # done on the page of its practice
        "demonstrations": demonstrations_of(session, item_id),
    }


def grid(session: Session, handover_id: str, today: date) -> dict[str, Any]:
    """Items × successors: the best level passed, how often it was tried, when it is tried again."""
    items, standings = list(session.scalars(items_of(handover_id))), practice_of(session, [handover_id])
    successors, by_cell = successors_of(session, handover_id), defaultdict(list)
    for run in runs_in(session, handover_id):
        by_cell[run.item_id, run.successor_id].append(run)
    people = _with_former(successors, by_cell)
    rows: list[dict[str, Any]] = [
        {
            "item": item,
            "standing": standings.get(item.id) or never_tried(item),
            "cells": [_cell(by_cell.get((item.id, user.id), []), today) for user in people],
        }
        for item in items
    ]
    asked = [row for row in rows if row["standing"].required_level]
    again = [
        (cell["next_on"], row["item"], user)
        for row in rows
        for cell, user in zip(row["cells"], people, strict=True)
        if cell["next_on"]
    ]
    return {
        "lacking": sorted(
            (row for row in asked if not row["standing"].fulfilled),
            key=lambda row: _IMPORTANCE.index(row["item"].importance),
        ),
        "most_lacking": MOST_LACKING,
        "people": people,
        "modules": [
            (some[0]["item"].module, some)
            for some in (list(group) for _id, group in groupby(rows, key=lambda row: row["item"].module_id))
        ],
        "asked": len(asked),
        "done": sum(row["standing"].fulfilled for row in asked),
        "tried": sum(row["standing"].runs > 0 for row in rows),
        "again": sorted(again, key=lambda one: one[0]),
    }


def _with_former(successors: Sequence[User], by_cell: dict[Any, list[PracticeRun]]) -> list[User]:
    """The successors, and who practised as one and is none any more."""
    known = {user.id for user in successors}
    former = {
        run.successor.id: run.successor
        for runs in by_cell.values()
        for run in runs
        if run.successor and run.successor.id not in known
    }
    return [*successors, *sorted(former.values(), key=lambda user: user.name)]


def _cell(runs: Sequence[PracticeRun], today: date) -> dict[str, Any]:
    """One successor's runs of one item, the latest first."""
    best: Level | None = None
    for run in runs:
        best = higher(best, level_passed(run.level, run.outcome))
    next_on = runs[0].next_on if runs else None
    return {
        "best": best,
        "runs": len(runs),
        "last_at": runs[0].held_at if runs else None,
        "next_on": next_on,
        "overdue": bool(next_on and next_on < today),
    }
