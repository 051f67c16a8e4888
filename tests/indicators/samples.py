"""The sample plan as the tests load it."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel

from services.plan_file.parts import Parts, split
from services.plan_file.reading import read
from tests.platform import START, Platform
from tests.registry.samples import taken_to

PLANS = Path(__file__).parents[2] / "plans"
PLAN = "xiaoshan-2017-2019"
CSV = {"Content-Type": "text/csv"}
EARLIER = datetime.fromisoformat("2018-07-16T08:00:00+08:00")


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The three parts of the sample plan file."""
    found = read((PLANS / f"{PLAN}.yaml").read_bytes())
    assert found.plan_file is not None, found.faults
    return split(found.plan_file)


@lru_cache(maxsize=1)
def reports() -> bytes:
    """The synthetic reports 2016 to 2019."""
    return (PLANS / f"{PLAN}.reports.csv").read_bytes()


@lru_cache(maxsize=1)
def milestones() -> bytes:
    """The synthetic milestones reached."""
    return (PLANS / f"{PLAN}.milestones.csv").read_bytes()


async def apply(platform: Platform, service: str, part: BaseModel | None = None, **query: str | bool) -> dict[str, Any]:
    """Send one service its part of the sample plan, or another one."""
    sent: BaseModel = part or getattr(parts(), service)
    body = sent.model_dump(mode="json")
    client: httpx.AsyncClient = getattr(platform, service)
    answer = await client.put(f"/v1/plans/{PLAN}", json=body, params=query, timeout=60)
    assert answer.status_code == httpx.codes.OK, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def set_up(platform: Platform) -> None:
    """The sample plan in set-up, an hour before the sample's clock starts, without figures."""
    await platform.set_clock(EARLIER, standing=True)
    await apply(platform, "registry")
    await apply(platform, "indicators")


async def load(platform: Platform) -> None:
    """The whole synthetic history."""
    for path, content in (("observations", reports()), ("milestones", milestones())):
        answer = await platform.indicators.post(f"/v1/{path}:import", content=content, headers=CSV, timeout=60)
        assert answer.status_code == httpx.codes.CREATED, answer.text


async def activate(platform: Platform) -> None:
    """End the set-up when the sample's clock starts."""
    await platform.set_clock(START, standing=True)
    await taken_to(platform.registry, "active", plan=PLAN)


async def due(platform: Platform, until: datetime) -> dict[str, Any]:
    """Move the clock and let indicators work off what is due."""
    await platform.set_clock(until, standing=True)
    answer = await platform.indicators.post("/v1/due:run", json={"until": until.isoformat()}, timeout=120)
    assert answer.status_code == httpx.codes.OK, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def lights(platform: Platform) -> list[dict[str, Any]]:
    """The whole feed of lights."""
    found: list[dict[str, Any]] = []
    while True:
        after = found[-1]["position"] if found else 0
        page = (await platform.indicators.get("/v1/light-changes", params={"after": after})).json()
        if not page["items"]:
            return found
        found += page["items"]
