"""Every exception as one of ours: one mapping for pages and for the API."""

from __future__ import annotations

from litestar.exceptions import HTTPException
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb.errors import Conflict, KbError, Unavailable
from kb.i18n import _


def explain(error: Exception) -> KbError:
    """What went wrong as a status and a sentence for a person; what nobody foresaw is a 500."""
    if isinstance(error, KbError):
        return error
    if isinstance(error, OperationalError | PoolTimeout):
        return Unavailable(
            _("The database does not answer just now. Nothing was saved; please try again shortly.")
        )
    if isinstance(error, IntegrityError):  # two people made the same thing at the same moment
        return Conflict(_("Somebody changed the same thing at this moment. Please look at it and try again."))
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentences = {
        400: _("The request could not be understood."),
        404: _("There is nothing here, or it is not shared with you."),
        405: _("This address does not work that way."),
        413: _("That is too large to take."),
    }
    known = KbError(
        sentences.get(status, _("Something went wrong on our side. Nothing you sent was half saved."))
    )
    known.status = status if status in sentences else 500
    return known
