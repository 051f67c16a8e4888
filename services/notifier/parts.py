"""What a running notifier holds, for the app and for the worker."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx

from services.kit.app import Parts
from services.kit.auth import PublishedKeys, Verifier
from services.kit.db import Database, Session, uuid7
from services.kit.http import Bearer, Service
from services.kit.queue import Doorbell
from services.notifier.channels.smtp import Server, Smtp
from services.notifier.clients.indicators import IndicatorsClient
from services.notifier.clients.registry import RegistryClient
from services.notifier.deliveries.service import Hours, Sender
from services.notifier.directory.service import Addresses
from services.notifier.notices.service import Desk
from services.notifier.schedules import service as schedules
from services.notifier.schedules.service import Works
from services.notifier.settings import Settings

QUEUE = "duban:notifier"


@dataclass
class NotifierParts(Parts):
    """The kit's parts and the works."""

    works: Works


@asynccontextmanager
async def running(
    settings: Settings, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[NotifierParts]:
    """Everything, closed at the end. `transport` carries the calls to the other services."""
    async with AsyncExitStack() as stack:
        db = Database(settings.database_url, size=settings.pool_size)
        stack.push_async_callback(db.close)
        auth = Bearer(settings.token_url, settings.api_key)
        registry = Service(settings.registry_url, auth, transport=transport)
        indicators = Service(settings.indicators_url, auth, transport=transport)
        keys = httpx.AsyncClient(transport=transport, timeout=10, trust_env=False)
        doorbell = Doorbell(settings.redis_url, QUEUE)
        for close in (registry.close, indicators.close, keys.aclose, doorbell.close):
            stack.push_async_callback(close)
        channel = Smtp(_server(settings), call_seconds=settings.smtp_seconds)
        stack.push_async_callback(channel.close)
        addresses = Addresses(settings.contact_key)
        sender = Sender(
            db=db,
            region=settings.region,
            owner=f"{socket.gethostname()}:{os.getpid()}:{uuid7().hex[-8:]}",
            channels={channel.name: channel},
            addresses=addresses,
            lease_seconds=settings.lease_seconds,
            synthetic=settings.shows_synthetic,
            why_not=schedules.why_not,
            hours_of=partial(_hours_of, settings.region),
            stopping=asyncio.Event(),
        )
        works = Works(
            db=db,
            desk=Desk(settings.region, settings.notifier_url, settings.shows_synthetic),
            registry=RegistryClient(registry),
            indicators=IndicatorsClient(indicators),
            addresses=addresses,
            sender=sender,
        )
        yield NotifierParts(settings, db, Verifier(PublishedKeys(keys, settings.jwks_url)), doorbell, works)


async def _hours_of(region: str, session: Session, plan: str) -> Hours | None:
    return await schedules.hours_of(session, region, plan)


def _server(settings: Settings) -> Server:
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.sender,
        sender_name=settings.sender_name,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls=settings.smtp_tls,
    )
