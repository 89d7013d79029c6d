"""`kb demo`: three handovers to look around in, and who can sign in."""

from __future__ import annotations

import ipaddress

import rich_click as click

from kb.cli.indexing import catch_up
from kb.cli.opening import opened, settings_of_command
from kb.cli.output import hint, say, stages, table
from kb.cli.serve import apart, host_option, must_be_free, port_option, prepare, run_server
from kb.config import Settings
from kb.i18n import LOCALES, _, in_locale, mark


@click.command("demo", help=mark("Load the demo into an empty database, say who can sign in, and serve it."))
@host_option
@port_option
@click.option("--no-serve", is_flag=True, help=mark("Only load."))
def demo(host: str, port: int, no_serve: bool) -> int:
    """Everything the product does, in two stories and both languages."""
    settings = settings_of_command()
    if no_serve:
        _set_up(settings, _is_this_machine(host))
        return 0
    must_be_free(host, port)
    return apart(lambda: _set_up(settings, _is_this_machine(host))) or run_server(host, port, 1)


def _set_up(settings: Settings, here: bool) -> None:
    prepare(settings)
    _tell_who(settings, _load(settings, here), here)


def _load(settings: Settings, here: bool) -> str | None:
    """Load where the database is empty; returns the password, None where somebody was there before."""
    from kb.attachments.storage import Storage
    from kb.demo.loader import PASSWORD, load_demo
    from kb.people.schemas import suggested_password

    # The fixed one is in the source for everybody to read, so no other machine may see it.
    password = PASSWORD if here else suggested_password()
    with opened(settings) as database, stages({"": _("Indexing")}) as show:
        with database.transaction() as session:
            loaded = load_demo(session, settings.time_zone, Storage(settings.data_dir), password)
        if loaded:
            catch_up(database, settings.search_index, lambda done, total: show("", done, total))
    return password if loaded else None


def _tell_who(settings: Settings, password: str | None, here: bool) -> None:
    from kb.demo.loader import PASSWORD
    from kb.demo.sign_in import actors, have_the_known_password

    with opened(settings) as database, database.transaction(read_only=True) as session:
        there = actors(session)
        known = password is None and have_the_known_password(session)
    if not there:
        hint(_("The database is not empty and does not hold the demo; nothing was loaded."))
        return
    _in_both_languages(mark("Who can sign in:"))
    table((_("E-mail"), _("Name"), _("Role")), [(one.email, one.name, "; ".join(one.roles)) for one in there])
    if password or known:
        _in_both_languages(mark("Everybody's password: %(password)s"), password=password or PASSWORD)
    else:
        _in_both_languages(mark("Everybody's password was shown when the demo was loaded."))
    if known and not here:
        hint(_("This password is known to everybody; other machines should not reach the demo."))


def _in_both_languages(message: str, **values: str) -> None:
    for locale in LOCALES:
        with in_locale(locale):
            say(_(message) % values)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
