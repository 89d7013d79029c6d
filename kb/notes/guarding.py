"""Keeping secrets out of what is saved: what looks like one is refused until its writer says that it may stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.activity.record import record
from kb.errors import FieldError, Invalid
from kb.i18n import _
from kb.notes.models import Note
from kb.secrets import Secret, SecretKind, find_secrets
from kb.validation import Checker

BODY = "body"
WORDS = ("title", "purpose", "tags", BODY)  # of a note, in which a secret may stand
MOST_TOLD = 8  # places named in one sentence; all of them are in `secrets`
Texts = Mapping[str, str | Sequence[str] | None]  # by field; several short ones are looked through as lines
Ahead = Mapping[str, tuple[Secret, ...]]  # what was found in a text already
_NOTHING: Texts = {}
_NOTHING_AHEAD: Ahead = {}
_AHEAD = "kb.secrets"  # among what a session carries along


@dataclass(frozen=True)
class Finding:
    """Where something looks like a secret: the field, its line from 1, its kind; never its words."""

    field: str
    line: int
    kind: SecretKind

    def as_data(self) -> dict[str, Any]:
        """As the problem document and the activity tell of it; the field only where it is not the body."""
        where = {} if self.field == BODY else {"field": self.field}
        return {"line": self.line, "kind": str(self.kind), **where}


def look_ahead(session: Session, text: str) -> None:
    """Look through a big text before the session's first statement; `guard` finds the outcome there."""
    session.info.setdefault(_AHEAD, {})[text] = find_secrets(text)


def new_secrets(text: str, before: str = "", ahead: Ahead = _NOTHING_AHEAD) -> list[Secret]:
    """What looks like a secret in a text and stood nowhere in the one before it; nothing of either is kept."""
    if text == before:
        return []
    found = ahead[text] if text in ahead else find_secrets(text)
    if not found:
        return []
    known = {before[one.start : one.end] for one in find_secrets(before)}
    return [one for one in found if text[one.start : one.end] not in known]


def words_of(fields: Mapping[str, Any], **more: str) -> Texts:
    """The texts of a note's fields, and what is said beside them."""
    return {name: fields.get(name) for name in WORDS} | more


def lines_of(text: str | Sequence[str] | None) -> str:
    """A field as the one text that is looked through."""
    return text if isinstance(text, str) else "\n".join(one for one in text or () if isinstance(one, str))


def saved_words(session: Session, note_id: str) -> Texts:
    """The texts of a note's fields as they were saved last; nothing if there is no such note."""
    row = session.execute(select(*(getattr(Note, name) for name in WORDS)).where(Note.id == note_id)).first()
    return dict(zip(WORDS, row, strict=True)) if row else {}


def title_without_secret(title: str) -> str:
    """A title as it may be shown where nobody has let it through yet."""
    return _("a title that looks like it holds a secret") if find_secrets(title) else title


def guard(
    texts: Texts, before: Texts = _NOTHING, *, accepted: bool = False, session: Session | None = None
) -> tuple[Finding, ...]:
    """What is new in texts, by field, and looks like a secret; raises Invalid unless that was `accepted`."""
    ahead: Ahead = session.info.get(_AHEAD, {}) if session else {}
    found = tuple(
        Finding(field, one.line, one.kind)
        for field, text in texts.items()
        for one in new_secrets(lines_of(text), lines_of(before.get(field)), ahead)
    )
    if found and not accepted:
        raise refusal(found)
    return found


def accepts(data: Mapping[str, Any]) -> bool:
    """Whether what is sent says that secrets in it may stay."""
    return Checker(data).flag("accept_secrets")


def refusal(found: Sequence[Finding]) -> Invalid:
    """Each field once, with lines and kinds; the words themselves stay where they were typed."""
    by_field: dict[str, list[Finding]] = {}
    for one in found:
        by_field.setdefault(one.field, []).append(one)
    errors = [FieldError(field, _told(field, ones)) for field, ones in by_field.items()]
    return Invalid(errors, secrets=[one.as_data() for one in found])


def record_accepted(
    session: Session, identity: Identity, found: tuple[Finding, ...], object_type: str, object_id: str,
    handover_id: str | None,
) -> None:  # fmt: skip
    """Note that somebody kept what looks like secrets: lines and kinds."""
    if found:
        record(
            session, actor_id=identity.user_id, action=f"{object_type}.secrets_accepted", object_type=object_type,
            object_id=object_id, handover_id=handover_id, secrets=[one.as_data() for one in found],
        )  # fmt: skip


def kind_names() -> dict[SecretKind, str]:
    """What each kind is called."""
    return {
        SecretKind.PRIVATE_KEY: _("a private key"),
        SecretKind.CLOUD_KEY: _("a key of a cloud service"),
        SecretKind.SERVICE_TOKEN: _("an access token"),
        SecretKind.SIGNED_TOKEN: _("a signed token"),
        SecretKind.WEBHOOK: _("an address that lets everybody post"),
        SecretKind.CONNECTION: _("a connection string with its password"),
        SecretKind.URL_LOGIN: _("an address with its password"),
        SecretKind.PASSWORD: _("a password"),
        SecretKind.API_KEY: _("a key or token"),
        SecretKind.ACCESS_CODE: _("an access code"),
    }


def _told(field: str, found: list[Finding]) -> str:
    names = kind_names()
    told = [
        _("line %(line)s: %(what)s") % {"line": one.line, "what": names[one.kind]}
        if field == BODY
        else names[one.kind]
        for one in found
    ]
    once = list(dict.fromkeys(told))
    where = _("; ").join(once[:MOST_TOLD]) + ("…" if len(once) > MOST_TOLD else "")
    return _(
        "This looks like a secret (%(where)s). Put it into the company's password vault and write here where it is "
        "kept, or say that it may stay."
    ) % {"where": where}
