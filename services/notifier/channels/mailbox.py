"""The embedded mailbox: a real SMTP server of ours that keeps every mail it is given, and sends none on."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default as modern

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from services.kit.clock import business_now
from services.kit.db import NOT_WRITTEN, Database
from services.notifier.channels.tables import KeptMail

log = logging.getLogger(__name__)
LARGEST = 20 * 1024 * 1024
LINGER_SECONDS = 5


class Keeper:
    """What aiosmtpd calls for each mail."""

    def __init__(self, db: Database, region: str) -> None:
        self.db, self.region = db, region
        self.idle = asyncio.Event()
        self.idle.set()
        self._keeping = 0

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name and signature
        """Keep the mail; 250 only after the commit. Without the database it is to be sent again: 451."""
        self._keeping += 1
        self.idle.clear()
        try:
            return f"250 kept as {await self.keep(envelope)}"
        except NOT_WRITTEN as error:
            log.warning("a mail was not kept: %s", type(error).__name__)
            return "451 not kept: the database is not available now"
        finally:
            self._keeping -= 1
            if not self._keeping:
                self.idle.set()

    async def keep(self, envelope: Envelope) -> uuid.UUID:
        """Write one mail down."""
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mail = message_from_bytes(raw, _class=EmailMessage, policy=modern)
        body = mail.get_body(("plain",))
        async with self.db.edge() as edge:
            kept = KeptMail(
                region=self.region,
                received_at=await business_now(edge),
                message_id=str(mail.get("Message-ID", "")),
                sender=envelope.mail_from or "",
                recipients=list(envelope.rcpt_tos),
                to=_header(raw, "To"),
                cc=_header(raw, "Cc"),
                subject=_header(raw, "Subject"),
                sent_at=str(mail.get("Date", "")),
                text=body.get_content() if body is not None else "",
                raw=raw,
            )
            edge.add(kept)
        return kept.id


def _header(raw: bytes, name: str) -> str:
    """A header in plain characters. Python's newer parser leaves the white space between folded encoded words in."""
    return str(make_header(decode_header(message_from_bytes(raw).get(name, ""))))


@asynccontextmanager
async def serving(db: Database, region: str, host: str, port: int) -> AsyncIterator[asyncio.Server]:
    """Listen for mail. At the end mails whose final dot was read are still kept and answered."""
    keeper = Keeper(db, region)

    def connection() -> SMTP:
        return SMTP(keeper, hostname="duban-mailbox", ident="Duban mailbox", data_size_limit=LARGEST, loop=loop)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, host, port)
    try:
        yield server
    finally:
        server.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(keeper.idle.wait(), LINGER_SECONDS)
        await asyncio.sleep(0.05)  # the last answer goes out
