"""Entries of the register for the tests of its pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kb.clock import today
from kb.config import read_settings
from kb.registers.models import Entry
from kb.registers.services import add_entry
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import who


def day(ahead: int = 0) -> date:
    return today(read_settings({}).time_zone) + timedelta(days=ahead)


def enter(shop: Shop, **fields: Any) -> str:
    """An entry the leaver made, and holds."""

    def deed(session: Any) -> str:
        data = {"kind": "account", "name": "Back office", "holder": "leaver@example.com"} | fields
        return add_entry(session, who(session, person(session, "leaver")), shop.handover, data).id

    return shop.change(deed)


def stored(shop: Shop, entry: str) -> Entry:
    return shop.ask(lambda session: session.get_one(Entry, entry))
