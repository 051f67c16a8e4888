"""The worker and the mailbox as processes of their own, without Redis."""

import asyncio
import base64
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import aiosmtplib
import pytest
import uvicorn
from starlette.applications import Starlette

from services.embedded.postgres import free_port
from services.embedded.web import mounted
from services.kit.db import Database
from services.notifier.channels import mailbox
from tests.databases import ROOT, TestDatabase
from tests.notifier.others import REGION, START, Others, running, sample


@asynccontextmanager
async def process(module: str, told: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of ours; killed at the end if it still runs."""
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), cwd=ROOT, env={**os.environ, **told}, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield made
    finally:
        if made.returncode is None:
            made.kill()
        await made.communicate()


def told(database: TestDatabase, mail_port: int, **more: str) -> dict[str, str]:
    return {
        "DUBAN_DATABASE_URL": database.url("notifier"),
        "DUBAN_CONTACT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DUBAN_SMTP_HOST": "127.0.0.1",
        "DUBAN_SMTP_PORT": str(mail_port),
        "DUBAN_EMBEDDED": "true",
        **more,
    }


async def listening(port: int, of: asyncio.subprocess.Process) -> None:
    for _ in range(400):
        assert of.returncode is None, "it ended"
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("it does not listen")


async def ended(of: asyncio.subprocess.Process) -> int:
    of.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        return await of.wait()


async def test_the_mailbox_keeps_a_mail_and_ends_cleanly(database: TestDatabase) -> None:
    port = free_port()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        "a@x.example",
        "b@x.example",
        "督办",
        "<1@x.example>",
    )
    mail.set_content("正文")
    async with process("services.notifier.mailbox", told(database, port)) as made:
        await listening(port, made)
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=port)
        assert await ended(made) == 0
    async with database.owner() as connection:
        kept = await connection.fetchrow("SELECT subject, text FROM notifier.kept_mail")
    assert kept is not None
    assert (kept["subject"], kept["text"].strip()) == ("督办", "正文")


async def test_there_is_no_mailbox_on_a_platform_that_is_not_embedded(database: TestDatabase) -> None:
    settings = told(database, free_port()) | {"DUBAN_EMBEDDED": "false"}
    async with process("services.notifier.mailbox", settings) as made:
        _, said = await made.communicate()
    assert (made.returncode, b"for the embedded platform" in said) == (1, True)


@asynccontextmanager
async def serving(house: Starlette) -> AsyncIterator[int]:
    """An app on a port of this machine."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(house, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    for _ in range(500):
        if server.started:
            break
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def test_the_worker_decides_and_sends_without_redis_and_ends_cleanly(database: TestDatabase) -> None:
    db = Database(database.url("notifier"))
    async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server, running(database) as notifier:
        others: Others = notifier.others
        await notifier.load(sample(), matters={"T01", "T05"})
        others.show("T01", "red", START)
        others.complete_to = START
        house = mounted({"registry": others.registry(), "indicators": others.indicators()})
        async with serving(house) as port:
            urls = {
                "DUBAN_REGISTRY_URL": f"http://127.0.0.1:{port}/registry",
                "DUBAN_INDICATORS_URL": f"http://127.0.0.1:{port}/indicators",
                "DUBAN_API_KEY": "worker",
                "DUBAN_POLL_SECONDS": "0.1",
            }
            settings = told(database, server.sockets[0].getsockname()[1], **urls)
            async with process("services.notifier.worker", settings) as made:
                for _ in range(200):
                    if (await notifier.http.get("/v1/summary")).json()["accepted"] == 2:
                        break
                    await asyncio.sleep(0.1)
                assert await ended(made) == 0
        assert (await notifier.http.get("/v1/mailbox")).json()["mails"] == 2
    await db.close()


async def test_a_mail_that_cannot_be_kept_now_is_to_be_sent_again() -> None:
    db = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
            await aiosmtplib.send(
                "Subject: x\r\n\r\nx",
                sender="a@example.com",
                recipients=["b@example.com"],
                port=port,
                hostname="127.0.0.1",
            )
    await db.close()
    assert refusal.value.code == 451
