"""How marks fare under edits made on purpose, where what became of each sentence is known.

    python bench/anchoring_made.py CASES.jsonl.gz [--seed 11] [--rounds 2] [--show KIND]

Pages are taken from the cases (their last revisions), cut into sentences; tables of near-identical rows are made.
An edit moves, splits, joins, deletes, duplicates, rewords or renames; every sentence it may touch is marked.
Right: what stands is held, wherever it went (either of two copies); what was reworded is held over at least half
of its characters; what was deleted is orphaned.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tables import table  # noqa: E402

from kb.annotations.anchoring import Carrier, Mark, Span, surroundings  # noqa: E402
from kb.annotations.anchoring.units import TOKEN, units  # noqa: E402
from kb.markdown import render  # noqa: E402

MARKS = 40  # of one edit


@dataclass(frozen=True)
class Sentence:
    """A sentence, known by its number through every edit; `glue` stands after it."""

    number: int
    text: str
    glue: str


Page = list[list[Sentence]]  # lines of sentences
Edit = Callable[[Page, random.Random, list[str]], Page]


def page(text: str) -> Page:
    lines: Page = []
    found = units(text, 0, len(text))
    for number, unit in enumerate(found):
        after = text[unit.end : found[number + 1].start] if number + 1 < len(found) else "\n"
        if number == 0 or "\n" in text[found[number - 1].end : unit.start]:
            lines.append([])
        lines[-1].append(Sentence(number, text[unit.start : unit.end], "" if "\n" in after else after))
    return lines


def written(lines: Page) -> tuple[str, dict[int, list[Span]]]:
    """The text of a page and where each sentence stands, copies too."""
    text, places = "", {}
    for line in lines:
        for sentence in line:
            places.setdefault(sentence.number, []).append(Span(len(text), len(text) + len(sentence.text)))
            text += sentence.text + sentence.glue
        text = text.rstrip(" \t") + "\n"
    return text, places


def some(lines: Page, pick: random.Random, longest: int) -> tuple[int, int]:
    start = pick.randrange(len(lines))
    return start, min(len(lines), start + pick.randint(1, longest))


def moved(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    start, end = some(lines, pick, 6)
    rest = lines[:start] + lines[end:]
    at = pick.randrange(len(rest) + 1)
    return rest[:at] + lines[start:end] + rest[at:]


def parted(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    made: Page = []
    for line in lines:
        cut = pick.randrange(1, len(line)) if len(line) > 1 and pick.random() < 0.5 else 0
        made += [line[:cut], line[cut:]] if cut else [line]
    return made


def joined(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    made: Page = []
    for line in lines:
        if made and pick.random() < 0.3:
            last = made[-1][-1]
            made[-1][-1] = replace(last, glue=" " if last.text.isascii() else "")
            made[-1] += line
        else:
            made.append(list(line))
    return made


def deleted(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    start, end = some(lines, pick, 6)
    return lines[:start] + lines[end:]


def doubled(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    start, end = some(lines, pick, 8)
    at = pick.choice([start, end, pick.randrange(len(lines) + 1)])
    return lines[:at] + lines[start:end] + lines[at:]


def new_line(pick: random.Random, strange: list[str]) -> list[Sentence]:
    return [Sentence(-1, pick.choice(strange), "")]


def put_in(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    made = list(lines)
    for _ in range(pick.randint(1, 8)):
        made.insert(pick.randrange(len(made) + 1), new_line(pick, strange))
    return made


def exchanged(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    """Lines taken out and others put in their place."""
    start, end = some(lines, pick, 6)
    return lines[:start] + [new_line(pick, strange) for _ in range(end - start)] + lines[end:]


def reword(text: str, pick: random.Random, strange: list[str]) -> str:
    """About a sixth of the words exchanged for others, at least one."""
    spans = [match.span() for match in TOKEN.finditer(text)]
    fill = TOKEN.findall(pick.choice(strange))
    for start, end in sorted(pick.sample(spans, max(1, len(spans) // 6)), reverse=True):
        text = text[:start] + pick.choice(fill) + text[end:]
    return text


def reworded(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    return [
        [
            replace(one, text=reword(one.text, pick, strange))
            if pick.random() < 0.3 and len(TOKEN.findall(one.text)) > 5
            else one
            for one in line
        ]
        for line in lines
    ]


def renamed(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    """One word exchanged for another wherever it stands."""
    words = Counter(re.findall(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2}", written(lines)[0]))
    word, other = pick.choice(words.most_common(10))[0], pick.choice(["Zirkon", "石英"])
    return [[replace(one, text=one.text.replace(word, other)) for one in line] for line in lines]


def translated(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    return [new_line(pick, strange) for _ in lines]


def mixed(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    for edit in pick.sample([moved, parted, joined, deleted, put_in, exchanged, reworded], 4):
        lines = edit(lines, pick, strange)
    return lines


def rows(pick: random.Random, *, chinese: bool) -> Page:
    """A table whose rows differ in little."""
    states = ["已上架", "已下架", "待审核"] if chinese else ["listed", "withdrawn", "in review"]
    name = "商品批次" if chinese else "Batch of goods"
    note = "每日九点核对库存并记录。" if chinese else "Check the stock at nine and write it down."
    made: Page = []
    for row in range(40):
        cells = [f"{name} {row:03}", pick.choice(states), str(pick.randint(1, 9)), note]
        made.append([Sentence(row * 4 + at, cell, "\t") for at, cell in enumerate(cells)])
    return made


def rows_put_in(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    made = list(lines)
    for number in range(pick.randint(1, 3)):
        like = pick.choice(lines)
        new = [replace(one, number=-1) for one in like]
        new[0] = replace(new[0], text=new[0].text[:-3] + str(100 + number))
        made.insert(pick.randrange(len(made) + 1), new)
    return made


def rows_taken_out(lines: Page, pick: random.Random, strange: list[str]) -> Page:
    gone = set(pick.sample(range(len(lines)), 3))
    return [line for at, line in enumerate(lines) if at not in gone]


EDITS: list[Edit] = [
    moved, parted, joined, deleted, doubled, put_in, exchanged, reworded, renamed, translated, mixed,
]  # fmt: skip
ROWS: list[Edit] = [rows_put_in, rows_taken_out]


def held(new: str, places: list[Span], start: int, end: int) -> bool:
    return any(
        2 * (min(end, span.end) - max(start, span.start)) >= span.end - span.start
        and end - start <= 3 * (span.end - span.start)
        for span in places
    )


def tried(lines: Page, edit: Edit, pick: random.Random, strange: list[str], show: str) -> Counter[str]:
    """What became of marks under one edit."""
    old, before = written(lines)
    new, after = written(edit(lines, pick, strange))
    carrier = Carrier(old, new)
    counts: Counter[str] = Counter()
    for number in pick.sample(sorted(before), min(MARKS, len(before))):
        span = before[number][0]
        quote = old[span.start : span.end]
        placed = carrier.place(Mark(quote, *surroundings(old, span), span.start, span.end))
        if placed.start is None or placed.end is None:
            verdict = "lost" if number in after else "right"
        else:
            verdict = "right" if held(new, after.get(number, []), placed.start, placed.end) else "wrong place"
        counts[verdict] += 1
        if verdict != "right" and edit.__name__ == show:
            wanted = [new[one.start : one.end] for one in after.get(number, [])]
            print(f"{verdict}: {quote!r}\n    wanted {wanted}\n    {placed.status} {placed.exact!r}")
    return counts


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("cases", type=Path)
    arguments.add_argument("--seed", type=int, default=11)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--show", default="")
    given = arguments.parse_args()
    with gzip.open(given.cases, "rt", encoding="utf-8") as read:
        cases = [json.loads(line) for line in read]
    texts = {case["path"]: render(case["revisions"][-1]).text for case in cases}
    pages = [page(text) for text in texts.values() if len(text) > 600]
    chinese = [bool(re.search("[\u4e00-\u9fff]{20}", written(lines)[0])) for lines in pages]
    strange = {
        tongue: [one.text for lines, is_chinese in zip(pages, chinese, strict=True) if is_chinese is tongue
                 for line in lines for one in line if len(one.text) > 20]
        for tongue in (True, False)
    }  # fmt: skip
    pick = random.Random(given.seed)
    report = []
    for tongue, language in ((False, "en"), (True, "zh")):
        some_pages = [lines for lines, is_chinese in zip(pages, chinese, strict=True) if is_chinese is tongue]
        for edit in (*EDITS, *ROWS):
            counts: Counter[str] = Counter()
            for lines in pick.sample(some_pages, min(40, len(some_pages))) * given.rounds:
                start = rows(pick, chinese=tongue) if edit in ROWS else lines
                others = strange[tongue is not (edit is translated)]
                counts += tried(start, edit, pick, others, given.show)
            total = sum(counts.values())
            shares = [
                f"{100 * counts[verdict] / total:.1f} %" for verdict in ("right", "lost", "wrong place")
            ]
            report.append([f"{edit.__name__} {language}", str(total), *shares])
    print(table(["", "marks", "right", "lost", "wrong place"], report))


if __name__ == "__main__":
    main()
