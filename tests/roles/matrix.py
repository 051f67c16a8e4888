"""Who may do what to what: every route of the documents, every role, by how the object stands to the caller's unit.

`allowed`: the caller came through, whatever else there was to say (2xx, 304, 409, 412, 428); `invalid`: came through as
far as what was sent, which is not what the route wants (422, 400, 415); otherwise the status: 401 not signed in, 403 not
allowed, 404 not visible or not there, and of the routes that sign in, what they say to nobody.
`shown` and `hidden` say of a list whether it holds things of that unit.
"""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from services.registry.identity.rules import ROLES
from tests.contracts.openapi.frozen import SERVICES, frozen
from tests.notifier.others import sample
from tests.platform import Platform
from tests.roles.asking import Send, request_for, sending
from tests.roles.kinds import OF_A_UNIT, RELATIONS, kind_of, longest
from tests.roles.running import taking_back
from tests.roles.things import kept_things
from tests.roles.world import UNITS, Json, Objects, Values, begun, found_objects, leader_of, named_in_bodies

ALLOWED = {200, 201, 202, 204, 304, 409, 412, 428}
INVALID = {400, 415, 422}
OF_UNIT = "@unit"
CALLERS = (
    "nobody",
    *ROLES,
    *(f"{code}{OF_UNIT}" for code, role in ROLES.items() if not role.of_unit),
)
"""Roles as they are granted: those of a unit for `own`; the others for the whole region, and once more for `own`."""
HEADS = ("call", "operation", "object", *CALLERS)
CODES = {unit.name: unit.code for unit in sample().units}
METHODS = ("get", "post", "put", "patch", "delete")
AT_ONCE = 3
"""So many callers ask at once: while one waits for the database, another is answered."""
BY_SCOPE = " by scope"
"""Marks who lacks the scope: refused before any object is looked at, and so alike for all of them."""
Row = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """The platform and what stands in the path of its routes; the clients of every caller, by service."""

    platform: Platform
    objects: Objects
    clients: Mapping[str, Mapping[str, httpx.AsyncClient]]


@dataclass(frozen=True)
class Call:
    """One operation of one service."""

    service: str
    method: str
    template: str
    operation: Json

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def name(self) -> str:
        """Its operation id."""
        return str(self.operation["operationId"])

    @property
    def entries(self) -> tuple[str, ...]:
        """What `kinds` says of it."""
        return kind_of(self.method, f"{self.service}{self.template}")


def path_to(service: str) -> Path:
    """The table of a service."""
    return Path(__file__).with_name(f"{service}.csv")


def of_a_unit(caller: str) -> bool:
    """Whether a caller sees a unit and those below it only."""
    return caller.endswith(OF_UNIT) or (caller in ROLES and ROLES[caller].of_unit)


async def made(platform: Platform) -> World:
    """The world, and a key for each caller: of a client without scopes that was granted the role."""
    await begun(platform)
    keys: dict[str, str | None] = {"nobody": None}
    for name in CALLERS[1:]:
        role, client_id = name.removesuffix(OF_UNIT), name.replace("@", ".")
        unit = UNITS["own"] if of_a_unit(name) else None
        answer = await platform.registry.post("/v1/keys", json={"client_id": client_id, "scopes": [], "unit": unit})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        grant = {"holder": f"client:{client_id}", "role": role, "unit": unit}
        granted = await platform.registry.post("/v1/grants", json=grant)
        assert granted.status_code == httpx.codes.CREATED, granted.text
        keys[name] = answer.json()["key"]
    clients = {service: {name: platform.client(service, key) for name, key in keys.items()} for service in SERVICES}
    things = await kept_things(platform)
    return World(platform, {**await found_objects(platform), **things, **dict(named_in_bodies())}, clients)


async def walk(world: World, *, everybody: bool = False) -> dict[str, list[Row]]:
    """The rows of every service's table, in the order of its document.

    Every caller is asked about the first relation of every call. About the others those of one place in the tree who
    were answered alike speak with one voice, and who was refused before anything was looked at is not asked again; unless
    `everybody` is to be asked, as when the tables are written.
    """
    with taking_back(world.platform):
        return {
            service: [row for call in calls(service) for row in await _rows(world, call, everybody=everybody)]
            for service in SERVICES
        }


def calls(service: str) -> Iterator[Call]:
    """Every operation of a document. The frozen one: a test holds it equal to what the service says of itself."""
    for template, item in frozen(service)["paths"].items():
        for method in METHODS:
            if method in item:
                yield Call(service, method.upper(), template, item[method])


async def _rows(world: World, call: Call, *, everybody: bool) -> list[Row]:
    rows: list[Row] = []
    voices: dict[str, str] = {}
    refused: dict[str, str] = {}
    for relation, values in places_of(world.objects, call).items():
        asked = await request_for(
            world.platform,
            call.service,
            call.operation,
            method=call.method,
            template=call.template,
            values=values,
        )
        send = sending(call.method, call.template, values, asked)
        said = await _answers(world, call, send, voices=voices, refused=refused)
        if not voices and not everybody:
            voices = _voices(said)
            refused = {caller: answer for caller, answer in said.items() if answer == "401" or BY_SCOPE in answer}
        rows.append((str(call), call.name, relation, *(answer.removesuffix(BY_SCOPE) for answer in said.values())))
    return rows + (await _lists(world, call, voices) if "{" not in call.template and call.method == "GET" else [])


async def _answers(
    world: World, call: Call, send: Send, *, voices: Mapping[str, str], refused: Mapping[str, str]
) -> dict[str, str]:
    """What each caller is answered; `voices` name who is asked for whom. A route that asks for no caller knows none."""
    turns, clients = asyncio.Semaphore(AT_ONCE), world.clients[call.service]
    public = not call.operation.get("security")
    speaker = {caller: "nobody" if public else voices.get(caller, caller) for caller in clients}

    async def said(caller: str) -> tuple[str, str]:
        async with turns:
            return caller, _said(await send(clients[caller], caller))

    speakers = [caller for caller in dict.fromkeys(speaker.values()) if caller not in refused]
    asked = {**refused, **dict(await asyncio.gather(*map(said, speakers)))}
    return {caller: asked[speaker[caller]] for caller in clients}


def _voices(said: Mapping[str, str]) -> dict[str, str]:
    """For each caller the first one of the same place in the tree who was answered alike."""
    first: dict[tuple[bool, str], str] = {}
    return {caller: first.setdefault((of_a_unit(caller), answer), caller) for caller, answer in said.items()}


def places_of(objects: Objects, call: Call) -> dict[str, Values]:
    """The values of the path by relation; a path without any is asked once."""
    path = f"{call.service}{call.template}"
    exact = f"{call.method} {path}"
    if exact in objects:
        return objects[exact]
    if "{" not in call.template:
        return {"": {}}
    known = longest(dict.fromkeys(objects, ""), path)
    assert known is not None, f"{exact}: say in kinds.py whose its objects are, and make some"
    return objects[known]


def _said(answer: httpx.Response) -> str:
    assert answer.status_code < 500 or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
    if answer.status_code in ALLOWED:
        return "allowed"
    if answer.status_code == httpx.codes.FORBIDDEN and "缺少权限范围" in answer.text:
        return f"{answer.status_code}{BY_SCOPE}"
    return "invalid" if answer.status_code in INVALID else str(answer.status_code)


async def _lists(world: World, call: Call, voices: Mapping[str, str]) -> list[Row]:
    """Whether a list holds things of each unit, where it holds things of units."""
    sought = _sought(world.objects, call)
    everything = await _found(getattr(world.platform, call.service), call.template)
    if not all(everything & each for each in sought.values()):
        return []
    clients = world.clients[call.service]
    speaker = {caller: voices.get(caller, caller) for caller in clients}
    seen = {caller: await _found(clients[caller], call.template) for caller in dict.fromkeys(speaker.values())}
    return [
        (
            str(call),
            call.name,
            f"{relation} in the list",
            *("shown" if each & seen[speaker[caller]] else "hidden" for caller in clients),
        )
        for relation, each in sought.items()
    ]


def _sought(objects: Objects, call: Call) -> dict[str, set[str]]:
    """By which words an item of a list shows that it is of each unit: the unit's own, or those of the world's object."""
    found = {relation: {unit, leader_of(relation)} for relation, unit in UNITS.items()}
    for known, places in objects.items():
        kind, _, last = known.rpartition("/")
        if known in OF_A_UNIT and last.startswith("{") and kind.endswith(f"{call.service}{call.template}"):
            for relation in RELATIONS:
                found[relation].add(places[relation][last.strip("{}")])
    return found


NAMES = ("unit", "lead", "leader", "reporter", "raised_by", "code", "id", "sha256", "project")
"""By which field an item of a list says of which unit it is, or which of the world's objects."""


async def _found(client: httpx.AsyncClient, path: str) -> set[str]:
    """What the items of a list name, units by their codes."""
    found: set[str] = set()
    cursor = None
    while True:
        answer = await client.get(path, params={"limit": 200} | ({} if cursor is None else {"cursor": cursor}))
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:  # sums have no pages
            answer = await client.get(path)
        page = answer.json() if answer.is_success and answer.headers["content-type"] == "application/json" else {}
        items = page.get("items") if isinstance(page, dict) else None
        for item in items or ():
            named = [item.get(name) for name in NAMES] if isinstance(item, dict) else []
            found |= {CODES.get(each, each) for each in named if isinstance(each, str)}
        cursor = page.get("next") if items else None
        if not isinstance(cursor, str):
            return found


def text_of(rows: list[Row]) -> str:
    """The rows as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(rows)
    return out.getvalue()


def kept(service: str) -> list[Row]:
    """The table in the repository."""
    with path_to(service).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]
