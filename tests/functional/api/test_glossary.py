"""The glossary through the API: adding joins, changing is for few, and search knows it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from kb.activity.models import Event
from kb.clock import now
from kb.errors import Invalid
from kb.ids import new_id
from kb.search.glossary.expanding import expand
from kb.search.glossary.models import GlossaryGroup, GlossaryWord
from kb.search.glossary.planning import MOST_GROUPS
from kb.search.glossary.queries import current_glossary
from kb.search.glossary.services import add
from kb.search.language import parse
from tests.support.api import Caller, World
from tests.support.factories import make_user, who


def fresh(count: int) -> list[str]:
    """Words nobody has used yet: the glossary is everybody's, other tests' too."""
    return [f"w{new_id()}" for _ in range(count)]


def entry(term: str, *synonyms: str) -> dict[str, Any]:
    return {"term": term, "synonyms": list(synonyms)}


def words(answer: Any) -> list[str]:
    return [answer["term"], *answer["synonyms"]]


def also(world: World, text: str) -> tuple[str, ...]:
    """What a search would look for besides."""
    with world.database.transaction(read_only=True) as session:
        return expand(parse(text), current_glossary(session))[1]


def test_a_new_group(world: World):
    a, b, c = fresh(3)
    answer = world.viewer("POST", "/glossary", entry(f" {a} ", b, c, b))
    assert answer.status_code == 201
    made = answer.json()
    assert words(made) == [a, b, c]
    assert made["joined"] == []
    assert (made["added_by"], made["added_by_name"]) == (world.viewer.email, "viewer")
    assert answer.headers["location"] == f"/api/v1/glossary/{made['id']}"
    assert words(world.stranger.get(f"/glossary/{made['id']}")) == [a, b, c]


def test_adding_to_a_term_merges(world: World):
    a, b, c = fresh(3)
    first = world.viewer.post("/glossary", entry(a, b))
    again = world.trainer.post("/glossary", entry(a.upper(), c), 200)
    assert (again["id"], words(again)) == (first["id"], [a, b, c])
    same = world.trainer.post("/glossary", entry(b, a), 200)
    assert same["changed_at"] == again["changed_at"]
    by_synonym = world.trainer.post("/glossary", entry(*fresh(1), b), 200)
    assert by_synonym["id"] == first["id"]


def test_a_word_of_another_group_joins_the_groups(world: World):
    a, b, c, d = fresh(4)
    first = world.viewer.post("/glossary", entry(a, b))
    second = world.viewer.post("/glossary", entry(c, d))
    one = world.viewer.post("/glossary", entry(c, b), 200)
    assert (one["id"], words(one), one["joined"]) == (second["id"], [c, d, a, b], [a])
    assert world.viewer("GET", f"/glossary/{first['id']}").status_code == 404
    assert world.viewer("DELETE", f"/glossary/{one['id']}").status_code == 204


def test_joining_does_not_get_hold_of_what_somebody_else_added(world: World):
    a, b, c, d = fresh(4)
    world.viewer.post("/glossary", entry(a, b))
    mine = world.trainer.post("/glossary", entry(c, d))
    one = world.trainer.post("/glossary", entry(c, a), 200)
    assert one["id"] == mine["id"]
    assert one["added_by"] is None
    assert world.trainer("DELETE", f"/glossary/{one['id']}").status_code == 403
    assert world.admin("DELETE", f"/glossary/{one['id']}").status_code == 204


def test_search_knows_it_at_once(world: World):
    a, b, c = fresh(3)
    assert also(world, a) == ()
    made = world.viewer.post("/glossary", entry(a, b))
    assert (also(world, a), also(world, b)) == ((b,), (a,))
    world.viewer("PATCH", f"/glossary/{made['id']}", {"synonyms": [c]})
    assert (also(world, a), also(world, b)) == ((c,), ())
    world.viewer("DELETE", f"/glossary/{made['id']}")
    assert also(world, a) == ()


def test_a_synonym_of_several_parts_is_one_phrase(world: World):
    """双 11 is the day; 11:00 and 双方 are not, however often they are said."""
    day = world.note(title="备货", body="去年双 11 的货提前三周备好。\n", language="zh-Hans")
    times = world.note(
        title="值班", body="11:00 双方交接，11:30 双方签字，11 楼，双休。\n" * 3, language="zh-Hans"
    )
    world.indexed()
    made = world.viewer.post("/glossary", entry("双十一", "双 11"))
    answer = world.viewer.get("/search", q="双十一")
    found = [hit["id"] for hit in answer["hits"]]
    assert (answer["expanded"], answer["missing"]) == (["双 11"], [])
    assert (found[0], times["id"] in found) == (day["id"], False)
    assert world.viewer.get("/search", q="双十一备货")["hits"][0]["id"] == day["id"]
    world.viewer("DELETE", f"/glossary/{made['id']}")


def test_what_was_rolled_back_was_never_there(world: World):
    a, b = fresh(2)
    with world.session() as session:
        add(session, who(session, make_user(session)), entry(a, b))
        assert expand(parse(a), current_glossary(session))[1] == (b,)
        session.rollback()
    assert also(world, a) == ()


def test_changing(world: World):
    a, b, c, d = fresh(4)
    made = world.viewer.post("/glossary", entry(a, b))
    path = f"/glossary/{made['id']}"
    changed = world.viewer("PATCH", path, {"term": c, "changed_at": made["changed_at"]}).json()
    assert words(changed) == [c, b]
    late = world.admin("PATCH", path, {"term": d, "changed_at": made["changed_at"]})
    assert late.status_code == 409
    assert words(world.admin("PATCH", path, {"synonyms": [c, d]}).json()) == [c, d]
    assert world.admin("PATCH", path, {}).json()["changed_at"] > changed["changed_at"]
    assert words(world.admin("PATCH", path, entry(d.upper(), c)).json()) == [d.upper(), c]


def test_a_change_does_not_take_words_from_another_group(world: World):
    a, b, c, d = fresh(4)
    world.viewer.post("/glossary", entry(a, b))
    made = world.viewer.post("/glossary", entry(c, d))
    said = world.viewer.errors("PATCH", f"/glossary/{made['id']}", {"synonyms": [b]})
    assert list(said) == ["synonyms"]
    assert f"“{b}” stands in the group “{a}” already" in said["synonyms"]


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"term": "退款"}, "synonyms", "at least one other word"),
        ({"synonyms": ["refund"]}, "term", "must be filled in"),
        ({"term": "  ", "synonyms": ["refund"]}, "term", "must be filled in"),
        ({"term": "退款", "synonyms": []}, "synonyms", "at least one other word"),
        ({"term": "Refund", "synonyms": ["ＲＥＦＵＮＤ", "refund"]}, "synonyms", "no difference"),
        ({"term": "退款", "synonyms": ["?!"]}, "synonyms", "no letters or digits"),
        ({"term": "退" * 81, "synonyms": ["refund"]}, "term", "at most 80"),
        ({"term": "退款", "synonyms": ["r" * 81]}, "synonyms", "at most 80"),
        ({"term": "ﷺ" * 80, "synonyms": ["refund"]}, "term", "too long"),
        ({"term": "退款", "synonyms": [f"w{n}" for n in range(40)]}, "synonyms", "At most 19"),
        ({"term": "a\u202eb", "synonyms": ["refund"]}, "term", "text-direction"),
        ({"term": "退款", "synonyms": ["a\0b"]}, "synonyms", "NUL"),
        ({"term": 5, "synonyms": ["refund"]}, "term", "wrong type"),
        ({"term": "退款", "synonyms": "refund"}, "synonyms", "wrong type"),
    ],
)
def test_bad_input_gets_one_clear_sentence(world: World, body: dict[str, Any], field: str, says: str):
    said = world.viewer.errors("POST", "/glossary", body)
    assert list(said) == [field]
    assert says in said[field]


def test_a_group_has_so_many_words_and_no_more(world: World):
    a, *others = fresh(20)
    world.viewer.post("/glossary", entry(a, *others))
    said = world.viewer.errors("POST", "/glossary", entry(a, *fresh(1)))
    assert "group of 21 words; 20 are possible" in said["synonyms"]


def test_the_list(world: World):
    mark = f"q{new_id()}"
    made = [world.viewer.post("/glossary", entry(f"{mark} {n}", *fresh(1))) for n in range(3)]
    page = world.stranger.get("/glossary", q=mark.upper(), limit=2)
    assert (page["total"], [one["id"] for one in page["items"]]) == (3, [made[2]["id"], made[1]["id"]])
    last = world.stranger.get("/glossary", q=mark, limit=2, cursor=page["next"])
    assert ([one["id"] for one in last["items"]], last["next"]) == ([made[0]["id"]], None)
    assert world.stranger.get("/glossary", q="%")["total"] == 0
    assert world.stranger.get("/glossary", q="\0" + new_id())["total"] == 0


def test_it_is_on_record(world: World):
    a, b, c = fresh(3)
    made = world.viewer.post("/glossary", entry(a, b))
    world.viewer.post("/glossary", entry(a, c), 200)
    world.viewer("PATCH", f"/glossary/{made['id']}", {"synonyms": [b]})
    world.admin("DELETE", f"/glossary/{made['id']}")
    with world.session() as session:
        events = list(session.scalars(select(Event).where(Event.object_id == made["id"]).order_by(Event.id)))
        assert [event.action for event in events] == [
            "glossary.added", "glossary.extended", "glossary.changed", "glossary.removed",
        ]  # fmt: skip
        assert events[0].details["words"] == [a, b]
        assert events[3].details["words"] == [a, b]
        assert session.scalars(select(GlossaryWord).where(GlossaryWord.group_id == made["id"])).all() == []


def test_who_adds_the_same_at_the_same_time_gets_one_group(world: World):
    a, b, *more = fresh(8)

    def post(caller: Caller, word: str) -> int:
        return caller("POST", "/glossary", entry(a, b, word)).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(post, [world.viewer, world.trainer] * 3, more))
    assert sorted(codes) == [200] * 5 + [201]
    (one,) = world.viewer.get("/glossary", q=a)["items"]
    assert set(words(one)) == {a, b, *more}


def test_the_glossary_can_be_full(world: World):
    with world.session() as session:
        room = MOST_GROUPS - (session.scalar(select(func.count()).select_from(GlossaryGroup)) or 0)
        session.add_all(GlossaryGroup(created_at=now(), changed_at=now()) for _ in range(room))
        adding = who(session, make_user(session))
        with pytest.raises(Invalid, match="5000 groups are possible"):
            add(session, adding, entry(*fresh(2)))
        session.rollback()
