"""Judging one search against what a person would want of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

LIMIT = 100


def ask(get: Callable[[dict[str, Any]], Any], case: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Ask what the case asks over the API; returns what is wrong with the answer, nothing if it is right."""
    answer = get({"q": case["query"], "limit": LIMIT} | dict(case.get("filters", {})))
    status = case.get("status", 200)
    if answer.status_code != status:
        return [f"answered {answer.status_code}"]
    return judge(case, answer.json(), names) if status == 200 else []


def judge(case: Mapping[str, Any], answer: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What is wrong with the answer."""
    found = [names[hit["id"]] for hit in answer["hits"]]
    wrong = [*_places(case, found), *_widening(case, answer)]
    return [f"{what} (found {len(found)}: {' '.join(found[:5])})" for what in wrong]


def _places(case: Mapping[str, Any], found: Sequence[str]) -> list[str]:
    wrong = []
    if "first" in case and found[:1] != [case["first"]]:
        wrong.append(f"first is not {case['first']}")
    wrong += [f"{one} is not among the first three" for one in case.get("top3", ()) if one not in found[:3]]
    wrong += [f"{one} is not found" for one in case.get("finds", ()) if one not in found]
    wrong += [f"{one} is found" for one in case.get("not", ()) if one in found]
    if "before" in case:
        above, below = case["before"]
        if above not in found or (below in found and found.index(below) < found.index(above)):
            wrong.append(f"{above} is not above {below}")
    if case.get("nothing") and found:
        wrong.append("something is found")
    return wrong


def _widening(case: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    wrong = []
    if "suggestion" in case and answer["suggestion"] != case["suggestion"]:
        wrong.append(f"suggestion is {answer['suggestion']!r}, not {case['suggestion']!r}")
    also = {one.casefold() for one in answer["expanded"]}
    wrong += [
        f"{one} is not searched for too" for one in case.get("expanded", ()) if one.casefold() not in also
    ]
    return wrong
