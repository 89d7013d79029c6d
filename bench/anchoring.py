"""How well marks survive the edits that really followed.

    python bench/anchoring.py CASES.jsonl.gz [--show] [--half 0|1]
    python bench/anchoring.py CASES.jsonl.gz --speed

Each case: a page's Markdown at each revision, a sentence marked on the first. Every revision is rendered, the
sentence marked, and the mark carried from each to the next, with what is kept between two saves and nothing else.
Right: unchanged -> anchored on exactly that occurrence; edited -> anchored or changed, over at least half of the
characters of what the passage became, in a passage at most three times as long as the longer of that and the
quote; gone -> orphaned. A mark that stands anywhere else is in the wrong place, an orphan that should stand is
lost. --half takes every second case.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tables import table  # noqa: E402

from kb.annotations.anchoring import Carrier, Mark, Placed, Span, carry, locate, surroundings  # noqa: E402
from kb.markdown import render  # noqa: E402

CLASSES = ("same", "nth", "edited", "gone")
LONGEST = 3  # times the longer of the quote and what it became
BYTES = 50_000
RIGHT, LOST, WRONG = "right", "lost", "wrong place"


def occurrence(text: str, quote: str, number: int) -> int | None:
    """Where a quote begins the number-th time, 0 the first."""
    at = -1
    for _ in range(number + 1):
        at = text.find(quote, at + 1)
        if at < 0:
            return None
    return at


def marked(text: str, quote: str, number: int) -> Mark | None:
    """The mark as it is kept when it is made."""
    at = occurrence(text, quote, number)
    span = locate(text, quote, position=at, prefix="", suffix="")
    if span is None:
        return None
    return Mark(text[span.start : span.end], *surroundings(text, span), span.start, span.end)


def carried(texts: list[str], mark: Mark) -> Placed:
    """The mark after every save."""
    placed = Placed("anchored", mark.start, mark.end, mark.quote)
    for old, new in pairwise(texts):
        now = Mark(mark.quote, mark.prefix, mark.suffix, placed.start, placed.end)
        placed = Carrier(old, new).place(now)
    return placed


def squeezed(text: str) -> tuple[str, list[int]]:
    """A text without white space, and where each character stood."""
    at = [place for place, character in enumerate(text) if not character.isspace()]
    return "".join(text[place] for place in at), at


def covers(text: str, span: Span, quote: str, final: str) -> bool:
    """Whether a passage is what the quote became."""
    short, at = squeezed(text)
    wanted = squeezed(final)[0]
    passage = len(squeezed(text[span.start : span.end])[0])
    if passage > LONGEST * max(len(wanted), len(squeezed(quote)[0])):
        return False
    place = short.find(wanted)
    while place >= 0:
        inside = sum(span.start <= at[one] < span.end for one in range(place, place + len(wanted)))
        if 2 * inside >= len(wanted):
            return True
        place = short.find(wanted, place + 1)
    return False


def judge(case: dict[str, Any], text: str, placed: Placed) -> str:
    """Right, lost, or in the wrong place."""
    if placed.start is None or placed.end is None:
        return RIGHT if case["expect"] == "gone" else LOST
    span = Span(placed.start, placed.end)
    if case["expect"] in ("same", "nth"):
        place = occurrence(text, case["quote"], case["occurrence"] if case["expect"] == "nth" else 0)
        if place is None:  # its white space is rendered otherwise
            return RIGHT if placed.status == "anchored" else WRONG
        right = placed.status == "anchored" and span == Span(place, place + len(case["quote"]))
    else:
        right = case["expect"] == "edited" and covers(text, span, case["quote"], case["final"])
    return RIGHT if right else WRONG


def show(case: dict[str, Any], verdict: str, placed: Placed) -> None:
    print(
        f"{verdict}: {case['expect']} {case['lang']} {case['steps']} steps, {case['source']} {case['path']}"
    )
    print(f"    quote  {case['quote']!r} ({case['occurrence']})")
    print(f"    wanted {case['final']!r}")
    print(f"    {placed.status:8} {placed.exact!r}")


def measure(path: Path, half: int | None, *, wrong: bool) -> None:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    counts: Counter[tuple[str, str, str]] = Counter()
    for case in cases if half is None else cases[half::2]:
        texts = [render(body).text for body in case["revisions"]]
        mark = marked(texts[0], case["quote"], case["occurrence"])
        placed = carried(texts, mark) if mark else Placed("orphaned", None, None, None)
        verdict = judge(case, texts[-1], placed) if mark else LOST
        if wrong and verdict != RIGHT:
            show(case, verdict if mark else "not marked", placed)
        counts[case["expect"], case["lang"], verdict] += 1
    report(counts)


def report(counts: Counter[tuple[str, str, str]]) -> None:
    """A row for each class and language, and for all."""
    languages = sorted({language for _, language, _ in counts})
    rows = []
    for kinds, tongues, name in [
        *(((kind,), (language,), f"{kind} {language}") for kind in CLASSES for language in languages),
        *((CLASSES, (language,), f"all {language}") for language in languages),
        (CLASSES, languages, "all"),
    ]:
        verdicts = [
            sum(counts[kind, language, verdict] for kind in kinds for language in tongues)
            for verdict in (RIGHT, LOST, WRONG)
        ]
        total = sum(verdicts) or 1
        shares = [f"{100 * verdicts[0] / total:.1f} %", f"{100 * verdicts[2] / total:.1f} %"]
        rows.append([name, str(sum(verdicts)), *map(str, verdicts), *shares])
    print(table(["", "marks", RIGHT, LOST, WRONG, "right", "wrong"], rows))


def words_of(path: Path) -> dict[str, str]:
    """50 kB of different lines of the cases in each script."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    found: dict[str, str] = {}
    for language in ("en", "zh"):
        texts = (render(case["revisions"][0]).text for case in cases if case["lang"] == language)
        text = "\n".join(dict.fromkeys(line for text in texts for line in text.split("\n")))
        found[language] = text.encode()[:BYTES].decode(errors="ignore")
    return found


def edits(text: str, pick: random.Random) -> dict[str, str]:
    lines = text.split("\n")
    halfway = len(lines) // 2
    frequent = Counter(re.findall(r"[a-z]{2,}|[\u4e00-\u9fff]", text)).most_common(8)
    everywhere = re.sub(
        "|".join(rf"\b{word}\b" if word.isascii() else word for word, _ in frequent), "某", text
    )
    return {
        "one line": "\n".join([*lines[:halfway], "A line. 一行。", *lines[halfway:]]),
        "every tenth line": "\n".join(line if pick.random() > 0.1 else line[3:] + "新" for line in lines),
        "nearly every line": everywhere,
        "lines shuffled": "\n".join(pick.sample(lines, len(lines))),
        "all gone": "",
    }


def speed(path: Path) -> None:
    """Times of 1,000 marks over one edit, all of it, the best of three."""
    rows = []
    for language, text in words_of(path).items():
        pick = random.Random(5)
        spans = [
            Span(at, at + pick.randint(1, 120))
            for at in (pick.randrange(len(text) - 120) for _ in range(1000))
        ]
        marks = [Mark(text[at.start : at.end], *surroundings(text, at), at.start, at.end) for at in spans]
        for name, edited in edits(text, pick).items():
            times = []
            for _ in range(3):
                started = time.perf_counter()
                placed = carry(text, edited, marks)
                times.append(time.perf_counter() - started)
            counts = Counter(one.status for one in placed)
            held = [str(counts[status]) for status in ("anchored", "changed", "orphaned")]
            rows.append([f"{language}, {name}", f"{1000 * min(times):.0f} ms", *held])
    print(table(["50 kB, 1,000 marks", "time", "anchored", "changed", "orphaned"], rows))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("cases", type=Path)
    arguments.add_argument("--show", action="store_true", help="each mark that is lost or in the wrong place")
    arguments.add_argument("--half", type=int, choices=(0, 1))
    arguments.add_argument("--speed", action="store_true")
    given = arguments.parse_args()
    if given.speed:
        speed(given.cases)
    else:
        measure(given.cases, given.half, wrong=given.show)


if __name__ == "__main__":
    main()
