"""Imports run one way, and the libraries we may want to leave are named in few files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import Source, imported, read, sources

# From the bottom up. A module may import its own part and any part on a lower floor;
# of its own floor only the parts in the set beside it.
FLOORS: tuple[dict[str, frozenset[str]], ...] = (
    {  # the ground: no feature, no database
        name: frozenset({"ids", "clock", "paths", "errors", "i18n"})
        for name in (
            "errors",
            "clock",
            "ids",
            "paths",
            "pagination",
            "i18n",
            "markdown",
            "validation",
            "environment",
            "testing",
            "secrets",
        )
    },
    {"db": frozenset(), "access": frozenset({"db"}), "config": frozenset()},
    {"log": frozenset()},
    {"activity": frozenset()},
    {"people": frozenset()},
    {"handovers": frozenset()},
    {"checklists": frozenset()},
    {"notes": frozenset()},
    {name: frozenset() for name in ("annotations", "attachments", "registers", "rehearsals")},
    {"progress": frozenset()},
    {name: frozenset() for name in ("offboarding", "retrospectives", "signoff")},
    {"stages": frozenset()},
    {name: frozenset() for name in ("search", "import_export", "notifications")},
    {"models": frozenset()},
    {"migrations": frozenset()},
    {"gate": frozenset()},
    {"web": frozenset(), "api": frozenset()},
    {"app": frozenset()},
    {"demo": frozenset()},
    {"cli": frozenset()},
    {"bootstrap": frozenset({"cli"})},
    {"__main__": frozenset()},
)
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
BESIDE = {name: beside for floor in FLOORS for name, beside in floor.items()}

# A library -> where it may be named. Whoosh and Litestar shall be replaceable.
CONFINED = {
    "whoosh": (
        "kb/search/whoosh_index.py",
        "kb/search/codec.py",
        "kb/search/analysis.py",
        "kb/search/versions.py",
    ),
    "litestar": ("kb/app.py", "kb/gate/", "kb/web/", "kb/api/", "kb/cli/serve.py"),
    "jinja2": ("kb/web/",),
    "alembic": ("kb/migrations/", "kb/cli/"),
    "granian": ("kb/cli/serve.py",),
    "nh3": ("kb/markdown/",),
    "markdown_it": ("kb/markdown/",),
    "argon2": ("kb/people/",),
    "typst": ("kb/signoff/",),
    "icalendar": ("kb/notifications/",),
}


def part_of(module: str) -> str | None:
    """`kb.notes.queries` belongs to the part `notes`; None for `kb` itself and for other packages."""
    names = module.split(".")
    return names[1] if names[0] == "kb" and len(names) > 1 else None


def wrong_arrows(source: Source) -> list[str]:
    """The imports of one file that run upward, or sideways where that is not allowed."""
    own = part_of(source.module)
    if own is None:
        return []
    wrong = []
    for name, line in imported(source):
        target = part_of(name)
        if target is None or target == own or target.startswith("__"):
            continue
        if own not in FLOOR or target not in FLOOR:
            wrong.append(f"{source.path}:{line} {own} -> {target}: name both in FLOORS")
        elif FLOOR[target] > FLOOR[own] or (FLOOR[target] == FLOOR[own] and target not in BESIDE[own]):
            wrong.append(f"{source.path}:{line} {own} -> {target} runs upward")
    return wrong


def outside(source: Source) -> list[str]:
    """The imports of one file that name a confined library outside its place."""
    return [
        f"{source.path}:{line} names {name}"
        for name, line in imported(source)
        if (library := name.split(".")[0]) in CONFINED and not source.path.startswith(CONFINED[library])
    ]


def test_imports_run_one_way():
    assert [arrow for source in sources() for arrow in wrong_arrows(source)] == []


def test_libraries_stay_where_they_are_confined():
    assert [place for source in sources() for place in outside(source)] == []


def test_the_product_never_imports_its_tests():
    found = [(s.path, name) for s in sources() for name, _ in imported(s) if name.split(".")[0] == "tests"]
    assert found == []


def test_nothing_heavy_loads_before_the_environment_exists():
    early = {"kb", "kb.__main__", "kb.bootstrap", "kb.environment", "kb.testing"}
    allowed = early | {"kb.cli"}
    for source in sources():
        if source.module in early:
            kb_names = {n for n, _ in imported(source) if n.split(".")[0] == "kb"}
            assert {".".join(name.split(".")[:2]) for name in kb_names} <= allowed
    top = next(source for source in sources() if source.module == "kb")
    assert not [node for node in top.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize(
    "text",
    [
        "from kb.search import indexer",
        "from kb import search",
        "import kb.web.notes",
        "def late():\n    from kb.annotations.queries import listed",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kb.web import pages",
        "from ..annotations import queries",
        "import importlib\nimportlib.import_module('kb.api.notes')",
        "from kb.unheard_of import thing",
    ],
)
def test_an_arrow_that_runs_up_is_found(tmp_path: Path, text: str):
    path = tmp_path / "kb" / "notes" / "queries.py"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert len(wrong_arrows(read(path, tmp_path))) == 1


def test_a_library_outside_its_place_is_found(tmp_path: Path):
    path = tmp_path / "kb" / "notes.py"
    path.parent.mkdir(parents=True)
    path.write_text("def late():\n    from whoosh.index import open_dir", encoding="utf-8")
    assert outside(read(path, tmp_path)) == ["kb/notes.py:2 names whoosh.index.open_dir"]
