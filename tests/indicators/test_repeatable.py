"""An answer once given stays byte-equal while reports, corrections, rejections and changes of targets come in."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal

import httpx
import pytest
import pytest_asyncio

from services.kit.db import knowledge_key
from services.plan_file.parts import IndicatorsPart
from tests.indicators import samples
from tests.platform import REGION, START, Platform

pytestmark = pytest.mark.untraced

WRITES = 500
WRITERS = 5
Pair = tuple[str, str]


@pytest_asyncio.fixture(loop_scope="session")
async def ticking(running: Platform) -> AsyncIterator[Platform]:
    """The business clock ticks, as it does in life."""
    await running.set_clock(START + timedelta(minutes=1))
    yield running


async def ask(platform: Platform, form: str, **pair: str) -> httpx.Response:
    answer = await platform.indicators.get("/v1/gaps", params=pair, headers={"Accept": form}, timeout=60)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer


def changed(chance: random.Random) -> IndicatorsPart:
    """The sample's part with another goal for one of its counts."""
    part = samples.parts().indicators
    place = chance.choice([n for n, target in enumerate(part.targets) if target.code in {"T03", "T04", "T05", "T06"}])
    target = part.targets[place]
    goal = target.checkpoints[-1].model_copy(update={"value": Decimal(chance.randint(10, 2000))})
    targets = list(part.targets)
    targets[place] = target.model_copy(update={"checkpoints": [goal]})
    return part.model_copy(update={"targets": targets})


async def report(platform: Platform, chance: random.Random) -> None:
    """A new figure or a correction."""
    body = {
        "indicator": "investment_done",
        "subject": f"project:P{chance.randint(1, 30):02}",
        "period": chance.choice(["2018-04", "2018-05", "2018-06"]),
        "value": str(chance.randint(1, 10**6)),
        "unit": "万元",
        "reporter": "项目单位",
    }
    answer = await platform.indicators.post("/v1/observations:batch", json={"reports": [body]}, timeout=60)
    assert answer.status_code == httpx.codes.CREATED, answer.text


async def reject(platform: Platform, chance: random.Random) -> None:
    """A figure that does not count any more."""
    asked = {"indicator": "investment_done", "subject": f"project:P{chance.randint(1, 30):02}", "period": "2018-06"}
    items = (await platform.indicators.get("/v1/observations", params=asked)).json()["items"]
    standing = [item["id"] for item in items if item["rejected_at"] is None]
    if standing:
        answer = await platform.indicators.post(
            f"/v1/observations/{chance.choice(standing)}:reject", json={"note": "多录一位"}
        )
        assert answer.status_code in {httpx.codes.OK, httpx.codes.CONFLICT}, answer.text


async def write(platform: Platform, numbers: range) -> None:
    for number in numbers:
        chance = random.Random(number)  # noqa: S311 - a figure, not a secret
        if number % 50 == 0:
            await samples.apply(platform, "indicators", changed(chance))
        elif number % 7 == 0:
            await reject(platform, chance)
        else:
            await report(platform, chance)


async def read(platform: Platform, given: dict[Pair, bytes], writing: asyncio.Event) -> None:
    """Collect answers to the pairs that callers without a pair are given, and to instants just past."""
    while writing.is_set():
        answer = await ask(platform, "text/csv")
        if answer.headers["Duban-Provisional"] == "false":
            given[answer.headers["Duban-As-Of"], answer.headers["Duban-Known-At"]] = answer.content
        await asyncio.sleep(0.1)


async def test_500_writes_change_no_answer_that_was_given(ticking: Platform) -> None:
    given: dict[Pair, bytes] = {}
    for day, instant in (("2018-06-30", "2018-07-15T18:00:00+08:00"), ("2018-07-16", START.isoformat())):
        given[day, instant] = (await ask(ticking, "text/csv", as_of=day, known_at=instant)).content
    writing = asyncio.Event()
    writing.set()
    readers = [asyncio.create_task(read(ticking, given, writing)) for _ in range(2)]
    share = WRITES // WRITERS
    await asyncio.gather(*(write(ticking, range(n * share, (n + 1) * share)) for n in range(WRITERS)))
    writing.clear()
    await asyncio.gather(*readers)
    again = {pair: await ask(ticking, "text/csv", as_of=pair[0], known_at=pair[1]) for pair in given}
    assert {pair: answer.content for pair, answer in again.items()} == given
    assert {answer.headers["Duban-Provisional"] for answer in again.values()} == {"false"}
    assert len(set(given.values())) > 20, "answers of many states were compared"


async def test_the_whole_answer_with_names_and_owners_stays_the_same(running: Platform) -> None:
    pair = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}
    before = await ask(running, "application/json", **pair)
    registry = samples.parts().registry
    owners = [
        each.model_copy(update={"lead": "finance", "support": []}) if each.matter == "T08" else each
        for each in registry.responsibilities
    ]
    units = [each.model_copy(update={"name": f"{each.name}（新）"}) for each in registry.units]
    await samples.apply(running, "registry", registry.model_copy(update={"responsibilities": owners, "units": units}))
    await samples.due(running, START + timedelta(days=1))
    await running.set_clock(START + timedelta(days=1, minutes=1), standing=True)
    assert (await ask(running, "application/json", **pair)).content == before.content
    later = (await ask(running, "application/json", target="T08")).json()["items"][0]
    assert (later["lead"], later["lead_name"]) == ("finance", "区财政局（新）")


async def test_a_writer_that_stamps_early_and_commits_late_slips_into_no_answer(ticking: Platform) -> None:
    async with ticking.database.owner() as writer:
        async with writer.transaction():
            await writer.execute("SELECT pg_advisory_xact_lock($1)", knowledge_key(REGION))
            stamped = await writer.fetchval("SELECT indicators.stamp('330109')")
            await writer.execute(
                """INSERT INTO indicators.observation (region, series, period_end, recorded_at, value, entered_value,
                                          entered_unit, class, status, reporter, note, recorded_by)
                SELECT '330109', id, '2018-06-30', $1, 1000, 1000, '家', 'flash', 'approved', '', '', ''
                FROM indicators.series WHERE indicator = 'sme_cultivated'""",
                stamped,
            )
            during = await ask(ticking, "text/csv")
            late = await ask(ticking, "text/csv", known_at=stamped.isoformat())
        assert datetime.fromisoformat(during.headers["Duban-Known-At"]) < stamped
        assert late.headers["Duban-Provisional"] == "true"
    pair = {"as_of": during.headers["Duban-As-Of"], "known_at": during.headers["Duban-Known-At"]}
    assert (await ask(ticking, "text/csv", **pair)).content == during.content
