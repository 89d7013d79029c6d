"""A real mail server for tests: it keeps what it takes, and refuses what it is told to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from kb.config import SmtpServer
from tests.support.server import free_port


@dataclass
class Mailbox:
    """What arrived, and what is answered to the next mails instead of taking them: `250 OK` takes one."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address -> answer
    signed_in: list[bytes] = field(default_factory=list)

    @property
    def server(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.port)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.original_content or b""
            self.taken.append(message_from_bytes(content, policy=policy.default))
        return answer

    def __call__(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, sent: Any) -> AuthResult:
        right = isinstance(sent, LoginPassword) and sent.password == b"hush-hush"
        self.signed_in += [sent.login] if right else []
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(**options: Any) -> Iterator[Mailbox]:
    """A server on a free port of this machine; options go to aiosmtpd's SMTP."""
    box = Mailbox(port=free_port())
    if options.get("auth_required"):
        options |= {"authenticator": box, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
