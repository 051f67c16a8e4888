"""The registry's app: what runs in one process, put together here and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_type_hints

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.kit.app import create_app
from services.kit.auth import Verifier
from services.kit.code_lists import TAG, code_lists
from services.kit.codes import CodeLists
from services.kit.db import Database
from services.kit.later import routes as long_work
from services.kit.queue import Doorbell
from services.kit.trail import trail
from services.registry import codes
from services.registry.calendar import routes as calendar
from services.registry.calendar.service import ensure_calendars
from services.registry.carriers import routes as carriers
from services.registry.changes import routes as changes
from services.registry.clients.oidc import Oidc
from services.registry.endings import routes as endings
from services.registry.enterprises import routes as enterprises
from services.registry.enterprises.groups import routes as enterprise_groups
from services.registry.files import routes as files
from services.registry.identity import routes as identity
from services.registry.identity.service import Fixed, ensure_fixed
from services.registry.industries import routes as industries
from services.registry.industries.classes import routes as industry_classes
from services.registry.instruments import routes as instruments
from services.registry.leaders import routes as leaders
from services.registry.merges import routes as merges
from services.registry.milestones import routes as milestones
from services.registry.parts import OwnKeys, RegistryParts
from services.registry.passwords import Passwords
from services.registry.people import routes as people
from services.registry.plans import routes as plans
from services.registry.projects import routes as projects
from services.registry.projects.kinds import routes as project_kinds
from services.registry.projects.kinds.service import ensure_kinds
from services.registry.projects.nodes import routes as schedules
from services.registry.projects.requests import routes as change_requests
from services.registry.projects.steps import routes as project_steps
from services.registry.projects.suspensions import routes as suspensions
from services.registry.prospects import routes as prospects
from services.registry.providers import routes as logins
from services.registry.reorganisations import routes as reorganisations
from services.registry.responsibilities import routes as responsibilities
from services.registry.roles import routes as roles
from services.registry.rosters import routes as rosters
from services.registry.settings import Settings
from services.registry.sheets import routes as sheets
from services.registry.sheets.columns import item_of, offer
from services.registry.sheets.schemas import LISTS, ImportJob
from services.registry.sheets.service import Sheets
from services.registry.successions import routes as successions
from services.registry.tasks import routes as tasks
from services.registry.units import routes as units
from services.registry.units.contacts import routes as contacts
from services.registry.versions.tables import JOBS, Answer, Audit

QUEUE = "duban:registry"
CODES = CodeLists(*codes.CODES, *LISTS)
FEATURES = (
    units,
    contacts,
    identity,
    roles,
    people,
    logins,
    files,
    calendar,
    responsibilities,
    industries,
    industry_classes,
    carriers,
    enterprises,
    enterprise_groups,
    rosters,
    projects,
    project_kinds,
    project_steps,
    suspensions,
    schedules,
    change_requests,
    milestones,
    leaders,
    plans,
    merges,
    tasks,
    instruments,
    successions,
    prospects,
    reorganisations,
    endings,
    changes,
    sheets,
)
DESCRIPTION = """What a plan speaks of and who answers for it (登记): plans, units, contacts, industries, carriers,
enterprises, projects, tasks, responsibilities, working days; callers and their tokens; the business clock.

Every object is versioned: nothing is overwritten, `history` shows all versions, `known_at` answers from an earlier
instant's knowledge, `changes` is the feed of all of it. Replacing needs `If-Match`."""


TAGS = [
    {"name": name, "description": description}
    for name, description in {
        "plans": "action plans 行动计划 as plan files bring them, and their state",
        "tasks": "commitments 任务 that are no target: their steps, progress and publicity 宣传",
        "instruments": "instruments of support 政策工具 and what was paid of them 兑现",
        "units": "responsible units 责任单位 and their tree",
        "reorganisations": "institutional reforms 机构改革: units merged, split, renamed, and who takes over what was theirs",
        "contacts": "the people of a unit who receive its notices 联系人",
        "responsibilities": "who answers for which target or task 责任分工",
        "industries": "industries 产业 and industry classes 行业分类",
        "carriers": "places that carry an industry 行动载体",
        "enterprises": "enterprises 企业, their groups 集团, roles and merges",
        "rosters": "named items behind a count 名册",
        "projects": "projects 项目",
        "prospects": "prospects 招商引资对象, their way to landing, and the activities 招商活动 at which they were met",
        "project kinds": "kinds of projects 项目类型, each with the graph of its life and its usual durations",
        "project steps": "the life of projects 项目流转, proposed and decided step by step",
        "suspensions": "pauses of projects 中止计时",
        "schedules": "nodes planned backwards from the goal 倒排工期",
        "change requests": "changes of projects and targets 变更申请, the original kept beside",
        "milestones": "milestones 里程碑 and the state of each that counts",
        "leaders' contact": "leaders' contact 区领导联系制度: visits, problems raised upward",
        "calendar": "working days 工作日 and the business clock 业务时钟",
        "files": "evidence files 佐证材料",
        "changes": "the feed of every version",
        "sheets": "templates to fill in with Excel or WPS, and what was filled in 填报表",
        "identity": "callers, their keys and tokens",
        "roles": "roles 角色 and who was granted them 授权",
        "people": "people 人员账号 and their sessions",
        TAG["name"]: TAG["description"],
        "audit": "who did what, chained by hash 审计",
    }.items()
]


def create(settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The app; `transport` carries its calls to providers of identities, the only ones that it makes."""

    @asynccontextmanager
    async def parts(_app: FastAPI) -> AsyncIterator[RegistryParts]:
        keyring = settings.keyring()
        db = Database(settings.database_url, size=settings.pool_size)
        doorbell = Doorbell(settings.redis_url, QUEUE)
        providers = {each.name: Oidc(each, transport=transport) for each in settings.providers}
        try:
            async with db.edge() as session:
                await ensure_fixed(session, keyring, settings.region, _fixed(settings))
                await ensure_calendars(session, settings.region)
                await ensure_kinds(session, settings.region)
            yield RegistryParts(
                settings,
                db,
                Verifier(OwnKeys(keyring)),
                doorbell,
                keyring,
                Passwords(),
                {**providers},
                vault=keyring.answers,
            )
        finally:
            for provider in providers.values():
                await provider.close()
            await doorbell.close()
            await db.close()

    app = create_app(
        title="Duban registry",
        description=DESCRIPTION,
        routers=[
            *(feature.router for feature in FEATURES),
            long_work.jobs_of(JOBS, ImportJob, "registry:write"),
            code_lists(CODES, scope="registry:read"),
            trail(Audit),
        ],
        parts=parts,
        tags=[*TAGS, long_work.TAG],
        answers=Answer,
        offers=offer,
        codes=CODES,
    )
    app.state.jobs = JOBS
    app.state.sheets = Sheets(bodies(), views())
    return app


def bodies() -> dict[str, type[BaseModel]]:
    """The models that the JSON interface takes for objects, by kind: what sheets of them are made of."""
    found: dict[str, type[BaseModel]] = {}
    for route in _routes():
        kind, _, verb = (route.operation_id or "").rpartition("_")
        body = get_type_hints(route.endpoint).get("body")
        if verb in {"create", "replace"} and isinstance(body, type) and issubclass(body, BaseModel):
            found[kind] = body
    return found


def views() -> dict[str, type[BaseModel]]:
    """The models of what lists of objects show, by the list's name: what exports of them are made of."""
    return {
        (route.operation_id or "").removesuffix("_list"): item
        for route in _routes()
        if (item := item_of(route.response_model)) is not None and (route.operation_id or "").endswith("_list")
    }


def _routes() -> list[APIRoute]:
    return [route for feature in FEATURES for route in feature.router.routes if isinstance(route, APIRoute)]


def _fixed(settings: Settings) -> list[Fixed]:
    return [
        Fixed(key.client_id, key.key.get_secret_value(), tuple(key.scopes), key.unit) for key in settings.fixed_keys
    ]


def app() -> FastAPI:
    """The app as the environment says; for uvicorn --factory."""
    return create(Settings())
