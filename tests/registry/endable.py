"""One object of each kind that can be ended, and one of each kind that names it, for the tests of endings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from services.registry.projects.kinds.rules import STANDARD
from tests.registry.running import Registry, seen
from tests.registry.samples import PLAN, applied, enterprise, owned, project, small_part, unit
from tests.roles import bodies

Json = dict[str, Any]
WORD = {"text": "样例"}
UNITS = [
    unit("government", "区政府", kind="office"),
    unit("jingxin", "区经信局", parent="government"),
    unit("keji", "区科技局", parent="government"),
    unit("leader", "某领导", kind="leader", parent="government"),
]
CODES = {"leader_contact": "C0001", "visit": "V0001", "schedule": "P02"}
"""Of kinds that give codes themselves, or have another's."""


def code_of(kind: str) -> str:
    """The code of the object of a kind that is made here."""
    return CODES.get(kind, "x")


def path_of(kind: str) -> str:
    """Where the object of a kind is found."""
    collection = {
        "industry": "industries",
        "activity": "activities",
        "schedule": "projects",
        "instrument": f"plans/{PLAN}/instruments",
    }.get(kind, f"{kind.replace('_', '-')}s")
    return f"/v1/{collection}/{code_of(kind)}" + ("/schedule" if kind == "schedule" else "")


async def begun(registry: Registry) -> None:
    """A plan with one or two of each, in whose file none of what is ended here stands."""
    await applied(registry, small_part(units=UNITS))


async def done(answer: Awaitable[httpx.Response]) -> Any:  # noqa: ANN401 - JSON
    """What a request answered, which must have gone well."""
    found = await answer
    assert found.is_success, f"{found.request.method} {found.request.url}: {found.text}"
    return found.json() if found.content else None


def carrier(code: str, **more: object) -> Json:
    """A carrier."""
    usual: Json = {"name": f"小镇{code}", "name_en": None, "industry": "information", "also": [], "aliases": []}
    return {"code": code, **usual, **more}


def instrument() -> Json:
    """An instrument of the small plan."""
    return {**bodies.instrument("x", "keji"), "plan": PLAN}


def listed(code: str, **more: object) -> Json:
    """A project of the small plan."""
    return {**project(code, **more), "plan": PLAN}


SENT: dict[str, tuple[str, str, Json]] = {
    "carrier": ("POST", "/v1/carriers", carrier("x")),
    "enterprise": ("POST", "/v1/enterprises", enterprise("x", "某企业")),
    "project": ("POST", "/v1/projects", listed("x")),
    "project_kind": ("PUT", "/v1/project-kinds/x", {**STANDARD, "code": "x", "name": "某类"}),
    "schedule": ("PUT", "/v1/projects/P02/schedule", bodies.schedule()),
    "roster": ("POST", "/v1/rosters", bodies.roster("x", "keji")),
    "milestone": ("PUT", "/v1/milestones/x", bodies.milestone("x", "project:P01")),
    "leader_contact": ("POST", "/v1/leader-contacts", bodies.contact("leader", "project:P01")),
    "visit": ("POST", "/v1/visits", bodies.visit("leader", "project:P01")),
    "instrument": ("PUT", f"/v1/plans/{PLAN}/instruments/x", instrument()),
    "prospect": ("PUT", "/v1/prospects/x", bodies.prospect("x", "keji")),
    "activity": ("PUT", "/v1/activities/x", bodies.activity("x", "keji")),
}
"""How the object of each kind is made: method, path, body."""


async def make(http: httpx.AsyncClient, kind: str) -> None:
    """Make the object of a kind."""
    if kind == "enterprise_group":
        await make_group(http, "x")
    elif kind == "industry":
        rows = "code,name,name_en\nx,某产业,\n"
        await done(http.post("/v1/industries:import", content=rows.encode(), headers={"Content-Type": "text/csv"}))
    else:
        method, path, body = SENT[kind]
        await done(http.request(method, path, json=body))


async def make_group(http: httpx.AsyncClient, code: str, **more: object) -> None:
    """A group comes by a plan file; here it is taken out of the file again, and stays."""
    group = {"code": code, "name": f"集团{code}", "name_en": None, "aliases": [], "enterprise": None, **more}
    for groups in ([group], []):
        await done(http.put(f"/v1/plans/{PLAN}", json=small_part(units=UNITS, groups=groups)))


async def end(http: httpx.AsyncClient, path: str, **params: str) -> httpx.Response:
    """End what is at a path, as who has just read it."""
    return await http.delete(path, headers=await seen(http, path), params=params)


@dataclass(frozen=True)
class Naming:
    """Something that names the object: of which kind it is, how it comes to name it, and how it gives that up."""

    kind: str
    of: str
    make: Callable[[httpx.AsyncClient], Awaitable[None]]
    give_up: Callable[[httpx.AsyncClient], Awaitable[None]]
    how: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.how or 'names'} {self.of}"


def _at(kind: str, of: str, method: str, path: str, body: Json, *, where: str | None = None, how: str = "") -> Naming:
    """What is made by one request and ended by another."""

    async def made(http: httpx.AsyncClient) -> None:
        await done(http.request(method, path, json=body))

    async def ended(http: httpx.AsyncClient) -> None:
        answer = await end(http, where or path)
        assert answer.status_code == 204, answer.text

    return Naming(kind, of, made, ended, how)


def _case(kind: str, of: str, path: str, body: Json, *, undo: str, prepared: Json | None = None) -> Naming:
    """A case that is begun and given up by acts."""

    async def made(http: httpx.AsyncClient) -> None:
        if prepared is not None:
            await done(http.put(path, json=prepared))
        await done(http.post(path, json=body))

    async def withdrawn(http: httpx.AsyncClient) -> None:
        await done(http.post(undo, json=WORD))

    return Naming(kind, of, made, withdrawn)


def _item(of: str, how: str, **more: object) -> Naming:
    async def made(http: httpx.AsyncClient) -> None:
        if of != "roster":
            await done(
                http.post("/v1/rosters", json={**bodies.roster("x", "keji"), "lists": more.pop("lists", "enterprise")})
            )
        item = {**bodies.ITEM, "thing": "enterprise:e22", **more}
        await done(http.post("/v1/rosters/x/items", json=item))

    async def withdrawn(http: httpx.AsyncClient) -> None:
        await done(http.post("/v1/rosters/x/items/1:withdraw", json={"on": "2018-07-01", "reason": "误录"}))

    return Naming("roster_item", of, made, withdrawn, how)


def _of_plan(kind: str, of: str, path: str, body: Json) -> Naming:
    """What plan files prune, and what is said anew about something else."""

    async def made(http: httpx.AsyncClient) -> None:
        await done(http.put(path, json=body, headers={"If-Match": "*"}))

    async def changed(http: httpx.AsyncClient) -> None:
        await done(http.put(path, json={**body, "subject": f"plan:{PLAN}"}, headers=await seen(http, path)))

    return Naming(kind, of, made, changed)


def _landed(of: str) -> Naming:
    there = {"enterprise": "e22", "project": "P01", of: "x"}

    async def made(http: httpx.AsyncClient) -> None:
        if of == "enterprise":
            await done(http.post("/v1/projects", json=listed("y", enterprise="x", enterprise_name=None)))
            there["project"] = "y"
        path = "/v1/prospects/y"
        await done(http.put(path, json=bodies.prospect("y", "keji")))
        for to in ("contact", "talks", "visit", "signed"):
            await done(http.post(f"{path}/steps", json={"to": to, "on": "2018-06-01"}))
        await done(http.post(f"{path}/landing", json={"on": "2018-07-01", **there}))

    async def ended(http: httpx.AsyncClient) -> None:
        for path in ("/v1/prospects/y", *(["/v1/projects/y"] if of == "enterprise" else [])):
            answer = await end(http, path)
            assert answer.status_code == 204, answer.text

    return Naming("prospect", of, made, ended)


def _paid(of: str) -> Naming:
    payment = {**bodies.PAYMENT, **({} if of == "instrument" else {"receiver": None, of: "x"})}
    code = "x" if of == "instrument" else "y"
    path = f"/v1/plans/{PLAN}/instruments/{code}"

    async def made(http: httpx.AsyncClient) -> None:
        if of != "instrument":
            await done(http.put(path, json={**instrument(), "code": code}))
        await done(http.post(f"{path}/payments", json=payment))

    async def reversed_(http: httpx.AsyncClient) -> None:
        (paid,) = (await done(http.get("/v1/payments")))["items"]
        await done(http.post(f"/v1/plans/{PLAN}/payments/{paid['id']}/reversal", json=bodies.REVERSAL))

    return Naming("payment", of, made, reversed_)


def _task(subject: str) -> Json:
    return {"plan": PLAN, "code": "C09", "name": "某任务", "subject": subject, "clause": "一", "phrase": "力争"}


def _about(of: str) -> list[Naming]:
    """What is about a subject of this kind."""
    subject = f"{of}:x"
    owner = {**owned("T09", "keji", subject=subject), "plan": PLAN}
    found = [
        _of_plan("task", of, f"/v1/plans/{PLAN}/tasks/C09", _task(subject)),
        _of_plan("responsibility", of, f"/v1/plans/{PLAN}/responsibilities/T09", owner),
        _at("milestone", of, "PUT", "/v1/milestones/y", bodies.milestone("y", subject)),
        _item(of, "counts for", subject=subject),
    ]
    if of == "industry":
        return found
    problem = bodies.problem("keji", subject)
    return [
        *found,
        _at(
            "leader_contact",
            of,
            "POST",
            "/v1/leader-contacts",
            bodies.contact("leader", subject),
            where="/v1/leader-contacts/C0001",
        ),
        _at("visit", of, "POST", "/v1/visits", bodies.visit("leader", subject), where="/v1/visits/V0001"),
        _case("problem", of, "/v1/problems", problem, undo="/v1/problems/W0001/return"),
    ]


def _carrier(of: str, how: str, **more: object) -> Naming:
    return _at("carrier", of, "POST", "/v1/carriers", carrier("y", **more), where="/v1/carriers/y", how=how)


def _project(of: str, **more: object) -> Naming:
    return _at("project", of, "POST", "/v1/projects", listed("y", **more), where="/v1/projects/y")


MEMBER = {"name": "某成员", "kind": "enterprise", "enterprise": "x"}
INNER = {"name": "某小镇", "kind": "sub_park", "carrier": "x", "counted": False}
HELD = {"group": "x", "valid_from": None, "valid_to": None, "source": "样例"}


def _group() -> Naming:
    async def made(http: httpx.AsyncClient) -> None:
        await make_group(http, "y", enterprise="x")

    async def ended(http: httpx.AsyncClient) -> None:
        assert (await end(http, "/v1/enterprise-groups/y")).status_code == 204

    return Naming("enterprise_group", "enterprise", made, ended)


NAMINGS = (
    *(naming for of in ("industry", "carrier", "enterprise", "project") for naming in _about(of)),
    _carrier("industry", "is of", industry="x"),
    _carrier("industry", "is also of", also=["x"]),
    _carrier("carrier", "lies within", parent="x"),
    _carrier("carrier", "has as a member", members=[INNER]),
    _carrier("enterprise", "has as a member", members=[MEMBER]),
    _at(
        "enterprise",
        "industry",
        "POST",
        "/v1/enterprises",
        enterprise("y", "另一企业", industry="x"),
        where="/v1/enterprises/y",
    ),
    _at(
        "enterprise",
        "enterprise_group",
        "POST",
        "/v1/enterprises",
        enterprise("y", "另一企业", memberships=[HELD]),
        where="/v1/enterprises/y",
    ),
    _group(),
    _project("industry", industry="x"),
    _project("enterprise", enterprise="x", enterprise_name=None),
    _project("carrier", carrier="x"),
    _project("project_kind", kind="x"),
    _item("enterprise", "is", thing="enterprise:x"),
    _item("project", "is", thing="project:x", lists="project"),
    _item("roster", "stands in"),
    _case(
        "project_step", "project", "/v1/projects/x/steps", bodies.step("keji"), undo="/v1/projects/x/steps/1/withdrawal"
    ),
    _case(
        "suspension",
        "project",
        "/v1/projects/x/suspensions",
        bodies.pause("2018-08-01", "2018-08-31"),
        undo="/v1/projects/x/suspensions/1/withdrawal",
    ),
    _case(
        "change_request",
        "project",
        "/v1/projects/x/change-requests",
        bodies.change("keji"),
        undo="/v1/change-requests/2018-0001/withdrawal",
    ),
    _at("schedule", "project", "PUT", "/v1/projects/x/schedule", bodies.schedule()),
    _case(
        "problem",
        "visit",
        "/v1/problems",
        {**bodies.problem("keji", "project:P01"), "visit": "V0001"},
        undo="/v1/problems/W0001/return",
    ),
    _at("prospect", "industry", "PUT", "/v1/prospects/y", {**bodies.prospect("y", "keji"), "industry": "x"}),
    _landed("enterprise"),
    _landed("project"),
    _at("activity", "prospect", "PUT", "/v1/activities/y", {**bodies.activity("y", "keji"), "met": ["x"]}),
    *(_paid(of) for of in ("instrument", "enterprise", "project")),
)
"""Something of each kind for each kind that it can name."""
