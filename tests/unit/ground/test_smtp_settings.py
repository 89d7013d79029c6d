"""KB_SMTP_URL and KB_MAIL_FROM: read once, and one clear line where nothing can be done with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.config import BadSetting, SmtpServer, read_settings, smtp_server

KEY = {"KB_SECRET_KEY": "k" * 40}


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("", None),
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 25)),
        ("smtp://127.0.0.1:2525/", SmtpServer("127.0.0.1", 2525)),
        ("smtp://mail.example.com?starttls", SmtpServer("mail.example.com", 587, "starttls")),
        ("smtps://u%40x:p%3Ass@mail.example.com", SmtpServer("mail.example.com", 465, "tls", "u@x", "p:ss")),
    ],
)
def test_addresses_are_read(text: str, server: SmtpServer | None):
    assert smtp_server(text) == server


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.com", "http://mail.example.com", "smtp://", "smtp://u:hush@", "smtp://u:hush@h:99999",
        "smtp://u:hush@h:x", "smtp://h:0", "smtp://h/path", "smtp://u:hush@h?tls", "smtps://h?starttls",
        "smtp://h\nx", "smtp://[::1",
    ],
)  # fmt: skip
def test_bad_addresses_are_one_line_without_the_password(tmp_path: Path, text: str):
    with pytest.raises(BadSetting) as refused:
        read_settings({"KB_SMTP_URL": text, "KB_DATA_DIR": str(tmp_path), **KEY})
    said = str(refused.value)
    assert said.startswith("KB_SMTP_URL must be")
    assert "hush" not in said
    assert "\n" not in said


def test_a_password_is_not_shown():
    assert "hush" not in repr(smtp_server("smtp://u:hush@mail.example.com"))


def test_whom_mails_come_from(tmp_path: Path):
    usual = {"KB_DATA_DIR": str(tmp_path), **KEY}
    assert read_settings(usual).mail_from == "handover@localhost"
    assert (
        read_settings({**usual, "KB_BASE_URL": "https://kb.example.com/"}).mail_from
        == "handover@kb.example.com"
    )
    named = read_settings({**usual, "KB_MAIL_FROM": "Handover <handover@example.com>"}).mail_from
    assert named == "Handover <handover@example.com>"
    for wrong in ("nobody", "a b@example.com x", "a@b\r\nBcc: c@d"):
        with pytest.raises(BadSetting, match="KB_MAIL_FROM must be an address"):
            read_settings({**usual, "KB_MAIL_FROM": wrong})
