"""What was taken from others is what their packages held, with its licence beside it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from kb.paths import STATIC

FILES: list[dict[str, Any]] = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))[
    "files"
]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_the_manifest_names(entry: dict[str, Any]) -> None:
    content = (STATIC / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["integrity"].startswith("sha512-")
    assert entry["licence"] and entry["npm"] and re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])


def test_everything_in_the_vendor_folder_is_named_or_a_licence() -> None:
    named = {entry["file"] for entry in FILES} | {"vendor/manifest.json"}
    found = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert {name for name in found - named if not name.startswith("vendor/LICENSE-")} == set()


def test_the_manifest_holds_no_addresses() -> None:
    assert "://" not in (STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8")
