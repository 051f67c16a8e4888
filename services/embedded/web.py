"""The three apps on one port: `/registry`, `/indicators`, `/notifier`, and an index of their documents at `/`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from services.kit import handlers
from services.kit.telemetry import Trace


def mounted(services: Mapping[str, FastAPI], *, notes: Mapping[str, str] | None = None) -> Starlette:
    """One app over several. The lifespans of mounted apps do not run by themselves: they are entered here, in order."""

    async def index(_request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "name": "Duban 督办",
                **(notes or {}),
                "services": {
                    name: {
                        "openapi": f"/{name}/openapi.json",
                        "documentation": f"/{name}/docs",
                        "ready": f"/{name}/readyz",
                    }
                    for name in services
                },
            }
        )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in services.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    routes = [Route("/", index), *(Mount(f"/{name}", app) for name, app in services.items())]
    house = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(Trace)])
    handlers.install(house)
    return house
