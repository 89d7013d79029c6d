"""The words with which colleagues are told that somebody leaves, in the handover's language."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from kb.access.roles import Role
from kb.handovers.models import Handover
from kb.handovers.queries import people_in
from kb.i18n import _, current_locale, in_locale


def draft_announcement(handover: Handover) -> str:
    """A proposal to be changed at will; members must be loaded."""
    with in_locale(handover.language):
        leavers, successors = people_in(handover, Role.LEAVER), people_in(handover, Role.SUCCESSOR)
        said = {
            "leaver": leavers[0].name, "position": handover.position, "last_day": _day(handover.last_day),
            "successors": _(", ").join(user.name for user in successors),
            "managers": _(", ").join(user.name for user in people_in(handover, Role.MANAGER)),
        }  # fmt: skip
        parts = [
            _("Dear colleagues,"),
            _("%(leaver)s (%(position)s) is leaving us. The last working day is %(last_day)s.") % said,
        ]
        if successors:
            parts.append(
                _("%(successors)s takes the work over. From now on, please put both in copy of what is new.")
                % said
            )
        if handover.support_until:
            said["support_until"] = _day(handover.support_until)
            parts.append(_("Questions are still answered until %(support_until)s.") % said)
        parts.append(
            _(
                "Do you have something open with %(leaver)s, or know of something nobody else does? Tell %(managers)s."
            )
            % said
        )
        return "\n\n".join(parts)


def _day(day: date) -> str:
    return format_date(day, "long", locale=current_locale().replace("-", "_"))
