"""The five questions, and which change to the template an answer most often leads to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.handovers.models import Stage
from kb.i18n import _

# From when on one can look back, even if not all is done.
ASKED_IN = (Stage.TRANSFERRING, Stage.SIGNED_OFF, Stage.SUPPORTING, Stage.CLOSED)


class Question(StrEnum):
    EARLIER = "earlier"
    MISSING = "missing"
    IN_VAIN = "in_vain"
    SUPERFLUOUS = "superfluous"
    NEXT = "next"


class ProposalKind(StrEnum):
    """What is to be done to an item of the template."""

    ADD = "add"
    CHANGE = "change"
    DROP = "drop"


USUAL = {
    Question.EARLIER: ProposalKind.CHANGE,
    Question.MISSING: ProposalKind.ADD,
    Question.IN_VAIN: ProposalKind.ADD,
    Question.SUPERFLUOUS: ProposalKind.DROP,
    Question.NEXT: ProposalKind.CHANGE,
}


@dataclass(frozen=True)
class Words:
    """A question as it is asked, and what helps to answer it."""

    asked: str
    hint: str


def words() -> dict[Question, Words]:
    """The questions in the reader's language."""
    return {
        Question.EARLIER: Words(
            _("What would you hand over earlier next time?"),
            _("Work that came round only once, waiting times of others, an account that took weeks."),
        ),
        Question.MISSING: Words(
            _("What was missing on the checklist?"),
            _("What nobody would have thought of if it had not happened to come up."),
        ),
        Question.IN_VAIN: Words(
            _("What did somebody ask or look for that was written nowhere?"),
            _("Questions that came twice, searches that found nothing, calls after hours."),
        ),
        Question.SUPERFLUOUS: Words(
            _("What on the checklist was superfluous?"),
            _("What was filled in only because there was a field for it."),
        ),
        Question.NEXT: Words(
            _("What should whoever takes over next know?"),
            _("One thing you would tell them over a cup of tea."),
        ),
    }
