"""The locks: hashed, without any address, one inside the other, and what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kb.environment import DEV_LOCK, RUN_LOCK
from tests.architecture.source import ROOT

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(lock: str) -> list[str]:
    """The logical lines of a lock, comments left out."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pins(lock: str) -> dict[str, str]:
    """Package -> the one version locked."""
    found: dict[str, str] = {}
    for entry in entries(lock):
        requirement = Requirement(HASH.sub("", entry).strip())
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        found[canonicalize_name(requirement.name)] = specifier.version
    return found


@pytest.mark.parametrize("lock", [RUN_LOCK, DEV_LOCK])
def test_every_entry_is_pinned_and_hashed(lock: str):
    assert pins(lock)
    assert [entry for entry in entries(lock) if not HASH.search(entry)] == []


@pytest.mark.parametrize("lock", [RUN_LOCK, DEV_LOCK])
def test_no_lock_names_an_address_or_a_path(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host| @ |^-e |file:", text) == []


def test_the_lock_for_developing_holds_the_one_for_running():
    assert pins(RUN_LOCK).items() <= pins(DEV_LOCK).items()


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {RUN_LOCK: project["dependencies"], DEV_LOCK: extras["dev"] + extras["postgres"]}
    for lock, requirements in asked.items():
        locked = pins(lock)
        for requirement in map(Requirement, requirements):
            name = canonicalize_name(requirement.name)
            assert name == "kb" or requirement.specifier.contains(locked[name]), name
