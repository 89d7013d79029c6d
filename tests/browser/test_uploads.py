"""Files in the editor: pasted, dropped, chosen; their progress, their failures, and how they read in the note."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from kb.attachments.models import Attachment
from kb.db import Database
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser

# One pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
# What a browser does when files are pasted or dropped: [kind, [[name, type, base64], ...]], onto the text.
GIVE = """([kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files)
    data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
  const more = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent(kind, { clipboardData: data, ...more })
    : new DragEvent(kind, { dataTransfer: data, ...more });
  document.getElementById("f-body").dispatchEvent(event);
}"""


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def give(page: Page, kind: str, *files: tuple[str, str, str]) -> None:
    page.evaluate(GIVE, [kind, [list(file) for file in files]])


def stored(desk: Desk, note_id: str | None) -> list[Attachment]:
    with desk.database.transaction(read_only=True) as session:
        query = select(Attachment).where(Attachment.handover_id == desk.handover)
        return [one for one in session.scalars(query.order_by(Attachment.name)) if one.note_id == note_id]


def test_a_pasted_picture_stands_in_the_new_note(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new?kind=case")
    page.get_by_label("Title").fill("屏幕")
    body = page.get_by_label("Text, in Markdown")
    body.fill("看图：\n\n")
    give(page, "paste", ("image.png", "image/png", PNG))
    expect(body).to_have_value(
        re.compile(
            r"^看图：\n\n!\[Screenshot \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png\]\(/attachments/[0-9a-z]{24}\)$"
        )
    )
    expect(page.locator("#preview img")).to_have_js_property("naturalWidth", 1)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile(r"/notes/[0-9a-z]{12}$"))
    expect(page.locator(".note-body img")).to_have_js_property("naturalWidth", 1)
    expect(page.locator(".files-list")).to_contain_text("Screenshot")
    assert axe_violations(page) == []
    assert len(stored(desk, page.url.rpartition("/")[2])) == 1


def test_dropped_files_keep_their_names(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill("")
    give(page, "dragenter", ("对账[1].csv", "text/csv", "YSxi"))
    expect(page.locator(".drop-here")).to_be_visible()
    give(page, "drop", ("对账[1].csv", "text/csv", "YSxi"), ("图.png", "image/png", PNG))
    expect(page.locator(".drop-here")).to_be_hidden()
    link = r"\(/attachments/[0-9a-z]{24}\)"
    expect(body).to_have_value(re.compile(rf"^\[对账\\\[1\\\]\.csv\]{link}\n!\[图\.png\]{link}$"))
    assert [one.name for one in stored(desk, desk.note)] == ["图.png", "对账[1].csv"]
    expect(page.locator("#preview a")).to_have_text("对账[1].csv")


def test_text_copied_from_an_office_program_is_text(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    taken = page.evaluate(
        """(png) => {
          const data = new DataTransfer();
          data.items.add(new File([atob(png)], "image.png", { type: "image/png" }));
          data.setData("text/plain", "words"); data.setData("text/html", "<b>words</b>");
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          return !document.getElementById("f-body").dispatchEvent(paste);
        }""",
        PNG,
    )
    assert not taken  # left to the browser


def test_progress_is_true_and_a_file_can_be_stopped(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill("vor")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": 300_000})
    big = base64.b64encode(bytes(1_500_000)).decode()
    give(page, "drop", ("one.bin", "", big), ("two.bin", "", big))
    expect(body).to_have_value("vor\n[Uploading one.bin …]()\n[Uploading two.bin …]()")
    first = page.get_by_role("progressbar", name="Upload of one.bin")
    expect(page.locator(".upload-said").first).to_have_text(re.compile(r"^[1-9]\d? %$"))
    assert 0 < first.evaluate("(bar) => bar.value") < 1
    assert axe_violations(page) == []
    page.get_by_role("button", name="Cancel").nth(1).click()
    expect(body).to_have_value("vor\n[Uploading one.bin …]()\n")
    page.keyboard.press("Control+s")  # waits for the file that is still on its way
    expect(page.locator("#save-state")).to_have_text("Saved as soon as the files have arrived.")
    slow.send("Network.emulateNetworkConditions", {**speed, "uploadThroughput": -1})
    page.wait_for_url(f"**{desk.address}")
    saved = desk.stored(desk.note).body
    (made,) = stored(desk, desk.note)
    assert saved == f"vor\n[one.bin](/attachments/{made.id})\n"
    assert made.size == 1_500_000


def test_what_failed_is_said_and_tried_again(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill("")
    page.route("**/attachments", lambda route: route.abort())
    page.locator("[data-upload-input]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
    )
    row = page.locator(".upload")
    expect(row).to_contain_text("The connection broke off.")
    expect(body).to_have_value("")
    page.unroute("**/attachments")
    row.get_by_role("button", name="Try again").click()
    expect(body).to_have_value(re.compile(r"^\[a\.txt\]\(/attachments/[0-9a-z]{24}\)$"))
    expect(row).to_have_count(0)


def test_a_file_that_is_too_large_is_said_before_it_is_sent(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    page.evaluate("() => { document.querySelector('[data-uploads]').dataset.most = '10'; }")
    before = page.get_by_label("Text, in Markdown").input_value()
    give(page, "drop", ("big.txt", "text/plain", base64.b64encode(b"more than ten").decode()))
    expect(page.locator(".upload")).to_contain_text("larger than 50 MB")
    page.locator(".upload").get_by_role("button", name="Cancel").click()
    expect(page.locator(".upload")).to_have_count(0)
    assert page.get_by_label("Text, in Markdown").input_value() == before


def test_a_file_is_attached_without_scripts(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    no_js_page.goto(desk.address)
    no_js_page.get_by_label("File to attach").set_input_files(
        {"name": "合同.txt", "mimeType": "text/plain", "buffer": "签字页".encode()}
    )
    no_js_page.get_by_role("button", name="Attach", exact=True).click()
    expect(no_js_page.locator(".files-list")).to_contain_text("合同.txt")
    no_js_page.get_by_role("link", name="Delete 合同.txt").click()
    no_js_page.get_by_role("button", name="Delete the file").click()
    expect(no_js_page.locator(".files-list")).to_have_count(0)


def test_an_input_method_is_not_disturbed(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill("")
    waiting: list[Route] = []
    page.route("**/attachments", lambda route: waiting.append(route))
    give(page, "drop", ("图.png", "image/png", PNG))
    expect(body).to_have_value("![Uploading 图.png …]()")
    body.press("Enter")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "he dui", "selectionStart": 6, "selectionEnd": 6})
    waiting[0].continue_()
    expect(page.locator(".upload")).to_have_count(0)  # it has arrived
    devtools.send("Input.insertText", {"text": "核对"})
    expect(body).to_have_value(re.compile(r"^!\[图\.png\]\(/attachments/[0-9a-z]{24}\)\n核对$"))
    page.keyboard.type("完")
    expect(body).to_have_value(re.compile(r"\n核对完$"))
