"""How every service's app is put together: parts, errors, trace, health, documents."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from services.kit import code_lists, errors, handlers, trail
from services.kit.auth import Verifier, unasked
from services.kit.codes import CodeLists
from services.kit.db import Database
from services.kit.documents import complete
from services.kit.errors import Unavailable
from services.kit.exports import Offer, asking, document
from services.kit.idempotency import AnswerRow, Keeping, Vault, keyed
from services.kit.later import schemas as jobs
from services.kit.later.schemas import JobPage
from services.kit.limits import BodyLimit, Deadline
from services.kit.members import refuse_repeated
from services.kit.methods import BodyKeptBack
from services.kit.queries import refuse_unclear
from services.kit.queue import Doorbell
from services.kit.rates import RateLimit, Rates
from services.kit.settings import ServiceSettings
from services.kit.telemetry import Trace
from services.kit.trail import AuditPage


@dataclass
class Parts:
    """What a running app holds; a service's own composition adds to it by subclassing."""

    settings: ServiceSettings
    db: Database
    verifier: Verifier
    doorbell: Doorbell
    vault: Vault | None = field(default=None, kw_only=True)
    """Locks the answers that are kept for repeated requests, where some of them are secret."""


class Alive(BaseModel):
    """The process answers."""

    alive: bool = Field(default=True, description="always true: a process that is down does not answer")


class Ready(BaseModel):
    """The service can do its work."""

    ready: bool = Field(default=True, description="always true: a service that cannot work answers 503")
    lags: dict[str, int] = Field(default_factory=dict, description="changes of other services not yet copied, by feed")


Lags = Callable[[Parts], AbstractAsyncContextManager[dict[str, int]]]

health = APIRouter(tags=["health"])


@health.get("/livez", operation_id="health_live", summary="Is the process up")
async def live() -> Alive:
    """Answers without touching anything else."""
    return Alive()


@health.get(
    "/readyz", operation_id="health_ready", summary="Can the service do its work", responses=errors.problems(503)
)
async def ready(request: Request) -> Ready:
    """Asks the database, and says how far behind the service's copies of other services are."""
    parts: Parts = request.app.state.parts
    try:
        async with parts.db.driver() as driver:
            await driver.fetchval("SELECT platform.now()")
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable("the database does not answer", zh="数据库无响应") from error
    lags = getattr(request.app.state, "lags", None)
    return Ready(lags=await lags() if lags is not None else {})


def create_app(
    *,
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    parts: Callable[[FastAPI], AbstractAsyncContextManager[Parts]],
    tags: Sequence[dict[str, str]] = (),
    answers: type[AnswerRow] | None = None,
    offers: Callable[[Any], Offer | None] | None = None,
    codes: CodeLists | None = None,
) -> FastAPI:
    """A service's app. `parts` makes what it runs on and closes it at the end.

    `answers` are kept for repeated requests; `offers` says how items of lists look as rows of a file; `codes` are what
    fixed values are called.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with parts(app) as made:
            app.state.parts = made
            app.state.rates = Rates(made.settings)
            if answers is not None:
                app.state.answers = Keeping(made.db, answers, made.vault)
            yield

    app = FastAPI(
        title=title,
        description=description,
        version="0.1.0",
        lifespan=lifespan,
        openapi_tags=[dict(tag) for tag in tags],
        separate_input_output_schemas=False,
        generate_unique_id_function=_operation_id,
    )
    app.add_middleware(BodyKeptBack)
    app.add_middleware(BodyLimit)
    app.add_middleware(Deadline)
    app.add_middleware(RateLimit, unasked=unasked(routers))
    app.add_middleware(Trace)
    handlers.install(app)
    for router in (*routers, health):
        if answers is not None:
            keyed(router)
    _include(app, (*routers, health), _with_own(offers))
    complete(app, codes)
    app.state.codes = codes
    return app


def _with_own(offers: Callable[[Any], Offer | None] | None) -> Callable[[Any], Offer | None]:
    """The lists that a service offers as files, with those that every service has."""
    own: dict[Any, Offer] = {AuditPage: trail.OFFER, JobPage: jobs.OFFER}

    def offer(response_model: Any) -> Offer | None:  # noqa: ANN401 - whatever a route answers
        if isinstance(response_model, type) and response_model in own:
            return own[response_model]
        found = None if offers is None else offers(response_model)
        return found or code_lists.offer(response_model)

    return offer


def _include(app: FastAPI, routers: Sequence[APIRouter], offers: Callable[[Any], Offer | None]) -> None:
    """Put the routes into the app; lists of which there are files answer and document those too."""
    asked = [Depends(refuse_unclear), Depends(refuse_repeated), Depends(asking(offers))]
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and offers(route.response_model) is not None:
                document(route)
        app.include_router(router, dependencies=asked)


def _operation_id(route: APIRoute) -> str:
    if route.operation_id is None:
        raise AssertionError(f"{route.path} names no operation_id")
    return route.operation_id
