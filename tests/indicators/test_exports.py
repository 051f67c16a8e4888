"""Lists of indicators as files: all that the filters find, under Chinese names, days and numbers as such."""

from datetime import date, datetime
from typing import Any

import httpx
import pytest

from services.indicators.exports import OFFERS
from services.kit.office.writing import CSV, XLSX
from tests.exported import misnamed, rows
from tests.indicators import samples
from tests.platform import Platform

LISTS = ("indicators", "series", "observations", "targets", "breakdowns", "light-changes")
PAIR = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}


async def asked(platform: Platform, path: str, media: str, **params: Any) -> httpx.Response:  # noqa: ANN401
    answer = await platform.indicators.get(f"/v1/{path}", params=params, headers={"Accept": media}, timeout=60)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"].startswith(media)
    return answer


@pytest.mark.parametrize("offer", OFFERS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_every_field_of_every_list_has_a_chinese_name(offer: tuple[Any, Any]) -> None:
    assert misnamed(offer) == set()


@pytest.mark.parametrize("media", [CSV, XLSX])
@pytest.mark.parametrize("path", LISTS)
async def test_a_file_holds_all_pages_of_the_list(loaded: Platform, path: str, media: str) -> None:
    told = rows(await asked(loaded, path, media, limit=1), media)
    if path == "light-changes":
        assert [int(row["序号"]) for row in told] == [each["position"] for each in await samples.lights(loaded)]
    else:
        page = await loaded.indicators.get(f"/v1/{path}", params={"limit": 1, "total": True})
        assert len(told) == page.json()["total"]


async def test_days_and_numbers_are_such_in_a_sheet(loaded: Platform) -> None:
    about = {"indicator": "va_growth", "subject": "industry:information", "period": "2018-06"}
    figure = rows(await asked(loaded, "observations", XLSX, **about), XLSX)[0]
    assert (figure["报告期"], figure["期末"], type(figure["观测值"])) == ("2018-06", "2018-06-30", float)
    assert isinstance(figure["记录时间"], datetime)
    (target,) = rows(await asked(loaded, "targets", XLSX, search="T03"), XLSX)
    assert (target["目标值"], target["起算日"], target["代码"]) == (1000, datetime(2016, 12, 31), "T03")  # noqa: DTZ001


async def test_the_gaps_come_as_a_sheet_with_the_pair_they_are_answered_at(loaded: Platform) -> None:
    answer = await asked(loaded, "gaps", XLSX, **PAIR)
    told = rows(answer, XLSX)
    assert len(told) == 65
    assert answer.headers["duban-known-at"] == "2018-07-15T18:00:00+08:00"
    by_json = (await loaded.indicators.get("/v1/gaps", params=PAIR)).json()["items"]
    assert [row["目标"] for row in told] == [each["target"] for each in by_json]
    assert [row["灯"] for row in told[:2]] == ["红灯", "红灯"]
    milestone = next(row for row in told if row["计算方式"] == "里程碑")
    assert milestone["目标值"].date() == date.fromisoformat(str(milestone["目标日期"])[:10])


async def test_gaps_as_csv_stay_what_they_were(loaded: Platform) -> None:
    answer = await asked(loaded, "gaps", CSV, **PAIR)
    assert answer.text.startswith("target,coverage_date,actual,scheduled,goal,gap,lag_pp")


async def test_a_file_shows_what_the_caller_sees(loaded: Platform) -> None:
    unit = await loaded.as_("indicators", "indicators:read", unit="economy_information")
    answer = await unit.get("/v1/targets", headers={"Accept": CSV})
    page = await unit.get("/v1/targets", params={"limit": 200})
    assert [row["代码"] for row in rows(answer, CSV)] == [each["code"] for each in page.json()["items"]]
    refused = await loaded.indicators.get("/v1/targets", params={"limit": 0}, headers={"Accept": CSV})
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
