"""Two handovers with notes to be found on the live server, and the successor of both."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext

from kb.checklists.services import add_item
from kb.db import Database
from kb.handovers.models import Handover
from kb.people.queries import user_by_email
from tests.support.factories import cookie_for, make_handover, make_note, make_user, who
from tests.support.server import Server
from tests.support.visits import until_indexed

LONG = "每天两次。\n\n" * 40


@dataclass
class SearchDesk:
    """The ids of what there is, and who searches."""

    server: Server
    database: Database
    cookie: str
    leaver: str  # the e-mail address
    handovers: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def write(self, title: str, body: str) -> None:
        """Another note of the leaver's, in the index when this is done."""
        with self.database.transaction() as session:
            leaver = user_by_email(session, self.leaver)
            shop = session.get(Handover, self.handovers["shop"])
            assert leaver
            assert shop
            make_note(session, leaver, shop, title=title, body=body)
        until_indexed(self.server)

    def sign_in(self, context: BrowserContext) -> None:
        """Make the browser the successor's."""
        context.add_cookies([{"name": "kb_session", "value": self.cookie, "url": self.server.url}])


def make_search_desk(server: Server, database: Database) -> SearchDesk:
    """Notes about refunds in two handovers, one of them long, all in the index."""
    with database.transaction() as session:
        leaver, other = make_user(session, name="林晓雯"), make_user(session, name="Daniel Zhou")
        successor = make_user(session, name="Chen Siyuan")
        shop = make_handover(
            session, manager=leaver, leaver=leaver, successor=successor, title="店铺交接", language="zh-Hans", days=9
        )  # fmt: skip
        site = make_handover(session, leaver=other, successor=successor, title="Website", days=23)
        item = add_item(
            session, who(session, leaver), shop.id, {"title": "售后", "module": "订单处理", "slots": []}
        )
        texts = {
            "audit": (leaver, shop, "退款审核", "case", [item.id], "## 什么时候做\n\n" + LONG
                      + "## 步骤\n\n### 审批\n\n先核对订单，再批准退款申请；退款申请只批一次。\n"),
            "limits": (leaver, shop, "退款额度", "procedure", [], "## 步骤\n\n超过五千元的退款要两个人批。\n"),
            "abroad": (other, site, "Refunds abroad", "pitfall", [], "## Cause\n\nA refund is converted twice.\n"),
        }  # fmt: skip
        found = SearchDesk(server, database, cookie_for(session, successor)["kb_session"], leaver.email)
        found.handovers = {"shop": shop.id, "site": site.id}
        for name, (author, handover, title, kind, items, body) in texts.items():
            fields = {"title": title, "kind": kind, "items": items, "body": body, "tags": ["退款"]}
            found.notes[name] = make_note(session, author, handover, **fields).id
    until_indexed(server)
    return found
