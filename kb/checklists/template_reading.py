"""Templates as others send them, by form or file: checked whole, each mistake one sentence at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.checklists.models import Importance, Level, Rhythm, Slot
from kb.checklists.schemas import MOST_RUNS
from kb.checklists.templates import Practice, Template, TemplateItem, TemplateModule
from kb.i18n import LOCALES, _
from kb.validation import Checker, is_visible

Path = tuple[str | int, ...]
KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
RESERVED = ("new", "import", "read")  # addresses of pages
NOTE_KINDS = ("procedure", "pitfall", "case")  # of kb.notes, a floor above
MOST_MODULES, MOST_ITEMS, MOST_DAYS, MOST_VERSION = 40, 400, 365, 1_000_000
TITLE, TEXT = 200, 4000  # characters
TEMPLATE_FIELDS = ("id", "version", "titles", "descriptions", "modules")
MODULE_FIELDS = ("key", "titles", "items")
ITEM_FIELDS = (
    "key",
    "titles",
    "guidance",
    "importance",
    "slots",
    "kinds",
    "rhythm",
    "due_days_before",
    "practice",
)


@dataclass(frozen=True)
class Mistake:
    """Something wrong, and where: the names and list places that lead to it from the top."""

    path: Path
    message: str


class Mistaken(Exception):
    """What was sent is no template; `mistakes` in reading order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        super().__init__("not a template")
        self.mistakes = tuple(mistakes)


def read_template(data: Any) -> Template:
    """The template in what was sent; raises Mistaken with everything wrong with it."""
    reading = _Reading()
    found = reading.template(data)
    if reading.mistakes or found is None:
        raise Mistaken(reading.mistakes)
    return found


def read_item(data: Mapping[str, Any]) -> TemplateItem:
    """One item; raises Mistaken."""
    reading = _Reading()
    found = reading.item(data, ())
    if reading.mistakes or found is None:
        raise Mistaken(reading.mistakes)
    return found


def read_texts(data: Mapping[str, Any], *names: str) -> dict[str, dict[str, str]]:
    """Texts in both languages by field; the first one is needed; raises Mistaken."""
    reading, check = _Reading(), Checker(data)
    found = {
        name: reading.texts(check, name, (), TITLE if name == "titles" else TEXT, required=name == names[0])
        for name in names
    }
    if reading.mistakes:
        raise Mistaken(reading.mistakes)
    return found


class _Reading:
    """What was wrong so far."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def fail(self, path: Path, message: str) -> None:
        self.mistakes.append(Mistake(path, message))

    def fields(self, data: Any, path: Path, known: Iterable[str]) -> Checker | None:
        """The named values at a place, or None where there is something else."""
        if not isinstance(data, Mapping):
            self.fail(path, _("Here belong names with values, one a line, such as “key: refunds”."))
            return None
        for name in data:
            if name not in known:
                names = {"name": name, "known": ", ".join(known)}
                self.fail(
                    (*path, str(name)), _("“%(name)s” is not known here; known are: %(known)s.") % names
                )
        return Checker(data)

    def rows(self, data: Any, path: Path, most: int) -> list[Any]:
        """The list at a place; none where it was left out."""
        if data in (None, ""):
            return []
        if not isinstance(data, list):
            self.fail(path, _("Here belongs a list, each entry begun with a dash."))
            return []
        if len(data) > most:
            self.fail(path, _("At most %(most)s entries are possible.") % {"most": most})
        return data[:most]

    def take(self, check: Checker, path: Path) -> None:
        """Move what a checker found wrong here, once for each place."""
        told = {mistake.path for mistake in self.mistakes}
        for error in check.errors:
            if (*path, error.field) not in told:
                self.fail((*path, error.field), error.message)

    def texts(self, check: Checker, name: str, path: Path, most: int, *, required: bool) -> dict[str, str]:
        """A text by language; a language that is left out takes the other's words."""
        here, given = (*path, name), check.data.get(name)
        if isinstance(given, str) and given:
            self.fail(here, _("Say it by language: “en: …” and “zh-Hans: …”, each on a line of its own."))
            return dict.fromkeys(LOCALES, "")
        inner = self.fields(given or {}, here, LOCALES)
        if inner is None:
            return dict.fromkeys(LOCALES, "")
        one_line = most == TITLE
        read = inner.line if one_line else inner.text
        said = {locale: read(locale, most=most, required=False) for locale in LOCALES}
        self.take(inner, here)
        anything = next((text for text in said.values() if is_visible(text)), "")
        if required and not anything and not inner.errors:
            self.fail(here, _("This must be filled in, in one language at least."))
        return {locale: text if is_visible(text) else anything for locale, text in said.items()}

    def key(self, check: Checker, name: str) -> str:
        """A short name for programs."""
        key = check.line(name, most=60)
        if key and not KEY.fullmatch(key):
            check.fail(name, _("Use small letters a–z, digits and hyphens, beginning with a letter."))
        return key

    def template(self, data: Any) -> Template | None:
        check = self.fields(data, (), TEMPLATE_FIELDS)
        if check is None:
            return None
        key = self.key(check, "id")
        if key in RESERVED:
            check.fail("id", _("The program itself uses this id; choose another."))
        version = check.whole("version", low=1, high=MOST_VERSION) or 1
        self.take(check, ())
        titles = self.texts(check, "titles", (), TITLE, required=True)
        descriptions = self.texts(check, "descriptions", (), TEXT, required=False)
        rows = self.rows(data.get("modules"), ("modules",), MOST_MODULES)
        modules = [self.module(row, ("modules", n)) for n, row in enumerate(rows)]
        whole = tuple(module for module in modules if module)
        self.once([(m.key, ("modules", n, "key")) for n, m in enumerate(modules) if m])
        self.once(
            [(i.key, ("modules", n, "items", p, "key")) for n, m in enumerate(modules) if m
             for p, i in enumerate(m.items)]
        )  # fmt: skip
        if sum(len(module.items) for module in whole) > MOST_ITEMS:
            self.fail(("modules",), _("A template holds at most %(most)s items.") % {"most": MOST_ITEMS})
        return Template(key, version, titles, descriptions, whole)

    def once(self, keys: Iterable[tuple[str, Path]]) -> None:
        """No key stands twice."""
        seen: set[str] = set()
        for key, path in keys:
            if key and key in seen:
                self.fail(path, _("“%(key)s” stands above already; each key is given once.") % {"key": key})
            seen.add(key)

    def module(self, data: Any, path: Path) -> TemplateModule | None:
        check = self.fields(data, path, MODULE_FIELDS)
        if check is None:
            return None
        key = self.key(check, "key")
        self.take(check, path)
        titles = self.texts(check, "titles", path, TITLE, required=True)
        rows = self.rows(data.get("items"), (*path, "items"), MOST_ITEMS)
        items = [self.item(row, (*path, "items", n)) for n, row in enumerate(rows)]
        return TemplateModule(key, titles, tuple(item for item in items if item))

    def item(self, data: Any, path: Path) -> TemplateItem | None:
        check = self.fields(data, path, ITEM_FIELDS)
        if check is None:
            return None
        key = self.key(check, "key")
        importance = check.choice("importance", Importance, Importance.NORMAL)
        slots = self.chosen(check, "slots", tuple(str(slot) for slot in Slot))
        kinds = self.chosen(check, "kinds", NOTE_KINDS)
        rhythm = check.choice("rhythm", Rhythm) if check.data.get("rhythm") else None
        days = check.whole("due_days_before", low=0, high=MOST_DAYS)
        self.take(check, path)
        return TemplateItem(
            key, self.texts(check, "titles", path, TITLE, required=True),
            self.texts(check, "guidance", path, TEXT, required=False), importance,
            tuple(Slot(slot) for slot in slots), kinds, rhythm, days, self.practice(check, path),
        )  # fmt: skip

    def chosen(self, check: Checker, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Several of the known values, in the order they were given."""
        named = check.strings(name, most=len(known), each=20)
        if not set(named) <= set(known):
            check.fail(name, _("Each must be one of: %(allowed)s.") % {"allowed": ", ".join(known)})
        return tuple(value for value in named if value in known)

    def practice(self, check: Checker, path: Path) -> Practice | None:
        """The practice asked for, if any."""
        if not check.data.get("practice"):
            return None
        here = (*path, "practice")
        asked = self.fields(check.data["practice"], here, ("level", "runs"))
        if asked is None:
            return None
        level, runs = asked.choice("level", Level), asked.whole("runs", low=1, high=MOST_RUNS)
        self.take(asked, here)
        return Practice(level, runs or 1)
