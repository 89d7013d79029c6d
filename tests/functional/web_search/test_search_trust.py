"""How far a hit can be relied on: the line under it, and the same in the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kb.annotations.services import create_annotation
from kb.checklists.models import ItemState
from kb.checklists.services import add_item
from kb.notes.models import Note, note_items
from kb.people.models import User
from kb.search.trust import Trust, trust
from tests.functional.web_search.conftest import Found
from tests.support.factories import bearer, who
from tests.support.visitor import words

OPEN, PRACTISED, ACCEPTED = ItemState.OPEN, ItemState.PRACTISED, ItemState.ACCEPTED


def user(session: Any, name: str) -> User:
    found: User = session.scalars(select(User).where(User.email == f"{name}@example.com")).one()
    return found


def linked(library: Found, *states: ItemState) -> None:
    """Link the published note to an item in each of the states."""
    with library.database.transaction() as session:
        leaver = who(session, user(session, "leaver"))
        for number, state in enumerate(states):
            data = {"title": f"Item {number}", "module": "Orders", "slots": []}
            item = add_item(session, leaver, library.ids["ours"], data)
            item.state = state
            session.flush()
            link = {"note_id": library.ids["published"], "item_id": item.id}
            session.execute(note_items.insert().values(link))


def remarked(library: Found, *kinds: str) -> None:
    """Open remarks on the published note."""
    with library.database.transaction() as session:
        viewer = who(session, user(session, "viewer"))
        for kind in kinds:
            instead = {"replacement": "每天三次"} if kind == "correction" else {}
            data = {"kind": kind, "body": "?", "exact": "每天两次", **instead}
            create_annotation(session, viewer, library.ids["published"], data)


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ((), None),
        ((OPEN,), "not accepted yet"),
        ((OPEN, PRACTISED), "practised by the successor"),
        ((PRACTISED, ACCEPTED), "1 of 2 items accepted"),
        ((ACCEPTED, ACCEPTED), "accepted by the successor"),
    ],
)
def test_a_hit_says_what_the_successor_made_of_it(
    library: Found, states: tuple[ItemState, ...], sentence: str | None
):
    linked(library, *states)
    said = words(library["viewer"].get("/search", q="退款申请", type="note"))
    assert "Leaver" in said
    assert "just now" in said
    if sentence:
        assert sentence in said
    else:
        assert "accepted" not in said


def test_open_corrections_and_questions_warn(library: Found):
    remarked(library, "correction", "question", "question", "comment")
    said = words(library["viewer"].get("/search", q="退款申请", type="note"))
    assert "1 open correction" in said
    assert "2 open questions" in said


def test_the_api_says_the_same(library: Found):
    linked(library, PRACTISED, ACCEPTED, OPEN)
    remarked(library, "question")
    with library.database.transaction() as session:
        headers = bearer(session, user(session, "viewer"))
    answer = library.client.get(
        "/api/v1/search", params={"q": "退款申请", "type": "note"}, headers=headers
    ).json()
    hit = next(hit for hit in answer["hits"] if hit["id"] == library.ids["published"])
    assert hit["trust"] == {"items": 3, "accepted": 1, "practised": 1, "corrections": 0, "questions": 1}
    assert hit["path"] == ["步骤"]
    assert hit["url"].startswith(f"/notes/{hit['id']}#s-")  # a plain address, without what was searched


def test_one_statement_for_all_notes_of_a_page(library: Found):
    linked(library, ACCEPTED)
    with library.database.transaction(read_only=True) as session:
        known = trust(session, [library.ids["published"], library.ids["english"]])
        note = session.get_one(Note, library.ids["published"])
        assert known[note.id] == Trust(items=1, accepted=1, check_by=note.check_by)
        assert known[library.ids["english"]].items == 0
        assert trust(session, []) == {}
