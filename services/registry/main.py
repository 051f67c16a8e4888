"""The registry's app: what runs in one process, put together here and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.kit.app import create_app
from services.kit.auth import Verifier
from services.kit.db import Database
from services.kit.queue import Doorbell
from services.registry.calendar import routes as calendar
from services.registry.calendar.service import ensure_calendars
from services.registry.carriers import routes as carriers
from services.registry.changes import routes as changes
from services.registry.enterprises import routes as enterprises
from services.registry.enterprises.groups import routes as enterprise_groups
from services.registry.identity import routes as identity
from services.registry.identity.service import Fixed, ensure_fixed
from services.registry.industries import routes as industries
from services.registry.industries.classes import routes as industry_classes
from services.registry.merges import routes as merges
from services.registry.parts import OwnKeys, RegistryParts
from services.registry.plans import routes as plans
from services.registry.projects import routes as projects
from services.registry.responsibilities import routes as responsibilities
from services.registry.settings import Settings
from services.registry.units import routes as units

QUEUE = "duban:registry"
FEATURES = (
    units,
    identity,
    calendar,
    responsibilities,
    industries,
    industry_classes,
    carriers,
    enterprises,
    enterprise_groups,
    projects,
    plans,
    merges,
    changes,
)
DESCRIPTION = """What a plan speaks of and who answers for it (登记): plans, units, contacts, industries, carriers,
enterprises, projects, tasks, responsibilities, working days; callers and their tokens; the business clock.

Every object is versioned: nothing is overwritten, `history` shows all versions, `known_at` answers from an earlier
instant's knowledge, `changes` is the feed of all of it. Replacing needs `If-Match`."""


TAGS = [
    {"name": name, "description": description}
    for name, description in {
        "plans": "action plans 行动计划 as plan files bring them, and their state",
        "tasks": "commitments 任务 that are no target",
        "units": "responsible units 责任单位 and their tree",
        "contacts": "the people of a unit who receive its notices 联系人",
        "responsibilities": "who answers for which target or task 责任分工",
        "industries": "industries 产业 and industry classes 行业分类",
        "carriers": "places that carry an industry 行动载体",
        "enterprises": "enterprises 企业, their groups 集团, roles and merges",
        "projects": "projects 项目",
        "calendar": "working days 工作日 and the business clock 业务时钟",
        "changes": "the feed of every version",
        "identity": "callers, their keys and tokens",
    }.items()
]


def create(settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The app; `transport` carries calls to other services, of which it makes none."""
    del transport

    @asynccontextmanager
    async def parts(_app: FastAPI) -> AsyncIterator[RegistryParts]:
        keyring = settings.keyring()
        db = Database(settings.database_url, size=settings.pool_size)
        doorbell = Doorbell(settings.redis_url, QUEUE)
        try:
            async with db.edge() as session:
                await ensure_fixed(session, keyring, settings.region, _fixed(settings))
                await ensure_calendars(session, settings.region)
            yield RegistryParts(settings, db, Verifier(OwnKeys(keyring)), doorbell, keyring)
        finally:
            await doorbell.close()
            await db.close()

    return create_app(
        title="Duban registry 督办·登记",
        description=DESCRIPTION,
        routers=[feature.router for feature in FEATURES],
        parts=parts,
        tags=TAGS,
    )


def _fixed(settings: Settings) -> list[Fixed]:
    return [
        Fixed(key.client_id, key.key.get_secret_value(), tuple(key.scopes), key.unit) for key in settings.fixed_keys
    ]


def app() -> FastAPI:
    """The app as the environment says; for uvicorn --factory."""
    return create(Settings())
