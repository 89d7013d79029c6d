"""Files of at most 250 lines, functions of at most 40; each exception carries its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import Source, read, sources

FILE_LINES = 250
FUNCTION_LINES = 40

LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}  # "path:name" -> reason
GENERATED = "kb/migrations/versions/"  # Alembic writes one function of all statements


def long_functions(source: Source) -> list[str]:
    """`path:name` of each function that is too long, decorators not counted."""
    return [
        f"{source.path}:{node.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]


def written() -> list[Source]:
    return [s for s in (*sources("kb"), *sources("tests")) if not s.path.startswith(GENERATED)]


def test_files_are_short():
    assert [s.path for s in written() if s.text.count("\n") > FILE_LINES and s.path not in LONGER_FILES] == []


def test_functions_are_short():
    found = [name for source in written() for name in long_functions(source)]
    assert [name for name in found if name not in LONGER_FUNCTIONS] == []


def test_no_exception_outlives_its_reason():
    files = {s.path for s in written() if s.text.count("\n") > FILE_LINES}
    functions = {name for source in written() for name in long_functions(source)}
    assert set(LONGER_FILES) - files == set()
    assert set(LONGER_FUNCTIONS) - functions == set()


@pytest.mark.parametrize(("lines", "found"), [(39, []), (40, ["long.py:it"])])
def test_a_long_function_is_found(tmp_path: Path, lines: int, found: list[str]):
    (tmp_path / "long.py").write_text("def it():\n" + "    pass\n" * lines, encoding="utf-8")
    assert long_functions(read(tmp_path / "long.py", tmp_path)) == found
