"""The indicators service: how plans are measured, what was reported, what the gaps are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.indicators.breakdowns import routes as breakdowns
from services.indicators.clients.parts import IndicatorsParts
from services.indicators.clients.registry import RegistryClient
from services.indicators.codes import CODES
from services.indicators.definitions import routes as definitions
from services.indicators.directory import service as directory
from services.indicators.directory.tables import JOBS, Answer, Audit
from services.indicators.exports import offer
from services.indicators.gaps import routes as gaps
from services.indicators.observations import routes as observations
from services.indicators.observations.schemas import ImportJob
from services.indicators.plan_checks import routes as plan_checks
from services.indicators.settings import Settings
from services.indicators.targets import routes as targets
from services.kit import telemetry
from services.kit.app import create_app
from services.kit.auth import PublishedKeys, Verifier
from services.kit.code_lists import TAG as LISTS
from services.kit.code_lists import code_lists
from services.kit.db import Database
from services.kit.http import Bearer, Service
from services.kit.later import routes as long_work
from services.kit.queue import Doorbell
from services.kit.trail import TAG, trail

QUEUE = "duban:indicators"
DESCRIPTION = """Indicators (指标), reported figures (观测值) in versions, targets (目标), and the gaps (差距) between them.

Every answer is given at a pair of `as_of` (考核时点) and `known_at` (数据截止时点). The same pair gives the same
answer for ever, unless the answer says `provisional`. Exact numbers are strings."""


@asynccontextmanager
async def running(
    settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[IndicatorsParts]:
    """The parts of an app or of a worker, closed at the end."""
    http = httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(30, connect=5), trust_env=False)
    registry = RegistryClient(
        Service(settings.registry_url, Bearer(settings.token_url, settings.api_key), transport=transport)
    )
    parts = IndicatorsParts(
        settings=settings,
        db=Database(settings.database_url, size=settings.pool_size),
        verifier=Verifier(PublishedKeys(http, settings.jwks_url)),
        doorbell=Doorbell(settings.redis_url, QUEUE),
        registry=registry,
    )
    try:
        yield parts
    finally:
        await parts.doorbell.close()
        await registry.close()
        await http.aclose()
        await parts.db.close()


def create(settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The app. `transport` carries its calls to the registry, for tests in one process."""

    @asynccontextmanager
    async def parts(app: FastAPI) -> AsyncIterator[IndicatorsParts]:
        async with running(settings, transport=transport) as made:

            async def lags() -> dict[str, int]:
                return {"registry": await directory.lag(made, settings.region)}

            app.state.lags = lags
            yield made

    app = create_app(
        title="Duban indicators",
        description=DESCRIPTION,
        routers=(
            definitions.router,
            observations.router,
            targets.router,
            breakdowns.router,
            gaps.router,
            plan_checks.router,
            long_work.jobs_of(JOBS, ImportJob, "observations:submit"),
            code_lists(CODES, scope="indicators:read"),
            trail(Audit),
        ),
        parts=parts,
        tags=(
            {"name": "plans and targets", "description": "what was promised, as plan files bring it"},
            {
                "name": "breakdowns",
                "description": "how targets are divided 任务分解, and letters of responsibility 目标责任书",
            },
            {"name": "indicators and series", "description": "what is measured, on what"},
            {"name": "figures", "description": "what was reported, in versions"},
            {"name": "gaps", "description": "where the plan stands, at any as_of and known_at"},
            {"name": "plan check", "description": "what there is to know about a plan before it is applied"},
            {"name": "work", "description": "what is due, for workers and for whoever moves the clock"},
            long_work.TAG,
            LISTS,
            TAG,
        ),
        answers=Answer,
        offers=offer,
        codes=CODES,
    )
    app.state.jobs = JOBS
    return app


def app() -> FastAPI:
    """The app out of the environment, for `uvicorn --factory`."""
    telemetry.configure()
    return create(Settings())
