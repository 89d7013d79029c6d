"""One place commits, and what search indexes is only written through the session, which search listens to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import Source, read, sources

# Who may say commit: the owner of transactions; Whoosh's writer has a commit of its own.
COMMITTERS = ("kb/db.py", "kb/cli/", "kb/search/whoosh_index.py")

# Tables no search document is made of. A bulk statement against any other passes the session listener by,
# and search would never hear of it.
NOT_INDEXED = {
    "ApiToken", "Change", "Draft", "FailedSignIn", "GlossaryGroup", "GlossaryStamp", "GlossaryWord", "NoteLink",
    "Rendering", "Search", "SearchPlace", "SignIn",
}  # fmt: skip
BULK = {"update", "delete", "insert"}
SQL_WRITES = re.compile(r"\s*(update\s+\w+\s+set|delete\s+from|insert\s+into|truncate)\b", re.IGNORECASE)
MIGRATIONS = "kb/migrations/versions/"  # may move data; a new schema rebuilds the index


def commits(source: Source) -> list[str]:
    """Calls of `.commit()` where nobody but the owner of the transaction may."""
    if source.path.startswith(COMMITTERS):
        return []
    return [
        f"{source.path}:{node.lineno} commits"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "begin_nested"}
    ]


def bulk_writes(source: Source) -> list[str]:
    """Statements that write past the session: update(), delete(), insert() of SQLAlchemy, or SQL as text."""
    if source.path.startswith(MIGRATIONS):
        return []
    names, modules = _sqlalchemy_names(source.tree)
    return [
        f"{source.path}:{getattr(node, 'lineno', 0)} {found}"
        for node in ast.walk(source.tree)
        if (found := _bulk(node, names, modules))
    ]


def _sqlalchemy_names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Local names of the bulk constructors, and local names of SQLAlchemy's modules."""
    names: set[str] = set()
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            names |= {alias.asname or alias.name for alias in node.names if alias.name in BULK}
        elif isinstance(node, ast.Import):
            modules |= {
                alias.asname or "sqlalchemy"
                for alias in node.names
                if alias.name.split(".")[0] == "sqlalchemy"
            }
    return names, modules


def _bulk(node: ast.AST, names: set[str], modules: set[str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "writes SQL as text" if SQL_WRITES.match(node.value) else None
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        if function.attr in {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}:
            return function.attr
        of_table = isinstance(function.value, ast.Attribute) and function.value.attr == "__table__"
        if not (function.attr in BULK and (owner in modules or of_table)):
            return None
        name = function.attr
    elif isinstance(function, ast.Name) and function.id in names:
        name = function.id
    else:
        return None
    table = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else "?"
    return None if table in NOT_INDEXED else f"{name}({table})"


# Columns of an indexed table that no search document holds: written in bulk, with a test beside the writer.
NOT_IN_DOCUMENTS = re.compile(r"kb/annotations/carrying\.py:\d+ update\(Annotation\)")


def test_only_the_owner_of_a_transaction_commits():
    assert [place for source in sources() for place in commits(source)] == []


def test_indexed_tables_are_never_written_in_bulk():
    found = [place for source in sources() for place in bulk_writes(source)]
    assert [place for place in found if not NOT_IN_DOCUMENTS.fullmatch(place)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import update\nupdate(Note).values(title='')",
        "from sqlalchemy import delete as drop\ndrop(Item)",
        "import sqlalchemy as sa\nsa.delete(Annotation)",
        "from sqlalchemy.dialects.postgresql import insert\ninsert(note_items)",
        "Note.__table__.update()",
        "session.execute(text('DELETE FROM notes'))",
        "session.bulk_update_mappings(Note, rows)",
    ],
)
def test_a_bulk_write_is_found(tmp_path: Path, text: str):
    (tmp_path / "services.py").write_text(text, encoding="utf-8")
    assert len(bulk_writes(read(tmp_path / "services.py", tmp_path))) == 1


def test_a_commit_in_a_service_is_found(tmp_path: Path):
    (tmp_path / "services.py").write_text("def save(session):\n    session.commit()", encoding="utf-8")
    assert commits(read(tmp_path / "services.py", tmp_path)) == ["services.py:2 commits"]
