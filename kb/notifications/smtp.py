"""Handing a mail to the mail server; what went wrong is told without user name or password."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from types import TracebackType

from kb.config import SmtpServer
from kb.notifications.outbox import Waiting

PATIENCE = 6.0  # seconds for each answer: the whole process must be able to stop within 10


class NotSent(Exception):
    """The mail was not taken; `for_good`: nor will it ever be; `away`: the server cannot be worked with now."""

    def __init__(self, reason: str, *, for_good: bool = False, away: bool = False) -> None:
        super().__init__(reason)
        self.for_good, self.away = for_good, away


def message_of(mail: Waiting, sender: str, leave: str) -> EmailMessage:
    """The mail as it is sent; `leave`: where a mail program ends such mails with one click (RFC 8058)."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.address
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{mail.id}@{domain}>" if domain else make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    if leave:
        message["List-Unsubscribe"] = f"<{leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


class Sender:
    """One connection to the mail server for as many mails as are sent in a row."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    def send(self, message: EmailMessage) -> None:
        """Hand it over; raises NotSent."""
        try:
            if self._smtp is None:
                self._smtp = self._connect()
            self._smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotSent(self._words(code, said), for_good=500 <= code < 600) from None
        except smtplib.SMTPResponseException as error:
            self.__exit__(None, None, None)
            away = isinstance(
                error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
            )
            raise NotSent(self._words(error.smtp_code, error.smtp_error), away=away) from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.__exit__(None, None, None)
            raise NotSent(
                self._hidden(f"{type(error).__name__}: {error}"), away=not isinstance(error, ValueError)
            ) from None

    def abort(self) -> None:
        """Break off from another thread whatever is being waited for."""
        smtp = self._smtp
        sock = smtp.sock if smtp is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        trusted = ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
        self._smtp = smtp
        if server.security == "starttls":
            smtp.starttls(context=trusted)
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def _words(self, code: int, said: bytes | str) -> str:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return self._hidden(f"{code} {text}")

    def _hidden(self, text: str) -> str:
        """Some servers say back what they were sent."""
        for secret in filter(None, (self._server.password, self._server.user)):
            text = text.replace(secret, "…")
        return text
