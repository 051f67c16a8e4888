"""Indicators that are counted from a roster: the figure is the list, as of any day, known at any time."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from services.embedded.postgres import PostgresServer
from services.plan_file.parts import split
from services.plan_file.reading import read
from tests.databases import fresh_database
from tests.indicators import samples
from tests.indicators.samples import CSV
from tests.platform import REGION, START, Platform, running_platform
from tests.registry.samples import taken_to

FILE = Path(__file__).parents[2] / "docs/how-to/counted-plan/plan.yaml"
PLAN = "counted-2018"
KNOWN = "2018-07-16T08:30:00+08:00"
EVIDENCE = [{"title": "认定文件", "document_number": "示〔2018〕1号"}]


async def add(platform: Platform, roster: str, code: str, on: str, *, off: str | None = None) -> None:
    thing = f"enterprise:demo-e{code}" if roster == "demo-leaders" else None
    item = {"code": code, "name": f"第{code}项", "subject": "industry:digital", "thing": thing}
    items = f"/v1/rosters/{roster}/items"
    made = await platform.registry.post(items, json=item)
    read, said = {"If-Match": made.headers["ETag"]}, {"on": on, "evidence": EVIDENCE}
    answers = [made, await platform.registry.post(f"{items}/{code}:recognise", json=said, headers=read)]
    if off is not None:
        answers.append(await platform.registry.post(f"{items}/{code}:withdraw", json={"on": off, "reason": "迁出"}))
    assert [answer.is_success for answer in answers] == [True] * len(answers), answers[-1].text


async def row(platform: Platform, target: str, as_of: str, known_at: str = KNOWN) -> dict[str, Any]:
    asked = {"plan": PLAN, "target": target, "as_of": as_of, "known_at": known_at}
    answer = await platform.indicators.get("/v1/gaps", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


async def actuals(platform: Platform, target: str, days: Sequence[str]) -> list[str | None]:
    return [(await row(platform, target, day))["actual"] for day in days]


async def fill(platform: Platform) -> None:
    await platform.set_clock(samples.EARLIER, standing=True)
    found = read(FILE.read_bytes()).plan_file
    assert found is not None
    parts = split(found)
    for service in ("registry", "indicators"):
        body = getattr(parts, service).model_dump(mode="json")
        answer = await getattr(platform, service).put(f"/v1/plans/{PLAN}", json=body)
        assert answer.status_code == 200, answer.text
    await add(platform, "demo-leaders", "1", "2018-03-01")
    await add(platform, "demo-leaders", "2", "2018-05-31")
    await add(platform, "demo-leaders", "3", "2017-06-01")  # before the target's start
    for code, on, off in (("1", "2017-01-01", None), ("2", "2017-01-01", "2018-04-01"), ("3", "2018-06-01", None)):
        await add(platform, "demo-teams", code, on, off=off)
    await platform.indicators.post("/v1/due:run", json={"until": samples.EARLIER.isoformat()})
    await platform.set_clock(datetime.fromisoformat("2018-07-16T08:45:00+08:00"), standing=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def counted(postgres_server: PostgresServer, template_database: str) -> AsyncIterator[Platform]:
    """For tests that change nothing."""
    async with fresh_database(postgres_server, template_database) as database, running_platform(database) as platform:
        await fill(platform)
        yield platform


@pytest_asyncio.fixture(loop_scope="session")
async def active(platform: Platform) -> Platform:
    """Active since the sample's clock started."""
    await fill(platform)
    await taken_to(platform.registry, "active", plan=PLAN)
    await samples.due(platform, START)
    return platform


async def test_the_count_of_any_day_is_that_of_the_items_recognised_since_the_start(counted: Platform) -> None:
    days = ["2018-02-28", "2018-03-01", "2018-05-30", "2018-05-31", "2018-07-14"]
    assert await actuals(counted, "T01", days) == ["0", "1", "1", "2", "2"]


async def test_a_stock_is_what_stands_on_the_day(counted: Platform) -> None:
    assert await actuals(counted, "T02", ["2018-03-31", "2018-04-01", "2018-06-01"]) == ["2", "1", "2"]


async def test_a_count_covers_the_very_day_and_is_never_overdue(counted: Platform) -> None:
    found = await row(counted, "T01", "2018-05-15")
    assert (found["coverage_date"], found["scheduled"], found["overdue_reports"]) == ("2018-05-15", "1", 0)


async def test_no_day_after_that_of_the_knowledge_is_covered(counted: Platform) -> None:
    found = await row(counted, "T01", "2018-12-31", "2018-07-15T18:00:00+08:00")
    assert (found["coverage_date"], found["actual"], found["light"]) == ("2018-07-15", "2", "green")


async def test_a_count_before_the_start_has_not_begun(counted: Platform) -> None:
    found = await row(counted, "T01", "2017-12-31")
    assert (found["reason"], found["actual"]) == ("not_started", None)


async def test_an_explanation_names_every_item_that_was_counted(counted: Platform) -> None:
    asked = {"plan": PLAN, "as_of": "2018-05-30", "known_at": KNOWN}
    found = (await counted.indicators.get("/v1/gaps/T01/explanation", params=asked)).json()
    assert [(item["code"], item["since"]) for item in found["items"]] == [("demo-leaders/1", "2018-03-01")]
    assert found["figures"] == []


@pytest.mark.parametrize("path", ["observations:batch", "observations:import"])
async def test_no_number_stands_for_a_list(counted: Platform, path: str) -> None:
    report = {
        "indicator": "demo_leaders",
        "subject": "industry:digital",
        "period": "2018-06",
        "value": "4",
        "unit": "家",
    }
    if path.endswith("batch"):
        answer = await counted.indicators.post(f"/v1/{path}", json={"reports": [report]})
    else:
        table = f"{','.join(report)}\n{','.join(report.values())}\n"
        answer = await counted.indicators.post(f"/v1/{path}", content=table.encode(), headers=CSV)
    assert answer.status_code == 422
    assert "counted-indicator" in [fault["code"] for fault in answer.json()["errors"]]


async def test_an_item_that_comes_later_changes_no_answer_that_was_given(active: Platform) -> None:
    asked = {"plan": PLAN, "as_of": "2018-07-14", "known_at": START.isoformat()}
    await active.set_clock(START + timedelta(hours=1), standing=True)
    before = (await active.indicators.get("/v1/gaps", params=asked)).content
    await active.registry.post("/v1/rosters/demo-leaders/items/2:withdraw", json={"on": "2018-07-01", "reason": "复核"})
    await samples.due(active, START + timedelta(hours=2))
    assert (await active.indicators.get("/v1/gaps", params=asked)).content == before
    await active.set_clock(START + timedelta(hours=3), standing=True)
    after = await row(active, "T01", "2018-07-14", (START + timedelta(hours=2, minutes=30)).isoformat())
    assert after["actual"] == "1"


async def test_a_change_of_the_roster_is_judged_at_its_instant(active: Platform) -> None:
    await active.registry.post("/v1/rosters/demo-leaders/items/2:withdraw", json={"on": "2018-07-01", "reason": "复核"})
    await samples.due(active, START + timedelta(minutes=5))
    turned = [change["to_light"] for change in await samples.lights(active) if change["target"] == "T01"]
    assert turned == ["green", "red"]


Version = tuple[str, datetime, str, date | None, date | None]
"""Code, recorded at, subject, since, until."""


def history(chance: random.Random) -> list[Version]:
    """Items that are recognised, withdrawn, and moved to another subject, as they became known."""
    versions: list[Version] = []
    for number in range(60):
        at = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(150))
        since = date(2017, 10, 1) + timedelta(days=chance.randrange(240))
        until = since + timedelta(days=chance.randrange(90)) if chance.random() < 0.4 else None
        subject = "industry:digital" if chance.random() < 0.8 else "industry:other"
        code = f"demo-leaders/r{number}"
        versions.append((code, at, subject, None, None))
        versions.append((code, at + timedelta(days=chance.randrange(1, 20)), subject, since, None))
        if until is not None:
            versions.append((code, at + timedelta(days=chance.randrange(20, 40)), subject, since, until))
    return versions


def expected(versions: Sequence[Version], as_of: date, known_at: datetime) -> int:
    """Counted by hand: the latest version of each item up to `known_at`, on the day or that of `known_at`."""
    day = min(as_of, known_at.astimezone(ZoneInfo("Asia/Shanghai")).date())
    known: dict[str, Version] = {}
    for version in sorted(versions, key=lambda version: version[1]):
        if version[1] <= known_at:
            known[version[0]] = version
    return sum(
        subject == "industry:digital"
        and since is not None
        and date(2017, 12, 31) < since <= day
        and (until is None or until > day)
        for _, _, subject, since, until in known.values()
    )


async def test_two_hundred_pairs_of_day_and_knowledge_agree_with_a_count_by_hand(platform: Platform) -> None:
    await fill(platform)
    chance = random.Random(20180716)  # noqa: S311 - examples, no secret
    versions = history(chance)
    async with platform.database.owner() as owner:
        await owner.execute("DELETE FROM indicators.directory_roster_item")
        await owner.copy_records_to_table(
            "directory_roster_item",
            schema_name="indicators",
            columns=["region", "code", "recorded_at", "roster", "subject", "since", "until"],
            records=[(REGION, code, at, "demo-leaders", *rest) for code, at, *rest in versions],
        )
    asked = [
        (
            date(2018, 1, 1) + timedelta(days=chance.randrange(190)),
            datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(190 * 24)),
        )
        for _ in range(200)
    ]
    found = [int((await row(platform, "T01", str(as_of), at.isoformat()))["actual"]) for as_of, at in asked]
    assert found == [expected(versions, as_of, at) for as_of, at in asked]
    assert len(set(found)) > 10
