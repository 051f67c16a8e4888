"""Gaps over HTTP: the published answers, filters, who sees what, what is provisional."""

from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from services.kit.paging import sealed
from services.plan_file.measuring import MeasuredIn
from tests.indicators import samples
from tests.platform import Platform

ANSWERS = Path(__file__).parents[1] / "data" / "answers-2018-06-30.csv"
ASKED = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}
AS_CSV = {"Accept": "text/csv"}


async def test_the_published_answers_are_given_byte_for_byte(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params=ASKED, headers=AS_CSV)
    assert answer.content == ANSWERS.read_bytes()


async def asked(client: httpx.AsyncClient, **more: str | int | list[str]) -> dict[str, Any]:
    answer = await client.get("/v1/gaps", params={**ASKED, **more})
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


def codes(answer: dict[str, Any]) -> list[str]:
    return [item["target"] for item in answer["items"]]


async def test_the_headers_of_a_csv_say_what_was_answered(loaded: Platform) -> None:
    headers = (await loaded.indicators.get("/v1/gaps", params=ASKED, headers=AS_CSV)).headers
    said = [headers[name] for name in ("Duban-As-Of", "Duban-Known-At", "Duban-Provisional")]
    assert said == ["2018-06-30", "2018-07-15T18:00:00+08:00", "false"]


async def test_the_furthest_behind_come_first(loaded: Platform) -> None:
    lags = [
        float(str(item["lag_pp"])) for item in (await asked(loaded.indicators))["items"] if item["lag_pp"] is not None
    ]
    assert lags == sorted(lags, reverse=True)


async def test_in_plan_order_the_first_target_of_the_file_comes_first(loaded: Platform) -> None:
    assert codes(await asked(loaded.indicators, sort="plan"))[:3] == ["T01", "T02", "T03"]


@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        ({"light": "red", "industry": "nev"}, {"T23", "T24", "T26"}),
        ({"carrier": "info-port"}, {"T12", "T13", "T14"}),
        ({"unit": "区招商局"}, {"T06"}),
        ({"unit": "investment_promotion"}, {"T06"}),
        ({"target": ["T08", "P01"]}, {"T08", "P01"}),
        ({"search": "团"}, {"T04"}),
    ],
)
async def test_a_filter_leaves_what_it_asks_for(loaded: Platform, asking: dict[str, Any], expected: set[str]) -> None:
    found = set(codes(await asked(loaded.indicators, **asking)))
    assert found >= expected
    assert len(found) < 65


async def test_a_page_goes_on_where_the_one_before_ended(loaded: Platform) -> None:
    whole = codes(await asked(loaded.indicators))
    first = await asked(loaded.indicators, limit=40)
    rest = await asked(loaded.indicators, limit=40, cursor=first["next"])
    assert codes(first) + codes(rest) == whole


async def test_later_pages_are_answered_at_the_pair_of_the_first(loaded: Platform) -> None:
    first = (await loaded.indicators.get("/v1/gaps", params={"limit": 40})).json()
    rest = (await loaded.indicators.get("/v1/gaps", params={"limit": 40, "cursor": first["next"]})).json()
    assert (rest["as_of"], rest["known_at"]) == (first["as_of"], first["known_at"])


@pytest.mark.parametrize(
    "cursor",
    [
        sealed("", "-5", "2018-06-30 2018-07-15T18:00:00+08:00 - -"),
        sealed("", "5", "2018-06-30 2018-07-15T18:00:00+08:00 - -"),
        sealed("", "5", "2018-06-30 2018-07-15T18:00:00 - -"),
        sealed("", None, "2018-06-30 2018-07-15T18:00:00+08:00 - -"),
        sealed("", "5", ""),
    ],
)
async def test_a_cursor_of_another_list_is_refused(loaded: Platform, cursor: str) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-cursor")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_a_day_out_of_all_range_is_refused(loaded: Platform, day: str) -> None:
    assert (await loaded.indicators.get("/v1/gaps", params={"as_of": day})).status_code == 422


async def test_a_unit_sees_what_it_leads_or_supports_and_nothing_else(loaded: Platform) -> None:
    talent = await loaded.as_("indicators", "indicators:read", unit="talent")
    assert set(codes(await asked(talent))) == {"T04"}


async def test_what_a_unit_may_not_see_looks_as_if_it_were_not_there(loaded: Platform) -> None:
    talent = await loaded.as_("indicators", "indicators:read", unit="talent")
    assert (await talent.get("/v1/lights/history", params={"target": "T08"})).status_code == 404


async def test_before_anything_was_known_the_plan_is_not_known(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params={"known_at": "2016-12-30T23:59:59+08:00"})
    assert answer.json()["code"] == "plan_not_known"


async def test_from_the_first_instant_on_the_plan_is_known(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params={"known_at": "2016-12-31T00:00:00+08:00"})
    assert {item["reason"] for item in answer.json()["items"]} == {"not_started"}


async def test_an_answer_after_the_business_clock_is_provisional(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params={"known_at": "2019-01-15T18:00:00+08:00"})
    assert (answer.json()["provisional"], answer.json()["as_of"]) == (True, "2019-01-15")


async def test_without_a_pair_the_last_complete_instant_is_answered(loaded: Platform) -> None:
    answer = (await loaded.indicators.get("/v1/gaps")).json()
    assert (answer["provisional"], answer["as_of"]) == (False, "2018-07-16")


async def test_an_instant_without_its_zone_is_refused(loaded: Platform) -> None:
    assert (await loaded.indicators.get("/v1/gaps", params={"known_at": "2018-07-15T18:00:00"})).status_code == 422


async def test_without_the_scope_nothing_is_told(loaded: Platform) -> None:
    other = await loaded.as_("indicators", "registry:read")
    assert (await other.get("/v1/gaps", params=ASKED)).status_code == 403


async def test_the_summary_counts_the_lagging_matters_of_each_unit(loaded: Platform) -> None:
    answer = (await loaded.indicators.get("/v1/gaps/summary", params=ASKED)).json()
    by_unit = {item["unit"]: item for item in answer["items"]}
    assert by_unit["development_reform"]["red"] == ["T23", "T24", "P20"]
    assert sum(sum(item["lights"].values()) for item in answer["items"]) == 65


async def test_an_unknown_unit_is_not_an_empty_answer(loaded: Platform) -> None:
    answer = await loaded.indicators.get("/v1/gaps", params={**ASKED, "unit": "区长"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/unit")


async def test_a_target_that_a_caller_does_not_see_looks_like_none(loaded: Platform) -> None:
    talent = await loaded.as_("indicators", "indicators:read", unit="talent")
    for path, asked in (("/v1/gaps", ASKED), ("/v1/breakdowns", {})):
        told = []
        for target in ("T08", "X999"):
            answer = await talent.get(path, params={**asked, "target": target})
            problem = answer.json()
            told.append(
                (
                    answer.status_code,
                    problem["code"],
                    problem["detail"].replace(target, "…"),
                    problem["errors"][0]["pointer"],
                )
            )
        assert told[0] == told[1]
        assert told[0][:2] == (422, "unknown-object")
    seen = await loaded.indicators.get("/v1/breakdowns", params={"target": "T08"})
    assert (seen.status_code, seen.json()["items"]) == (200, [])


async def explained(platform: Platform, target: str) -> dict[str, Any]:
    answer = await platform.indicators.get(f"/v1/gaps/{target}/explanation", params=ASKED)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_explanation_names_the_figures_and_their_versions(loaded: Platform) -> None:
    figures = (await explained(loaded, "T08"))["figures"]
    assert [(each["period_end"], each["value"], each["reporter"]) for each in figures] == [
        ("2018-06-30", "27.9", "statistics")
    ]


async def test_an_explanation_says_what_would_be_green(loaded: Platform) -> None:
    assert (await explained(loaded, "T08"))["green_at"] == "30.0"


async def test_an_explanation_quotes_the_plan(loaded: Platform) -> None:
    assert (await explained(loaded, "T08"))["target"]["phrase"] == "2018、2019年每年增长30%"


async def test_an_explanation_of_a_milestone_shows_its_report(loaded: Platform) -> None:
    reports = (await explained(loaded, "T21"))["reports"]
    assert [(each["done_on"], each["evidence"]) for each in reports] == [("2017-11-20", "规划评审会议纪要")]


async def test_an_explanation_of_a_milestone_has_no_figures(loaded: Platform) -> None:
    assert (await explained(loaded, "T21"))["figures"] == []


async def test_an_explanation_of_a_missed_checkpoint_shows_its_figure(loaded: Platform) -> None:
    asking = {"as_of": "2019-12-31", "known_at": "2020-01-20T00:00:00+08:00"}
    figures = (await loaded.indicators.get("/v1/gaps/T23/explanation", params=asking)).json()["figures"]
    assert [each["period_end"] for each in figures] == ["2017-12-31", "2018-12-31", "2019-12-31"]


async def test_numbers_are_in_the_unit_that_their_measure_is_counted_in(in_set_up: Platform) -> None:
    part = samples.parts().indicators
    (like,) = (each for each in part.targets if each.code == "T01")
    changes: dict[str, dict[str, Any]] = {
        "multiple": {"trajectory": "linear"},
        "growth": {"trajectory": "hold", "baseline": None},
        "mean_growth": {"trajectory": "hold", "baseline": None},
        "annual": {"trajectory": "hold", "baseline": None},
    }
    output = {measure: {"code": measure, "measure": measure, **change} for measure, change in changes.items()}
    more = [like.model_copy(update={"indicator": "emerging_output", **change}) for change in output.values()]
    await samples.apply(in_set_up, "indicators", part.model_copy(update={"targets": [*part.targets, *more]}))
    gaps = (await in_set_up.indicators.get("/v1/gaps", params={"target": [*output]})).json()["items"]
    units = {"multiple": "倍", "growth": "%", "mean_growth": "%", "annual": "亿元"}
    assert {gap["target"]: gap["unit"] for gap in gaps} == units


async def test_every_unit_of_a_gap_is_one_that_the_document_names(loaded: Platform) -> None:
    named = {*get_args(MeasuredIn)}
    items = (await asked(loaded.indicators))["items"]
    assert {item["unit"] for item in items} - named == {None}
    assert "倍" in {item["unit"] for item in items}
