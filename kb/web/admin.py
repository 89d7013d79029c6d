"""Administration: people and their tokens, handovers to join, the search index."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.handovers.queries import every_handover
from kb.handovers.services import join_as_administrator
from kb.i18n import _, current_locale
from kb.notes.ownership import passed_on_just_now
from kb.offboarding.ending import end_account_and_pass_on
from kb.offboarding.queries import still_in_name
from kb.people.models import User
from kb.people.queries import all_users, token_counts, tokens_of, user_by_email
from kb.people.schemas import new_user, suggested_password, token_days
from kb.people.services import activate, create_token, create_user, set_password
from kb.search.indexer import Indexer
from kb.search.rebuilding import start_rebuild
from kb.web.forms import Form, read_form
from kb.web.pages import FLASH_COOKIE, cookies_of, go, page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
MANAGE = [allow(Permission.USERS_MANAGE)]
JOIN = [allow(Permission.HANDOVER_JOIN, "handover_id")]


def _people(request: Asked, session: Session, *, status: int = 200, **context: Any) -> Response[str]:
    shown: dict[str, Any] = {
        "people": list(session.scalars(all_users())), "tokens": token_counts(session), "errors": [],
        "values": {"locale": current_locale()}, "made": None, "password": "", "passed": [], **context,
    }  # fmt: skip
    return page(request, "admin/people.html", status=status, **shown)


@get("/admin", guards=MANAGE, sync_to_thread=True)
def people_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """Every account, and the form for a new one."""
    passed = []
    if cookies_of(request).get(FLASH_COOKIE) == "deactivated":
        passed = [one.said() for one in passed_on_just_now(session, reader_of(request))]
    return _people(request, session, passed=passed)


@post("/admin/users", guards=MANAGE, dependencies=FORM, sync_to_thread=True, status_code=200)
def create(request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[str]:
    """Create an account; the password is shown this once, suggested unless one was typed."""
    data = {name: value for name, value in form.items() if isinstance(value, str)}
    password = data.get("password") or suggested_password()
    try:
        checked = new_user({**data, "password": password}, services_of(request).settings.default_locale)
        made = create_user(session, checked, by=reader_of(request))
    except Invalid as refused:
        errors = [(one.field, one.message) for one in refused.errors]
        return _people(request, session, status=422, errors=errors, values=data)
    except Conflict as refused:
        return _people(request, session, status=409, errors=[("email", refused.message)], values=data)
    return _people(request, session, made=made, password=password)


def _known(session: Session, email: str) -> User:
    user = user_by_email(session, email)
    if user is None:
        raise not_found()
    return user


def _person(request: Asked, session: Session, user: User, **context: Any) -> Response[str]:
    tokens = list(session.scalars(tokens_of(user.id)))
    shown: dict[str, Any] = {
        "person": user,
        "tokens": tokens,
        "errors": [],
        "token": "",
        "password": "",
        "owns": still_in_name(session, user.id) if user.is_active else {},
        "end_problem": "",
        **context,
    }
    return page(request, "admin/person.html", **shown)


@get("/admin/users/{email:str}", guards=MANAGE, sync_to_thread=True)
def person_page(request: Asked, session: NamedDependency[Session], email: FromPath[str]) -> Response[str]:
    """One account: its state and tokens."""
    return _person(request, session, _known(session, email))


@post(
    "/admin/users/{email:str}/deactivate", guards=MANAGE, dependencies=FORM, sync_to_thread=True, status_code=303
)  # fmt: skip
def end(
    request: Asked, session: NamedDependency[Session], email: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """End an account; not one's own, or nobody might be left to manage. What is in its name is asked about first."""
    reader = reader_of(request)
    user = _known(session, email)
    if user.id == reader.user_id:
        raise Conflict(_("You cannot deactivate your own account. Another administrator can."))
    if still_in_name(session, user.id) and not form.get("all_the_same"):
        problem = _(
            "Something is still in this person's name. Have it handed over first, or say that you end it now."
        )
        return _person(request, session, user, status=409, end_problem=problem)
    end_account_and_pass_on(session, user.email, by=reader)
    return go(request, "/admin", flash="deactivated")


@post("/admin/users/{email:str}/activate", guards=MANAGE, sync_to_thread=True, status_code=303)
def take_up_again(request: Asked, session: NamedDependency[Session], email: FromPath[str]) -> Response[Any]:
    """Activate a deactivated account."""
    user = activate(session, _known(session, email).email, by=reader_of(request))
    return go(request, f"/admin/users/{quote(user.email)}", flash="activated")


@post("/admin/users/{email:str}/password", guards=MANAGE, sync_to_thread=True, status_code=200)
def new_password(request: Asked, session: NamedDependency[Session], email: FromPath[str]) -> Response[str]:
    """A suggested password for somebody who forgot theirs, shown this once; one's own is changed by knowing it."""
    reader, user = reader_of(request), _known(session, email)
    if user.id == reader.user_id:
        raise Conflict(_("Change your own password under “Your account”."))
    password = suggested_password()
    set_password(session, user.email, password, by=reader)
    return _person(request, session, user, password=password)


@post(
    "/admin/users/{email:str}/tokens", guards=MANAGE, dependencies=FORM, sync_to_thread=True, status_code=200
)  # fmt: skip
def new_token(
    request: Asked, session: NamedDependency[Session], email: FromPath[str], form: NamedDependency[Form]
) -> Response[str]:
    """A new API token for a person, shown this once."""
    user = _known(session, email)
    if not user.is_active:
        raise Conflict(_("This account is deactivated; it cannot have tokens."))
    try:
        token, _ends = create_token(session, user, days=token_days(form), by=reader_of(request))
    except Invalid as refused:
        errors = [(one.field, one.message) for one in refused.errors]
        return _person(request, session, user, status=422, errors=errors)
    session.flush()
    return _person(request, session, user, token=token)


@get("/admin/handovers", guards=[allow(Permission.HANDOVER_JOIN)], sync_to_thread=True)
def handovers_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """Titles and people only: what is in them is read by joining."""
    return page(request, "admin/handovers.html", handovers=list(session.scalars(every_handover())))


@post("/admin/handovers/{handover_id:str}/join", guards=JOIN, sync_to_thread=True, status_code=303)
def join(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[None]:
    """Become a manager of a handover; the record shows it."""
    join_as_administrator(session, reader_of(request), handover_id)
    return go(request, f"/handovers/{handover_id}", flash="joined")


@get("/admin/index", guards=MANAGE, sync_to_thread=True)
def index_page(request: Asked) -> Response[str]:
    """How the search index stands to the database."""
    indexer: Indexer = request.app.state["indexer"]
    return page(request, "admin/index.html", index=indexer.status())


@post("/admin/index/rebuild", guards=MANAGE, sync_to_thread=True, status_code=303)
def rebuild(request: Asked) -> Response[None]:
    """Rebuild the index in the background; searching goes on in the old one."""
    if not start_rebuild(request.app.state["indexer"]):
        raise Conflict(_("A rebuild is running already. Please wait a moment."))
    return go(request, "/admin/index", flash="rebuilding")


HANDLERS: list[Any] = [
    people_page, create, person_page, end, take_up_again, new_password, new_token,
    handovers_page, join, index_page, rebuild,
]  # fmt: skip
