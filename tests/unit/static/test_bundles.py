"""The files a page loads: complete, joinable, and small."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

import pytest

from kb.paths import STATIC

STYLES: list[str] = json.loads((STATIC / "css" / "bundle.json").read_text(encoding="utf-8"))
SCRIPTS: dict[str, list[str]] = json.loads((STATIC / "js" / "bundle.json").read_text(encoding="utf-8"))
each_bundle = pytest.mark.parametrize("files", SCRIPTS.values(), ids=SCRIPTS.keys())
KIB = 1024


def read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def packed(names: list[str]) -> int:
    return len(gzip.compress("\n".join(read(name) for name in names).encode()))


def test_every_style_and_script_is_in_a_bundle() -> None:
    found = {
        p.relative_to(STATIC).as_posix() for kind in ("css", "js") for p in (STATIC / kind).glob(f"*.{kind}")
    }
    assert found == set(STYLES) | {name for files in SCRIPTS.values() for name in files}


@each_bundle
def test_modules_import_only_what_stands_before_them(files: list[str]) -> None:
    for n, name in enumerate(files):
        wanted = {
            f"js/{other}"
            for other in re.findall(r'^import .* from "\./([\w-]+\.js)";$', read(name), re.MULTILINE)
        }
        assert wanted <= set(files[:n])
        assert len(re.findall(r"^import\b", read(name), re.MULTILINE)) == len(wanted)


@each_bundle
def test_names_of_one_bundle_differ(files: list[str]) -> None:
    top = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
    names = Counter(name for file in files for name in top.findall(read(file)))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_scripts_use_no_eval() -> None:
    for name in {name for files in SCRIPTS.values() for name in files}:
        assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML", read(name)), name


@each_bundle
def test_a_page_is_light(files: list[str]) -> None:
    """80 KB packed for HTML, CSS and scripts (ui.md); 20 of them are left for the HTML."""
    every = (
        packed(STYLES) + packed(["vendor/htmx.min.js"]) + packed(["icons.svg"]) + packed(SCRIPTS["app.js"])
    )
    assert every + packed(files) < 60 * KIB
