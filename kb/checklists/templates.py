"""Checklist templates: what one is, how it is kept as data, and those that come with the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from kb.checklists.models import Importance, Level, Rhythm, Slot
from kb.paths import PACKAGE

FOLDER = PACKAGE / "checklists" / "presets"


@dataclass(frozen=True)
class Practice:
    """Practice to ask for: so many runs passed at this level or above."""

    level: Level
    runs: int = 1


@dataclass(frozen=True)
class TemplateItem:
    """An item as a template describes it; texts by locale."""

    key: str
    titles: dict[str, str]
    guidance: dict[str, str]
    importance: Importance
    slots: tuple[Slot, ...]
    kinds: tuple[str, ...]
    rhythm: Rhythm | None
    due_days_before: int | None
    practice: Practice | None = None


@dataclass(frozen=True)
class TemplateModule:
    """A part of the work and its items, in order."""

    key: str
    titles: dict[str, str]
    items: tuple[TemplateItem, ...]


@dataclass(frozen=True)
class Template:
    """A checklist to start from, by kind of position."""

    id: str
    version: int
    titles: dict[str, str]
    descriptions: dict[str, str]
    modules: tuple[TemplateModule, ...]

    @property
    def size(self) -> int:
        """How many items it has."""
        return sum(len(module.items) for module in self.modules)

    @property
    def longest(self) -> int:
        """How many days before the last day the first item is due; 0 where none has a day."""
        return max((item.due_days_before or 0 for module in self.modules for item in module.items), default=0)

    def item(self, key: str | None) -> TemplateItem | None:
        """The item of this key."""
        return next((item for module in self.modules for item in module.items if item.key == key), None)

    def module(self, key: str | None) -> TemplateModule | None:
        """The module of this key."""
        return next((module for module in self.modules if module.key == key), None)

    def module_of(self, key: str | None) -> TemplateModule | None:
        """The module in which the item of this key stands."""
        return next((module for module in self.modules if any(i.key == key for i in module.items)), None)


def item_content(item: TemplateItem) -> dict[str, Any]:
    """An item as data, as in a template's YAML."""
    content: dict[str, Any] = {
        "key": item.key, "titles": dict(item.titles), "guidance": dict(item.guidance),
        "importance": str(item.importance), "slots": [str(slot) for slot in item.slots],
    }  # fmt: skip
    if item.kinds:
        content["kinds"] = list(item.kinds)
    if item.rhythm:
        content["rhythm"] = str(item.rhythm)
    if item.due_days_before is not None:
        content["due_days_before"] = item.due_days_before
    if item.practice:
        content["practice"] = {"level": str(item.practice.level), "runs": item.practice.runs}
    return content


def content_of(template: Template) -> dict[str, Any]:
    """A template as data, as in its YAML."""
    modules = [
        {"key": m.key, "titles": dict(m.titles), "items": [item_content(item) for item in m.items]}
        for m in template.modules
    ]
    return {
        "id": template.id, "version": template.version, "titles": dict(template.titles),
        "descriptions": dict(template.descriptions), "modules": modules,
    }  # fmt: skip


def item_of(content: Mapping[str, Any]) -> TemplateItem:
    """The item that `item_content` made data of."""
    practice, rhythm = content.get("practice"), content.get("rhythm")
    return TemplateItem(
        key=content["key"],
        titles=content["titles"],
        guidance=content["guidance"],
        importance=Importance(content["importance"]),
        slots=tuple(Slot(slot) for slot in content["slots"]),
        kinds=tuple(content.get("kinds") or ()),
        rhythm=Rhythm(rhythm) if rhythm else None,
        due_days_before=content.get("due_days_before"),
        practice=Practice(Level(practice["level"]), int(practice.get("runs") or 1)) if practice else None,
    )


def template_of(content: Mapping[str, Any]) -> Template:
    """The template that `content_of` made data of, or a shipped file; what others send goes through `read_template`."""
    modules = tuple(
        TemplateModule(module["key"], module["titles"], tuple(item_of(item) for item in module["items"]))
        for module in content["modules"]
    )
    return Template(
        content["id"], content["version"], content["titles"], content["descriptions"], modules
    )  # fmt: skip


@cache
def shipped_templates() -> dict[str, Template]:
    """Every shipped template by id."""
    files = sorted(FOLDER.glob("*.yaml"))
    loaded = [template_of(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files]
    return {template.id: template for template in loaded}
