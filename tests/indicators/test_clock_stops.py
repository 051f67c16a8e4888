"""Suspensions of projects (中止计时) stop the clock of the targets about them, from when they became known."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx
import pytest

from services.plan_file.measuring import Checkpoint
from services.plan_file.parts import IndicatorsPart
from tests.indicators import samples
from tests.platform import START, Platform
from tests.registry.running import seen

MONTHS = ("2018-02-28", "2018-03-31", "2018-04-30", "2018-05-31", "2018-06-30")
PAUSES = "/v1/projects/P01/suspensions"
PAUSE = {"first_day": "2018-03-01", "last_day": "2018-05-31", "cause": "factors", "text": "用地指标未下达"}
OF_P01 = {"target": "P01", "as_of": "2018-06-30"}
EARLIER = {**OF_P01, "known_at": "2018-07-15T18:00:00+08:00"}


async def proposed(platform: Platform, **changed: str) -> str:
    """The path of a pause of P01 that is proposed."""
    made = await platform.registry.post(PAUSES, json={**PAUSE, **changed})
    assert made.status_code == httpx.codes.CREATED, made.text
    return f"{PAUSES}/{made.json()['number']}"


async def act(platform: Platform, path: str, **said: str) -> None:
    """What the office does with a pause."""
    office = await platform.as_("registry", "registry:read", "projects:decide")
    read = await seen(office, path.rpartition("/")[0])
    answer = await office.post(path, json={"text": "依规办理", **said}, headers=read)
    assert answer.status_code == httpx.codes.OK, answer.text


async def approved(platform: Platform, **changed: str) -> str:
    pause = await proposed(platform, **changed)
    await act(platform, f"{pause}/decision", decision="approve", approved_by="区领导小组")
    return pause


async def followed(platform: Platform, minutes: int) -> None:
    """Indicators has taken what the registry said; so many minutes later, and a moment on, that is complete."""
    await samples.due(platform, START + timedelta(minutes=minutes))
    await platform.set_clock(START + timedelta(minutes=minutes, seconds=30), standing=True)


async def gap(platform: Platform, **asked: str) -> dict[str, Any]:
    answer = await platform.indicators.get("/v1/gaps", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


async def stops(platform: Platform, **asked: str) -> list[tuple[str, str]]:
    answer = await platform.indicators.get("/v1/gaps/P01/explanation", params=asked)
    return [(each["first_day"], each["last_day"]) for each in answer.json()["clock_stops"]]


async def told(platform: Platform) -> tuple[bytes, bytes]:
    """What was answered at an earlier known_at, byte for byte."""
    answers = [
        await platform.indicators.get("/v1/gaps", params=EARLIER),
        await platform.indicators.get(
            "/v1/gaps/P01/explanation", params={name: EARLIER[name] for name in ("as_of", "known_at")}
        ),
    ]
    assert [each.json()["provisional"] for each in answers] == [False, False]
    return answers[0].content, answers[1].content


def due(paused: int, *, gone: int = 546, length: int = 730) -> str:
    """What is scheduled of the 30,000 of P01 at the end of June 2018, so many days being out of the schedule."""
    share = Decimal(30000) * (gone - paused) / (length - paused)
    return str(share.quantize(Decimal(1)))


async def test_an_approved_suspension_stops_the_clock_and_what_was_answered_before_stands(running: Platform) -> None:
    before = await told(running)
    assert (await gap(running, **OF_P01))["scheduled"] == due(0)
    await approved(running)
    await followed(running, 1)
    stopped = await gap(running, **OF_P01)
    assert Decimal(stopped["scheduled"]) == Decimal(due(92))
    assert stopped["time_progress"] == str((Decimal(546 - 92) / (730 - 92)).quantize(Decimal("0.0001")))
    assert await told(running) == before
    assert (await gap(running, target="P02", as_of="2018-06-30"))["time_progress"] == "0.7479"


async def test_the_schedule_stands_still_within_and_goes_on_more_steeply_after(running: Platform) -> None:
    await approved(running)
    await followed(running, 1)
    scheduled = [Decimal((await gap(running, target="P01", as_of=day))["scheduled"]) for day in MONTHS]
    steps = [later - earlier for earlier, later in pairwise(scheduled)]
    assert [step == 0 for step in steps] == [True, True, True, False]
    assert scheduled[0] == Decimal(due(0, gone=424, length=730 - 92))


async def test_an_explanation_names_the_pause_its_reason_and_who_approved_it(running: Platform) -> None:
    await approved(running)
    await followed(running, 1)
    asked = {"as_of": "2018-06-30"}
    explained = (await running.indicators.get("/v1/gaps/P01/explanation", params=asked)).json()
    (stop,) = explained["clock_stops"]
    assert {name: stop[name] for name in ("subject", "code", "first_day", "last_day", "cause", "reason")} == {
        "subject": "project:P01",
        "code": "P01/1",
        "first_day": "2018-03-01",
        "last_day": "2018-05-31",
        "cause": "factors",
        "reason": "用地指标未下达",
    }
    assert (stop["approved_by"], explained["steps"]["gone"]) == ("区领导小组", 546 - 92)


async def test_one_that_is_lifted_earlier_or_annulled_follows_as_of_when_that_was_known(running: Platform) -> None:
    before = await told(running)
    pause = await approved(running)
    await followed(running, 1)
    await act(running, f"{pause}/end", last_day="2018-04-30")
    await followed(running, 3)
    assert Decimal((await gap(running, **OF_P01))["scheduled"]) == Decimal(due(61))
    await act(running, f"{pause}/annulment")
    await followed(running, 5)
    assert Decimal((await gap(running, **OF_P01))["scheduled"]) == Decimal(due(0))
    known = [{"as_of": "2018-06-30", "known_at": (START + timedelta(minutes=n)).isoformat()} for n in (2, 4, 5)]
    assert [await stops(running, **at) for at in known] == [
        [("2018-03-01", "2018-05-31")],
        [("2018-03-01", "2018-04-30")],
        [],
    ]
    assert await told(running) == before


@pytest.mark.parametrize("end", ["refuse", "withdraw", "wait"])
async def test_a_pause_that_is_not_approved_stops_nothing(running: Platform, end: str) -> None:
    pause = await proposed(running)
    if end == "refuse":
        await act(running, f"{pause}/decision", decision="refuse")
    if end == "withdraw":
        assert (await running.registry.post(f"{pause}/withdrawal", json={"text": "已解决"})).is_success
    await followed(running, 1)
    assert await stops(running, as_of="2018-06-30") == []
    async with running.database.owner() as connection:
        assert await connection.fetchval("SELECT count(*) FROM indicators.clock_stop") == 0


async def test_following_again_adds_nothing(running: Platform) -> None:
    await approved(running)
    for minutes in (1, 2, 3):
        await followed(running, minutes)
    async with running.database.owner() as connection:
        assert await connection.fetchval("SELECT count(*) FROM indicators.clock_stop") == 1


async def test_a_light_that_changes_by_a_pause_changes_when_the_pause_is_known(running: Platform) -> None:
    part = with_milestone(date(2018, 7, 1))
    await samples.apply(running, "indicators", part)
    await followed(running, 1)
    red = await gap(running, target="M01", as_of="2018-07-16")
    assert (red["light"], red["gap"]) == ("red", "-15")
    await approved(running)
    await followed(running, 2)
    assert [
        (each["from_light"], each["to_light"]) for each in await samples.lights(running) if each["target"] == "M01"
    ] == [
        (None, "red"),
        ("red", "green"),
    ]
    late = await gap(running, target="M01", as_of="2018-10-05")
    assert (late["light"], late["gap"], late["goal_on"]) == ("red", "-4", "2018-07-01")


async def test_a_target_that_comes_later_is_stopped_by_what_was_approved_before(running: Platform) -> None:
    await approved(running)
    await followed(running, 1)
    await samples.apply(running, "indicators", with_milestone(date(2018, 7, 1)))
    await followed(running, 2)
    assert (await gap(running, target="M01", as_of="2018-07-16"))["light"] == "green"


async def test_in_set_up_a_pause_counts_from_the_beginning(in_set_up: Platform) -> None:
    await approved(in_set_up)
    await in_set_up.indicators.post("/v1/due:run", json={"until": samples.EARLIER.isoformat()})
    assert await stops(in_set_up, as_of="2018-06-30", known_at="2017-06-30T00:00:00+08:00") == [
        ("2018-03-01", "2018-05-31")
    ]


def with_milestone(on: date) -> IndicatorsPart:
    """The sample's part with a milestone of the project P01 besides."""
    part: IndicatorsPart = samples.parts().indicators
    (like,) = (each for each in part.targets if each.code == "T26")
    changed = {
        "code": "M01",
        "name": "开工",
        "subject": "project:P01",
        "checkpoints": [Checkpoint(date=on)],
        "ordinal": 999,
    }
    return part.model_copy(update={"targets": [*part.targets, like.model_copy(update=changed)]})
