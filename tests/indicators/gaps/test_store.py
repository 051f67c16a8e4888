"""What evaluations store and what explanations tell, on the sample plan."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.indicators.gaps.explanations.store import explanation
from services.indicators.gaps.store import Question, evaluate, refresh
from tests.indicators.gaps.loading import LONG_AGO, PLAN, REGION

JUNE, JULY = date(2018, 6, 30), datetime.fromisoformat("2018-07-15T18:00:00+08:00")
AUGUST = datetime.fromisoformat("2018-08-20T15:30:00+08:00")


def asked(known_at: datetime = JULY, *, as_of: date = JUNE, target: str | None = None) -> Question:
    return Question(REGION, as_of, known_at, PLAN, None if target is None else [target])


async def explained(connection: asyncpg.Connection, target: str, known_at: datetime = JULY) -> dict[str, Any]:
    found = await explanation(connection, asked(known_at, target=target))
    assert found is not None
    return found


async def changes(connection: asyncpg.Connection) -> list[tuple[str, str | None, str]]:
    rows = await connection.fetch("SELECT target, from_light, to_light FROM indicators.light_change ORDER BY id")
    return [tuple(row) for row in rows]


async def test_the_first_evaluation_of_a_plan_stores_every_row_and_every_light(sample: asyncpg.Connection) -> None:
    assert await refresh(sample, asked()) == 65
    stored = await sample.fetch("SELECT * FROM indicators.gap ORDER BY ordinal")
    evaluated = await evaluate(sample, asked())
    assert [{**row} | {"region": REGION, "as_of": JUNE, "known_at": JULY} for row in evaluated] == [
        {**row} for row in stored
    ]
    assert {light for _, light, _ in await changes(sample)} == {None}


async def test_a_second_evaluation_of_the_same_changes_no_light(sample: asyncpg.Connection) -> None:
    await refresh(sample, asked())
    assert await refresh(sample, asked(JULY + timedelta(minutes=1))) == 0
    assert await sample.fetchval("SELECT count(*) FROM indicators.gap WHERE known_at > $1", JULY) == 65


async def test_a_corrected_figure_changes_the_lights_that_stand_on_it(sample: asyncpg.Connection) -> None:
    await refresh(sample, asked())
    await refresh(sample, Question(REGION, JUNE, AUGUST, PLAN, ["T08", "T10"]))
    assert (await changes(sample))[65:] == [("T08", "yellow", "red")]


async def test_an_ended_target_loses_its_row_with_the_next_whole_evaluation(sample: asyncpg.Connection) -> None:
    await refresh(sample, asked())
    await sample.execute("CREATE TEMP TABLE ended AS SELECT * FROM indicators.target WHERE code = 'T03'")
    await sample.execute("UPDATE ended SET recorded_at = $1, withdrawn = true", JULY)
    await sample.execute("INSERT INTO indicators.target SELECT * FROM ended")
    await refresh(sample, asked(JULY + timedelta(minutes=1)))
    assert await sample.fetchval("SELECT count(*) FROM indicators.gap WHERE target = 'T03'") == 0
    assert len(await evaluate(sample, asked(JULY - timedelta(minutes=1)))) == 65


async def test_before_anything_was_known_there_is_no_answer(sample: asyncpg.Connection) -> None:
    assert await evaluate(sample, asked(LONG_AGO - timedelta(seconds=1))) == []


async def test_another_region_has_no_answer(sample: asyncpg.Connection) -> None:
    assert await evaluate(sample, Question("330100", JUNE, JULY)) == []


async def test_an_explanation_can_be_followed_with_a_pocket_calculator(sample: asyncpg.Connection) -> None:
    told = await explained(sample, "T19")
    steps = told["steps"]
    # 15.7743 + 23.9 - 11.3225, and 18.20 + (50 - 18.20) * 546 / 1095
    assert [steps[name] for name in ("p_value", "last_total", "same_value", "raw_actual")] == [
        "15.7743",
        "23.9",
        "11.3225",
        "28.3518",
    ]
    assert [steps[name] for name in ("v0", "v1", "gone", "length")] == ["18.20", "50", 546, 1095]
    assert (told["gap"]["actual"], told["gap"]["scheduled"], told["gap"]["gap"]) == ("28.35", "34.06", "-5.71")
    figures = {figure["period_end"]: figure["value"] for figure in told["figures"]}
    assert (figures["2018-06-30"], figures["2017-12-31"], figures["2017-06-30"]) == ("15.7743", "23.9", "11.3225")


async def test_an_explanation_names_policy_band_and_rule(sample: asyncpg.Connection) -> None:
    told = await explained(sample, "T08")
    band = told["policy"]["document"]["bands"][told["steps"]["band"] - 1]
    assert band["light"] == told["gap"]["light"] == "yellow"
    assert told["judgement"] == "the light policy"


async def test_an_explanation_shows_the_version_that_was_known(sample: asyncpg.Connection) -> None:
    def june(told: dict[str, Any]) -> str:
        value: str = next(each["value"] for each in told["figures"] if each["period_end"] == "2018-06-30")
        return value

    assert june(await explained(sample, "T08")) == "27.9"
    assert june(await explained(sample, "T08", AUGUST)) == "26.3"


async def test_a_formula_is_explained_by_what_it_is_made_of(sample: asyncpg.Connection) -> None:
    told = await explained(sample, "T02")
    assert {figure["indicator"] for figure in told["figures"]} == {"emerging_output", "industrial_output"}
    assert told["indicator"]["formula"] == "emerging_output / industrial_output * 100"


async def test_a_milestone_is_explained_by_its_report(sample: asyncpg.Connection) -> None:
    told = await explained(sample, "T34")
    assert [(each["done_on"], each["evidence"]) for each in told["reports"]] == [("2018-02-10", "开工令")]
    assert told["steps"] is None
    assert told["green_at"] is None


async def test_an_unknown_target_has_no_explanation(sample: asyncpg.Connection) -> None:
    assert await explanation(sample, asked(target="T99")) is None


@pytest.mark.parametrize(
    ("target", "green_at"),
    [
        ("T08", "30.0"),  # reaching what is scheduled
        ("P03", "12312"),  # less than 10 percentage points of 19,000 behind 14,211
        ("P07", "9000"),  # the goal's date is past: only the goal itself
        ("T04", "100"),  # reports are overdue: only the goal itself
        ("T01", "1.587"),
        ("T02", None),  # is green
        ("T09", None),  # has not begun
    ],
)
async def test_an_explanation_tells_what_value_would_turn_it_green(
    sample: asyncpg.Connection, target: str, green_at: str | None
) -> None:
    assert (await explained(sample, target))["green_at"] == green_at


async def test_one_unit_less_than_the_green_value_is_not_green(sample: asyncpg.Connection) -> None:
    value = (await explained(sample, "P03"))["green_at"]
    for number, light in ((int(value), "green"), (int(value) - 1, "yellow")):
        await sample.execute(
            "UPDATE indicators.observation SET value = $1 FROM indicators.series AS s WHERE s.id = series "
            "AND s.subject = 'project:P03' AND period_end = '2018-06-30'",
            number,
        )
        assert (await evaluate(sample, asked(target="P03")))[0]["light"] == light


async def test_every_target_can_be_explained_at_any_time(sample: asyncpg.Connection) -> None:
    for as_of, known_at in ((date(2016, 6, 30), JULY), (date(2020, 1, 31), datetime(2020, 2, 1, tzinfo=UTC))):
        for row in await evaluate(sample, asked(known_at, as_of=as_of)):
            told = await explanation(sample, asked(known_at, as_of=as_of, target=row["target"]))
            assert told is not None
            assert told["gap"]["light"] == row["light"]
