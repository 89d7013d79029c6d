"""Keeping templates: every change is a new version, and none is ever overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import TemplateVersion
from kb.checklists.template_edits import same_content
from kb.checklists.template_queries import Kept, find_template, get_kept, get_version, next_version
from kb.checklists.template_reading import KEY, RESERVED
from kb.checklists.templates import Template, content_of
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.i18n import _
from kb.validation import Checker

MOST_WHY = 300


def add_version(
    session: Session, identity: Identity, template: Template, *, why: str, retired: bool = False,
    least: int = 1,
) -> Template:  # fmt: skip
    """Save a template as its next version, `least` or above. Whoever calls has asked whether the person may.

    Raises Conflict where somebody saved one at the same moment.
    """
    saved = replace(template, version=max(next_version(session, template.id), least))
    session.add(
        TemplateVersion(
            template_id=saved.id, version=saved.version, content=content_of(saved), why=why[:MOST_WHY],
            retired=retired, saved_by_id=identity.user_id, saved_at=now(),
        )
    )  # fmt: skip
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(_changed_words(saved.version)) from None
    record(
        session, actor_id=identity.user_id, action="template.saved", object_type="template",
        object_id=saved.id, version=saved.version, retired=retired,
    )  # fmt: skip
    return saved


def _changed_words(version: int) -> str:
    return _(
        "Somebody saved this template meanwhile: version %(version)s. Look at it, then save yours again."
    ) % {"version": version}


def change_template(
    session: Session, identity: Identity, template_id: str, base: int, change: Callable[[Template], Template],
    why: str = "",
) -> Template | None:  # fmt: skip
    """Save what `change` makes of version `base`; None, and nothing saved, where it changes nothing.

    Raises Conflict where `base` is not the newest any more.
    """
    require(identity, Permission.TEMPLATES_MANAGE)
    kept = get_kept(session, template_id)
    if kept.template.version != base:
        raise Conflict(_changed_words(kept.template.version))
    after = change(kept.template)
    if same_content(after, kept.template):
        return None
    return add_version(session, identity, after, why=_why(why), retired=kept.retired)


def _why(why: str) -> str:
    check = Checker({"why": why})
    said = check.line("why", most=MOST_WHY, required=False)
    check.done()
    return said


def create_template(session: Session, identity: Identity, template: Template, why: str = "") -> Template:
    """Save a template under an id nobody has used; raises Invalid on `id`."""
    require(identity, Permission.TEMPLATES_MANAGE)
    if not KEY.fullmatch(template.id):
        raise Invalid.field("id", _("Use small letters a–z, digits and hyphens, beginning with a letter."))
    if template.id in RESERVED:
        raise Invalid.field("id", _("The program itself uses this id; choose another."))
    if find_template(session, template.id):
        raise Invalid.field("id", _("There is a template with this id already; choose another."))
    return add_version(session, identity, template, why=_why(why), least=template.version)


def copy_template(
    session: Session, identity: Identity, template_id: str, new_id: str, titles: dict[str, str], why: str = ""
) -> Template:
    """The template as it stands under a new id, version 1; raises Invalid on `id`."""
    original = get_kept(session, template_id).template
    return create_template(session, identity, replace(original, id=new_id, titles=titles, version=1), why)


def set_retired(
    session: Session, identity: Identity, template_id: str, *, retired: bool, why: str = ""
) -> None:
    """Offer a template no longer, or again; a new version says so. What runs goes on. No change, no version."""
    require(identity, Permission.TEMPLATES_MANAGE)
    kept = get_kept(session, template_id)
    if kept.retired != retired:
        add_version(session, identity, kept.template, why=_why(why), retired=retired)


def restore_version(
    session: Session, identity: Identity, template_id: str, version: int, why: str = ""
) -> Template | None:
    """Save an earlier version again as the newest; None where it differs in nothing."""
    require(identity, Permission.TEMPLATES_MANAGE)
    earlier, current = get_version(session, template_id, version), get_kept(session, template_id)
    if same_content(earlier.template, current.template):
        return None
    said = _why(why) or _("Version %(version)s again") % {"version": version}
    return add_version(session, identity, earlier.template, why=said, retired=current.retired)


def bring_in(
    session: Session, identity: Identity, template: Template, why: str = ""
) -> tuple[Template, Kept | None]:
    """Save a template that came as a file: a new one, or the next version of one there is; equal: nothing is saved.

    Returns it as it stands now, and how it stood before.
    """
    require(identity, Permission.TEMPLATES_MANAGE)
    before = find_template(session, template.id)
    if before is None:
        return create_template(session, identity, template, why), None
    if same_content(template, before.template):
        return before.template, before
    return add_version(session, identity, template, why=_why(why), retired=before.retired), before
