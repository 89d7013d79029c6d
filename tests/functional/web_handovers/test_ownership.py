"""Ownership of notes passes on when their owner leaves; who wrote what never changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from kb.access.roles import Role
from kb.activity.models import Event
from kb.handovers.queries import get_handover
from kb.handovers.schemas import Member
from kb.ids import new_id
from kb.notes.models import Note, Revision
from kb.notes.ownership import PASSED_ON, change_members, end_account, pass_on
from kb.search.models import Change
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_handover, make_note, make_user, who
from tests.support.visitor import words


def write(shop: Shop, author: str, owner: str = "", handover: str = "", **fields: Any) -> str:
    """A note somebody wrote and somebody answers for."""

    def deed(session: Any) -> str:
        place = get_handover(session, handover or shop.handover)
        named = {"owner": f"{owner}@example.com"} if owner else {}
        return make_note(session, person(session, author), place, **named, **fields).id

    return shop.change(deed)


def owners(shop: Shop, *notes: str) -> list[str]:
    """Who answers for each, by role."""

    def question(session: Any) -> list[str]:
        found = {note.id: note.owner_id for note in session.scalars(select(Note).where(Note.id.in_(notes)))}
        names = {person(session, name).id: name for name in (*shop.people.keys() - {"nobody"},)}
        return [names.get(found[note], "?") for note in notes]

    return shop.ask(question)


def counted(shop: Shop, table: Any) -> int:
    return shop.ask(lambda session: session.execute(select(func.count()).select_from(table)).scalar_one())


def events(shop: Shop) -> list[Event]:
    return shop.ask(
        lambda s: list(s.scalars(select(Event).where(Event.action == PASSED_ON).order_by(Event.id)))
    )


def without(shop: Shop, *gone: str, **roles: str) -> Any:
    """The members page's form, some taken out, some in another role."""
    names = ("leaver", "successor", "manager", "trainer", "viewer")
    return shop["manager"].send(
        f"/handovers/{shop.handover}/members",
        {
            "member_email": [f"{name}@example.com" for name in names],
            "member_role": [roles.get(name, name) for name in names],
            "member_name": [name.title() for name in names],
            "remove": [str(names.index(name)) for name in gone],
        },
    )


def test_notes_of_whoever_is_taken_out_go_to_the_only_successor(shop: Shop):
    notes = [write(shop, "trainer"), write(shop, "leaver", "trainer"), write(shop, "leaver")]
    revisions, changes = counted(shop, Revision), counted(shop, Change)
    before = shop.ask(lambda s: {note.id: note for note in s.scalars(select(Note))})
    answer = without(shop, "trainer")
    assert answer.status_code == 303
    assert owners(shop, *notes) == ["successor", "successor", "leaver"]
    after = shop.ask(lambda s: {note.id: note for note in s.scalars(select(Note))})
    for note in notes:
        assert after[note].author_id == before[note].author_id
        assert (after[note].revision, after[note].updated_at) == (1, before[note].updated_at)
    assert counted(shop, Revision) == revisions
    heard = shop.ask(lambda s: set(s.scalars(select(Change.object_id).order_by(Change.seq).offset(changes))))
    assert heard == set(notes[:2])  # search hears of each
    (event,) = events(shop)
    assert (event.handover_id, list(event.details["owners"].values())) == (shop.handover, [2])
    page = words(shop["manager"].get(answer.headers["location"]))
    assert "2 notes now belong to Successor Li." in page
    assert "now belong" not in words(shop["manager"].get(answer.headers["location"]))  # said once


def test_with_several_successors_the_manager_who_does_it_answers(shop: Shop):
    note = write(shop, "trainer")
    without(shop, "trainer", viewer="successor")
    assert owners(shop, note) == ["manager"]


def test_another_role_is_no_leaving(shop: Shop):
    note = write(shop, "trainer")
    without(shop, trainer="viewer")
    assert owners(shop, note) == ["trainer"]
    assert events(shop) == []


def test_drafts_go_to_whoever_may_read_them(shop: Shop):
    notes = [write(shop, "trainer"), write(shop, "trainer", status="draft")]
    without(shop, "trainer")
    assert owners(shop, *notes) == ["successor", "manager"]
    (event,) = events(shop)
    assert sorted(event.details["owners"].values()) == [1, 1]


def test_an_account_that_ends_passes_its_notes_on_everywhere(shop: Shop):
    def second(session: Any) -> str:
        leaver, manager = person(session, "trainer"), person(session, "stranger")
        return make_handover(session, leaver=leaver, manager=manager, successor=person(session, "viewer")).id

    other = shop.change(second)
    notes = [write(shop, "trainer"), write(shop, "trainer", handover=other)]
    shop["admin"].get("/admin")
    answer = shop["admin"].send("/admin/users/trainer@example.com/deactivate", {"all_the_same": "1"})
    assert answer.status_code == 303
    assert owners(shop, *notes) == ["successor", "viewer"]
    assert {event.handover_id for event in events(shop)} == {shop.handover, other}
    page = words(shop["admin"].get("/admin"))
    assert "1 note now belongs to Successor Li." in page
    assert "1 note now belongs to Viewer Li." in page


def test_nobody_outside_and_nobody_deactivated_is_given_notes(shop: Shop):
    note = write(shop, "trainer")
    shop.change(lambda s: end_account(s, "successor@example.com", by=None))
    shop.change(lambda s: pass_on(s, who(s, person(s, "stranger")), person(s, "trainer").id, shop.handover))
    assert owners(shop, note) == ["manager"]
    shop.change(lambda s: end_account(s, "manager@example.com", by=None))
    assert owners(shop, note) == ["manager"]  # nobody is left to answer for it
    page = words(shop["viewer"].get(f"/notes/{note}"))
    assert "the owner, Manager Li, has left" in page


def test_a_manager_who_takes_themselves_out_leaves_their_notes_here(shop: Shop):
    note = write(shop, "manager")

    def deed(session: Any) -> None:
        members = [Member("leaver@example.com", Role.LEAVER), Member("stranger@example.com", Role.MANAGER)]
        change_members(session, who(session, person(session, "manager")), shop.handover, members)

    shop.change(deed)
    assert owners(shop, note) == ["stranger"]  # the manager now


def test_a_manager_hands_all_notes_of_one_to_another(shop: Shop):
    notes = [write(shop, "trainer"), write(shop, "trainer", status="draft"), write(shop, "leaver")]
    address = f"/handovers/{shop.handover}/members"
    page = shop["manager"].get(address)
    assert "Trainer Li trainer@example.com 2 notes" in words(page)
    sent = {"former": "trainer@example.com", "owner": "viewer@example.com"}
    answer = shop["manager"].send(f"{address}/notes", sent)
    assert answer.status_code == 303
    assert owners(shop, *notes) == ["viewer", "trainer", "leaver"]
    assert "1 note now belongs to Viewer Li." in words(shop["manager"].get(address))
    shop["manager"].send(f"{address}/notes", {**sent, "owner": "manager@example.com"})
    assert owners(shop, *notes) == ["viewer", "manager", "leaver"]


def test_notes_are_handed_to_people_here_only(shop: Shop):
    note = write(shop, "trainer")
    address = f"/handovers/{shop.handover}/members"
    shop["manager"].get(address)
    for former, owner, said in (
        ("trainer", "stranger", "The owner must be someone else in this handover."),
        ("trainer", "trainer", "The owner must be someone else in this handover."),
        ("trainer", "", "The owner must be someone else in this handover."),
        ("stranger", "viewer", "This person owns no notes here."),
    ):
        sent = {"former": f"{former}@example.com", "owner": owner and f"{owner}@example.com"}
        answer = shop["manager"].send(f"{address}/notes", sent)
        assert (answer.status_code, said in words(answer)) == (422, True)
    assert owners(shop, note) == ["trainer"]


def test_an_owner_from_before_is_shown_and_can_be_relieved(shop: Shop):
    def deed(session: Any) -> str:
        gone = make_user(session, f"{new_id()}@example.com", name="Old Hand")
        note = make_note(session, person(session, "leaver"), get_handover(session, shop.handover))
        note.owner_id = gone.id
        return gone.email

    email = shop.change(deed)
    address = f"/handovers/{shop.handover}/members"
    assert "Old Hand" in words(shop["manager"].get(address))
    assert "has left" in words(shop["manager"].get(address))
    assert "Old Hand" not in words(shop["viewer"].get(address))
    sent = {"former": email, "owner": "successor@example.com"}
    assert shop["manager"].send(f"{address}/notes", sent).status_code == 303
    assert "Old Hand" not in words(shop["manager"].get(address))
