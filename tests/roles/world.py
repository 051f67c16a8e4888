"""A platform with the sample plan in which one unit is the caller's own, and others are below, beside and elsewhere.

Everything in it is synthetic. What stands in the path of each route is told by `kinds.py`; it is made here and in
`things.py`.
"""

import copy
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

from services.plan_file.parts import split
from tests.contracts.openapi.frozen import SERVICES
from tests.databases import ROOT
from tests.notifier.others import sample
from tests.platform import START, Platform
from tests.registry.samples import taken_to
from tests.roles.kinds import RELATIONS

Json = dict[str, Any]
Values = dict[str, str]
Places = dict[str, Values]
Objects = dict[str, Places]
"""What stands in a path, by relation, by the beginning of the path. A name with ? before it is the query's, with = the
body's."""

PLAN = sample().plan.code
OTHER_PLAN, CONTINUED_PLAN = "plan-b", "plan-c"
UNITS = {
    "own": "science_technology",
    "child": "talent",
    "sibling": "economic_development_zone",
    "foreign": "yiqiao_town",
}
"""Units of the sample by how they stand to the caller's."""
PARENTS = {
    "science_technology": "economy_information",
    "economic_development_zone": "economy_information",
    "talent": "science_technology",
}
MATTERS = {"own": "T05", "child": "T04", "sibling": "T14", "foreign": "T22"}
"""Targets that these units answer for; each a count, which can be divided."""
SERIES = {
    "own": ("tech_breakthroughs", "plan", "项"),
    "child": ("teams_recruited", "plan", "个"),
    "sibling": ("port_facilities", "carrier:info-port", "个"),
    "foreign": ("carrier_enterprises", "carrier:yiqiao-intelligent", "家"),
}
"""What these targets measure."""
MILESTONES = {"own": "T26", "child": "T27", "sibling": "T17", "foreign": "T21"}
"""Milestones that they lead."""
PROJECTS = {"own": "P23", "child": "P24", "sibling": "P01", "foreign": "P10"}
TASKS = {"own": "C11", "child": "C13", "sibling": "C02", "foreign": "C14"}
NOBODY = uuid.UUID("01900000-0000-7000-8000-000000000000")


def leader_of(relation: str) -> str:
    """A leader below one of the units."""
    return f"leader_{relation}"


async def done(asked: Any) -> Any:  # noqa: ANN401 - an answer's JSON
    """What a request answered, which must have gone well."""
    answer: httpx.Response = await asked
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None


async def begun(platform: Platform) -> None:
    """The sample, its tree bent so that there is a unit above, below and beside the caller's, each with its things."""
    await platform.set_clock(START, standing=True)
    parts = split(sample())
    bodies = (
        _bent(parts.registry.model_dump(mode="json")),
        parts.indicators.model_dump(mode="json"),
        parts.notifier.model_dump(mode="json"),
    )
    for client, body in zip((platform.registry, platform.indicators, platform.notifier), bodies, strict=True):
        await done(client.put(f"/v1/plans/{PLAN}", json=body, timeout=60))
    for path, name in (("observations", "reports"), ("milestones", "milestones")):
        content = (ROOT / f"plans/{PLAN}.{name}.csv").read_bytes()
        headers = {"Content-Type": "text/csv"}
        url = f"/v1/{path}:import"
        await done(platform.indicators.post(url, params={"plan": PLAN}, content=content, headers=headers, timeout=60))
    await taken_to(platform.registry, "active", plan=PLAN)
    await platform.run_due(START)


def _bent(sent: Json) -> Json:
    registry = copy.deepcopy(sent)
    for unit in registry["units"]:
        unit["parent"] = PARENTS.get(unit["code"], unit["parent"])
    for relation, unit in UNITS.items():
        leader = {"code": leader_of(relation), "name": f"某领导（{relation}）", "name_en": None}
        registry["units"].append({**leader, "kind": "leader", "parent": unit})
    leads = {table[relation]: unit for relation, unit in UNITS.items() for table in (PROJECTS, TASKS, MILESTONES)}
    for matter in registry["responsibilities"]:
        if matter["matter"] in leads:
            matter |= {"lead": leads[matter["matter"]], "support": []}
    return registry


def goals() -> dict[str, str]:
    """What each target is to reach in the end."""
    targets = split(sample()).indicators.model_dump(mode="json")["targets"]
    return {target["code"]: target["checkpoints"][-1]["value"] for target in targets}


def of_matters(name: str = "target", **more: str) -> Places:
    """The targets that the units answer for."""
    return {relation: {**more, name: code} for relation, code in {**MATTERS, "missing": "T99"}.items()}


def of_units(name: str, **more: str) -> Places:
    """The units themselves."""
    return {relation: {name: code, **more} for relation, code in {**UNITS, "missing": "nobody"}.items()}


async def every(client: httpx.AsyncClient, path: str) -> list[Json]:
    """All items of a list."""
    found: list[Json] = []
    cursor = None
    while True:
        asked = {"limit": 200} if cursor is None else {"limit": 200, "cursor": cursor}
        page = await done(client.get(path, params=asked))
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def found_objects(platform: Platform) -> Objects:
    """What the sample brings."""
    whole = {f"{service}/v1/plans/{{code}}": _any("code", PLAN, "no-plan") for service in ("registry", "indicators")}
    return {
        **whole,
        "notifier/v1/plans/{code}": _any("code", PLAN, "no-plan"),
        "registry/v1/units/{code}": of_units("code"),
        "registry/v1/units/{unit}/contacts/{role}": of_units("unit", role="liaison", first="2018-08-01"),
        "registry/v1/plans/{plan}/responsibilities/{matter}": of_matters("matter", plan=PLAN),
        "GET indicators/v1/lights/history": of_matters("?target"),
        "indicators/v1/indicators/{code}": _any("code", "va_growth", "nothing"),
        "indicators/v1/series/{series}": _any(
            "series", (await every(platform.indicators, "/v1/series"))[0]["id"], str(NOBODY)
        ),
        "indicators/v1/gaps/{target}": of_matters(),
        "indicators/v1/plans/{plan}/units/{unit}/responsibility-letter": of_units("unit", plan=PLAN),
        "indicators/v1/observations/{key}": await _figures(platform),
        "notifier/v1/notices/{notice}": await _sent(platform.notifier, "/v1/notices", "notice"),
        "notifier/v1/deliveries/{delivery}": await _sent(platform.notifier, "/v1/deliveries", "delivery"),
        **await _of_the_region(platform.registry),
    }


def _any(name: str, there: str, missing: str, **more: str) -> Places:
    return {"any": {name: there, **more}, "missing": {name: missing, **more}}


async def _sent(client: httpx.AsyncClient, path: str, name: str) -> Places:
    """One object of each unit, out of a list whose items name theirs."""
    items = await every(client, path)
    names = {unit["code"]: unit["name"] for unit in sample().model_dump(mode="json")["units"]}
    found = {
        relation: next(item["id"] for item in items if item["unit"] in {unit, names[unit]})
        for relation, unit in UNITS.items()
    }
    return {relation: {name: value} for relation, value in {**found, "missing": str(NOBODY)}.items()}


async def _figures(platform: Platform) -> Places:
    """One figure that each unit reported."""
    items = await every(platform.indicators, "/v1/observations")
    found = {
        relation: next(item["id"] for item in items if item["reporter"] == unit and item["rejected_at"] is None)
        for relation, unit in UNITS.items()
    }
    return {relation: {"key": value} for relation, value in {**found, "missing": f"{NOBODY}~2018-06-30~0"}.items()}


async def _of_the_region(client: httpx.AsyncClient) -> Objects:
    """What is of no unit: one that is there, and one that is not."""
    found: Objects = {
        "registry/v1/calendars/{year}": _any("year", "2019", "2199"),
        "registry/v1/project-kinds/{code}": _any("code", "standard", "nothing"),
        **{f"{service}/v1/code-lists/{{name}}": _any("name", "contact-roles", "nothing") for service in SERVICES},
        "registry/v1/{objects}:template": _any("objects", "contacts", "nothing"),
    }
    for kind in ("industries", "carriers", "enterprises", "enterprise-groups"):
        first = (await done(client.get(f"/v1/{kind}")))["items"][0]
        found[f"registry/v1/{kind}/{{code}}"] = _any("code", first["code"], "nobody")
    return found


def named_in_bodies() -> Iterator[tuple[str, Places]]:
    """The units and leaders that calls name in what they send."""
    of_their_own = {relation: {"=unit": unit, "=relation": relation} for relation, unit in UNITS.items()}
    leaders = {relation: {"=leader": leader_of(relation)} for relation in RELATIONS}
    for call in (
        "keys",
        "people",
        "grants",
        "outside-accounts",
        "rosters",
        "problems",
        "payments:import",
        "publicity:import",
        "prospects:import",
        "activities:import",
    ):
        yield f"POST registry/v1/{call}", of_their_own
    for call in ("leader-contacts", "visits", "visits:import"):
        yield f"POST registry/v1/{call}", leaders
    for call in ("observations:batch", "observations:import", "milestones:import"):
        yield f"POST indicators/v1/{call}", of_their_own
    yield (
        "POST registry/v1/plans/{plan}/publicity",
        {
            relation: {"plan": PLAN if relation != "missing" else "no-plan", **values}
            for relation, values in {**of_their_own, "missing": of_their_own["own"]}.items()
        },
    )
    yield (
        "POST registry/v1/{objects}:import",
        {
            **{relation: {"objects": "contacts", **values} for relation, values in of_their_own.items()},
            "any": {"objects": "industries"},
        },
    )
