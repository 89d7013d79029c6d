"""`kb user` and `kb token`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.opening import opened, settings_of_command
from kb.cli.output import as_json, say, table
from kb.i18n import _, mark

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from kb.people.models import User

AS_JSON = click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON."))


@click.group(help=mark("Accounts."))
def user() -> None:
    """Groups the commands about accounts."""


@user.command("create", help=mark("Create an account. The password is asked for on a terminal."))
@click.argument("email")
@click.option("--name", required=True, help=mark("The person's name."))
@click.option("--admin", is_flag=True, help=mark("Make the person an administrator."))
@click.option("--locale", help=mark("The person's language: en or zh-Hans."))
@click.option("--password-stdin", is_flag=True, help=mark("Read the password from standard input."))
@AS_JSON
def create(
    email: str, name: str, admin: bool, locale: str | None, password_stdin: bool, json_wanted: bool
) -> None:
    """Create an account; in a pipe without --password-stdin it has no password, only tokens."""
    from kb.people.schemas import new_user
    from kb.people.services import create_user

    settings = settings_of_command()
    data = {"email": email, "name": name, "is_admin": admin, "locale": locale}
    new_user(data, settings.default_locale)  # what is wrong is said before a password is typed
    data["password"] = _password(password_stdin)
    checked = new_user(data, settings.default_locale)
    with opened(settings) as database, database.transaction() as session:
        made = create_user(session, checked, by=None)
    if json_wanted:
        as_json({"id": made.id, "email": made.email, "name": made.name, "is_admin": made.is_admin})
    else:
        say(_("Created the account %(email)s.") % {"email": made.email})
    if not data["password"] and not json_wanted:
        say(_("It has no password: it works by API token only (kb token create)."))


def _password(from_stdin: bool) -> str | None:
    if from_stdin:
        typed = sys.stdin.readline().rstrip("\r\n")
        if not typed:
            raise CommandFailed(_("There was no password on standard input."))
        return typed
    if not sys.stdin.isatty():
        return None
    typed = click.prompt(_("Password (empty: none)"), hide_input=True, default="", show_default=False)
    if typed and click.prompt(_("The same again"), hide_input=True, default="", show_default=False) != typed:
        raise CommandFailed(_("The two passwords differ; nothing was created."))
    return str(typed) or None


@user.command("list", help=mark("List all accounts."))
@AS_JSON
def listed(json_wanted: bool) -> None:
    """Every account by name."""
    from kb.people.queries import all_users

    fields = ("id", "email", "name", "locale", "is_admin", "is_active")
    with opened(settings_of_command()) as database, database.transaction(read_only=True) as session:
        people = [{name: getattr(person, name) for name in fields} for person in session.scalars(all_users())]
    if json_wanted:
        as_json(people)
        return
    yes, gone = _("yes"), _("deactivated")
    rows = [
        (p["name"], p["email"], yes if p["is_admin"] else "", "" if p["is_active"] else gone) for p in people
    ]
    table((_("Name"), _("E-mail"), _("Administrator"), _("State")), rows)


@user.command("deactivate", help=mark("End an account: its sessions and tokens stop at once."))
@click.argument("email")
def deactivate(email: str) -> None:
    """End an account; what the person wrote stays."""
    from kb.offboarding.ending import end_account_and_pass_on

    with opened(settings_of_command()) as database, database.transaction() as session:
        _known(session, email)
        _user, passed = end_account_and_pass_on(session, email, by=None)
    say(_("The account %(email)s is deactivated.") % {"email": email.strip().lower()})
    for one in passed:
        say(one.said())


@user.command("activate", help=mark("Take a deactivated account up again."))
@click.argument("email")
def activate(email: str) -> None:
    """Activate an account; its old sessions and tokens stay ended."""
    from kb.people.services import activate as take_up_again

    with opened(settings_of_command()) as database, database.transaction() as session:
        _known(session, email)
        take_up_again(session, email, by=None)
    say(_("The account %(email)s is active.") % {"email": email.strip().lower()})


@user.command("password", help=mark("Set a new password, printed once; every session of the account ends."))
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help=mark("Read the password from standard input."))
def password(email: str, password_stdin: bool) -> None:
    """Print a suggested password alone on standard output, or set the one that is read."""
    from kb.people.schemas import new_password, suggested_password
    from kb.people.services import set_password

    typed = _password(from_stdin=True) if password_stdin else None
    chosen = new_password({"new_password": typed or suggested_password()})
    with opened(settings_of_command()) as database, database.transaction() as session:
        _known(session, email)
        set_password(session, email, chosen, by=None)
    said = _("The password of %(email)s is changed.") % {"email": email.strip().lower()}
    say(said if typed else chosen)


@click.group(help=mark("API tokens."))
def token() -> None:
    """Groups the commands about tokens."""


@token.command("create", help=mark("Print a new API token, once; only its hash is kept."))
@click.argument("email")
@click.option("--expires", type=click.IntRange(1, 3650), metavar="DAYS", help=mark("Days until it ends."))
def create_token(email: str, expires: int | None) -> None:
    """Print a token alone on standard output."""
    from kb.people.services import create_token as make

    with opened(settings_of_command()) as database, database.transaction() as session:
        person = _known(session, email)
        if not person.is_active:
            raise CommandFailed(_("The account %(email)s is deactivated.") % {"email": person.email})
        secret, _expires = make(session, person, days=expires, by=None)
    say(secret)


def _known(session: Session, email: str) -> User:
    from kb.people.queries import user_by_email

    found = user_by_email(session, email)
    if found is None:
        raise CommandFailed(_("There is no account for %(email)s.") % {"email": email})
    return found
