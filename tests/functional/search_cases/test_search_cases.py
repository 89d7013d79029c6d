"""What people search for, as they type it, over a fixed corpus: nearly all of it must be answered right."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kb.app import create_app
from kb.config import read_settings
from kb.db import Database
from tests.support import databases, postgres, server
from tests.support.factories import bearer
from tests.support.run_folder import Missing
from tests.support.search_cases import ask
from tests.support.search_corpus import Corpus, read
from tests.support.visitor import indexed

RIGHT = 0.95  # of all cases
OF_EACH_KIND = 0.8
ON_POSTGRES = 6  # every sixth case: the index is the same, what is shown of it is read from the database
RIGHT_OF_THESE = 0.9  # so few of them


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def searching(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """The kind of database, how to search as the reader, and the names of what is found."""
    from litestar.testing import TestClient

    folder = tmp_path_factory.mktemp(f"cases-{request.param}")
    with ExitStack() as stack:
        url = _address(request.param, folder, stack)
        database = Database(url)
        stack.callback(database.close)
        with database.transaction() as session:
            corpus = Corpus(session)
            headers = bearer(session, corpus.reader)
        client = stack.enter_context(TestClient(create_app(read_settings(server.environ_for(folder, url)))))
        indexed(client)
        yield (
            request.param,
            lambda params: client.get("/api/v1/search", params=params, headers=headers),
            corpus.names,
        )


def _address(kind: str, folder: Path, stack: ExitStack) -> str:
    if kind == "sqlite":
        return databases.sqlite_url(folder)
    try:
        postgres.server()
    except Missing as problem:
        if os.environ.get("CI"):
            pytest.fail(str(problem))
        pytest.skip(str(problem))
    return stack.enter_context(databases.postgres_url())


def test_nearly_every_search_finds_what_was_wanted(searching: tuple[str, Any, dict[str, str]]):
    kind, get, names = searching
    cases = read("search_cases")["cases"]
    cases, enough = (cases, RIGHT) if kind == "sqlite" else (cases[::ON_POSTGRES], RIGHT_OF_THESE)
    asked: Counter[str] = Counter(case["kind"] for case in cases)
    right: Counter[str] = Counter()
    failures = []
    for case in cases:
        wrong = ask(get, case, names)
        right[case["kind"]] += not wrong
        failures += [f"{case['kind']}: {case['query']!r}: {'; '.join(wrong)}"] if wrong else []
    poor = [one for one in asked if right[one] < OF_EACH_KIND * asked[one]] if kind == "sqlite" else []
    print(f"{right.total()} of {asked.total()} right", *failures, sep="\n")
    assert right.total() >= enough * asked.total() and not poor, "\n".join([f"poor kinds: {poor}", *failures])


def test_the_cases_are_enough() -> None:
    cases = read("search_cases")["cases"]
    assert len(cases) >= 180
    asked = [(case["kind"], case["query"], str(case.get("filters"))) for case in cases]
    assert len(asked) == len(set(asked))
