"""Did you mean, and what unknown words are also searched for, of what the caller may read and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Caller, World, ids


@pytest.fixture
def written(world: World) -> dict[str, Any]:
    """Notes everybody reads, a draft of the leaver's, and a note of somebody else's handover."""
    made = {
        "access": world.note(
            title="Access management", body="Who has access to the warehouse, and the login.\n"
        ),
        "zh": world.note(
            title="审批流程", body="健康数据库的权限：先审批退款，再备份。\n", language="zh-Hans"
        ),
        "draft": world.note(by="leaver", title="Moonstone", body="并购谈判 with Halcyon\n", status="draft"),
    }
    foreign = {"kind": "procedure", "title": "Nightingale", "body": "The Kestrel plan 鲲鹏计划\n"}
    world.stranger.post(f"/handovers/{world.foreign}/notes", foreign)
    world.indexed()
    return made


@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [
        ("acces managment", "access management", "access"),
        ("warehuose", "warehouse", "access"),
        ("Warehose kind:procedure", "Warehouse kind:procedure", "access"),
        ("健抗", "健康", "zh"),
        ("審批劉程", "審批流程", "zh"),
    ],
)
def test_the_right_words_are_offered_and_found(
    world: World, written: dict[str, Any], typed: str, meant: str, found: str
):
    answer = world.viewer.get("/search", q=typed)
    assert answer["suggestion"] == meant
    assert ids(answer) == {written[found]["id"]}
    assert answer["expanded"]


def test_a_query_is_offered_with_its_operators(world: World, written: dict[str, Any]):
    answer = world.viewer.get("/search", q='in:title managemnt -kestrl "acces management" kind:procedure')
    assert answer["suggestion"] == 'in:title management -kestrl "access management" kind:procedure'


@pytest.mark.parametrize(
    ("typed", "also", "found"),
    [
        ("权现", "权限", "zh"),
        ("tuikuan", "退款", "zh"),
        ("shenpiliucheng", "审批流程", "zh"),
        ("in:title shenpi", "审批", "zh"),
        ("wareh", "warehouse", "access"),
        ("accessmanagement", "access management", "access"),
        ("log in", "login", "access"),
    ],
)
def test_unknown_words_are_searched_for_in_other_ways_unless_switched_off(
    world: World, written: dict[str, Any], typed: str, also: str, found: str
):
    answer = world.viewer.get("/search", q=typed)
    assert answer["expanded"] == [also]
    assert ids(answer) == {written[found]["id"]}
    exactly = world.viewer.get("/search", q=typed, expand=0)
    assert exactly["expanded"] == []
    assert exactly["total"] <= answer["total"]


def test_what_stands_there_ranks_above_what_was_guessed(world: World, written: dict[str, Any]):
    exact = world.note(title="Managmant", body="A word of its own.\n")
    near = world.note(title="More management", body="Management of management.\n")
    world.indexed()
    answer = world.viewer.get("/search", q="managmant warehouse")
    assert answer["hits"][0]["id"] in {exact["id"], written["access"]["id"]}
    alone = world.viewer.get("/search", q="managmant")
    assert alone["hits"][0]["id"] == exact["id"]
    assert near["id"] not in ids(world.viewer.get("/search", q="managmant", expand=0))


@pytest.mark.parametrize(
    "typed", ["质保期", "工资", "报关", "十一", "less", "warehouse:shop", "cron", "RMA4107"]
)
def test_what_stands_nowhere_stays_so(world: World, written: dict[str, Any], typed: str):
    answer = world.viewer.get("/search", q=typed)
    assert (answer["suggestion"], answer["expanded"]) == (None, [])


def test_codes_are_found_without_their_hyphen_and_with_one(world: World):
    apart = world.note(title="Lost parcels", body="The system says RMA-4107.\n")
    joined = world.note(title="Parts", body="Order XK2203 from the shop.\n")
    world.indexed()
    for typed, note in (("rma4107", apart), ("RMA-4107", apart), ("XK-2203", joined), ("xk2203", joined)):
        answer = world.viewer.get("/search", q=typed)
        assert (ids(answer), answer["expanded"]) == ({note["id"]}, [])


SECRET = ("moonstone", "halcyon", "并购", "谈判", "nightingale", "kestrel", "鲲鹏", "计划")


@pytest.mark.parametrize(
    "typed",
    ["moonstoen", "halcyn", "binggou", "bing gou tan pan", "并够", "nightingle", "nightin", "ightingal", "kestrl",
     "kunpeng", "kunpengjihua", "鲲朋计划", "nightingalekestrel", "warehouse halcyn"],
)  # fmt: skip
def test_no_word_of_a_draft_or_of_somebody_elses_handover_is_hinted_at(
    world: World, written: dict[str, Any], typed: str
):
    answer = world.viewer.get("/search", q=typed)
    said = " ".join([answer["suggestion"] or "", *answer["expanded"]]).lower()
    assert not any(word in said for word in SECRET)
    assert answer["total"] == ("warehouse" in typed)


def test_those_who_may_read_it_are_offered_it(world: World, written: dict[str, Any]):
    def suggested(caller: Caller, typed: str) -> str | None:
        answer: str | None = caller.get("/search", q=typed)["suggestion"]
        return answer

    assert suggested(world.leaver, "moonstoen") == suggested(world.manager, "moonstoen") == "moonstone"
    assert suggested(world.stranger, "nightingle") == "nightingale"
    assert suggested(world.admin, "moonstoen") is None
    world.manager("DELETE", f"/notes/{written['access']['id']}")
    assert suggested(world.viewer, "warehuose") is None
