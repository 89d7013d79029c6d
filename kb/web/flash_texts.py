"""What an action leaves to say on the next page, by the name that its cookie holds."""

from __future__ import annotations

from kb.i18n import gettext


def flash_texts() -> dict[str, tuple[str, str]]:
    """Name -> sentence and tone."""
    return {
        "saved": (gettext("Saved."), "ok"),
        "checked": (gettext("Noted: you have checked it, and it is still right."), "ok"),
        "unchanged": (gettext("Nothing was changed."), "accent"),
        "created": (gettext("Created."), "ok"),
        "draft-dropped": (gettext("What was typed and not saved is forgotten."), "ok"),
        "deleted": (gettext("Moved to the bin. It can be restored."), "ok"),
        "removed": (gettext("Deleted."), "ok"),
        "remark-attached": (gettext("The remark stands on this passage."), "ok"),
        "taken-up": (gettext("The correction is in the note, and resolved."), "ok"),
        "attached": (gettext("The file is attached."), "ok"),
        "offered": (gettext("Offered. They are asked on their first page."), "ok"),
        "taken-on": (gettext("They are yours now. Thank you."), "ok"),
        "declined": (gettext("Declined. The leaver and the managers see why."), "ok"),
        "address-renewed": (
            gettext("Your calendar has another address now. The old one is worthless."),
            "ok",
        ),
        "mail-queued": (gettext("It is on its way. Look here again in a minute."), "ok"),
        "answered": (gettext("This offer has been answered or taken back already."), "warn"),
        "activated": (gettext("The account is active again."), "ok"),
        "restored": (gettext("Restored."), "ok"),
        "signed-out": (gettext("You are signed out."), "ok"),
        "deactivated": (gettext("The account is deactivated."), "ok"),
        "rebuilding": (gettext("The index is being rebuilt. Searching goes on meanwhile."), "ok"),
        "password-changed": (gettext("Your password is changed. Other browsers were signed out."), "ok"),
        "signed": (gettext("Your signature is recorded."), "ok"),
        "begun-anew": (gettext("Another sign-off has begun."), "ok"),
        "token-ended": (gettext("The token is ended."), "ok"),
        "joined": (gettext("You are a manager of this handover now. It was recorded."), "ok"),
    }
