"""Reading templates: the newest saved version of each, or else the shipped one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kb.access.permits import not_found
from kb.checklists.models import TemplateVersion
from kb.checklists.templates import Template, shipped_templates, template_of
from kb.errors import Invalid
from kb.i18n import _


@dataclass(frozen=True)
class Kept:
    """One version of a template. `saved_at` is None for the one that comes with the program."""

    template: Template
    retired: bool = False
    why: str = ""
    saved_by: str | None = None
    saved_at: datetime | None = None
    ships: int | None = None  # the version that comes with the program, where that is a newer one

    @property
    def shipped(self) -> bool:
        return self.saved_at is None


def _kept(row: TemplateVersion) -> Kept:
    ships = shipped_templates().get(row.template_id)
    newer = ships.version if ships and ships.version > row.version else None
    who = row.saved_by.name if row.saved_by else None
    return Kept(template_of(row.content), row.retired, row.why, who, row.saved_at, newer)


def _newest(session: Session, ids: Iterable[str] | None = None) -> dict[str, Kept]:
    """The newest version of some templates, or of all, by id: the shipped ones first, as their files come."""
    last = select(TemplateVersion.template_id, func.max(TemplateVersion.version).label("version"))
    if ids is not None:
        last = last.where(TemplateVersion.template_id.in_(list(ids)))
    newest = last.group_by(TemplateVersion.template_id).subquery()
    rows = session.scalars(
        select(TemplateVersion)
        .join(newest, (TemplateVersion.template_id == newest.c.template_id)
              & (TemplateVersion.version == newest.c.version))
        .options(joinedload(TemplateVersion.saved_by))
        .order_by(TemplateVersion.template_id)
    )  # fmt: skip
    shipped = {key: Kept(one) for key, one in shipped_templates().items() if ids is None or key in ids}
    return shipped | {row.template_id: _kept(row) for row in rows}


def all_kept(session: Session) -> list[Kept]:
    """Every template as it stands, the retired ones too."""
    return list(_newest(session).values())


def all_templates(session: Session) -> list[Template]:
    """Every template a handover can start from."""
    return [kept.template for kept in all_kept(session) if not kept.retired]


def find_template(session: Session, template_id: str) -> Kept | None:
    """One as it stands, retired or not; None where there is none."""
    return _newest(session, [template_id]).get(template_id)


def get_kept(session: Session, template_id: str) -> Kept:
    """One as it stands, retired or not; raises NotFound."""
    found = find_template(session, template_id)
    if found is None:
        raise not_found()
    return found


def get_template(session: Session, template_id: str) -> Template:
    """One to start a handover from; raises Invalid on `template`."""
    found = find_template(session, template_id)
    if found is None:
        raise Invalid.field("template", _("There is no template of this name."))
    if found.retired:
        raise Invalid.field("template", _("This template is retired; choose another one."))
    return found.template


def versions_of(session: Session, template_id: str) -> list[Kept]:
    """Every version of a template, newest first, with the one that comes with the program; raises NotFound."""
    rows = session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.template_id == template_id)
        .options(joinedload(TemplateVersion.saved_by))
    )
    found = {row.version: _kept(row) for row in rows}
    ships = shipped_templates().get(template_id)
    if ships:
        found.setdefault(ships.version, Kept(ships))
    if not found:
        raise not_found()
    return [found[version] for version in sorted(found, reverse=True)]


def get_version(session: Session, template_id: str, version: int) -> Kept:
    """One version of a template; raises NotFound."""
    for kept in versions_of(session, template_id):
        if kept.template.version == version:
            return kept
    raise not_found()


def next_version(session: Session, template_id: str) -> int:
    """The number of the version that is saved next: above all there are, the shipped one too."""
    last = session.scalar(
        select(func.max(TemplateVersion.version)).where(TemplateVersion.template_id == template_id)
    )
    ships = shipped_templates().get(template_id)
    return max(last or 0, ships.version if ships else 0) + 1
