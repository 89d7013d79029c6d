"""What a form of the register calls its fields and hints at, by the kind of entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.errors import FieldError
from kb.i18n import _
from kb.registers.models import EntryKind

Words = dict[str, tuple[str, str]]  # by field: label and hint


def words_for(kind: str) -> Words:
    """Labels and hints of a kind's fields."""
    return _common() | _BY_KIND[EntryKind(kind)]()


def intros() -> dict[str, str]:
    """What belongs under each kind, for whoever chooses one."""
    return {
        EntryKind.ACCOUNT: _("Sign-ins and permissions: shop back offices, mailboxes, internal systems."),
        EntryKind.DOMAIN: _("Domain names: who owns them, who is told when they expire."),
        EntryKind.VENDOR: _("Companies that serve us, and whom they call."),
        EntryKind.FILING: _("ICP filings, licences, trade marks: who is responsible for them."),
        EntryKind.CUSTOMER: _("Key customers: contacts, preferences, open problems, history."),
        EntryKind.DOCUMENT: _("Contracts, invoices, manuals; paper too, with where it lies."),
        EntryKind.EQUIPMENT: _("Devices, keys, seals, access cards."),
    }


def _common() -> Words:
    return {
        "name": (_("Name"), ""),
        "holder": (_("Who has it now"), _("Somebody in this handover, or any name.")),
        "new_holder": (_("Who takes it over"), _("Somebody in this handover, or any name.")),
        "location": (_("Where it is"), ""),
        "contact": (_("Whom one calls"), ""),
        "remark": (_("Remark"), ""),
        "vault_ref": (
            _("Where the secret is kept"),
            _("The entry in the password vault or the envelope in the safe. Never the secret itself."),
        ),
        "expires_on": (_("Expires on"), ""),
    }


def _account() -> Words:
    return {
        "name": (
            _("Account"),
            _("The system and the sign-in name, for example “Taobao back office, ops01”."),
        ),
        "location": (_("Where one signs in"), _("The address or the app.")),
        "contact": (_("Who grants or resets it"), _("The administrator of that system.")),
        "remark": (
            _("What it may do"),
            _("Permissions, which phone gets the codes, which mailbox resets it."),
        ),
        "expires_on": (_("Paid or valid until"), ""),
    }


def _domain() -> Words:
    return {
        "name": (_("Domain"), _("For example shop.example.com.")),
        "holder": (_("Owner at the registrar"), _("It should be the company, not a person.")),
        "new_holder": (_("New owner"), _("The company; or who looks after it from now on.")),
        "location": (_("Registrar"), _("The registrar and the account there.")),
        "contact": (
            _("Contact at the registrar"),
            _("The phone and mailbox that get codes and notices of renewal."),
        ),
        "expires_on": (_("Paid until"), _("Whoever takes it over is reminded.")),
    }


def _vendor() -> Words:
    return {
        "name": (_("Vendor"), _("The company and what it does for us.")),
        "location": (_("Contract or customer number"), _("Also where the contract lies.")),
        "contact": (
            _("Whom they call"),
            _("The person and number the vendor has of us now. Renewals and faults go there."),
        ),
        "holder": (_("Who deals with them now"), _("Somebody in this handover, or any name.")),
        "new_holder": (
            _("Who deals with them from now on"),
            _("Tell the vendor, and note what they answered."),
        ),
        "remark": (_("Remark"), _("Their contact, agreed prices and times, what went wrong before.")),
        "expires_on": (_("Contract ends on"), ""),
    }


def _filing() -> Words:
    return {
        "name": (_("Filing"), _("What is filed, and its number.")),
        "location": (_("Where it is filed"), _("The authority or provider, and the account there.")),
        "holder": (_("Responsible person"), _("As the authority has it now.")),
        "new_holder": (_("New responsible person"), _("They may have to be filed with their papers.")),
        "contact": (
            _("Phone on file"),
            _("It must be answered: if nobody does, the site can be closed."),
        ),
        "expires_on": (_("Valid until"), ""),
    }


def _customer() -> Words:
    return {
        "name": (_("Customer"), ""),
        "contact": (_("Contacts on their side"), _("Names, numbers, best time to reach them.")),
        "location": (
            _("Where the records are"),
            _("The customer's entry in the CRM, the chat group, the folder."),
        ),
        "remark": (
            _("Preferences, open problems, history"),
            _("What they care about, what was promised, what is still open."),
        ),
        "holder": (_("Who looks after them now"), _("Somebody in this handover, or any name.")),
        "new_holder": (_("Who looks after them from now on"), _("Introduce them to the customer.")),
    }


def _document() -> Words:
    return {
        "name": (_("Document"), _("For example “Warehouse contract 2026, signed original”.")),
        "location": (_("Where it lies"), _("Cabinet, shelf and folder of a paper; address of a file.")),
        "remark": (_("Date and purpose"), _("When it was made, what it is for, who needs it.")),
        "contact": (_("Who else has a copy"), ""),
        "expires_on": (_("Valid until"), ""),
    }


def _equipment() -> Words:
    return {
        "name": (_("Equipment"), _("The device or key, with its number.")),
        "location": (_("Where it stands"), ""),
        "contact": (_("Whom one calls when it fails"), ""),
        "remark": (_("Remark"), _("Accessories, settings, what it is known for.")),
        "expires_on": (_("Warranty or lease ends on"), ""),
    }


_BY_KIND = {
    EntryKind.ACCOUNT: _account,
    EntryKind.DOMAIN: _domain,
    EntryKind.VENDOR: _vendor,
    EntryKind.FILING: _filing,
    EntryKind.CUSTOMER: _customer,
    EntryKind.DOCUMENT: _document,
    EntryKind.EQUIPMENT: _equipment,
}


def problems(errors: Iterable[FieldError], kind: str = "") -> dict[str, Any]:
    """For the page: messages by field, and the summary, which names each field as its form does."""
    words = words_for(kind) if kind else _common()
    labels = {name: label for name, (label, _hint) in words.items()} | {
        "kind": _("What it is"), "importance": _("Importance"), "item": _("Checklist item"), "state": _("State"),
        "evidence": _("What shows it"), "entries": _("Entries"),
    }  # fmt: skip
    rows = list(errors)
    summary = [
        (
            error.field,
            _("%(field)s: %(message)s")
            % {"field": labels.get(error.field, error.field), "message": error.message},
        )
        for error in rows
    ]
    return {"errors": summary, "err": {error.field: error.message for error in reversed(rows)}}


def example_of_evidence(kind: str) -> str:
    """What could be said to show that an entry of a kind has changed hands."""
    return {
        EntryKind.ACCOUNT: _(
            "For example “signed in as successor on 21 November; codes go to the new phone”."
        ),
        EntryKind.DOMAIN: _("For example “the registrar shows the company as owner since 21 November”."),
        EntryKind.VENDOR: _(
            "For example “their account manager wrote on 21 November that they call Chen now”."
        ),
        EntryKind.FILING: _(
            "For example “the query page shows the new responsible person; the phone was answered”."
        ),
        EntryKind.CUSTOMER: _(
            "For example “introduced in the call of 21 November; they write to the new contact”."
        ),
        EntryKind.DOCUMENT: _(
            "For example “original handed over and looked through on 21 November, signed for”."
        ),
        EntryKind.EQUIPMENT: _(
            "For example “device and charger handed over on 21 November, serial number checked”."
        ),
    }[EntryKind(kind)]
