"""A handover with one note on the live server, for tests that write and mark in a browser."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from kb.annotations.models import Annotation
from kb.db import Database
from kb.notes.models import Note
from kb.people.models import User
from kb.people.passwords import hash_password
from tests.support.factories import PASSWORD, cookie_for, make_handover, make_note, make_user
from tests.support.server import PATIENCE

TEXT = (
    "## 步骤\n\n先看 👩‍👩‍👧 𠀀 订单，再核对**退款金额**，最后点同意。\n\n"
    + "说明。\n\n" * 30
    + "## 例外\n\n预售订单不走这里。\n"
)


@dataclass(frozen=True)
class Desk:
    """The ids of what there is, and who may sign in."""

    database: Database
    handover: str
    note: str
    cookie: str
    leaver: str

    @property
    def address(self) -> str:
        return f"/notes/{self.note}"

    def sign_in(self, context: BrowserContext, url: str) -> None:
        """Make the browser the leaver's."""
        context.add_cookies([{"name": "kb_session", "value": self.cookie, "url": url}])

    def give_password(self) -> None:
        """Let the leaver sign in with PASSWORD, too."""
        with self.database.transaction() as session:
            user = session.scalars(select(User).where(User.id == self.leaver)).one()
            user.password_hash = hash_password(PASSWORD)

    def remarks(self) -> list[Annotation]:
        """The note's remarks as stored."""
        with self.database.transaction(read_only=True) as session:
            query = select(Annotation).where(Annotation.note_id == self.note).order_by(Annotation.created_at)
            return list(session.scalars(query))

    def stored(self, note_id: str) -> Note:
        """A note as stored."""
        with self.database.transaction(read_only=True) as session:
            return session.scalars(select(Note).where(Note.id == note_id)).one()


def make_desk(database: Database, language: str = "zh-Hans") -> Desk:
    """A leaver of a handover with a checklist, and a note of theirs."""
    with database.transaction() as session:
        leaver = make_user(session, name="林悦")
        handover = make_handover(session, leaver=leaver, template="ecommerce-operations", language=language)
        note = make_note(
            session, leaver, handover, title="退款审核", body=TEXT, language=language, tags=["退款"]
        )
        return Desk(database, handover.id, note.id, cookie_for(session, leaver)["kb_session"], leaver.id)


def find(page: Page, words: str, title: str) -> None:
    """Search until the index has followed; then open what was found."""
    deadline = time.monotonic() + PATIENCE
    page.goto(f"/search?q={quote(words)}")
    while not page.get_by_role("link", name=title).count():
        assert time.monotonic() < deadline, page.content()
        page.reload()
    page.get_by_role("link", name=title).first.click()


def select_words(page: Page, words: str, *, within: str = ".note-body") -> None:
    """Select words of a text as people without a mouse do: the selection, then the key that ends it."""
    page.evaluate(SELECT, [within, words])


def passage(page: Page, words: str, within: str = ".note-body") -> dict[str, float]:
    """Where words stand in the window: left, right, middle and top, in pixels."""
    found: dict[str, float] = page.evaluate(WHERE, [within, words])
    return found


_RANGE = """
  const find = (within, words) => {
    const walker = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
    const nodes = []; let text = "";
    while (walker.nextNode()) { nodes.push([walker.currentNode, text.length]); text += walker.currentNode.data; }
    const at = text.indexOf(words);
    if (at < 0) throw new Error(`not there: ${words}`);
    const place = (offset) => {
      const [node, start] = nodes.findLast(([, begin]) => begin < offset || begin === 0);
      return [node, offset - start];
    };
    const range = new Range();
    const [first, from] = nodes.findLast(([, begin]) => begin <= at);
    range.setStart(first, at - from);
    range.setEnd(...place(at + words.length));
    return range;
  };
"""
SELECT = (
    "([within, words]) => {" + _RANGE + "const range = find(within, words);"
    "getSelection().removeAllRanges(); getSelection().addRange(range); }"
)
WHERE = (
    "([within, words]) => {" + _RANGE + "const boxes = find(within, words).getClientRects();"
    "const first = boxes[0], last = boxes[boxes.length - 1];"
    "return {left: first.left, right: last.right, top: first.top,"
    " start: first.top + first.height / 2, end: last.top + last.height / 2}; }"
)
BETWEEN = (
    "([within, first, last]) => {" + _RANGE + "const range = find(within, first);"
    "const end = find(within, last); range.setEnd(end.endContainer, end.endOffset);"
    "getSelection().removeAllRanges(); getSelection().addRange(range); return getSelection().toString(); }"
)


def select_between(page: Page, first: str, last: str, *, within: str = ".note-body") -> str:
    """Select from some words to others, whatever elements stand between; what the browser says is selected."""
    said: str = page.evaluate(BETWEEN, [within, first, last])
    return said
