"""Pages about reminders: one's calendar address, one's choice of mail, ending it out of a mail, the administrator's."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.clock import now
from kb.config import SmtpServer
from kb.notifications.letter import Letter
from kb.notifications.models import Mail
from kb.notifications.outbox import claim, failed, queue
from kb.notifications.tokens import unsubscribe_token
from kb.notifications.weekly import wants_weekly
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.server import SECRET_KEY
from tests.support.visitor import words

ADDRESS = re.compile(r'id="f-address" type="text" value="([^"]+)"')


def feed_of(shop: Shop, name: str) -> str:
    return str(ADDRESS.findall(shop[name].get(f"/handovers/{shop.handover}/calendar").text)[0])


def test_the_calendar_page_gives_ones_own_address(shop: Shop):
    page = shop["viewer"].get(f"/handovers/{shop.handover}/calendar").text
    address = feed_of(shop, "viewer")
    assert f'href="webcal:{address.partition(":")[2]}"' in page
    assert shop["nobody"].get(address).headers["content-type"].startswith("text/calendar")
    assert feed_of(shop, "leaver") != address
    assert f"/handovers/{shop.handover}/calendar" in shop["viewer"].get(f"/handovers/{shop.handover}").text


def test_another_address_ends_the_old_one(shop: Shop):
    old, others = feed_of(shop, "viewer"), feed_of(shop, "leaver")
    answer = shop["viewer"].send(f"/handovers/{shop.handover}/calendar/renew")
    assert answer.status_code == 303
    assert "another address now" in shop["viewer"].get(answer.headers["location"]).text
    assert shop["nobody"].get(old).status_code == 404
    assert shop["nobody"].get(feed_of(shop, "viewer")).status_code == 200
    assert shop["nobody"].get(others).status_code == 200


def wants(shop: Shop, name: str) -> bool:
    return shop.ask(lambda session: wants_weekly(session, person(session, name).id))


def test_whether_one_wants_mail_is_ones_own_choice(shop: Shop):
    assert wants(shop, "viewer")
    assert 'name="weekly" value="yes" checked' in shop["viewer"].get("/me").text
    shop["viewer"].send("/me/mail")
    assert not wants(shop, "viewer")
    assert 'name="weekly" value="yes">' in shop["viewer"].get("/me").text
    shop["viewer"].send("/me/mail", {"weekly": "yes"})
    assert wants(shop, "viewer")


def way_out(shop: Shop, name: str) -> str:
    return "/unsubscribe/" + unsubscribe_token(SECRET_KEY, shop.ask(lambda s: person(s, name).id))


def test_reading_the_address_of_a_mail_asks_first(shop: Shop):
    address = way_out(shop, "viewer")
    page = shop["nobody"].get(address)
    assert page.status_code == 200
    assert "viewer@example.com" in words(page)
    assert wants(shop, "viewer")


def test_one_click_of_a_mail_program_ends_it(shop: Shop):
    address = way_out(shop, "viewer")
    answer = shop.client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "gets no more weekly mails" in answer.text
    assert not wants(shop, "viewer")
    assert wants(shop, "leaver")


def test_no_other_address_ends_it(shop: Shop):
    own, other = way_out(shop, "viewer"), way_out(shop, "leaver")
    mixed = own.partition(".")[0] + "." + other.partition(".")[2]
    for address in (mixed, own[:-1], own + "x", "/unsubscribe/x", "/unsubscribe/%00"):
        assert shop["nobody"].get(address).status_code == 404
        assert shop.client.post(address).status_code == 404
    assert wants(shop, "viewer")


def test_every_other_form_still_needs_its_token(shop: Shop):
    assert shop.client.post("/me/mail", data={"weekly": ""}).status_code in (303, 401, 403)
    assert wants(shop, "viewer")
    refused = shop.client.post(
        "/me/mail", headers={"cookie": "kb_session=" + shop["viewer"].cookies["kb_session"]}
    )
    assert refused.status_code == 403
    assert wants(shop, "viewer")


def test_without_a_server_the_administrator_is_told_what_to_set(shop: Shop):
    page = shop["admin"].get("/admin/mail")
    assert "KB_SMTP_URL" in page.text
    assert shop["admin"].send("/admin/mail/test").status_code == 409
    for name in ("manager", "viewer"):
        assert shop[name].get("/admin/mail").status_code == 403
        assert shop[name].send("/admin/mail/test").status_code == 403


def test_the_administrator_sees_what_failed_but_not_what_it_says(shop: Shop):
    app = shop.client.app
    services = app.state["services"]
    server = SmtpServer("mail.example.com", 465, "tls", "kb", "hush-hush")
    app.state["services"] = replace(services, settings=replace(services.settings, smtp_url=server))
    letter = Letter("Private subject", "Private words.")
    user = shop.ask(lambda session: person(session, "viewer"))
    queue(shop.database, "weekly:1", user, letter, now())
    mail = claim(shop.database, now())
    assert mail
    failed(shop.database, mail.id, "550 no such <user>", now(), for_good=True)
    page = shop["admin"].get("/admin/mail")
    said = words(page)
    assert "viewer@example.com" in said
    assert "550 no such <user>" in said
    assert "mail.example.com:465" in said
    assert "Private" not in said
    assert "hush-hush" not in page.text
    assert shop["admin"].send(f"/admin/mail/{mail.id}/again").status_code == 303
    assert shop.ask(lambda session: session.get_one(Mail, mail.id).next_try_at) is not None
    assert shop["admin"].send("/admin/mail/test").status_code == 303
    queued = shop.ask(
        lambda session: [one.address for one in session.query(Mail) if one.key.startswith("test:")]
    )
    assert queued == ["admin@example.com"]
