"""The shipped checklist templates: YAML files in both languages, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from kb.checklists.models import Importance, Level, Rhythm, Slot
from kb.errors import Invalid
from kb.i18n import _
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


def _practice(data: dict[str, Any] | None) -> Practice | None:
    return Practice(Level(data["level"]), int(data.get("runs") or 1)) if data else None


def _item(data: dict[str, Any]) -> TemplateItem:
    return TemplateItem(
        key=data["key"],
        titles=data["titles"],
        guidance=data["guidance"],
        importance=Importance(data["importance"]),
        slots=tuple(Slot(slot) for slot in data["slots"]),
        kinds=tuple(data.get("kinds") or ()),
        rhythm=Rhythm(data["rhythm"]) if data.get("rhythm") else None,
        due_days_before=data.get("due_days_before"),
        practice=_practice(data.get("practice")),
    )


def _template(data: dict[str, Any]) -> Template:
    modules = tuple(
        TemplateModule(module["key"], module["titles"], tuple(_item(item) for item in module["items"]))
        for module in data["modules"]
    )
    return Template(data["id"], data["version"], data["titles"], data["descriptions"], modules)


@cache
def shipped_templates() -> dict[str, Template]:
    """Every shipped template by id."""
    files = sorted(FOLDER.glob("*.yaml"))
    loaded = [_template(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files]
    return {template.id: template for template in loaded}


def get_template(template_id: str) -> Template:
    """One shipped template; raises Invalid on `template`."""
    found = shipped_templates().get(template_id)
    if found is None:
        raise Invalid.field("template", _("There is no template of this name."))
    return found
