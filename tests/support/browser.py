"""A real Chromium for tests: Debian's, headless, talking to nobody but the server under test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.support.run_folder import Missing

AXE = Path(__file__).with_name("axe.min.js")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium() -> str:
    """The browser's path; raises Missing."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise Missing("Chromium is missing: apt install chromium")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """One browser; its contexts are cheap, its start is not."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=OPTIONS)
        yield browser
        browser.close()


class Watch:
    """What no page may do: raise in a script, break the Content-Security-Policy, call another origin."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self.complaints: list[str] = []
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("console", lambda message: self._heard(message.text))
        context.on("request", self._asked)

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.complaints.append(f"policy: {text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.complaints.append(f"request to {request.url}")


def compose(page: Page, steps: Sequence[str], chosen: str) -> None:
    """Type as a Chinese input method does: letters under composition, then the chosen characters."""
    devtools = page.context.new_cdp_session(page)
    for text in steps:
        caret = {"selectionStart": len(text), "selectionEnd": len(text)}
        devtools.send("Input.imeSetComposition", {"text": text, **caret})
    devtools.send("Input.insertText", {"text": chosen})
    devtools.detach()


def axe_violations(page: Page, impacts: Sequence[str] = ("serious", "critical")) -> list[str]:
    """What axe-core finds on the page as it stands: `rule: the first element it holds for`."""
    page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script tag: the page's policy forbids those
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in impacts
        for node in rule["nodes"][:1]
    ]
