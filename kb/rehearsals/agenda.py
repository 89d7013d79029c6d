"""The agenda of a kick-off, drawn from the checklist: Markdown in the handover's language, to be edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from babel.dates import format_date

from kb.access.roles import Role
from kb.checklists.models import Importance
from kb.handovers.models import Handover
from kb.handovers.queries import people_in
from kb.i18n import _, in_locale, ngettext
from kb.notes.coverage import Coverage, ItemCoverage

MOST_CRITICAL, MOST_DUE = 12, 8  # items that are named; a kick-off talks about no more
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def kickoff_agenda(handover: Handover, coverage: Coverage, register: Mapping[str, int], today: date) -> str:
    """The agenda; `register` counts entries by kind, members of the handover must be loaded."""
    with in_locale(handover.language):
        parts = [
            _people(handover, today),
            _modules(coverage.items),
            _critical(coverage.items),
            _register(register),
            _due(coverage.items),
            _owners(coverage.items),
            _to_agree(handover),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """A text that is shown as it stands within Markdown."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _section(title: str, lines: Sequence[str]) -> str:
    return f"## {title}\n\n" + "\n".join(lines) if lines else ""


def _day(day: date, handover_language: str) -> str:
    return format_date(day, "long", locale=handover_language.replace("-", "_"))


def _names(handover: Handover, role: Role) -> str:
    return _(", ").join(plain(user.name) for user in people_in(handover, role)) or _("nobody yet")


def _people(handover: Handover, today: date) -> str:
    left = (handover.last_day - today).days
    day = _day(handover.last_day, handover.language)
    lines = [
        _("- Leaves: %(who)s, %(position)s")
        % {"who": _names(handover, Role.LEAVER), "position": plain(handover.position)},
        _("- Takes over: %(who)s") % {"who": _names(handover, Role.SUCCESSOR)},
        _("- Witnesses: %(who)s") % {"who": _names(handover, Role.MANAGER)},
        ngettext(
            "- Last day: %(day)s, %(num)s day from today",
            "- Last day: %(day)s, %(num)s days from today",
            max(left, 0),
        )
        % {"day": day, "num": max(left, 0)},
    ]
    if handover.support_until:
        until = _day(handover.support_until, handover.language)
        lines.append(_("- Answers questions until %(day)s") % {"day": until})
    return _section(_("Who and until when"), lines)


def _modules(items: Sequence[ItemCoverage]) -> str:
    lines = []
    for _module, group in groupby(items, key=lambda one: one.item.module_id):
        some = list(group)
        empty = sum(not one.notes for one in some)
        told = ngettext("%(num)s item", "%(num)s items", len(some)) % {"num": len(some)}
        if empty:
            without = ngettext("%(num)s without a note", "%(num)s without a note", empty) % {"num": empty}
            told = _("%(items)s, of them %(some)s") % {"items": told, "some": without}
        lines.append(_line(plain(some[0].item.module.title), told))
    return _section(_("The work, by module"), lines)


def _critical(items: Sequence[ItemCoverage]) -> str:
    found = [one for one in items if one.item.importance == Importance.CRITICAL and not one.notes]
    lines = [_item_line(one) for one in found[:MOST_CRITICAL]]
    if len(found) > MOST_CRITICAL:
        more = len(found) - MOST_CRITICAL
        lines.append("- " + ngettext("and %(num)s more item", "and %(num)s more items", more) % {"num": more})
    return _section(_("Critical, and nothing is written yet"), lines)


def _line(label: str, text: str) -> str:
    return "- " + _("%(label)s: %(text)s") % {"label": label, "text": text}


def _item_line(one: ItemCoverage, when: str = "") -> str:
    owner = plain(one.item.owner.name) if one.item.owner else _("nobody yet")
    told = _(", ").join([when, owner]) if when else owner
    return _line(f"[{plain(one.item.title)}](/items/{one.item.id})", told)


def _register(register: Mapping[str, int]) -> str:
    names = {
        "account": _("Accounts"), "domain": _("Domains"), "vendor": _("Vendors"), "filing": _("Filings"),
        "customer": _("Customers"), "document": _("Documents and papers"), "equipment": _("Equipment"),
    }  # fmt: skip
    lines = [_line(names[kind], str(register[kind])) for kind in names if register.get(kind)]
    if lines:
        lines.append(_("- For each: who takes it over, on which day, and where the secret is kept"))
    return _section(_("Accounts and everything else that changes hands"), lines)


def _due(items: Sequence[ItemCoverage]) -> str:
    dated = sorted((one for one in items if one.item.due and not one.covered), key=_due_day)
    lines = [_item_line(one, _due_day(one).isoformat()) for one in dated[:MOST_DUE]]
    return _section(_("Due next"), lines)


def _due_day(one: ItemCoverage) -> date:
    return one.item.due or date.max


def _owners(items: Sequence[ItemCoverage]) -> str:
    counted = Counter(one.item.owner.name if one.item.owner else "" for one in items)
    lines = [
        _line(
            plain(name) if name else _("nobody yet"),
            ngettext("%(num)s item", "%(num)s items", number) % {"num": number},
        )
        for name, number in counted.most_common()
    ]
    return _section(_("Who writes down what"), lines)


def _to_agree(handover: Handover) -> str:
    return _section(
        _("To be agreed"),
        [
            _("- [ ] Days for demonstrations, and who comes"),
            _("- [ ] What the successor tries alone before the last day, and which real cases serve for it"),
            _("- [ ] When we look at the state together each week"),
            _("- [ ] Who tells colleagues, customers and vendors, and when"),
            _("- [ ] How questions are answered after the last day"),
        ],
    )
