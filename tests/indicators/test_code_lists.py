"""What the fixed values of indicators are called: over HTTP, and in every column of its files that people read."""

from typing import Any

import httpx
import pytest

from services.kit.office.writing import CSV, XLSX
from tests.exported import rows
from tests.platform import Platform

PAIR = {"as_of": "2018-06-30", "known_at": "2018-07-15T18:00:00+08:00"}


async def called(platform: Platform, name: str) -> dict[str, str]:
    answer = await platform.indicators.get(f"/v1/code-lists/{name}")
    assert answer.status_code == httpx.codes.OK, answer.text
    return {item["code"]: item["zh"] for item in answer.json()["items"]}


async def sheet(platform: Platform, path: str, media: str = XLSX, **params: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    answer = await platform.indicators.get(f"/v1/{path}", params=params, headers={"Accept": media}, timeout=60)
    return rows(answer, media)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lights", ["红灯", "黄灯", "绿灯", "已完成", "灰灯"]),
        ("units-of-measure", ["元", "万元", "亿元", "家", "个", "项", "辆", "人", "件", "%"]),
        ("figure-classes", ["快报", "年报", "核定"]),
        ("natures", ["约束性", "预期性"]),
        ("frequencies", ["月度", "季度", "半年度", "年度"]),
    ],
)
async def test_codes_come_in_their_natural_order_as_officials_say_them(
    loaded: Platform, name: str, told: list[str]
) -> None:
    assert [*(await called(loaded, name)).values()] == told


async def test_every_reason_of_a_light_is_explained(loaded: Platform) -> None:
    answer = (await loaded.indicators.get("/v1/code-lists/light-reasons")).json()
    assert answer["fields"] == ["Gap.reason", "LightChange.reason"]
    assert all(item["description"] for item in answer["items"])
    gaps = (await loaded.indicators.get("/v1/gaps", params=PAIR)).json()["items"]
    assert {gap["reason"] for gap in gaps} - {None} <= {item["code"] for item in answer["items"]}


async def test_the_document_names_the_list_of_a_field(loaded: Platform) -> None:
    document = (await loaded.indicators.get("/openapi.json")).json()
    assert document["components"]["schemas"]["Gap"]["properties"]["light"]["x-code-list"] == "lights"
    assert document["components"]["schemas"]["FindingOfPlan"]["properties"]["code"]["x-code-list"] == "finding-codes"


async def test_people_read_names_and_programs_read_codes(loaded: Platform) -> None:
    measures, lights, reasons = [await called(loaded, name) for name in ("measures", "lights", "light-reasons")]
    gaps = {gap["target"]: gap for gap in (await loaded.indicators.get("/v1/gaps", params=PAIR)).json()["items"]}
    for row in await sheet(loaded, "gaps", **PAIR):
        gap = gaps[row["目标"]]
        assert (row["灯"], row["计算方式"]) == (lights[gap["light"]], measures[gap["measure"]])
        assert row["原因"] == (None if gap["reason"] is None else reasons[gap["reason"]])
    (target,) = await sheet(loaded, "targets", search="T08")
    (plain,) = await sheet(loaded, "targets", CSV, search="T08")
    assert target["计算方式"] == measures[plain["计算方式"]]
    assert (target["约束性或预期性"], plain["约束性或预期性"]) == ("预期性", "indicative")
    about = {"indicator": "va_growth", "subject": "industry:information", "period": "2018-06"}
    figures = await sheet(loaded, "observations", **about)
    assert {(figure["数据类别"], figure["计量单位"]) for figure in figures} == {("快报", "%")}


async def test_who_may_not_read_indicators_may_not_read_their_lists(loaded: Platform) -> None:
    stranger = await loaded.as_("indicators", "registry:read")
    assert (await stranger.get("/v1/code-lists")).status_code == httpx.codes.FORBIDDEN
