"""Who may report which series, and who may say more of a figure than that it was reported."""

from collections.abc import Mapping

import httpx
import pytest

from tests.indicators import samples
from tests.platform import Platform
from tests.registry.reforms import merged, reform

Row = Mapping[str, str]
BREAKTHROUGHS: Row = {"indicator": "tech_breakthroughs", "subject": "plan", "period": "2018-05", "unit": "项"}
GROWTH: Row = {"indicator": "va_growth", "subject": "industry:information", "period": "2018-06", "unit": "%"}
INVESTED: Row = {"indicator": "investment_done", "subject": "project:P23", "period": "2018-05", "unit": "万元"}
OUTPUT: Row = {"indicator": "carrier_output", "subject": "carrier:info-port", "period": "2018-05", "unit": "亿元"}
OF_A_TOWN: Row = {**OUTPUT, "indicator": "carrier_enterprises", "subject": "carrier:yiqiao-intelligent", "unit": "家"}
MILESTONES = "target,done_on,evidence\n"


def asked_for(row: Row) -> dict[str, str]:
    """What finds the figure of a row."""
    return {name: row[name] for name in ("indicator", "subject", "period")}


async def of(platform: Platform, unit: str | None, *more: str) -> httpx.AsyncClient:
    """A client that may report for a unit."""
    return await platform.as_("indicators", "observations:submit", *more, unit=unit)


async def said(client: httpx.AsyncClient, report: Row, **more: str) -> list[tuple[str, str]]:
    """The field and the code of what is wrong with a figure of 7."""
    answer = await client.post("/v1/observations:batch", json={"reports": [{"value": "7", **report, **more}]})
    if answer.status_code == httpx.codes.CREATED:
        return []
    return [(error["pointer"].rpartition("/")[2], error["code"]) for error in answer.json()["errors"]]


NOT_YOURS = [("indicator", "not-your-series")]


@pytest.mark.parametrize(
    ("unit", "report"),
    [
        ("science_technology", BREAKTHROUGHS),
        ("statistics", GROWTH),
        ("yiqiao_town", OF_A_TOWN),
        ("economy_information", OUTPUT),
        ("project_owners", INVESTED),
        ("science_technology", INVESTED),
        ("economy_information", INVESTED),
    ],
)
async def test_the_bureau_of_a_series_reports_it_and_who_leads_or_supports_the_project_that_it_is_about(
    running: Platform, unit: str, report: Row
) -> None:
    assert await said(await of(running, unit), report) == []


@pytest.mark.parametrize(
    ("unit", "report"),
    [
        ("finance", GROWTH),
        ("economy_information", BREAKTHROUGHS),
        ("science_technology", OUTPUT),
        ("economy_information", OF_A_TOWN),
        ("yiqiao_town", {**OF_A_TOWN, "subject": "carrier:xianghu-additive"}),
        ("yiqiao_town", INVESTED),
    ],
)
async def test_nobody_reports_another_units_series_in_whosever_name(running: Platform, unit: str, report: Row) -> None:
    client = await of(running, unit)
    assert await said(client, report) == NOT_YOURS
    assert await said(client, report, reporter=unit) == NOT_YOURS


async def test_statistics_are_their_bureaus_whoever_leads_the_target_that_they_measure(running: Platform) -> None:
    assert await said(await of(running, "economy_information"), GROWTH) == NOT_YOURS


async def test_it_is_said_who_reports_the_series(running: Platform) -> None:
    answers = [
        await (await of(running, "finance")).post(
            "/v1/observations:batch",
            json={"reports": [{"value": "7", **GROWTH}]},
            headers={"Accept-Language": language},
        )
        for language in ("zh-CN", "en")
    ]
    assert [answer.json()["errors"][0]["detail"] for answer in answers] == [
        "序列 va_growth · industry:information 不由本单位报送，报送单位是 区统计局",
        "the series va_growth · industry:information is not your unit's to report: 区统计局 reports it",
    ]


async def test_a_series_that_is_not_there_yet_is_the_indicators_bureaus(running: Platform) -> None:
    fresh = {**OUTPUT, "subject": "carrier:yiqiao-intelligent"}
    assert await said(await of(running, "yiqiao_town"), fresh) == NOT_YOURS
    assert await said(await of(running, "economy_information"), fresh) == []


async def test_who_took_over_from_a_bureau_reports_its_series(running: Platform) -> None:
    body = reform(merged("science_technology", into="economy_information"), effective_on="2018-07-16")
    answer = await running.registry.post("/v1/reorganisations", json=body)
    assert answer.is_success, answer.text
    assert await said(await of(running, "economy_information"), BREAKTHROUGHS) == []
    refused = await (await of(running, "finance")).post(
        "/v1/observations:batch", json={"reports": [{"value": "7", **BREAKTHROUGHS}]}
    )
    assert refused.json()["errors"][0]["detail"].endswith("报送单位是 区经信局")


async def test_it_is_not_said_to_others_what_is_recorded_of_a_series(running: Platform) -> None:
    """Else whoever guesses long enough knows the figure."""
    client = await of(running, "finance")
    there = (await running.indicators.get("/v1/observations", params=asked_for(GROWTH))).json()["items"][0]
    for value in (there["value"], "7"):
        for more in ({}, {"recorded_at": there["recorded_at"]}, {"status": "approved"}, {"reporter": "区统计局"}):
            row = {**GROWTH, **more, "unit": "%"}
            assert await said(client, row, value=there["value"]) == await said(client, row, value=value)


async def test_a_milestone_of_others_is_named_with_who_leads_it(running: Platform) -> None:
    town = await of(running, "science_city")
    content = f"{MILESTONES}T21,2018-07-15,纪要\nT26,2018-07-15,备案\n".encode()
    answer = await town.post("/v1/milestones:import", content=content, headers=samples.CSV)
    assert [(error["pointer"], error["code"], error["detail"]) for error in answer.json()["errors"]] == [
        (
            "/rows/2/target",
            "not-your-milestone",
            "里程碑目标 T21 不由本单位及下级单位牵头或配合，牵头单位是 义桥镇",
        )
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", status) for status in ("verified", "approved", "published", "rejected")] + [("class", "audited")],
)
async def test_only_who_verifies_says_more_than_that_a_figure_was_reported(
    running: Platform, field: str, value: str
) -> None:
    for unit in ("statistics", None):
        assert await said(await of(running, unit), GROWTH, **{field: value}) == [(field, "verified-by-others")]
    assert await said(await of(running, "statistics", "observations:verify"), GROWTH, **{field: value}) == []


async def test_a_row_that_says_what_is_there_is_no_fault_for_who_reports_it(running: Platform) -> None:
    there = (await running.indicators.get("/v1/observations", params=asked_for(GROWTH))).json()["items"][0]
    assert there["status"] == "approved"
    row = {name: there[name] for name in ("indicator", "subject", "period", "value", "unit", "status", "class")}
    assert await said(await of(running, "statistics"), row) == []


@pytest.mark.parametrize("note", ["", "  "])
async def test_a_figure_is_rejected_with_a_reason(running: Platform, note: str) -> None:
    key = (await running.indicators.get("/v1/observations", params=asked_for(GROWTH))).json()["items"][0]["id"]
    answer = await running.indicators.post(f"/v1/observations/{key}:reject", json={"note": note})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/note")
