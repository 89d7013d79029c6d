"""Mail: one's own choice, ending it out of a mail, and what the administrator sees of it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.clock import now
from kb.errors import Conflict
from kb.gate.guards import allow, anyone, signed_in
from kb.gate.state import services_of
from kb.i18n import _
from kb.ids import is_id, new_id
from kb.notifications.letter import Letter
from kb.notifications.outbox import mail_counts, queue, try_again, unsent
from kb.notifications.tokens import same, unsubscribe_token, user_named
from kb.notifications.weekly import choose_weekly
from kb.people.models import User
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
MANAGE = [allow(Permission.USERS_MANAGE)]
MOST_SHOWN = 100


@post("/me/mail", guards=[signed_in], dependencies=FORM, sync_to_thread=True, status_code=303)
def choose(request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[None]:
    """Whether one wants the weekly summary."""
    choose_weekly(session, reader_of(request).user_id, bool(form.get("weekly")))
    return go(request, "/me", flash="saved")


def _reader_of_mail(request: Asked, session: Session, token: str) -> User:
    """Whom the address in a mail was made for; raises NotFound."""
    user_id, key = user_named(token), services_of(request).settings.secret_key
    user = session.get(User, user_id) if is_id(user_id) else None
    if user is None or not same(token, unsubscribe_token(key, user_id)):
        raise not_found()
    return user


@get("/unsubscribe/{token:str}", guards=[anyone], sync_to_thread=True)
def asked(request: Asked, session: NamedDependency[Session], token: FromPath[str]) -> Response[str]:
    """Ask first: some mail programs open every address they find."""
    user = _reader_of_mail(request, session, token)
    return page(request, "sessions/unsubscribe.html", address=user.email, done=False)


@post("/unsubscribe/{token:str}", guards=[anyone], sync_to_thread=True, status_code=200,
      opt={"token_in_address": True})  # fmt: skip
def unsubscribe(request: Asked, session: NamedDependency[Session], token: FromPath[str]) -> Response[str]:
    """No more weekly mails; mail programs send this by themselves when somebody presses their button (RFC 8058)."""
    user = _reader_of_mail(request, session, token)
    choose_weekly(session, user.id, False)
    return page(request, "sessions/unsubscribe.html", address=user.email, done=True)


@get("/admin/mail", guards=MANAGE, sync_to_thread=True)
def mail_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """Which server is used, and what was not taken and why; never what stands in a mail."""
    settings = services_of(request).settings
    return page(
        request, "admin/mail.html", server=settings.smtp_url, sender=settings.mail_from,
        linked=bool(settings.base_url), counts=mail_counts(session),
        mails=list(session.scalars(unsent().limit(MOST_SHOWN))),
    )  # fmt: skip


@post("/admin/mail/test", guards=MANAGE, sync_to_thread=True, status_code=303)
def send_test(request: Asked) -> Response[None]:
    """A mail to oneself, to see whether it arrives."""
    services = services_of(request)
    if services.settings.smtp_url is None:
        raise Conflict(_("This server sends no mail yet: KB_SMTP_URL is not set."))
    with services.database.transaction(read_only=True) as session:
        user = session.get_one(User, reader_of(request).user_id)
    letter = Letter(
        _("Handover: a test"), _("Good day %(name)s, mail from this server arrives.") % {"name": user.name},
        foot=_("An administrator asked for this mail."),
    )  # fmt: skip
    queue(services.database, f"test:{new_id()}", user, letter, now())
    return go(request, "/admin/mail", flash="mail-queued")


@post("/admin/mail/{mail_id:str}/again", guards=MANAGE, sync_to_thread=True, status_code=303)
def again(request: Asked, session: NamedDependency[Session], mail_id: FromPath[str]) -> Response[None]:
    """Try a mail that was given up for another day."""
    if is_id(mail_id):
        try_again(session, mail_id, now())
    return go(request, "/admin/mail", flash="mail-queued")


HANDLERS: list[Any] = [choose, asked, unsubscribe, mail_page, send_test, again]
