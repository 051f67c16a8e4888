"""The form of figures to report: who gets which rows, and that it comes in again."""

import io
from typing import Any

import httpx
import pytest

from services.kit.office.workbook import Workbook
from services.kit.office.writing import CSV, XLSX
from tests.platform import Platform

TEMPLATE = "/v1/observations:template"
HEADS = (
    "指标代码（indicator）",
    "指标名称（indicator_name）",
    "对象代码（subject）",
    "对象名称（subject_name）",
    "报告期（period）",
    "数值（value）",
    "计量单位（unit）",
    "上年同期（comparable_base）",
    "报送单位（reporter）",
    "数据类别（class）",
    "备注（note）",
)


async def form(client: httpx.AsyncClient, **asked: str) -> list[list[str]]:
    """The rows of the form, the header first."""
    answer = await client.get(TEMPLATE, params={**asked, "format": "csv"})
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig").splitlines()
    return [line.split(",") for line in text]


async def series(client: httpx.AsyncClient, **asked: str) -> set[tuple[str, str]]:
    return {(row[0], row[2]) for row in (await form(client, **asked))[1:]}


async def of(platform: Platform, unit: str) -> httpx.AsyncClient:
    return await platform.as_("indicators", "observations:submit", unit=unit)


async def test_without_a_period_the_form_is_empty(in_set_up: Platform) -> None:
    assert await form(in_set_up.indicators) == [list(HEADS)]


async def test_a_unit_gets_the_rows_that_it_has_to_report(running: Platform) -> None:
    town = await of(running, "yiqiao_town")
    assert (await form(town, period="2018-06"))[1:] == [
        [
            "carrier_enterprises",
            "载体引进企业",
            "carrier:yiqiao-intelligent",
            "义桥高端智造产业园",
            "2018-06",
            "",
            "家",
            "",
            "",
            "",
            "",
        ]
    ]


async def test_who_leads_a_project_gets_its_row_and_statistics_only_their_bureau(running: Platform) -> None:
    leads = await series(await of(running, "science_technology"), period="2018-06")
    assert {("tech_breakthroughs", "plan:xiaoshan-2017-2019"), ("investment_done", "project:P23")} <= leads
    assert ("investment_done", "project:P01") not in leads
    assert {indicator for indicator, _ in leads} == {"tech_breakthroughs", "investment_done"}
    statistics = await series(await of(running, "statistics"), period="2018-06")
    assert ("va_growth", "industry:information") in statistics


async def test_the_office_gets_all_rows_or_those_of_one_unit(running: Platform) -> None:
    whole = await series(running.indicators, period="2018-06")
    assert ("va_growth", "industry:information") in whole
    assert await series(running.indicators, period="2018-06", unit="义桥镇") < whole


async def test_months_that_are_never_published_and_other_frequencies_have_no_rows(running: Platform) -> None:
    statistics = await of(running, "statistics")
    assert await series(statistics, period="2018-01") == set()
    assert await series(statistics, period="2018-Q1") == set()


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"period": "2018年"}, 422, "bad-period"),
        ({"period": "2018-06", "unit": "区统计局"}, 422, "unknown-object"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(
    running: Platform, asked: dict[str, str], status: int, code: str
) -> None:
    answer = await (await of(running, "yiqiao_town")).get(TEMPLATE, params=asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def send(client: httpx.AsyncClient, content: bytes, media: str) -> dict[str, Any]:
    answer = await client.post("/v1/observations:import", content=content, headers={"Content-Type": media})
    assert answer.status_code == 201, answer.text
    done: dict[str, Any] = answer.json()
    return done


@pytest.mark.parametrize("media", [XLSX, CSV])
async def test_a_form_that_nobody_filled_in_is_passed_over_row_by_row(running: Platform, media: str) -> None:
    client = await of(running, "statistics")
    answer = await client.get(TEMPLATE, params={"period": "2018-06"}, headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    done = await send(client, answer.content, media)
    assert done["skipped"] == done["rows"] > 3
    assert done["recorded"] == 0


async def test_a_form_that_was_filled_in_is_taken(running: Platform) -> None:
    town = await of(running, "yiqiao_town")
    sheet = (await town.get(TEMPLATE, params={"period": "2018-06", "format": "csv"})).content.decode("utf-8-sig")
    filled = sheet.replace("2018-06,,家", "2018-06,77,家").encode("gb18030")
    assert (await send(town, filled, CSV))["recorded"] == 1


async def test_the_form_explains_itself_in_the_language_asked_for(in_set_up: Platform) -> None:
    for language, heading in (("zh", "列"), ("en", "column")):
        answer = await in_set_up.indicators.get(TEMPLATE, headers={"Accept-Language": language})
        book = Workbook(io.BytesIO(answer.content))
        assert [sheet.name for sheet in book.sheets] == ["报数", "填写说明"]
        _, cells = next(iter(book.rows(book.sheets[1])))
        assert cells[0].text == heading
        _, first = next(iter(book.rows(book.sheets[0])))
        assert tuple(cell.text for cell in first) == HEADS
