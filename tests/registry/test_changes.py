"""The feed: who goes on from `next` misses nothing and sees nothing twice."""

import asyncio
from typing import Any

import pytest

from services.kit.clock import business_now
from services.kit.db import Database, Session
from services.registry.changes import jobs
from services.registry.industries.store import INDUSTRIES
from services.registry.versions import store
from tests.registry.running import REGION, Registry
from tests.registry.samples import applied, industry, small_part

WRITERS, WRITES = 8, 1250
AT_ONCE = 5
"""So many a writer writes in one transaction."""


async def test_each_version_is_in_the_feed_once_in_order(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    await registry.http.put("/v1/industries/information", json=industry(name="新名"), headers={"If-Match": '"1"'})
    changes = await registry.feed()
    assert [one["position"] for one in changes] == list(range(1, len(changes) + 1))
    assert [(one["version"], one["content"]["name"]) for one in changes if one["kind"] == "industry"] == [
        (1, "信息产业"),
        (2, "新名"),
    ]


async def test_a_feed_read_to_its_end_gives_nothing_more(registry: Registry) -> None:
    last = (await registry.feed())[-1]["position"]
    answer = (await registry.http.get("/v1/changes", params={"after": last})).json()
    assert answer == {"items": [], "next": last}


async def test_the_feed_holds_every_kind(registry: Registry) -> None:
    await applied(registry, small_part())
    assert {one["kind"] for one in await registry.feed()} == {
        "plan",
        "unit",
        "contact",
        "industry",
        "carrier",
        "enterprise",
        "project",
        "task",
        "responsibility",
        "calendar",
        "project_kind",
    }


async def test_a_responsibility_says_in_the_feed_who_leads_and_who_supports(registry: Registry) -> None:
    await applied(registry, small_part())
    [owner] = [
        one["content"] for one in await registry.feed() if (one["kind"], one["code"]) == ("responsibility", "T01")
    ]
    assert {
        "plan": "plan-a",
        "matter": "T01",
        "lead": "jingxin",
        "support": ["keji"],
        "basis": "assigned",
    }.items() <= owner.items()


async def test_what_a_write_answered_is_in_the_feed_at_once(registry: Registry) -> None:
    made = (await registry.http.post("/v1/industries", json=industry())).json()
    assert (await registry.feed())[-1]["id"] == made["id"]


async def test_what_failed_leaves_no_trace_in_the_feed(registry: Registry) -> None:
    before = await registry.feed()
    await registry.http.post("/v1/industries", json={**industry(), "colour": "red"})
    assert await registry.feed() == before


async def test_another_regions_versions_are_not_in_the_feed(registry: Registry) -> None:
    db = Database(registry.database.url("registry"))
    async with db.edge() as session:
        INDUSTRIES.write(session, await store.stamp(session, "330100", "x"), None, "bio", industry("bio", name="市"))
    await db.close()
    assert "330100" not in str([one for one in await registry.feed() if one["code"] == "bio"])
    assert not [one for one in await registry.feed() if one["code"] == "bio"]


async def test_the_worker_seals_what_was_committed(registry: Registry) -> None:
    await registry.http.post("/v1/industries", json=industry())
    db = Database(registry.database.url("registry"))
    sealed, again = await jobs.seal(db)(), await jobs.seal(db)()
    await db.close()
    assert sealed
    assert again == 0


@pytest.mark.untraced
async def test_a_reader_misses_and_repeats_nothing_while_ten_thousand_versions_are_written(registry: Registry) -> None:
    db = Database(registry.database.url("registry"), size=WRITERS)
    writing = asyncio.Event()

    async def write(writer: int) -> None:
        codes = [f"w{writer}-{number}" for number in range(WRITES)]
        for first in range(0, WRITES, AT_ONCE):
            async with db.edge() as session:
                stamp = await _stamp(session)
                for code in codes[first : first + AT_ONCE]:
                    INDUSTRIES.write(session, stamp, None, code, industry(code, name=code))

    async def _stamp(session: Session) -> store.Stamp:
        # Without the region's lock, so that transactions overlap and commit out of order.
        return store.Stamp(REGION, "test", await business_now(session))

    async def read() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = 0
        while True:
            done = writing.is_set()
            page = (await registry.http.get("/v1/changes", params={"after": after, "limit": 100})).json()
            found += page["items"]
            if done and page["next"] == after:
                return found
            after = page["next"]
            await asyncio.sleep(0.01)

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    writing.set()
    changes = await reading
    await db.close()
    codes = [one["code"] for one in changes if one["kind"] == "industry"]
    assert sorted(codes) == sorted(f"w{writer}-{number}" for writer in range(WRITERS) for number in range(WRITES))
    positions = [one["position"] for one in changes]
    assert positions == sorted(set(positions))
