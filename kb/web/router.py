"""Every page in one list; each module names its own handlers."""

from __future__ import annotations

from litestar import Router

from kb.web import (
    account,
    admin,
    attachments,
    board,
    calendar,
    completion,
    corrections,
    drafts,
    editing,
    exports,
    freshness,
    gaps,
    glossary,
    guarding,
    handovers,
    help,
    home,
    item_forms,
    items,
    leaving,
    mail,
    meeting_writing,
    meetings,
    my_remarks,
    note_bin,
    note_history,
    notes,
    practice,
    proposing,
    radar,
    register,
    register_entry,
    retrospective,
    search,
    sessions,
    signing_in_again,
    signoff,
    slots,
    stages,
    template_files,
    template_items,
    template_modules,
    templates,
)
from kb.web import annotations as remarks
from kb.web.assets import static_file
from kb.web.forms import from_this_site

_MODULES = (
    sessions,
    account,
    home,
    search,
    gaps,
    glossary,
    handovers,
    board,
    stages,
    signoff,
    leaving,
    retrospective,
    proposing,
    exports,
    calendar,
    items,
    item_forms,
    slots,
    register,
    register_entry,
    meetings,
    meeting_writing,
    practice,
    notes,
    freshness,
    editing,
    guarding,
    completion,
    drafts,
    signing_in_again,
    note_bin,
    note_history,
    attachments,
    remarks,
    corrections,
    radar,
    my_remarks,
    admin,
    mail,
    templates,
    template_items,
    template_modules,
    template_files,
    help,
)


def web_router() -> Router:
    """The pages; every unsafe method is checked against cross-site requests first."""
    handlers = [handler for module in _MODULES for handler in module.HANDLERS]
    return Router(
        "/", route_handlers=[static_file, *handlers], guards=[from_this_site], include_in_schema=False
    )
