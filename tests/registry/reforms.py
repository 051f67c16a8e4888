"""A small district before its reform, and reorganisations of it."""

from datetime import datetime
from typing import Any

from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, faults, industry, owned, part, taken_to, unit

REFORM_DAY = datetime.fromisoformat("2019-02-01T09:00:00+08:00")


def person(of: str, role: str = "liaison", **more: object) -> dict[str, Any]:
    """A contact."""
    return {"unit": of, "role": role, "person": f"{of}联络员", "email": f"{of}.{role}@example.com", **more}


def district(**changed: object) -> dict[str, Any]:
    """A plan with bureaus that the reform of 2019 concerns."""
    lists: dict[str, Any] = {
        "industries": [industry()],
        "units": [
            unit("government", "区政府", kind="office"),
            unit("health", "区卫计局", parent="government"),
            unit("ageing", "区老龄办", kind="office", parent="health"),
            unit("invest", "区招商局", parent="government"),
            unit("economy", "区经信局", parent="government"),
            unit("towns", "各镇街场及平台", kind="collective"),
            unit("yiqiao", "义桥镇", kind="town", parent="government"),
        ],
        "contacts": [person("health"), person("health", "principal"), person("invest"), person("economy")],
        "responsibilities": [
            owned("T01", "health", "economy"),
            owned("T02", "economy", "health", "invest"),
            owned("T03", "invest"),
            owned("T04", "invest", "health"),
        ],
    }
    return part(PLAN, **{**lists, **changed})


def reform(*acts: dict[str, Any], **more: object) -> dict[str, Any]:
    """A reorganisation with these acts."""
    usual = {
        "code": "reform-2019",
        "title": "机构改革（样例）",
        "document": "样例〔2019〕1号",
        "effective_on": "2019-01-29",
        "units": [],
        "acts": list(acts),
        "contacts": [],
    }
    return {**usual, **more}


def merged(*units: str, into: str) -> dict[str, Any]:
    """Units are dissolved into one."""
    return {"act": "merge", "units": list(units), "into": into}


def renamed(of: str, name: str) -> dict[str, Any]:
    """A unit is renamed."""
    return {"act": "rename", "unit": of, "name": name, "name_en": None}


def share(of: str, *matters: str, **more: object) -> dict[str, Any]:
    """What one part of a split takes over."""
    named = [{"plan": PLAN, "matter": matter} for matter in matters]
    return {"unit": of, "matters": named, **more}


def split(of: str, *shares: dict[str, Any]) -> dict[str, Any]:
    """A unit is dissolved into several."""
    return {"act": "split", "unit": of, "into": list(shares)}


HEALTH = unit("wellness", "区卫生健康局", parent="government")
SUCCEEDED = reform(merged("health", into="wellness"), units=[HEALTH])
"""区卫计局 is succeeded by 区卫生健康局, founded for it."""


async def before_the_reform(registry: Registry, **changed: object) -> Registry:
    """The district, its plan active, on a day after the reform was decided."""
    await applied(registry, district(**changed))
    await taken_to(registry.http, "active")
    await registry.show(REFORM_DAY)
    return registry


async def carried_out(registry: Registry, sent: dict[str, Any]) -> dict[str, Any]:
    """Carry a reorganisation out; the answer."""
    answer = await registry.http.post("/v1/reorganisations", json=sent)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(registry: Registry, sent: dict[str, Any]) -> list[tuple[str, str]]:
    """The faults of a reorganisation; nothing was written."""
    before = len(await registry.feed())
    answer = await registry.http.post("/v1/reorganisations", json=sent)
    assert answer.status_code == 422, answer.text
    assert len(await registry.feed()) == before
    return faults(answer.json())
