"""Search over the API: hits, filters, facets, snippets, all within the caller's rights."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from kb.clock import now
from tests.support.api import World, ids

FACETS = {"handover", "kind", "type", "module", "tag", "author", "importance"}


def test_the_form_of_an_answer(world: World, shelf: dict[str, Any]):
    answer = world.viewer.get("/search", q="refunds", limit=100)
    assert answer["query"] == "refunds"
    assert answer["total"] == len(answer["hits"]) == 5
    assert answer["took_ms"] >= 0
    assert answer["suggestion"] is None or isinstance(answer["suggestion"], str)
    assert isinstance(answer["expanded"], list)
    assert set(answer["facets"]) == FACETS
    handover = {"id": world.handover, "title": "Shop operations"}
    for hit in answer["hits"]:
        assert {"type", "id", "title", "url", "snippet", "score", "handover", "updated_at"} <= set(hit)
        assert hit["handover"] == handover
        assert datetime.fromisoformat(hit["updated_at"]).tzinfo is not None
        assert set(re.findall(r"<[^>]*>", hit["snippet"])) <= {"<mark>", "</mark>"}
    by_id = {hit["id"]: hit for hit in answer["hits"]}
    assert set(by_id) == {shelf[name]["id"] for name in ("slow", "steps", "desk", "remark", "item")}
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    remark = by_id[shelf["remark"]["id"]]
    assert (remark["type"], remark["note_id"], remark["kind"]) == (
        "annotation",
        shelf["steps"]["id"],
        "question",
    )
    note = by_id[shelf["steps"]["id"]]
    assert (note["type"], note["kind"], note["section"]) == ("note", "procedure", "Steps")
    assert note["url"].startswith(f"/notes/{note['id']}#")
    assert "&lt;order&gt;" in note["snippet"]
    assert "<mark>refunds</mark> &amp; pay" in note["snippet"]
    assert by_id[shelf["item"]["id"]]["type"] == "item"


def test_chinese_in_the_middle_of_a_sentence(world: World, shelf: dict[str, Any]):
    assert shelf["slow"]["id"] in ids(world.successor.get("/search", q="财务"))
    assert shelf["slow"]["id"] in ids(world.successor.get("/search", q="慢"))
    assert ids(world.successor.get("/search", q="仓库")) == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("kind", "pitfall", {"slow"}),
        ("kind", "question", {"remark"}),
        ("module", "售后", {"slow", "steps", "item", "remark"}),
        ("module", "Orders", {"steps", "remark"}),
        ("tag", "退款", {"slow", "steps"}),
        ("type", "annotation", {"remark"}),
        ("type", "item", {"item"}),
        ("type", "register", set()),
        ("importance", "critical", {"slow"}),
        ("importance", "high", {"steps", "item"}),
        ("author", "leaver", {"slow"}),
        ("handover", "handover", {"slow", "steps", "desk", "item", "remark"}),
        ("handover", "foreign", set()),
        ("item", "item", {"slow", "steps", "item", "remark"}),
    ],
)
def test_filters(world: World, shelf: dict[str, Any], name: str, value: str, expected: set[str]):
    sent = {"author": lambda: world.leaver.email, "handover": lambda: getattr(world, value),
            "item": lambda: shelf["item"]["id"]}.get(name, lambda: value)()  # fmt: skip
    wanted = {shelf[one]["id"] for one in expected}
    answer = world.viewer.get("/search", **{"q": "refunds", name: sent})
    assert ids(answer) == wanted
    assert answer["total"] == len(wanted)


def test_facets_leave_out_their_own_filter(world: World, shelf: dict[str, Any]):
    def counts(answer: Any, facet: str) -> dict[str, int]:
        assert all(set(entry) == {"value", "label", "count"} for entry in answer["facets"][facet])
        return {entry["value"]: entry["count"] for entry in answer["facets"][facet]}

    plain = world.viewer.get("/search", q="refunds")
    assert counts(plain, "kind") == {"procedure": 1, "pitfall": 1, "case": 1, "question": 1}
    assert counts(plain, "type") == {"note": 3, "annotation": 1, "item": 1}
    assert counts(plain, "tag") == {"退款": 2, "pay": 1}
    assert counts(plain, "importance") == {"critical": 1, "high": 2, "low": 1}
    assert plain["facets"]["handover"] == [{"value": world.handover, "label": "Shop operations", "count": 5}]
    assert {"value": world.leaver.email, "label": "leaver", "count": 1} in plain["facets"]["author"]
    filtered = world.viewer.get("/search", q="refunds", kind="pitfall", tag="退款")
    assert counts(filtered, "kind") == {"procedure": 1, "pitfall": 1}
    assert counts(filtered, "tag") == {"退款": 1}
    assert counts(filtered, "type") == {"note": 1}
    assert filtered["total"] == 1


def test_nobody_finds_what_they_may_not_read(world: World, shelf: dict[str, Any]):
    for who in ("leaver", "successor", "viewer"):
        answer = world.callers[who].get("/search", q="refunds", limit=100)
        assert shelf["draft"]["id"] not in ids(answer)
        assert shelf["foreign"]["id"] not in ids(answer)
        assert "foreign" not in str(answer["facets"])
    for who in ("trainer", "manager"):
        answer = world.callers[who].get("/search", q="refunds", limit=100)
        assert shelf["draft"]["id"] in ids(answer)
        assert answer["total"] == 6
    assert ids(world.stranger.get("/search", q="refunds")) == {shelf["foreign"]["id"]}
    nothing = world.admin.get("/search", q="refunds")
    assert (nothing["total"], nothing["hits"]) == (0, [])
    assert all(entries == [] for entries in nothing["facets"].values())


def test_an_empty_query_needs_a_filter(world: World, shelf: dict[str, Any]):
    assert set(world.viewer.errors("GET", "/search", None)) == {"q"}
    assert set(world.viewer.errors("GET", "/search?q=%20&kind=", None)) == {"q"}
    everything = world.viewer.get("/search", handover=world.handover, limit=100)
    assert everything["total"] == 6
    assert ids(world.viewer.get("/search", q="", kind="case")) == {shelf["desk"]["id"]}


def test_updated_after(world: World, shelf: dict[str, Any]):
    hour = timedelta(hours=1)
    for moment, total in (
        ((now() - hour).isoformat(), 5),
        ((now() + hour).isoformat(), 0),
        ("2020-01-01", 5),
    ):
        assert world.viewer.get("/search", q="refunds", updated_after=moment)["total"] == total


def test_in_title_binds_to_the_next_word_or_phrase(world: World, shelf: dict[str, Any]):
    assert ids(world.viewer.get("/search", q="in:title refunds")) == {
        shelf[n]["id"] for n in ("steps", "item")
    }
    assert ids(world.viewer.get("/search", q='in:title "step by step"')) == {shelf["steps"]["id"]}
    assert ids(world.viewer.get("/search", q="in:title desk nothing")) == {
        shelf["desk"]["id"],
        shelf["other"]["id"],
    }
    assert ids(world.viewer.get("/search", q="in:title 退款 财务")) == {
        shelf["slow"]["id"],
        shelf["item"]["id"],
    }


def test_typed_filters_and_negation(world: World, shelf: dict[str, Any]):
    assert ids(world.viewer.get("/search", q="refunds kind:pitfall")) == {shelf["slow"]["id"]}
    assert shelf["steps"]["id"] not in ids(world.viewer.get("/search", q="refunds -order"))
    assert world.viewer.get("/search", q="-refunds")["total"] == 0


def test_a_page_at_a_time(world: World, shelf: dict[str, Any]):
    whole = world.viewer.get("/search", q="refunds")
    paged: list[str] = []
    for offset in range(0, 6, 2):
        page = world.viewer.get("/search", q="refunds", limit=2, offset=offset)
        assert page["total"] == 5
        paged += [hit["id"] for hit in page["hits"]]
    assert paged == [hit["id"] for hit in whole["hits"]]
    assert world.viewer.get("/search", q="refunds", offset=10_000)["hits"] == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "offset=-1", "offset=10001", "updated_after=yesterday", "handover=%00",
     "q=%00", "q=" + "x" * 4001],
)  # fmt: skip
def test_bounds(world: World, query: str):
    name = query.partition("=")[0]
    path = f"/search?{query}" if name == "q" else f"/search?q=refunds&{query}"
    assert set(world.viewer.errors("GET", path, None)) == {name}


def test_facets_are_labelled_in_words(world: World, shelf: dict[str, Any]):
    facets = world.viewer.get("/search", q="refunds")["facets"]
    labels = {
        name: {one["value"]: one["label"] for one in facets[name]} for name in ("kind", "type", "importance")
    }
    assert labels["kind"]["question"] == "Question"
    assert labels["type"]["item"] == "Checklist item"
    assert set(labels["importance"].values()) <= {"Critical", "High", "Normal", "Low"}
    assert labels["importance"]


def test_filters_typed_and_sent_are_the_same(world: World, shelf: dict[str, Any]):
    typed = world.viewer.get("/search", q="类型：提问 refunds")
    sent = world.viewer.get("/search", q="refunds", kind="question")
    assert typed["query"] == "类型：提问 refunds"
    assert (typed["total"], ids(typed), typed["facets"]) == (sent["total"], ids(sent), sent["facets"])


def test_what_stands_nowhere_is_told_as_typed(world: World, shelf: dict[str, Any]):
    answer = world.viewer.get("/search", q="VPN refunds 海关")
    assert answer["missing"] == ["VPN", "海关"]
    assert shelf["steps"]["id"] in ids(answer)
    assert world.viewer.get("/search", q="refunds", kind="pitfall")["missing"] == []


def test_what_one_may_not_read_is_missing_as_if_it_were_not_there(world: World):
    world.note(by="leaver", title="Moonstone", body="并购谈判\n", status="draft")
    world.indexed()
    assert world.viewer.get("/search", q="Moonstone 谈判")["missing"] == ["Moonstone", "谈判"]
    assert world.leaver.get("/search", q="Moonstone 谈判")["missing"] == []
