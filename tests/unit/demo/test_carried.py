"""What each handover of the demo shows of remarks that were carried along, of versions, files and unsaved words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.carrying import is_confirmed
from kb.annotations.models import Annotation
from kb.attachments.models import Attachment
from kb.attachments.storage import Storage
from kb.clock import now
from kb.handovers.models import Handover, Stage
from kb.notes.models import Draft, Note, Revision


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_each_handover_shows_what_becomes_of_remarks_and_words(demo: Session, language: str):
    running = Handover.stage != Stage.SUPPORTING
    handover = demo.scalars(select(Handover).where(Handover.language == language, running)).one()
    here = Note.handover_id == handover.id
    remarks = demo.scalars(select(Annotation).join(Note).where(here)).all()
    carried = {(one.anchor_status, is_confirmed(one)) for one in remarks if not one.accepted_revision}
    assert carried == {("anchored", False), ("changed", False), ("changed", True), ("orphaned", False)}
    revisions = demo.scalars(select(Revision).join(Note).where(here)).all()
    for what in ("reason", "minor", "proposed_by_id"):
        assert any(getattr(one, what) for one in revisions), what
    taken_up = next(one for one in revisions if one.proposed_by_id)
    assert taken_up.proposed_by_id != taken_up.author_id
    bare = [one for one in remarks if one.kind == "highlight" and not one.body]
    people = Counter((one.note_id, one.anchor_start, one.anchor_end) for one in bare)
    assert people.most_common(1)[0][1] == 3
    draft = demo.scalars(select(Draft).where(Draft.handover_id == handover.id)).one()
    note = demo.get_one(Note, draft.note_id)
    assert draft.base_revision == note.revision
    assert str(draft.fields["body"]).startswith(note.body.rstrip())
    assert note.updated_at < draft.saved_at < now()


def test_the_files_lie_in_the_data_folder(demo: Session, demo_folder: Path):
    for attachment in demo.scalars(select(Attachment)):
        note = demo.get_one(Note, attachment.note_id)
        assert Storage(demo_folder).path_of(attachment.sha256).stat().st_size == attachment.size
        assert note.updated_at < attachment.created_at < now()
    assert set(demo.scalars(select(Attachment.media_type))) == {"text/csv", "text/plain"}
