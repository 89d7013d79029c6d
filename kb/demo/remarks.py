"""Remarks on notes, each written by its author, answered, confirmed or taken up, and dated back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.corrections import accept_correction, propose
from kb.annotations.models import Annotation, AnnotationState, Reply
from kb.annotations.services import attach, change_annotation, create_annotation, reply
from kb.demo.calendar import Calendar
from kb.notes.freshness import next_check_by
from kb.notes.models import Note
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered


class Remarks:
    """The remarks of a handover: some made before a later version of their note was saved, the others after it.

    A passage that does not stand in its note at that time is a ValueError.
    """

    def __init__(
        self, session: Session, calendar: Calendar, as_whom: Mapping[str, Identity],
        remarks: Iterable[Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self._session, self._calendar, self._as_whom = session, calendar, as_whom
        self._remarks = tuple(remarks)
        self._carried: list[tuple[Mapping[str, Any], str]] = []  # with their ids

    def tell_before(self, slug: str, note: Note, version: int, since: datetime) -> datetime:
        """Write those made before `version` of a note, on the one of `since`; returns when the last was made."""
        latest = since
        for remark in self._remarks:
            if (remark["note"], remark.get("before_version")) == (slug, version):
                made = self._tell(remark, note, since)
                self._carried.append((remark, made.id))
                latest = max(latest, made.created_at)
        return latest

    def tell_rest(self, notes: Mapping[str, Note]) -> None:
        """Write those on the notes (by slug) as they are now, and what people said of those carried there."""
        for remark in self._remarks:
            if "before_version" not in remark:
                note = notes[remark["note"]]
                self._tell(remark, note, note.updated_at)
        for remark, annotation_id in self._carried:
            if "confirmed" in remark:
                self._confirm(remark["confirmed"], annotation_id, notes[remark["note"]])

    def _tell(self, remark: Mapping[str, Any], note: Note, since: datetime) -> Annotation:
        author = self._as_whom[remark["author"]]
        made = create_annotation(self._session, author, note.id, _input(self._session, note, remark))
        moment = made.created_at = self._calendar.after(since, remark["days_ago"])
        moment = self._answers(made.id, remark.get("replies") or (), moment)
        if "taken_up" in remark:
            moment = self._take_up(remark["taken_up"], made, note, moment)
        elif remark.get("state") == AnnotationState.RESOLVED:
            made = change_annotation(self._session, author, made.id, {"state": remark["state"]})
            moment = made.resolved_at = self._calendar.after(moment, remark["days_ago"])
        made.updated_at = moment
        self._session.flush()
        return made

    def _answers(
        self, annotation_id: str, answers: Iterable[Mapping[str, Any]], moment: datetime
    ) -> datetime:
        """Write the answers in order; returns when the last one came."""
        for answer in answers:
            reply(self._session, self._as_whom[answer["author"]], annotation_id, {"body": answer["body"]})
            moment = self._calendar.after(moment, answer["days_ago"])
            mine = select(Reply).where(Reply.annotation_id == annotation_id)
            newest = mine.order_by(Reply.created_at.desc()).limit(1)
            self._session.scalars(newest).one().created_at = moment
        return moment

    def _take_up(self, told: Mapping[str, Any], made: Annotation, note: Note, since: datetime) -> datetime:
        """Put a correction into its note, a revision that names both people; returns when."""
        by, checked, check_by = self._as_whom[told["by"]], note.checked_at, note.check_by
        accept_correction(self._session, by, propose(self._session, by, made.id))
        moment = self._calendar.after(since, told["days_ago"])
        note.updated_at = made.resolved_at = moment
        get_revision(self._session, note.id, note.revision).created_at = moment
        if note.checked_at != checked:  # its owner's change is a check too
            note.checked_at = moment
            note.check_by = next_check_by(note.importance, check_by, moment.date())
        return moment

    def _confirm(self, told: Mapping[str, Any], annotation_id: str, note: Note) -> None:
        """Say of a remark that its passage, which reads differently now, is still this one."""
        made = self._session.get_one(Annotation, annotation_id)
        place = {"exact": made.anchor_exact, "start": made.anchor_start, "end": made.anchor_end}
        attach(self._session, self._as_whom[told["by"]], annotation_id, place)
        made.updated_at = self._calendar.after(max(note.updated_at, made.created_at), told["days_ago"])
        self._session.flush()


def _input(session: Session, note: Note, remark: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a remark, its place found by the words and how often they came before."""
    text, exact = rendered(session, note.body, note.body_sha256).text, remark["exact"]
    start = -1
    for _time in range(int(remark.get("occurrence") or 0) + 1):
        start = text.find(exact, start + 1)
        if start < 0:
            raise ValueError(f"{remark['note']}: “{exact}” does not stand in the note")
    target = {"quote": {"exact": exact}, "position": {"start": start, "end": start + len(exact)}}
    data = {"kind": remark["kind"], "body": remark.get("body") or "", "target": target}
    return data | ({"replacement": remark["replacement"]} if "replacement" in remark else {})
