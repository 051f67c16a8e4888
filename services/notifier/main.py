"""The notifier's app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.kit.app import create_app
from services.kit.code_lists import TAG as LISTS
from services.kit.code_lists import code_lists
from services.kit.trail import TAG, trail
from services.notifier import parts
from services.notifier.channels import routes as channels
from services.notifier.codes import CODES
from services.notifier.deliveries import routes as deliveries
from services.notifier.digests import routes as digests
from services.notifier.directory import store as directory
from services.notifier.exports import offer
from services.notifier.ladders import routes as ladders
from services.notifier.ladders.tables import Answer, Audit
from services.notifier.notices import routes as notices
from services.notifier.parts import NotifierParts
from services.notifier.schedules import routes as schedules
from services.notifier.settings import Settings

TAGS = (
    {"name": "ladders", "description": "How plans are supervised (督办阶梯)."},
    {"name": "notices", "description": "Notices, decisions, acknowledgement (督办件, 签收)."},
    {"name": "digests", "description": "One message per unit and week (督办提示)."},
    {"name": "deliveries", "description": "Messages and what became of them (投递)."},
    {"name": "schedules", "description": "Doing what is due."},
    {"name": "mailbox", "description": "Embedded only: the mail that was kept."},
    LISTS,
    TAG,
)


def create(settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The app; `transport` carries its calls to the other services."""

    @asynccontextmanager
    async def made(app: FastAPI) -> AsyncIterator[NotifierParts]:
        async with parts.running(settings, transport) as running:

            async def lags() -> dict[str, int]:
                async with running.db.edge() as session:
                    return {"undecided_lights": await directory.undecided(session, settings.region)}

            app.state.lags = lags
            yield running

    return create_app(
        title="Duban notifier",
        description="Goes after what lags: decides notices, keeps why none is due, sends digests and messages once.",
        routers=[
            ladders.router,
            notices.router,
            digests.router,
            deliveries.router,
            schedules.router,
            channels.router,
            code_lists(CODES, scope="notices:read"),
            trail(Audit),
        ],
        parts=made,
        tags=TAGS,
        answers=Answer,
        offers=offer,
        codes=CODES,
    )


def app() -> FastAPI:
    """The app from the environment, for `uvicorn --factory`."""
    return create(Settings())
