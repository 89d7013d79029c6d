"""Mails as text and HTML: everything people typed is escaped and stays on its line."""

from __future__ import annotations

from email import message_from_bytes, policy

from kb.notifications.letter import Letter, Line, Section, as_html, as_text, one_line
from kb.notifications.outbox import Waiting
from kb.notifications.smtp import message_of

HOSTILE = "<script>alert(1)</script>\n\n-- \nBcc: all@example.com \x07“" + "退款" * 300
LETTER = Letter(
    "Your week", "Good morning.",
    (Section(HOSTILE, "https://kb.example.com/?a=1&b=2", HOSTILE, (("Missing", (Line(HOSTILE, "", HOSTILE),)),)),),
    foot="Bye.", leave="https://kb.example.com/unsubscribe/x.y", leave_text="No more",
)  # fmt: skip


def test_text_stays_on_its_line():
    text = as_text(LETTER)
    assert text.count("\n-- \n") == 1
    assert "\n- <script>" in text
    assert "\x07" not in text
    assert text.endswith("Bye.\nNo more\nhttps://kb.example.com/unsubscribe/x.y\n")


def test_html_is_escaped():
    html = as_html(LETTER)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4
    assert 'href="https://kb.example.com/?a=1&amp;b=2"' in html
    assert "src=" not in html


def test_without_a_way_out_there_is_no_link():
    assert "href" not in as_html(Letter("A test", "Good morning.", foot="Bye."))
    assert as_text(Letter("A test", "Good morning.", foot="Bye.")) == "Good morning.\n\n-- \nBye.\n"


def test_one_line():
    assert one_line(" a\r\nBcc: b\u2028c\x00 ") == "a Bcc: b c"


def test_a_mail_survives_the_way_with_han_and_long_lines():
    mail = Waiting(
        "0" * 12,
        "weekly:1",
        "1" * 12,
        "chen@example.com",
        "交接：" + "本周" * 60,
        as_text(LETTER),
        as_html(LETTER),
    )
    sent = message_of(mail, "交接簿 <handover@example.com>", LETTER.leave).as_bytes(policy=policy.SMTP)
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    back = message_from_bytes(sent, policy=policy.default)
    assert back["Subject"] == mail.subject
    assert back["From"] == "交接簿 <handover@example.com>"
    part = back.get_body(("plain",))
    assert part
    assert part.get_content() == mail.text
