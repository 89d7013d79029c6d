"""Templates as YAML files: safe, bounded, without aliases; what is wrong is told by its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from kb.checklists.template_reading import Mistaken, Path, read_template
from kb.checklists.templates import Template, content_of
from kb.errors import FieldError, Invalid
from kb.i18n import _

MOST_CHARACTERS = 256 * 1024
_MOST_EVENTS = 30_000
_DEEPEST = 8  # a practice's level stands on the sixth floor
_MOST_TOLD = 20
_PLAIN = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_LISTED, _NAMED = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Lines = dict[Path, int]


class _Refused(Exception):
    """A sentence about a line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


class _Dumper(yaml.SafeDumper):
    """Never writes an alias, as none is read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True


def template_as_yaml(template: Template) -> str:
    """The file of a template, which `template_from_yaml` reads back equal."""
    return yaml.dump(content_of(template), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def template_from_yaml(text: str, field: str) -> Template:
    """The template in a file; raises Invalid on `field`, a sentence with its line for each mistake."""
    try:
        data, lines = _read(text)
    except _Refused as refused:
        raise Invalid.field(field, _at(refused.line, refused.message)) from None
    try:
        return read_template(data)
    except Mistaken as mistaken:
        told = sorted((_line(lines, one.path), _words(one.path, one.message)) for one in mistaken.mistakes)
        errors = [FieldError(field, _at(line, words)) for line, words in told[:_MOST_TOLD]]
        if len(told) > _MOST_TOLD:
            rest = {"number": len(told) - _MOST_TOLD}
            errors.append(FieldError(field, _("%(number)s more mistakes are not told here.") % rest))
        raise Invalid(errors) from None


def _at(line: int, message: str) -> str:
    return _("Line %(line)s: %(what)s") % {"line": line, "what": message}


def _line(lines: Lines, path: Path) -> int:
    """The line of a place, or of the nearest place around it that was written down."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _words(path: Path, message: str) -> str:
    """The mistake with the name of its field."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"{name} – {message}" if name else message


def _read(text: str) -> tuple[Any, Lines]:
    if len(text) > MOST_CHARACTERS:
        raise _Refused(1, _("The file is longer than %(most)s characters.") % {"most": MOST_CHARACTERS})
    try:
        _look_through(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = mark.line + 1 if mark else 1
        raise _Refused(line, _("This cannot be read as YAML; look at the indentation, the colon and the quotation "
                               "marks here or in the line before.")) from None  # fmt: skip
    except yaml.reader.ReaderError as broken:
        line = text.count("\n", 0, broken.position) + 1
        raise _Refused(line, _("A character stands here that cannot be part of a text.")) from None
    if node is None:
        raise _Refused(1, _("The file is empty."))
    lines: Lines = {}
    return _value(node, (), lines), lines


def _look_through(text: str) -> None:
    """Refuse what a template never needs, before anything is built: aliases, depth, several documents."""
    depth = documents = 0
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    for number, event in enumerate(events):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(line, _("Anchors and aliases (& and *) are not taken; write it out again."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise _Refused(line, _("One template a file; a second document begins here."))
        if depth > _DEEPEST:
            raise _Refused(line, _("This is nested deeper than a template ever is."))
        if number > _MOST_EVENTS:
            raise _Refused(line, _("The file holds more than a template can."))


def _value(node: Any, path: Path, lines: Lines) -> Any:
    """Plain data of a node, every scalar as its text; where each place begins goes into `lines`."""
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(node, yaml.MappingNode) and node.tag == _NAMED:
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode) and node.tag == _LISTED:
        return [_value(child, (*path, n), lines) for n, child in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN:
        return None if node.tag.endswith(":null") else node.value
    raise _Refused(line, _("Tags (!…) are not taken; only texts, numbers, lists and names with values."))


def _mapping(node: Any, path: Path, lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _Refused(line, _("A name must be a plain word."))
        if key.value in found:
            raise _Refused(line, _("“%(name)s” stands twice in the same place.") % {"name": key.value[:60]})
        lines[(*path, key.value)] = line
        found[key.value] = _value(child, (*path, key.value), lines)
    return found
