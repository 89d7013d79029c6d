"""The demo as loaded: complete, right in time, the same on every start."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.annotations.models import Annotation, Reply
from kb.attachments.models import Attachment
from kb.attachments.storage import Storage
from kb.checklists.models import Item
from kb.clock import now
from kb.demo.loader import load_demo
from kb.demo.sign_in import actors, have_the_known_password
from kb.demo.stories import CONTENT, NoteStory, cast, handovers, read_yaml
from kb.handovers.models import Handover, Membership, Stage
from kb.handovers.queries import identity_of
from kb.notes.models import Draft, Kind, Note, NoteLink, NoteStatus, Revision
from kb.people.models import User
from kb.people.services import hash_to_check, sign_in
from kb.search.gaps.models import SearchPlace
from kb.search.gaps.pairs import suggested_pairs
from kb.search.gaps.queries import count_gaps
from kb.search.glossary.expanding import expand
from kb.search.glossary.models import GlossaryGroup
from kb.search.glossary.queries import current_glossary
from kb.search.language import parse
from kb.signoff.models import Signoff
from kb.signoff.queries import signed_revisions


def _revisions(note: NoteStory) -> int:
    """Saving what is the same makes no revision: a draft that stays one has one."""
    return 1 if note.fields["status"] == NoteStatus.DRAFT else len(note.versions)


def test_everything_told_is_there(demo: Session):
    stories, finished = handovers(), read_yaml(CONTENT / "finished.yaml")["notes"]
    expected = {
        User: len(cast()),
        Handover: len(stories) + 1,
        Note: sum(len(story.notes) for story in stories) + len(finished),
        Revision: sum(1 + ("edited" in note) for note in finished)
        + sum(_revisions(note) for story in stories for note in story.notes)
        + sum("taken_up" in remark for story in stories for remark in story.remarks),
        Annotation: sum(len(story.remarks) for story in stories),
        SearchPlace: sum(1 + ("then" in one) for story in stories for one in story.searches),
        Attachment: sum(len(note.files) for story in stories for note in story.notes),
        Draft: sum(bool(note.unsaved) for story in stories for note in story.notes),
        Reply: sum(len(remark.get("replies") or ()) for story in stories for remark in story.remarks),
    }
    assert {table: demo.scalar(select(func.count()).select_from(table)) for table in expected} == expected
    assert expected[Note] >= 40


def test_it_shows_every_feature(demo: Session):
    assert set(demo.scalars(select(Note.language))) == {"en", "zh-Hans"}
    assert set(demo.scalars(select(Note.kind))) == set(Kind)
    assert set(demo.scalars(select(Note.status))) == set(NoteStatus)
    assert set(demo.scalars(select(Membership.role))) == set(Role)
    assert set(demo.scalars(select(Annotation.kind))) == {"comment", "question", "correction", "highlight"}
    assert set(demo.scalars(select(Annotation.state))) == {"open", "resolved"}
    assert set(demo.scalars(select(Handover.stage))) == {
        Stage.TRANSFERRING,
        Stage.CAPTURING,
        Stage.SUPPORTING,
    }
    assert set(demo.scalars(select(Item.state))) == {
        "open",
        "documented",
        "demonstrated",
        "practised",
        "accepted",
    }


def _saved_at(demo: Session, note_id: str, number: int, otherwise: datetime | None = None) -> datetime:
    chosen = Revision.note_id == note_id, Revision.number == number
    saved = demo.scalar(select(Revision.created_at).where(*chosen)) or otherwise
    assert saved
    return saved


def test_nothing_happens_in_the_future_or_out_of_order(demo: Session):
    moment = now()
    for note in demo.scalars(select(Note)):
        assert note.created_at <= note.updated_at <= moment
        times = demo.scalars(
            select(Revision.created_at).where(Revision.note_id == note.id).order_by(Revision.number)
        )
        dates = list(times)
        assert dates == sorted(dates)
        assert note.created_at <= dates[0]
        assert dates[-1] == note.updated_at
    for remark in demo.scalars(select(Annotation)):
        replies = list(demo.scalars(select(Reply.created_at).where(Reply.annotation_id == remark.id)))
        times_told = [
            _saved_at(demo, remark.note_id, remark.revision),
            remark.created_at,
            *sorted(replies),
            remark.resolved_at or moment,
            moment,
        ]
        assert times_told == sorted(times_told)
        assert remark.created_at < _saved_at(demo, remark.note_id, remark.revision + 1, moment)
        assert len(set(replies)) == len(replies)
        assert remark.updated_at <= moment
    for handover in demo.scalars(select(Handover)):
        assert handover.created_at <= handover.updated_at <= moment


def test_every_handover_has_gaps_and_words_for_the_glossary(demo: Session):
    running = select(Handover.id).where(Handover.stage != Stage.SUPPORTING)
    assert all(count_gaps(demo, handover) >= 4 for handover in demo.scalars(running))
    pairs = {}
    for name in ("lin.xiaowen", "helen.brooks"):
        user = demo.scalars(select(User).where(User.email == f"{name}@example.com")).one()
        pairs[name] = [(pair.missed, pair.found) for pair in suggested_pairs(demo, identity_of(demo, user))]
    assert pairs["lin.xiaowen"][:2] == [("退费", "退款"), ("reimbursement", "refund")]
    assert pairs["helen.brooks"] == [("switchboard", "hotline")]


def test_links_between_notes_lead_somewhere(demo: Session):
    linked = set(demo.scalars(select(NoteLink.target_key)))
    there = set(demo.scalars(select(Note.title_key))) | set(demo.scalars(select(Note.id)))
    assert linked
    assert linked - there == set()


def test_the_cast_can_sign_in_and_their_roles_are_named_in_their_language(demo: Session):
    found = actors(demo)
    assert [actor.email for actor in found] == [person.email for person in cast()]
    assert have_the_known_password(demo)
    assert (
        sign_in(demo, found[1].email, hash_to_check(demo, found[1].email, "127.0.0.1"))[0].name
        == found[1].name
    )
    assert found[0].roles == ("Administrator",)
    leavers = [
        actor.roles[0].split(":")[0] for actor in found if "Daniel" in actor.name or actor.name == "林晓雯"
    ]
    assert leavers == ["交接人", "Leaver"]


def test_it_is_loaded_into_an_empty_database_only(demo: Session, tmp_path: Path):
    assert load_demo(demo, "Asia/Shanghai", Storage(tmp_path)) is False
    assert not list(tmp_path.iterdir())


def test_the_glossary_says_things_both_ways(demo: Session):
    glossary = current_glossary(demo)
    for text, also in (
        ("refunds", "退款"),
        ("退款", "refund"),
        ("tickets", "工单"),
        ("备案", "ICP filing"),
        ("大促", "campaign"),
    ):
        assert also in expand(parse(text), glossary)[1], text
    dates = demo.scalars(select(GlossaryGroup.changed_at)).all()
    assert len(dates) == 17
    assert max(dates) < now()


def test_the_one_that_is_over_is_signed_and_one_note_was_edited_since(demo: Session):
    (signed,) = demo.scalars(select(Signoff)).all()
    handover = demo.get_one(Handover, signed.handover_id)
    assert (signed.state, handover.stage) == ("signed", Stage.SUPPORTING)
    certificate = json.loads(signed.certificate or "")
    assert [one["role"] for one in certificate["signatures"]] == ["leaver", "successor", "manager"]
    times = [one["signed_at"] for one in certificate["signatures"]]
    assert times == sorted(times)
    assert [one["title"] for one in certificate["exceptions"]] == ["老系统历史账查询"]
    notes = demo.scalars(select(Note).where(Note.handover_id == handover.id))
    revisions = signed_revisions(demo, handover.id)
    assert sorted(revisions[note.id][1] == note.body_sha256 for note in notes) == [False, True, True]
