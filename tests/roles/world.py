"""A platform with the sample plan in which one unit is the caller's own, and others are below, beside and elsewhere.

Whoever adds a route whose objects are found nowhere here gets the row `missing` for it only; say in `objects` where its
objects are, and the others come.
"""

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.plan_file.parts import split
from tests.databases import ROOT
from tests.notifier.others import sample
from tests.platform import START, Platform

PLAN = sample().plan.code
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
"""Targets that these units answer for."""
NOBODY = uuid.UUID("01900000-0000-7000-8000-000000000000")
Values = dict[str, str]
Objects = dict[str, dict[str, Values]]


@dataclass
class World:
    """The platform, and what stands in the path of a route by relation; `any` is of the whole region."""

    platform: Platform
    objects: Objects = field(default_factory=dict)

    def places(self, service: str, template: str) -> Mapping[str, Values]:
        """The values of a route's path, by relation; a name that begins with ? is the query's."""
        found = [known for known in self.objects if f"{service}{template}".startswith(known)]
        return self.objects[max(found, key=len)] if found else {}


async def made(platform: Platform) -> World:
    """The world. Everything in it is synthetic."""
    world = World(platform)
    await _plan(platform)
    of_units = {name: {"code": unit} for name, unit in UNITS.items()}
    contacts = {name: {"unit": unit, "role": "liaison"} for name, unit in UNITS.items()}
    matters = {name: {"plan": PLAN, "matter": matter} for name, matter in MATTERS.items()}
    world.objects = {
        "registry/v1/units/{code}": {**of_units, "missing": {"code": "nobody"}},
        "registry/v1/units/{unit}/contacts/{role}": {**contacts, "missing": {"unit": "nobody", "role": "liaison"}},
        "registry/v1/plans/{plan}/responsibilities/{matter}": {
            **matters,
            "missing": {"plan": PLAN, "matter": "T99"},
        },
        # Whoever may, sets what is missing: it is there afterwards, so what is read then is another one.
        "registry/v1/plans/{plan}/responsibilities/{matter}/history": {
            **matters,
            "missing": {"plan": PLAN, "matter": "T98"},
        },
        "indicators/v1/lights/history": {
            **{name: {"?target": matter} for name, matter in MATTERS.items()},
            "missing": {"?target": "T99"},
        },
        "indicators/v1/gaps/{target}/explanation": {
            **{name: {"target": matter} for name, matter in MATTERS.items()},
            "missing": {"target": "T99"},
        },
        "indicators/v1/observations/{key}": await _figures(platform),
        "notifier/v1/notices/{notice}": await _of_units(platform.notifier, "/v1/notices", "notice"),
        "notifier/v1/deliveries/{delivery}": await _of_units(platform.notifier, "/v1/deliveries", "delivery"),
        **await _whole_region(platform.registry),
        **await _rosters(platform.registry),
        **await _accounts(platform),
    }
    for service in ("registry", "indicators", "notifier"):
        world.objects[f"{service}/v1/plans/{{code}}"] = {"any": {"code": PLAN}, "missing": {"code": "no-plan"}}
    return world


async def _plan(platform: Platform) -> None:
    """The sample, its tree bent so that there is a unit above, below and beside the caller's."""
    await platform.set_clock(START, standing=True)
    parts = split(sample())
    registry = copy.deepcopy(parts.registry.model_dump(mode="json"))
    for unit in registry["units"]:
        unit["parent"] = PARENTS.get(unit["code"], unit["parent"])
    bodies = (registry, parts.indicators.model_dump(mode="json"), parts.notifier.model_dump(mode="json"))
    for client, body in zip((platform.registry, platform.indicators, platform.notifier), bodies, strict=True):
        await _done(client.put(f"/v1/plans/{PLAN}", json=body, timeout=60))
    for path, name in (("observations", "reports"), ("milestones", "milestones")):
        content = (ROOT / f"plans/{PLAN}.{name}.csv").read_bytes()
        headers = {"Content-Type": "text/csv"}
        url = f"/v1/{path}:import"
        await _done(platform.indicators.post(url, params={"plan": PLAN}, content=content, headers=headers, timeout=60))
    await _done(platform.registry.put(f"/v1/plans/{PLAN}/state", json={"state": "active"}))
    await platform.run_due(START)


async def _done(asked: Any) -> Any:  # noqa: ANN401 - an answer's JSON
    answer: httpx.Response = await asked
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def _every(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": 200} if cursor is None else {"limit": 200, "cursor": cursor}
        page = await _done(client.get(path, params=asked))
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def _of_units(client: httpx.AsyncClient, path: str, name: str) -> dict[str, Values]:
    """One object of each unit, out of a list whose items name theirs."""
    items = await _every(client, path)
    names = {unit["code"]: unit["name"] for unit in sample().model_dump(mode="json")["units"]}
    found = {
        relation: next(item["id"] for item in items if item["unit"] in {unit, names[unit]})
        for relation, unit in UNITS.items()
    }
    return {relation: {name: value} for relation, value in {**found, "missing": str(NOBODY)}.items()}


async def _figures(platform: Platform) -> dict[str, Values]:
    """One figure that each unit reported."""
    items = await _every(platform.indicators, "/v1/observations")
    found = {
        relation: next(item["id"] for item in items if item["reporter"] == unit and item["rejected_at"] is None)
        for relation, unit in UNITS.items()
    }
    return {relation: {"key": value} for relation, value in {**found, "missing": f"{NOBODY}~2018-06-30~0"}.items()}


async def _whole_region(client: httpx.AsyncClient) -> Objects:
    """What everybody in the region reads: one that is there, and one that is not."""
    found: Objects = {}
    for kind in ("industries", "carriers", "enterprises", "projects"):
        first = (await _done(client.get(f"/v1/{kind}")))["items"][0]
        found[f"registry/v1/{kind}/{{code}}"] = {"any": {"code": first["code"]}, "missing": {"code": "nobody"}}
    task = (await _done(client.get("/v1/tasks")))["items"][0]
    found["registry/v1/plans/{plan}/tasks/{code}"] = {
        "any": {"plan": PLAN, "code": task["code"]},
        "missing": {"plan": PLAN, "code": "C99"},
    }
    found["registry/v1/plans/{plan}/tasks/{code}/history"] = {
        "any": {"plan": PLAN, "code": task["code"]},
        "missing": {"plan": PLAN, "code": "C98"},
    }
    found["registry/v1/calendars/{year}"] = {"any": {"year": "2018"}, "missing": {"year": "2199"}}
    return found


ROSTER = {"code": "own", "name": "龙头企业名册", "unit": UNITS["own"], "lists": "enterprise"}
ITEM = {
    "code": "1",
    "name": "某企业",
    "subject": "industry:information",
    "thing": f"enterprise:{sample().enterprises[0].code}",
}


async def _rosters(client: httpx.AsyncClient) -> Objects:
    """A roster that each unit keeps, with an item."""
    for relation, unit in UNITS.items():
        roster = {**ROSTER, "code": relation, "name": f"龙头企业名册（{relation}）", "unit": unit}
        await _done(client.post("/v1/rosters", json=roster))
        await _done(client.post(f"/v1/rosters/{relation}/items", json=ITEM))
    of_units = {relation: {"roster": relation} for relation in (*UNITS, "missing")}
    items = {relation: {"roster": relation, "item": "1"} for relation in UNITS}
    return {
        "registry/v1/rosters/{code}": {relation: {"code": relation} for relation in of_units},
        "registry/v1/rosters/{roster}": of_units,
        "registry/v1/rosters/{roster}/items/{item}": {**items, "missing": {"roster": "own", "item": "99"}},
    }


async def _accounts(platform: Platform) -> Objects:
    """A key, a person, a role and an outside account of each unit."""
    client = platform.registry
    keys, people, grants, outside = {}, {}, {}, {}
    for relation, unit in UNITS.items():
        name = f"somebody.{relation}"
        key = {"client_id": f"desk.{relation}", "scopes": ["registry:read"], "unit": unit}
        keys[relation] = (await _done(client.post("/v1/keys", json=key)))["id"]
        person = {"name": name, "display_name": "某人", "unit": unit}
        people[relation] = (await _done(client.post("/v1/people", json=person)))["name"]
        grant = {"holder": f"person:{name}", "role": "unit_liaison", "unit": unit}
        grants[relation] = (await _done(client.post("/v1/grants", json=grant)))["id"]
        account = {"provider": "district", "outside_id": f"GO_{relation}", "unit": unit}
        outside[relation] = (await _done(client.post("/v1/outside-accounts", json=account)))["id"]
    missing = str(NOBODY)
    kinds = (
        ("registry/v1/keys/{key_id}", "key_id", keys, missing),
        ("registry/v1/people/{name}", "name", people, "nobody"),
        ("registry/v1/grants/{grant}", "grant", grants, missing),
        ("registry/v1/outside-accounts/{account}", "account", outside, missing),
    )
    return {
        template: {relation: {name: value} for relation, value in {**found, "missing": none}.items()}
        for template, name, found, none in kinds
    }
