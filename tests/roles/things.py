"""What the units of the world keep beside the plan: accounts, rosters, cases of projects, visits, prospects, payments."""

from collections.abc import Awaitable, Callable

import httpx

from services.kit.claims import SCOPES
from tests.platform import Platform
from tests.registry.samples import part, project
from tests.roles import bodies
from tests.roles.kinds import RELATIONS
from tests.roles.world import (
    CONTINUED_PLAN,
    MATTERS,
    NOBODY,
    OTHER_PLAN,
    PLAN,
    PROJECTS,
    TASKS,
    UNITS,
    Objects,
    Places,
    done,
    goals,
    leader_of,
)

WHOLE = sorted(set(SCOPES) - {"admin", "roles:grant", "audit:read"})
"""What somebody of the whole region may do who holds no administration."""


async def kept_things(platform: Platform) -> Objects:
    """Everything, made by an administrator, and decided by somebody else where four eyes are asked for."""
    office = await platform.as_("registry", *WHOLE)
    http = platform.registry
    await _stand_ins(http)
    return {
        **await _accounts(platform),
        **await _rosters(http),
        **await _projects(http, office),
        **await _requests(http, office),
        **await _leaders(http, office),
        **await _tasks(http),
        **await _prospects(http),
        **await _plans(http),
        **await _breakdowns(platform.indicators),
        **await _jobs(platform),
    }


async def _each(make: Callable[[str], Awaitable[str]], name: str, missing: str) -> Places:
    """One object of each relation, by what names it in the path."""
    found = {relation: {name: await make(relation)} for relation in RELATIONS}
    return {**found, "missing": {name: missing}}


def _with(places: Places, **more: Callable[[str], str]) -> Places:
    """The same with more values, by relation; what is missing has those of `own`."""
    return {
        relation: {**values, **{name: of("own" if relation == "missing" else relation) for name, of in more.items()}}
        for relation, values in places.items()
    }


def _subject(relation: str) -> str:
    return f"project:{PROJECTS[relation]}"


async def _stand_ins(http: httpx.AsyncClient) -> None:
    for unit in UNITS.values():
        await done(http.post(f"/v1/units/{unit}/contacts/liaison/stand-ins", json=bodies.stand_in()))


async def _accounts(platform: Platform) -> Objects:
    """A key, a person, a role and an outside account of each unit, and a file that its desk sent."""
    http = platform.registry

    async def key(relation: str) -> str:
        sent = {"client_id": f"desk.{relation}", "scopes": ["registry:read"], "unit": UNITS[relation]}
        return str((await done(http.post("/v1/keys", json=sent)))["id"])

    async def person(relation: str) -> str:
        sent = {"name": f"somebody.{relation}", "display_name": "某人", "unit": UNITS[relation]}
        return str((await done(http.post("/v1/people", json=sent)))["name"])

    async def grant(relation: str) -> str:
        sent = {"holder": f"person:somebody.{relation}", "role": "unit_liaison", "unit": UNITS[relation]}
        return str((await done(http.post("/v1/grants", json=sent)))["id"])

    async def account(relation: str) -> str:
        sent = {"provider": "district", "outside_id": f"GO_{relation}", "unit": UNITS[relation]}
        return str((await done(http.post("/v1/outside-accounts", json=sent)))["id"])

    async def file(relation: str) -> str:
        desk = await platform.as_("registry", "files:submit", "registry:read", unit=UNITS[relation])
        sent = {"file": (f"{relation}.pdf", f"%PDF-1.7 {relation}".encode())}
        return str((await done(desk.post("/v1/files", files=sent)))["sha256"])

    return {
        "registry/v1/keys/{key_id}": await _each(key, "key_id", str(NOBODY)),
        "registry/v1/people/{name}": await _each(person, "name", "nobody"),
        "registry/v1/grants/{grant}": await _each(grant, "grant", str(NOBODY)),
        "registry/v1/outside-accounts/{account}": await _each(account, "account", str(NOBODY)),
        "registry/v1/files/{sha256}": await _each(file, "sha256", "0" * 64),
    }


async def _jobs(platform: Platform) -> Objects:
    """An import of each unit that waits for its turn."""
    found: Objects = {}
    for service, scope, path in (
        ("registry", "registry:write", "contacts:import"),
        ("indicators", "observations:submit", "observations:import"),
    ):

        async def job(relation: str, service: str = service, scope: str = scope, path: str = path) -> str:
            desk = await platform.as_(service, scope, unit=UNITS[relation])
            headers = {"Content-Type": "text/csv", "Prefer": "respond-async"}
            return str((await done(desk.post(f"/v1/{path}", content=b"x", headers=headers)))["id"])

        found[f"{service}/v1/jobs/{{job}}"] = await _each(job, "job", str(NOBODY))
    return found


async def _rosters(http: httpx.AsyncClient) -> Objects:
    """A roster that each unit keeps, with an item."""
    for relation, unit in UNITS.items():
        await done(http.post("/v1/rosters", json=bodies.roster(relation, unit)))
        await done(http.post(f"/v1/rosters/{relation}/items", json=bodies.ITEM))
    rosters = {relation: {"roster": relation} for relation in (*RELATIONS, "missing")}
    items = {relation: {"roster": relation, "item": "1"} for relation in RELATIONS}
    return {
        "registry/v1/rosters/{code}": {relation: {"code": relation} for relation in rosters},
        "registry/v1/rosters/{roster}": rosters,
        "registry/v1/rosters/{roster}/items/{item}": {**items, "missing": {"roster": "own", "item": "99"}},
    }


async def _projects(http: httpx.AsyncClient, office: httpx.AsyncClient) -> Objects:
    """A project of each unit with a proposed step, a pause that holds and one that is proposed, a schedule, a milestone."""
    for relation, code in PROJECTS.items():
        path = f"/v1/projects/{code}"
        await done(http.post(f"{path}/steps", json=bodies.step(UNITS[relation])))
        await done(http.post(f"{path}/suspensions", json=bodies.pause("2018-03-01", "2018-05-31")))
        await done(office.post(f"{path}/suspensions/1/decision", json=bodies.APPROVED_PAUSE, headers=bodies.ANY))
        await done(http.post(f"{path}/suspensions", json=bodies.pause("2018-08-01", "2018-08-31")))
        await done(http.put(f"{path}/schedule", json=bodies.schedule()))
        milestone = bodies.milestone(f"m-{relation}", f"project:{code}")
        await done(http.put(f"/v1/milestones/{milestone['code']}", json=milestone))
    projects = {relation: {"code": code} for relation, code in {**PROJECTS, "missing": "P99"}.items()}
    places = _with(projects, **{"=unit": UNITS.__getitem__})
    steps = {**places, "missing": {**places["own"], "number": "99"}}
    steps = {relation: {"number": "1", **values} for relation, values in steps.items()}
    second = {
        relation: {**values, "number": "2" if relation in RELATIONS else "99"} for relation, values in steps.items()
    }
    milestones = {relation: {"code": f"m-{relation}"} for relation in (*RELATIONS, "missing")}
    return {
        "registry/v1/projects/{code}": places,
        "registry/v1/projects/{code}/steps/{number}": steps,
        "registry/v1/projects/{code}/suspensions/{number}": second,
        "registry/v1/projects/{code}/suspensions/{number}/end": steps,
        "registry/v1/projects/{code}/suspensions/{number}/annulment": steps,
        "registry/v1/milestones/{code}": _with(milestones, **{"=subject": _subject}),
    }


async def _requests(http: httpx.AsyncClient, office: httpx.AsyncClient) -> Objects:
    """A change of each unit's project that is asked for, and one of its target that is approved."""
    asked: dict[str, str] = {}
    approved: dict[str, str] = {}
    reached = goals()
    for relation, unit in UNITS.items():
        path = f"/v1/projects/{PROJECTS[relation]}/change-requests"
        asked[relation] = (await done(http.post(path, json=bodies.change(unit))))["code"]
        matter = MATTERS[relation]
        path = f"/v1/plans/{PLAN}/targets/{matter}/change-requests"
        sent = bodies.change_of_target(unit, reached[matter])
        approved[relation] = (await done(http.post(path, json=sent)))["code"]
        decision = f"/v1/change-requests/{approved[relation]}/decision"
        await done(office.post(decision, json=bodies.APPROVED_CHANGE, headers=bodies.ANY))
    requests = {relation: {"code": code} for relation, code in {**asked, "missing": "2018-9999"}.items()}
    matters = {relation: {"plan": PLAN, "target": matter} for relation, matter in {**MATTERS, "missing": "T99"}.items()}
    goal = {"=goal": lambda relation: reached[MATTERS[relation]]}
    return {
        "registry/v1/change-requests/{code}": _with(requests, **{"=unit": UNITS.__getitem__}),
        "registry/v1/plans/{plan}/targets/{target}/change-requests": _with(
            matters, **{"=unit": UNITS.__getitem__}, **goal
        ),
        "indicators/v1/plans/{plan}/targets/{target}": _with(matters, **{"=request": approved.__getitem__}, **goal),
    }


async def _leaders(http: httpx.AsyncClient, office: httpx.AsyncClient) -> Objects:
    """A leader's contact with each unit's project, a visit, and a problem that the unit raised and is to deal with."""

    async def contact(relation: str) -> str:
        sent = bodies.contact(leader_of(relation), _subject(relation))
        return str((await done(http.post("/v1/leader-contacts", json=sent)))["code"])

    async def visit(relation: str) -> str:
        sent = bodies.visit(leader_of(relation), _subject(relation))
        return str((await done(http.post("/v1/visits", json=sent)))["code"])

    async def problem(relation: str) -> str:
        sent = bodies.problem(UNITS[relation], _subject(relation))
        code = str((await done(http.post("/v1/problems", json=sent)))["code"])
        assigned = {**bodies.WORD, "unit": UNITS[relation], "due": "2018-07-31"}
        await done(office.post(f"/v1/problems/{code}/assignment", json=assigned))
        return code

    about = {"=leader": leader_of, "=subject": _subject}
    return {
        "registry/v1/leader-contacts/{code}": _with(await _each(contact, "code", "C9999"), **about),
        "registry/v1/visits/{code}": _with(await _each(visit, "code", "V9999"), **about),
        "registry/v1/problems/{code}": await _each(problem, "code", "W9999"),
    }


async def _tasks(http: httpx.AsyncClient) -> Objects:
    """What each unit published and pays, beside its task."""

    async def published(relation: str) -> str:
        sent = bodies.published(UNITS[relation])
        return str((await done(http.post(f"/v1/plans/{PLAN}/publicity", json=sent)))["id"])

    async def instrument(relation: str) -> str:
        code = f"fund-{relation}"
        sent = bodies.instrument(code, UNITS[relation])
        await done(http.put(f"/v1/plans/{PLAN}/instruments/{code}", json=sent))
        return code

    async def payment(relation: str) -> str:
        path = f"/v1/plans/{PLAN}/instruments/fund-{relation}/payments"
        return str((await done(http.post(path, json=bodies.PAYMENT)))["payment"]["id"])

    plan = {"plan": lambda _relation: PLAN}
    tasks = {relation: {"code": code} for relation, code in {**TASKS, "missing": "C99"}.items()}
    instruments = _with(await _each(instrument, "code", "nothing"), **{"=unit": UNITS.__getitem__}, **plan)
    return {
        "registry/v1/plans/{plan}/tasks/{code}": _with(tasks, **plan),
        "registry/v1/plans/{plan}/publicity/{entry}": _with(await _each(published, "entry", str(NOBODY)), **plan),
        "registry/v1/plans/{plan}/instruments/{code}": instruments,
        "registry/v1/plans/{plan}/payments/{payment}": _with(await _each(payment, "payment", str(NOBODY)), **plan),
    }


async def _prospects(http: httpx.AsyncClient) -> Objects:
    """Somebody with whom each unit is in talks, and a promotion that it held."""

    async def prospect(relation: str) -> str:
        code = f"pr-{relation}"
        await done(http.put(f"/v1/prospects/{code}", json=bodies.prospect(code, UNITS[relation])))
        return code

    async def activity(relation: str) -> str:
        code = f"ac-{relation}"
        await done(http.put(f"/v1/activities/{code}", json=bodies.activity(code, UNITS[relation])))
        return code

    async def signed(relation: str) -> str:
        code = f"si-{relation}"
        await done(http.put(f"/v1/prospects/{code}", json=bodies.prospect(code, UNITS[relation])))
        for to in ("contact", "talks", "visit", "signed"):
            await done(http.post(f"/v1/prospects/{code}/steps", json={"to": to, "on": "2018-06-01"}))
        return code

    unit = {"=unit": UNITS.__getitem__}
    return {
        "registry/v1/prospects/{code}": _with(await _each(prospect, "code", "nobody"), **unit),
        "registry/v1/prospects/{code}/landing": _with(await _each(signed, "code", "nobody"), **unit),
        "registry/v1/activities/{code}": _with(await _each(activity, "code", "nothing"), **unit),
    }


async def _plans(http: httpx.AsyncClient) -> Objects:
    """Two plans more, of which one continues the other and has a project in common with the sample; and a reorganisation."""
    await done(http.put(f"/v1/plans/{OTHER_PLAN}", json=part(OTHER_PLAN)))
    await done(http.put(f"/v1/plans/{CONTINUED_PLAN}", json=part(CONTINUED_PLAN, projects=[project("P91")])))
    await done(http.post(f"/v1/plans/{CONTINUED_PLAN}/successor", json={"successor": OTHER_PLAN}))
    await done(http.put(f"/v1/plans/{OTHER_PLAN}/shared-projects/P02", json={"reason": "样例"}))
    await done(http.post("/v1/reorganisations", json=bodies.renaming("finance", "reform")))
    shared = {relation: {"plan": OTHER_PLAN, "code": code} for relation, code in (("any", "P02"), ("missing", "P99"))}
    return {
        "registry/v1/plans/{plan}/successor": {"any": {"plan": CONTINUED_PLAN}, "missing": {"plan": "no-plan"}},
        "registry/v1/plans/{plan}/shared-projects/{code}": shared,
        "registry/v1/reorganisations/{code}": {"any": {"code": "reform"}, "missing": {"code": "nothing"}},
    }


async def _breakdowns(http: httpx.AsyncClient) -> Objects:
    """Each unit's target is its own part wholly. Where it stands is told by the requests."""
    reached = goals()
    for relation, matter in MATTERS.items():
        parts = [{"unit": UNITS[relation], "value": reached[matter]}]
        await done(http.put(f"/v1/plans/{PLAN}/targets/{matter}/breakdown", json={"parts": parts}))
    return {}
