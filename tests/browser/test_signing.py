"""Three people sign a handover in their browsers, one of them without scripts; then the certificate is there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kb.checklists.services import add_item
from kb.db import Database
from tests.support.browser import axe_violations
from tests.support.factories import PASSWORD, cookie_for, make_handover, make_note, make_user, who
from tests.support.server import Server
from tests.support.signing import PARTIES, give_password

pytestmark = pytest.mark.browser
OPEN = 9  # more than are shown unfolded


@dataclass(frozen=True)
class Signing:
    """A handover in which much is open, and the cookies of the three who sign."""

    path: str
    cookies: dict[str, str]

    def enter(self, context: BrowserContext, role: str, url: str) -> None:
        """Be that person in this browser."""
        context.clear_cookies()
        context.add_cookies([{"name": "kb_session", "value": self.cookies[role], "url": url}])


@pytest.fixture
def signing(live_database: Database) -> Signing:
    with live_database.transaction() as session:
        people = {role: make_user(session, name=role.title()) for role in PARTIES}
        handover = make_handover(
            session, leaver=people["leaver"], manager=people["manager"], successor=people["successor"]
        )
        make_note(session, people["leaver"], handover, title="Refunds")
        for number in range(OPEN):
            fields = {
                "module": "Orders",
                "title": f"Thing {number}",
                "importance": "high",
                "slots": ["steps"],
            }
            add_item(session, who(session, people["manager"]), handover.id, fields)
        for user in people.values():
            give_password(session, user.email)
        cookies = {role: cookie_for(session, user)["kb_session"] for role, user in people.items()}
    return Signing(f"/handovers/{handover.id}/signoff", cookies)


def sign(page: Page, role: str) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Your signature is recorded")).to_be_visible()
    done = page.locator(".signature-done").filter(has_text=role.title())
    expect(done.first).to_be_visible()


def test_from_what_is_open_to_the_certificate(
    signing: Signing, page: Page, live_server: Server, no_js_page: Page
):
    signing.enter(page.context, "leaver", live_server.url)
    page.goto(signing.path)
    expect(page.get_by_text("9 things are still open")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    refused = page.get_by_role("alert").filter(has_text="Something required is still open")
    expect(refused).to_be_focused()
    assert axe_violations(page) == []
    page.get_by_text("Say it for each of them").click()
    page.get_by_label("Thing 3").fill("Successor writes it by Friday")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_label("Thing 3")).to_have_value("Successor writes it by Friday")
    expect(page.locator(".reasons .error")).to_have_count(OPEN - 1)
    assert axe_violations(page) == []
    page.get_by_label("One reason for all of them").fill("All else follows by Monday")
    sign(page, "leaver")
    assert axe_violations(page) == []
    signing.enter(no_js_page.context, "successor", live_server.url)
    no_js_page.goto(signing.path)
    sign(no_js_page, "successor")
    signing.enter(page.context, "manager", live_server.url)
    page.goto(signing.path)
    sign(page, "manager")
    expect(page.get_by_text("All three have signed. The certificate holds.")).to_be_visible()
    assert axe_violations(page) == []
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="PDF").click()
    assert downloaded.value.path().read_bytes().startswith(b"%PDF-")


def test_it_fits_a_phone(signing: Signing, chromium: Browser, live_server: Server):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 800}, locale="zh-CN"
    )
    signing.enter(context, "leaver", live_server.url)
    page = context.new_page()
    page.goto(f"{signing.path}?lang=zh-Hans")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe_violations(page) == []
    context.close()
