"""What the pages of the register show: plain values made from entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from kb.access.roles import Role
from kb.handovers.models import Handover
from kb.handovers.queries import people_in
from kb.people.models import User
from kb.registers.evidence import ORDER, TELLING
from kb.registers.models import Entry, EntryKind, EntryState
from kb.registers.schemas import holder_name
from kb.web.formats import days_left
from kb.web.forms import Form

MOST_SHOWN = 200  # entries on a page
MOST_NAMED = 20  # entries that are named when they were left as they are
SOON = timedelta(days=30)  # ahead of which an expiry is shown on top
FIELDS = ("kind", "name", "location", "contact", "remark", "holder", "new_holder", "vault_ref", "expires_on",
          "importance", "item")  # fmt: skip
KEPT = ("kind", "state", "names")  # what narrows the page, as it stands in its address


def chosen(sent: Mapping[str, str]) -> dict[str, str]:
    """What narrows the register down; what is no kind or state narrows nothing."""
    known: dict[str, set[str]] = {"kind": set(EntryKind), "state": set(EntryState), "names": {"leaver"}}
    return {name: sent[name] for name in KEPT if sent.get(name) in known[name]}


def left_out(entries: Sequence[Entry]) -> dict[str, str]:
    """For the address: what a new holder for many did not change, so that the page can say it."""
    return (
        {"left": ".".join(entry.id for entry in entries[:MOST_NAMED]), "left_n": str(len(entries))}
        if entries
        else {}
    )


def left(entries: Sequence[Entry], asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page says of it: which, and how many more there are."""
    ids = set(asked.get("left", "").split("."))
    named = [entry for entry in entries if entry.id in ids and entry.state in TELLING]
    sent = asked.get("left_n", "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
    return {"named": named, "number": min(max(number, len(named)), len(entries))}


def paged(groups: list[dict[str, Any]], asked: str | None) -> tuple[list[dict[str, Any]], int, int]:
    """A page of the table, its number and how many there are; a group may begin on one page and end on the next."""
    total = sum(len(group["rows"]) for group in groups)
    pages = max(1, -(-total // MOST_SHOWN))
    number = (
        min(max(int(asked), 1), pages)
        if asked and asked.isascii() and asked.isdigit() and len(asked) < 6
        else 1
    )
    first, shown = (number - 1) * MOST_SHOWN, []
    for group in groups:
        size = len(group["rows"])
        rows = group["rows"][max(first, 0) : max(first + MOST_SHOWN, 0)]
        if rows:
            shown.append({**group, "rows": rows, "size": size})
        first -= size
    return shown, number, pages


def passing(entries: Sequence[Entry], narrowed: Mapping[str, str], naming: Collection[str]) -> list[Entry]:
    """The entries that pass the filters; `naming`: ids of those that name the leaver."""
    return [
        entry
        for entry in entries
        if narrowed.get("kind") in (None, entry.kind)
        and narrowed.get("state") in (None, entry.state)
        and ("names" not in narrowed or entry.id in naming)
    ]


def groups(entries: Sequence[Entry], naming: Collection[str], today: date) -> list[dict[str, Any]]:
    """The table: kinds in their order, each with its entries, what expires first on top."""
    rows = [row(entry, naming, today) for entry in entries]
    rows.sort(key=_urgency)
    return [
        {"kind": str(kind), "rows": found}
        for kind in EntryKind
        if (found := [one for one in rows if one["entry"].kind == kind])
    ]


def _urgency(one: dict[str, Any]) -> tuple[Any, ...]:
    """What expires first, then what names the leaver; what was revoked comes last."""
    due = one["entry"].expires_on if one["expiry"] else date.max
    return one["entry"].state == EntryState.REVOKED, due, not one["names"]


def row(entry: Entry, naming: Collection[str], today: date) -> dict[str, Any]:
    """One entry as a line."""
    return {
        "entry": entry,
        "holder": holder_name(entry.holder, entry.holder_name),
        "new_holder": holder_name(entry.new_holder, entry.new_holder_name),
        "names": entry.id in naming,
        "expiry": expiry(entry, today),
        "days": days_left(entry.expires_on, today) if entry.expires_on else None,
    }


def expiry(entry: Entry, today: date) -> str:
    """late, soon, or nothing to look at; what was revoked may expire."""
    if entry.expires_on is None or entry.state == EntryState.REVOKED:
        return ""
    return "late" if entry.expires_on < today else "soon" if entry.expires_on <= today + SOON else ""


def filters(handover_id: str, entries: Sequence[Entry], narrowed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filters as links with counts; the one that is on takes itself off."""
    here = f"/handovers/{handover_id}/register"
    made = []
    for name, values in (("kind", tuple(EntryKind)), ("state", ORDER)):
        others = {key: value for key, value in narrowed.items() if key != name}
        counts = Counter(str(getattr(entry, name)) for entry in entries)
        links = [
            {
                "value": str(value), "count": counts[value], "current": narrowed.get(name) == value,
                "href": _address(here, others if narrowed.get(name) == value else {**others, name: str(value)}),
            }
            for value in values
            if counts[value]
        ]  # fmt: skip
        made.append(
            {"name": name, "links": links, "all": _address(here, others), "any": name not in narrowed}
        )
    return made


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def back_to(handover_id: str, narrowed: Mapping[str, str]) -> str:
    """The register as it was narrowed down."""
    return _address(f"/handovers/{handover_id}/register", narrowed)


def page_address(handover_id: str, narrowed: Mapping[str, str], number: int) -> str:
    """A page of the register as it is narrowed down."""
    return back_to(handover_id, {**narrowed, "page": str(number)}) + "#entries"


def names_of(handover: Handover) -> dict[str, str]:
    """The people of a handover by what a form calls them: their name, or their address where two have one name."""
    people = {member.user.id: member.user for member in handover.memberships}.values()
    alike = Counter(user.name for user in people)
    return {
        user.email if alike[user.name] > 1 else user.name: user.email
        for user in sorted(people, key=lambda one: one.name)
    }


def sent(form: Form, names: Mapping[str, str], fields: Collection[str] = FIELDS) -> dict[str, Any]:
    """The fields of the form as the services take them: a name of somebody in the handover is their account."""
    found = {name: value for name, value in form.items() if name in fields}
    for name in ("holder", "new_holder"):
        if isinstance(found.get(name), str):
            found[name] = names.get(found[name].strip(), found[name])
    return found


def _shown(user: User | None, name: str, names: Mapping[str, str]) -> str:
    if user is None:
        return name
    return next((shown for shown, email in names.items() if email == user.email), user.email)


def values(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    """An entry as its form shows it."""
    plain = {name: getattr(entry, name) for name in FIELDS if name not in ("holder", "new_holder", "item")}
    return plain | {
        "holder": _shown(entry.holder, entry.holder_name, names),
        "new_holder": _shown(entry.new_holder, entry.new_holder_name, names),
        "item": entry.item_id or "",
        "expires_on": entry.expires_on or "",
    }


def first_values(handover: Handover, kind: str, item: str) -> dict[str, Any]:
    """A new entry as its form begins: the leaver has it, the only successor takes it over."""
    names = names_of(handover)
    leavers, successors = people_in(handover, Role.LEAVER), people_in(handover, Role.SUCCESSOR)
    return {
        "kind": kind, "item": item, "importance": "normal",
        "holder": _shown(leavers[0], "", names) if leavers else "",
        "new_holder": _shown(successors[0], "", names) if len(successors) == 1 else "",
    }  # fmt: skip


def asks_for_secret(kind: str, vault_ref: str) -> bool:
    """Whether a form asks where the secret is kept: where there may be one, or somebody said where."""
    return bool(vault_ref) or kind not in (EntryKind.CUSTOMER, EntryKind.VENDOR, EntryKind.DOCUMENT)


def next_state(entry: Entry) -> str:
    """The state an entry moves on to; of what nobody signs in to, nothing is left to be revoked."""
    last = EntryState.REVOKED if entry.kind == EntryKind.ACCOUNT else EntryState.CONFIRMED
    here = ORDER.index(EntryState(entry.state))
    return str(ORDER[max(here, min(here + 1, ORDER.index(last)))])
