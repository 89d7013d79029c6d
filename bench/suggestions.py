"""How often the right word is offered for a mistyped one, and how often a right one is left alone.

    python bench/suggestions.py DATA [--seed 7] [--number 500] [--pad 60000]

DATA holds cranfield/, notes/ and cmrc/ as search-data does. English: words of five letters or more from the
texts, drawn by how often they occur (a second table: each word of three documents or more equally), with one
edit drawn evenly among a letter put in, left out, exchanged for another and two swapped; kept if the result is
not itself a word, of the texts or of English. Chinese: words of two characters (of the list that spelling has)
that stand in ten paragraphs or more, one or both exchanged for another common character that sounds the same;
kept if the result is no word. Runs of four likewise, or with any common character. "first" is what did-you-mean
offers, "among 3" the nearest three. With --pad the list of words is made longer by words of no text, for the
times. Nothing is tuned on the default seed.
"""

from __future__ import annotations

import argparse
import random
import statistics
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import judged  # noqa: E402
from tables import table  # noqa: E402

from kb.search.analysis import fold, pieces  # noqa: E402
from kb.search.interface import Words  # noqa: E402
from kb.search.language import parse  # noqa: E402
from kb.search.pinyin import syllables  # noqa: E402
from kb.search.spelling import suggest  # noqa: E402
from kb.search.spelling.latin import near  # noqa: E402
from kb.search.spelling.scope import Scope  # noqa: E402
from kb.search.spelling.sounds import homophones  # noqa: E402
from kb.search.spelling.vocabulary import is_chinese, is_english  # noqa: E402
from tests.support.lexicon import MemoryLexicon  # noqa: E402

LEAST_PAIRS = 10  # paragraphs that hold a pair of Han
COMMON = 1500  # most frequent characters


class Slip(NamedTuple):
    typed: str
    meant: str


def edited(word: str, pick: random.Random) -> str:
    """One edit, each kind and place equally likely."""
    kind, at, letter = pick.randrange(4), pick.randrange(len(word)), pick.choice(string.ascii_lowercase)
    if kind == 0:
        at = pick.randrange(len(word) + 1)
        return word[:at] + letter + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + letter + word[at + 1 :]
    at = pick.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def english(texts: Iterable[str], number: int, pick: random.Random, *, evenly: bool) -> list[Slip]:
    """Mistyped English words."""
    occurring: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for text in texts:
        words = [piece.text for piece in pieces(fold(text).text) if not piece.han]
        occurring.update(words)
        holding.update(set(words))
    words = sorted(word for word in occurring if len(word) > 4 and word.isascii() and word.isalpha())
    if evenly:
        words = [word for word in words if holding[word] > 2]
    weights = [1 if evenly else occurring[word] for word in words]
    slips: list[Slip] = []
    while len(slips) < number:
        word = pick.choices(words, weights)[0]
        typed = edited(word, pick)
        if typed not in occurring and not is_english(typed):
            slips.append(Slip(typed, word))
    return slips


class Chinese:
    """Chinese runs with a character wrong."""

    def __init__(self, texts: Iterable[str], pick: random.Random) -> None:
        self.pick = pick
        self.runs = [piece.text for text in texts for piece in pieces(fold(text).text) if piece.han]
        letters = Counter(char for run in self.runs for char in run)
        self.common = [char for char, _ in letters.most_common(COMMON)]
        self.sounds: dict[str, list[str]] = {}
        for char in self.common:
            for name in syllables(char)[:1]:
                self.sounds.setdefault(name, []).append(char)

    def alike(self, char: str) -> str:
        """Another common character that sounds so, or ''."""
        others = [other for name in syllables(char) for other in self.sounds.get(name, ()) if other != char]
        return self.pick.choice(others) if others else ""

    def pairs(self, lexicon: MemoryLexicon, number: int, wrong: int) -> list[Slip]:
        frequent = sorted({run[at : at + 2] for run in self.runs for at in range(len(run) - 1)})
        frequent = [pair for pair in frequent if lexicon.count(pair) >= LEAST_PAIRS and is_chinese(pair)]
        return self._slips(lambda: self.pick.choice(frequent), number, wrong, lexicon, self.alike)

    def fours(self, lexicon: MemoryLexicon, number: int, change: Callable[[str], str]) -> list[Slip]:
        whole = [run for run in self.runs if len(run) == 4]
        return self._slips(lambda: self.pick.choice(whole), number, 1, lexicon, change)

    def _slips(
        self,
        draw: Callable[[], str],
        number: int,
        wrong: int,
        lexicon: MemoryLexicon,
        change: Callable[[str], str],
    ) -> list[Slip]:
        slips: list[Slip] = []
        while len(slips) < number:
            run = draw()
            chars = list(run)
            for at in self.pick.sample(range(len(run)), wrong):
                chars[at] = change(run[at])
            typed = "".join(chars)
            known = all(lexicon.count(typed[at : at + 2]) for at in range(len(typed) - 1))
            if "" not in chars and typed != run and not known and not is_chinese(typed):
                slips.append(Slip(typed, run))
        return slips


def measured(
    name: str, slips: list[Slip], lexicon: MemoryLexicon, ask: Callable[[str], list[str]] | None
) -> list[str]:
    """A line of the table: offered first, among three, median and worst milliseconds."""
    suggest(parse(slips[0].typed), lexicon)
    first = among = 0
    times: list[float] = []
    for slip in slips:
        query = parse(slip.typed)
        began = time.perf_counter()
        offered = suggest(query, lexicon)
        times.append((time.perf_counter() - began) * 1000)
        first += offered == slip.meant
        among += slip.meant in [offered, *(ask(slip.typed) if ask else ())]
    share = [f"{first / len(slips):.3f}", f"{among / len(slips):.3f}" if ask else ""]
    return [name, str(len(slips)), *share, f"{statistics.median(times):.2f}", f"{max(times):.1f}"]


def left_alone(name: str, texts: list[str], lexicon: MemoryLexicon) -> list[str]:
    """A line of the other table: of right words or questions, how many get no suggestion."""
    corrected = [text for text in texts if suggest(parse(text), lexicon)]
    return [name, str(len(texts)), f"{1 - len(corrected) / len(texts):.3f}", ", ".join(corrected[:4])[:60]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--pad", type=int, default=0)
    asked = parser.parse_args()
    pick = random.Random(asked.seed)
    texts = {name: _texts(asked.data / name) for name in ("cranfield", "notes", "cmrc")}
    latin = MemoryLexicon([*texts["cranfield"], *texts["notes"]])
    han = MemoryLexicon(texts["cmrc"])
    _pad(latin, asked.pad, pick)
    print(
        f"{len(latin.words()[0])} English words, {len(texts['cmrc'])} Chinese paragraphs, seed {asked.seed}\n"
    )

    def words(typed: str) -> list[str]:
        return near(typed, Scope(latin))[:3]

    def pairs(typed: str) -> list[str]:
        return homophones(typed, Scope(han), 3)

    source = Chinese(texts["cmrc"], pick)
    rows = [
        measured("English, as they occur", english(_english(texts), asked.number, pick, evenly=False), latin, words),
        measured("English, each word alike", english(_english(texts), asked.number, pick, evenly=True), latin, words),
        measured("Chinese pairs, one sounds alike", source.pairs(han, asked.number, 1), han, pairs),
        measured("Chinese pairs, both sound alike", source.pairs(han, asked.number, 2), han, pairs),
        measured("four Han, one sounds alike", source.fours(han, asked.number, source.alike), han, None),
        measured("four Han, one is any other", source.fours(han, asked.number, lambda _: pick.choice(source.common)),
                 han, None),
    ]  # fmt: skip
    print(table(["mistyped", "words", "first", "among 3", "median ms", "worst ms"], rows) + "\n")
    print(table(["right", "asked", "left alone", "for example"], _right(asked, texts, latin, han, pick)))


def _right(
    asked: argparse.Namespace,
    texts: dict[str, list[str]],
    latin: MemoryLexicon,
    han: MemoryLexicon,
    pick: random.Random,
) -> list[list[str]]:
    known = [word for word in latin.words()[0] if latin.counts["=" + word] > 2 or latin.counts[word] > 2]
    fours = [run for run in Chinese(texts["cmrc"], pick).runs if 2 <= len(run) <= 6]
    questions = {
        name: list(judged.read(asked.data / name, "all").queries.values()) for name in ("cranfield", "cmrc")
    }
    elsewhere = MemoryLexicon(texts["cranfield"])
    common = [word for word in known if len(word) > 4 and word.isalpha() and elsewhere.count("=" + word) == 0]
    return [
        left_alone("words of three documents", pick.sample(known, asked.number), latin),
        left_alone("runs of Han in the texts", pick.sample(fours, asked.number), han),
        left_alone("English questions", questions["cranfield"], latin),
        left_alone("Chinese questions", pick.sample(questions["cmrc"], asked.number), han),
        left_alone(
            "words of the notes, asked of Cranfield alone", pick.sample(common, asked.number), elsewhere
        ),
    ]


def _texts(folder: Path) -> list[str]:
    return [f"{line['title']}\n{line['text']}" for line in judged._lines(folder / "docs.jsonl.gz")]


def _english(texts: dict[str, list[str]]) -> list[str]:
    return [*texts["cranfield"], *texts["notes"]]


def _pad(lexicon: MemoryLexicon, size: int, pick: random.Random) -> None:
    """Words made of the beginning of one and the end of another; they stand in no text."""
    words = set(lexicon.words()[0])
    known = sorted(words)
    while len(words) < size:
        one, two = pick.choices(known, k=2)
        words.add(one[: len(one) // 2] + two[len(two) // 2 :])
    lexicon._words = (Words(sorted(words)),)


if __name__ == "__main__":
    main()
