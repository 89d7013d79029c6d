"""Changes to a template, as values: each gives another template, and none is saved here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kb.checklists.templates import Template, TemplateItem, TemplateModule


@dataclass(frozen=True)
class Changes:
    """What one version has that the one before it had not."""

    added: tuple[TemplateItem, ...] = ()
    changed: tuple[TemplateItem, ...] = ()
    removed: tuple[TemplateItem, ...] = ()
    moved: bool = False  # the order, or what module an item stands in
    words: bool = False  # the titles of modules, or those and the description of the whole


def changes_between(before: Template, after: Template) -> Changes:
    """What was added, changed and removed from one version to the next."""
    old = {item.key: item for module in before.modules for item in module.items}
    new = {item.key: item for module in after.modules for item in module.items}
    stayed_before = [(m.key, i.key) for m in before.modules for i in m.items if i.key in new]
    stayed_after = [(m.key, i.key) for m in after.modules for i in m.items if i.key in old]
    return Changes(
        tuple(item for key, item in new.items() if key not in old),
        tuple(item for key, item in new.items() if key in old and old[key] != item),
        tuple(item for key, item in old.items() if key not in new),
        stayed_before != stayed_after,
        (before.titles, before.descriptions, [(m.key, m.titles) for m in before.modules])
        != (after.titles, after.descriptions, [(m.key, m.titles) for m in after.modules]),
    )


def same_content(one: Template, other: Template) -> bool:
    """Whether two differ in nothing but their version."""
    return replace(one, version=other.version) == other


def new_key(template: Template, titles: Mapping[str, str], kind: str) -> str:
    """A key nothing in the template has: out of the English title where that gives one, else `kind` and a number."""
    taken = {key for m in template.modules for key in (m.key, *(item.key for item in m.items))}
    made = re.sub(r"[^a-z0-9]+", "-", titles.get("en", "").lower()).strip("-")[:50].strip("-")
    stem = made if made and made[0].isalpha() else kind
    if stem not in taken and stem != kind:
        return stem
    return next(key for n in range(1, len(taken) + 2) if (key := f"{stem}-{n}") not in taken)


def with_item(template: Template, item: TemplateItem, module_key: str) -> Template:
    """The item added at the end of a module; one of its key is changed in its place, or moved to another module."""
    stays = any(one.key == item.key for one in (template.module(module_key) or template.modules[0]).items)
    modules = []
    for module in template.modules:
        items = tuple(
            item if one.key == item.key else one for one in module.items if stays or one.key != item.key
        )
        if module.key == module_key and not stays:
            items = (*items, item)
        modules.append(replace(module, items=items))
    return replace(template, modules=tuple(modules))


def without_item(template: Template, key: str) -> Template:
    """The item taken out."""
    modules = tuple(replace(m, items=tuple(i for i in m.items if i.key != key)) for m in template.modules)
    return replace(template, modules=modules)


def with_module(template: Template, module: TemplateModule) -> Template:
    """The module added at the end, or changed in its place."""
    if template.module(module.key) is None:
        return replace(template, modules=(*template.modules, module))
    modules = tuple(module if one.key == module.key else one for one in template.modules)
    return replace(template, modules=modules)


def without_module(template: Template, key: str) -> Template:
    """The module taken out with its items."""
    return replace(template, modules=tuple(m for m in template.modules if m.key != key))


def in_order(
    template: Template,
    places: Mapping[str, float],
    homes: Mapping[str, str],
    module_places: Mapping[str, float],
) -> Template:
    """Modules and items sorted by the places given to their keys, each item in its module of `homes`.

    What has no place keeps its own; on the same place what stood first stays first.
    """
    order = sorted(enumerate(template.modules), key=lambda pair: module_places.get(pair[1].key, pair[0] + 1))
    held: dict[str, list[tuple[float, TemplateItem]]] = {module.key: [] for _n, module in order}
    for module in template.modules:
        for number, item in enumerate(module.items, 1):
            home = homes.get(item.key, module.key)
            held[home if home in held else module.key].append((places.get(item.key, number), item))
    return replace(
        template,
        modules=tuple(
            replace(module, items=tuple(item for _place, item in sorted(held[module.key], key=lambda one: one[0])))
            for _n, module in order
        ),
    )  # fmt: skip
