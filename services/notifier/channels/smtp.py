"""E-mail by SMTP, over connections that are kept and reused.

The commands are given one by one, because what a loss means depends on where it happens: before the final dot the
mail was certainly not taken, after it nobody knows.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException

from services.notifier.channels.rules import Message, Outcome, Recipient, Result

START_INPUT, COMPLETED = 354, 250
TEMPORARY = 400
PERMANENT = 500
CONNECTIONS = 8
EXCERPT = 200
ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


@dataclass(frozen=True)
class Server:
    """Where mail is handed over, and from whom it comes."""

    host: str
    port: int
    sender: str
    sender_name: str
    user: str | None = None
    password: str | None = None
    tls: bool = False


class _Refusal(Exception):  # noqa: N818 - an answer, not a defect
    """The server said no before the final dot."""

    def __init__(self, answer: SMTPResponse) -> None:
        self.answer = answer


class Smtp:
    """The channel `email`."""

    name = "email"

    def __init__(self, server: Server, *, call_seconds: float) -> None:
        self.server = server
        self.call_seconds = call_seconds
        self._idle: list[SMTP] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def send(self, message: Message) -> Outcome:
        """Send one mail to all its recipients. Never raises for what the server does."""
        handed_over = asyncio.Event()
        try:
            content = _stuffed(as_mail(message, self.server))
        except (ValueError, MessageError) as error:  # an address or a text that no mail can hold
            return Outcome(Result.REJECTED, excerpt=f"the mail cannot be written: {type(error).__name__}")
        try:
            async with asyncio.timeout(self.call_seconds), self._places:
                return await self._send(message, content, handed_over)
        except _Refusal as refusal:
            return _refused(refusal.answer)
        except (SMTPException, OSError, TimeoutError) as error:
            if handed_over.is_set():
                return Outcome(Result.UNKNOWN, excerpt=_excerpt(f"{type(error).__name__}: {error}"))
            # Greeting, EHLO, sign-in: a server that refuses us says nothing about this mail, which must not be lost.
            code = error.code if isinstance(error, SMTPResponseException) else None
            return Outcome(Result.RETRY, code, _excerpt(f"{type(error).__name__}: {error}"))

    async def _send(self, message: Message, content: bytes, handed_over: asyncio.Event) -> Outcome:
        everyone = (*message.to, *message.copy)
        async with self._connection() as smtp:
            await self._ask(smtp, b"MAIL", b"FROM:<" + self.server.sender.encode() + b">")
            refused = 0
            for recipient in everyone:
                answer = await self._recipient(smtp, recipient)
                refused += answer is not None
                if answer is not None and refused == len(everyone):
                    raise _Refusal(answer)
            await self._ask(smtp, b"DATA", expected=START_INPUT)
            protocol = smtp.protocol
            assert protocol is not None  # noqa: S101 - it answered just now
            handed_over.set()
            protocol.write(content)
            answer = await protocol.read_response(timeout=self.call_seconds)
        if answer.code != COMPLETED:
            return _refused(answer)
        said = _excerpt(answer.message)
        partly = f"{refused} of {len(everyone)} recipients refused; " if refused else ""
        return Outcome(Result.ACCEPTED, answer.code, _excerpt(partly + said), reference=said)

    async def _recipient(self, smtp: SMTP, recipient: Recipient) -> SMTPResponse | None:
        """The refusal of one recipient, if there is one. A temporary one of any is one of the mail: it goes once."""
        answer = await smtp.execute_command(b"RCPT", b"TO:<" + recipient.address.encode() + b">")
        if TEMPORARY <= answer.code < PERMANENT:
            raise _Refusal(answer)
        return answer if answer.code >= PERMANENT else None

    @staticmethod
    async def _ask(smtp: SMTP, *command: bytes, expected: int = COMPLETED) -> None:
        answer = await smtp.execute_command(*command)
        if answer.code != expected:
            raise _Refusal(answer)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A connection ready for a mail; it is kept for the next one where all went well."""
        smtp = await self._reusable() or await self._connected()
        try:
            yield smtp
        except _Refusal:
            await self._keep(smtp)
            raise
        except BaseException:
            smtp.close()
            raise
        await self._keep(smtp)

    async def _reusable(self) -> SMTP | None:
        while self._idle:
            smtp = self._idle.pop()
            try:
                await smtp.rset(timeout=self.call_seconds)
            except (SMTPException, OSError):
                smtp.close()
            else:
                return smtp
        return None

    async def _connected(self) -> SMTP:
        smtp = SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            use_tls=self.server.tls,
            start_tls=None,
            timeout=self.call_seconds,
        )
        await smtp.connect()
        await smtp.ehlo()
        return smtp

    async def _keep(self, smtp: SMTP) -> None:
        if smtp.is_connected:
            self._idle.append(smtp)

    async def close(self) -> None:
        """Say goodbye on every connection that is kept."""
        while self._idle:
            with suppress(SMTPException, OSError):
                await self._idle.pop().quit(timeout=1)


def as_mail(message: Message, server: Server) -> EmailMessage:
    """The mail: one for all its recipients; its Message-ID is the delivery's id, so that a repeat can be told."""
    domain = server.sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Date"] = format_datetime(message.date)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail["To"] = [Address(one.name, addr_spec=one.address) for one in message.to]
    if message.copy:
        mail["Cc"] = [Address(one.name, addr_spec=one.address) for one in message.copy]
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Duban-Delivery"] = str(message.id)
    if message.synthetic:
        mail["X-Duban-Data"] = "synthetic"
    mail.set_content(message.body, charset="utf-8", cte="base64")
    return mail


def _stuffed(mail: EmailMessage) -> bytes:
    """The mail as it goes over the line after 354, the final dot included (RFC 5321, 4.5.2)."""
    content = mail.as_bytes()
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _refused(answer: SMTPResponse) -> Outcome:
    result = Result.REJECTED if answer.code >= PERMANENT else Result.RETRY
    return Outcome(result, answer.code, _excerpt(answer.message))


def _excerpt(text: str) -> str:
    """What the other side said, short and without addresses."""
    return ADDRESS.sub("***@***", " ".join(text.split()))[:EXCERPT]
