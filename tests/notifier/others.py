"""Honest twins of the services that the notifier calls: real HTTP, real tokens, the same feeds; and the notifier alone."""

import base64
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Self
from zoneinfo import ZoneInfo

import chinese_calendar
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from services.embedded.web import mounted
from services.kit.claims import ALGORITHM, AUDIENCE, ISSUER, SCOPES
from services.kit.db import Database, uuid7
from services.notifier import main
from services.notifier.channels import mailbox
from services.notifier.settings import Settings
from services.plan_file.model import PlanFile
from services.plan_file.parts import Parts, split
from tests.databases import TestDatabase
from tests.plan_file.samples import XIAOSHAN, plan_of
from tests.unlimited import UNLIMITED

REGION = "330109"
BASE = "http://duban"
PLAN = "xiaoshan-2017-2019"
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2018, 7, 16, 9, tzinfo=ZONE)


def at(text: str) -> datetime:
    """An instant of the plan's zone: `2018-08-12 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def official_days(*years: int) -> dict[str, bool]:
    """Days that differ from the plain week, by the yearly notices."""
    days = [date(year, 1, 1) + timedelta(days=n) for year in years for n in range(365)]
    return {
        day.isoformat(): works for day in days if (works := chinese_calendar.is_workday(day)) != (day.weekday() < 5)
    }


@cache
def sample() -> PlanFile:
    """The sample plan, read once."""
    return plan_of(XIAOSHAN)


@dataclass
class Others:
    """What the registry and indicators would say. Everything has its position, as behind their sealers."""

    complete_to: datetime | None = None
    plans: set[str] = field(default_factory=set)
    """Plans at which indicators looked since they became active."""
    away: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)
    lights: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def say(self, kind: str, code: str, content: dict[str, Any] | None, recorded_at: datetime) -> None:
        """A version of one of the registry's objects; no content ends it."""
        object_id = self.ids.setdefault((kind, code), str(uuid7()))
        self.changes.append(
            {
                "position": len(self.changes) + 1,
                "kind": kind,
                "id": object_id,
                "code": code,
                "version": 1,
                "recorded_at": recorded_at.isoformat(),
                "content": content,
            }
        )

    def show(self, target: str, light: str, when: datetime, *, reason: str | None = None, **judged: str | None) -> None:
        """A change of a target's light."""
        plan = judged.pop("plan", None) or PLAN
        self.lights.append(
            {
                "position": len(self.lights) + 1,
                "id": str(uuid7()),
                "plan": plan,
                "target": target,
                "subject": f"plan:{plan}",
                "from_light": self.shown.get((plan, target)),
                "to_light": light,
                "reason": reason,
                "at": when.isoformat(),
                "as_of": when.date().isoformat(),
                **judged,
            }
        )
        self.shown[plan, target] = light

    def own(self, matter: str, lead: str, support: Sequence[str], when: datetime, *, plan: str = PLAN) -> None:
        """Who answers for a target."""
        content = {"plan": plan, "matter": matter, "name": f"目标{matter}", "lead": lead, "support": list(support)}
        self.say("responsibility", matter, content, when)

    def activate(self, plan: str, name: str, when: datetime) -> None:
        """A plan becomes active."""
        content = {"name": name, "time_zone": "Asia/Shanghai", "state": "active", "activated_at": when.isoformat()}
        self.say("plan", plan, content, when)
        self.plans.add(plan)

    def token(self, *scopes: str, unit_path: str = "") -> str:
        """A token as the registry gives it."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "test",
            "exp": now + 600,
            "iat": now,
            "jti": uuid.uuid4().hex,
            "client_id": "test",
            "scope": " ".join(scopes or sorted(SCOPES)),
            "region": REGION,
            "unit_path": unit_path,
        }
        return jwt.encode(claims, self.signing, algorithm=ALGORITHM, headers={"kid": "twin", "typ": "at+jwt"})

    def registry(self) -> FastAPI:
        """The registry as far as the notifier calls it."""
        app = FastAPI()
        raw = self.signing.public_key().public_bytes_raw()
        public = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

        @app.get("/v1/jwks")
        async def jwks() -> dict[str, Any]:
            return {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "twin", "alg": ALGORITHM, "x": public}]}

        @app.post("/v1/token")
        async def token() -> dict[str, Any]:
            return {"access_token": self.token(), "expires_in": 600}

        @app.get("/v1/changes")
        async def changes(after: int, limit: int) -> dict[str, Any]:
            page = self.changes[after : after + min(limit, 100)]
            return {"items": page, "next": after + len(page)}

        return app

    def indicators(self) -> FastAPI:
        """Indicators as far as the notifier calls it."""
        app = FastAPI()

        @app.get("/v1/light-changes", response_model=None)
        async def light_changes(after: int, limit: int) -> dict[str, Any] | httpx.Response:
            if self.away:
                raise RuntimeError("away")
            page = self.lights[after : after + min(limit, 100)]
            complete = None if self.complete_to is None else self.complete_to.isoformat()
            plans = {plan: complete for plan in sorted(self.plans) if complete is not None}
            return {"items": page, "next": after + len(page), "complete_to": complete, "plans": plans}

        return app


@dataclass
class Notifier:
    """The notifier running with its twins."""

    others: Others
    app: FastAPI
    database: TestDatabase
    transport: httpx.ASGITransport
    http: httpx.AsyncClient

    def as_(self, *scopes: str, unit_path: str = "") -> httpx.AsyncClient:
        """A caller with these scopes for the units at and below a path."""
        headers = {"Authorization": f"Bearer {self.others.token(*scopes, unit_path=unit_path)}"}
        return httpx.AsyncClient(base_url=f"{BASE}/notifier", transport=self.transport, headers=headers)

    async def set_clock(self, instant: datetime) -> None:
        """Let the business clock stand at `instant`."""
        async with self.database.owner() as connection:
            await connection.execute("ALTER TABLE platform.clock DISABLE TRIGGER USER")
            await connection.execute(
                "UPDATE platform.clock SET business_at = $1, real_at = clock_timestamp(), standing = true", instant
            )
            await connection.execute("ALTER TABLE platform.clock ENABLE TRIGGER USER")

    async def advance(self, to: datetime) -> dict[str, Any]:
        """Move the clock to `to` as the registry does: visiting what was announced, and each change of light."""
        lights = sorted(datetime.fromisoformat(light["at"]) for light in self.others.lights)
        async with self.database.owner() as connection:
            now = await connection.fetchval("SELECT platform.now()")
        while now < to:
            done = await self.run(now)
            following = [light for light in lights if light > now]
            if done["next"] is not None:
                following.append(datetime.fromisoformat(done["next"]))
            now = min([to, *following])
            await self.set_clock(now)
        return await self.run(to)

    async def run(self, until: datetime) -> dict[str, Any]:
        """Everything due up to `until`, which comes first where it is yet to come."""
        async with self.database.owner() as connection:
            now = await connection.fetchval("SELECT platform.now()")
        if now < until:
            await self.set_clock(until)
        self.others.complete_to = until
        answer = await self.http.post("/v1/due:run", json={"until": until.isoformat()}, timeout=60)
        assert answer.status_code == httpx.codes.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def items(self, path: str, **params: str | bool) -> list[dict[str, Any]]:
        """Every item of a list."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await self.http.get(path, params={"limit": 200, **params, **({"cursor": cursor} if cursor else {})})
            assert page.status_code == httpx.codes.OK, page.text
            found += page.json()["items"]
            cursor = page.json()["next"]
            if cursor is None:
                return found

    async def notice(self, matter: str) -> dict[str, Any]:
        """The latest notice about a matter, with all that happened to it."""
        latest = (await self.items("/v1/notices", matter=matter))[-1]
        answer = await self.http.get(f"/v1/notices/{latest['id']}")
        assert answer.status_code == httpx.codes.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def apply(self, parts: Parts) -> httpx.Response:
        """Apply a plan's part for the notifier."""
        body = parts.notifier.model_dump(mode="json")
        return await self.http.put(f"/v1/plans/{parts.notifier.header.plan}", json=body)

    async def load(self, plan_file: PlanFile, *, matters: Collection[str] | None = None) -> Self:
        """A plan as the registry would say it, its part for the notifier applied, active from the start.

        With `matters`, of owners, units and contacts only theirs.
        """
        parts = split(plan_file)
        owners = [one for one in parts.registry.responsibilities if matters is None or one.matter in matters]
        units = {code for one in owners for code in (one.lead, *one.support)}
        known = datetime(2016, 12, 31, tzinfo=ZONE)
        year = {"year": 2018, "published": True, "exceptions": official_days(2018)}
        self.others.say("calendar", "2018", year, known)
        for unit in parts.registry.units:
            self.others.say("unit", unit.code, unit.model_dump(mode="json"), known)
        for contact in parts.registry.contacts:
            if contact.unit in units:
                self.others.say("contact", f"{contact.unit}/{contact.role}", contact.model_dump(mode="json"), known)
        for owned in owners:
            content = {**owned.model_dump(mode="json"), "plan": parts.registry.plan.code}
            self.others.say("responsibility", owned.matter, content, known)
        await self.set_clock(START)
        answer = await self.apply(parts)
        assert answer.status_code == httpx.codes.OK, answer.text
        self.others.activate(parts.registry.plan.code, parts.registry.plan.name, START)
        return self


@asynccontextmanager
async def running(database: TestDatabase, **more: object) -> AsyncIterator[Notifier]:
    """The notifier with its twins, on a fresh database."""
    others = Others()
    holder: list[httpx.ASGITransport] = []

    class Loopback(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return await holder[0].handle_async_request(request)

    told: dict[str, Any] = {
        "database_url": database.url("notifier"),
        "contact_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        "registry_url": f"{BASE}/registry",
        "indicators_url": f"{BASE}/indicators",
        "notifier_url": f"{BASE}/notifier",
        "api_key": "worker",
        "region": REGION,
        "embedded": True,
        **UNLIMITED,
        "smtp_seconds": 5,
        **more,
    }
    app = main.create(Settings(**told), transport=Loopback())
    house = mounted({"registry": others.registry(), "indicators": others.indicators(), "notifier": app})
    holder.append(httpx.ASGITransport(app=house, raise_app_exceptions=False))
    async with house.router.lifespan_context(house):
        headers = {"Authorization": f"Bearer {others.token()}"}
        async with httpx.AsyncClient(base_url=f"{BASE}/notifier", transport=holder[0], headers=headers) as http:
            yield Notifier(others, app, database, holder[0], http)


@asynccontextmanager
async def with_mailbox(database: TestDatabase, **more: object) -> AsyncIterator[Notifier]:
    """The same, with the embedded mailbox behind it: a real SMTP server that keeps what it is given."""
    db = Database(database.url("notifier"))
    try:
        async with mailbox.serving(db, REGION, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with running(database, smtp_port=port, **more) as made:
                yield made
    finally:
        await db.close()
