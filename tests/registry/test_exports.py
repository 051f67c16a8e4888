"""Any list as a file; what went out and comes in again changes nothing."""

import csv
import io
from collections import defaultdict
from typing import Any

import httpx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kit.exports import preferred
from services.kit.office.writing import CSV, XLSX
from services.registry.sheets.columns import offer
from services.registry.versions.schemas import Listed
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, enterprise, small_part, unit
from tests.registry.sheets import LISTED, counts, done, send

LISTS = (*LISTED, "plans", "calendars", "keys", "enterprises/e22/history")

STATES = [{"code": "listed", "name": "已入库"}, {"code": "named", "name": "已命名", "name_en": "named"}]
KEPT_BESIDE: dict[str, dict[str, Any]] = {
    "milestones/m1": {
        "code": "m1",
        "name": "合成示范项目",
        "subject": "project:P01",
        "states": STATES,
        "counts": "named",
        "due": "2018-12-31",
    },
    f"plans/{PLAN}/instruments/subfund": {
        "plan": PLAN,
        "code": "subfund",
        "name": "合成产业子基金",
        "kind": "fund",
        "task": "C01",
        "unit": "jingxin",
        "committed": "200.5",
        "by_year": [{"year": 2017, "committed": "80"}, {"year": 2018, "committed": "120.5"}],
        "document": "某政〔2018〕1号",
        "valid_from": "2018-01-01",
    },
    "prospects/kunlun": {
        "code": "kunlun",
        "name": "昆仑数据（样例）",
        "industry": "information",
        "origin": "北京",
        "investment": "50000.5",
        "source": "中国工业大数据大会",
        "unit": "keji",
        "since": "2018-05-18",
        "contact": {"person": "王某（虚构）", "phone": "0571-8280 0000", "email": "wang@example.com"},
    },
    "activities/beijing": {
        "code": "beijing",
        "name": "北京推介会（样例）",
        "kind": "promotion",
        "day": "2018-05-18",
        "place": "北京",
        "units": ["keji", "jingxin"],
        "participants": 30,
        "met": ["kunlun"],
    },
}
"""What no plan file brings, by where it is put. All of it made up."""
SENT_BESIDE: dict[str, dict[str, Any]] = {
    "leader-contacts": {"leader": "deputy_li", "subject": "project:P01", "valid_from": "2017-01-01"},
    "visits": {
        "leader": "deputy_li",
        "subject": "carrier:info-port",
        "on": "2018-07-10",
        "people": ["区经信局局长", "某总"],
        "seen": "主体结构已封顶，\n用电负荷不足",
    },
    f"plans/{PLAN}/instruments/subfund/payments": {
        "amount": "120.50",
        "day": "2018-03-01",
        "project": "P01",
        "document": "萧经信〔2018〕12号",
        "note": "第一笔",
    },
    f"plans/{PLAN}/publicity": {
        "day": "2018-05-18",
        "medium": "萧山日报",
        "title": "从蓝图到产业，一年间",
        "link": "https://news.example/1",
        "unit": "keji",
        "task": "C01",
    },
}
"""The same, by where it is sent."""


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    part = small_part()
    leader = unit("deputy_li", "李副区长（样例）", kind="leader", parent="government")
    await applied(registry, {**part, "units": [*part["units"], leader]})
    for path, kept in KEPT_BESIDE.items():
        assert (await registry.http.put(f"/v1/{path}", json=kept)).status_code in {200, 201}, path
    for path, sent in SENT_BESIDE.items():
        assert (await registry.http.post(f"/v1/{path}", json=sent)).status_code == 201, path
    group = {"code": "hc", "name": "合成集团", "aliases": ["合成"], "enterprise": "e22"}
    assert (await registry.http.post("/v1/enterprise-groups", json=group)).status_code == 201
    roster = {"code": "leading", "name": "龙头企业", "lists": "enterprise", "unit": "jingxin"}
    assert (await registry.http.post("/v1/rosters", json=roster)).status_code == 201
    return registry


async def export(registry: Registry | httpx.AsyncClient, path: str, media: str = CSV, **params: Any) -> httpx.Response:  # noqa: ANN401
    http = registry if isinstance(registry, httpx.AsyncClient) else registry.http
    answer = await http.get(f"/v1/{path}", params=params, headers={"Accept": media})
    assert answer.status_code == 200, answer.text
    return answer


def table(answer: httpx.Response) -> list[list[Any]]:
    if answer.headers["content-type"].startswith(CSV):
        return [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[*row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("media", [CSV, XLSX])
async def test_every_list_comes_as_a_file_with_all_its_fields(planned: Registry, media: str) -> None:
    for path in LISTS:
        listed = (await planned.http.get(f"/v1/{path}", params={"limit": 200})).json()["items"]
        answer = await export(planned, path, media)
        header, *rows = table(answer)
        assert answer.headers["content-type"].startswith(media)
        assert "attachment; filename*=UTF-8''" in answer.headers["content-disposition"]
        assert len(rows) == len(listed)
        assert {name.partition("（")[2].rstrip("）").partition("，")[0] for name in header} == {*listed[0]}
        assert all("一" <= name[0] <= "鿿" for name in header), path


async def test_a_file_holds_what_the_filters_find_whatever_the_page(planned: Registry) -> None:
    rows = [["代码", "序号", "名称", "产业", "培育方向"]]
    rows += [
        [f"x{number:04}", str(number), f"杭州合成{number}公司", "information", "合成"] for number in range(1, 1300)
    ]
    await done(planned, "enterprises", "\n".join(",".join(row) for row in rows))
    assert len(table(await export(planned, "enterprises", limit=1))) == 1 + 1300
    found = table(await export(planned, "enterprises", XLSX, q="合成12", limit=1))
    assert len(found) == 1 + 111
    assert [row[0] for row in found[1:3]] == ["x0012", "x0120"]
    refused = await planned.http.get("/v1/enterprises", params={"colour": "red"}, headers={"Accept": CSV})
    assert refused.status_code == 422


async def test_nothing_in_a_file_is_a_formula_and_long_codes_are_texts(planned: Registry) -> None:
    names = {"f1": "=HYPERLINK(1)", "f2": "@SUM(A1)", "f3": "913301091234567890"}
    for code, name in names.items():
        made = await planned.http.post("/v1/enterprises", json=enterprise(code, name))
        assert made.status_code == 201
    said = {row[0]: row[2] for row in table(await export(planned, "enterprises"))}
    assert [said[code] for code in names] == [f"'{name}" for name in names.values()]
    book = openpyxl.load_workbook(io.BytesIO((await export(planned, "enterprises", XLSX)).content))
    cells = {row[0].value: row[2] for row in book.worksheets[0].iter_rows()}
    assert [(cells[code].value, cells[code].data_type) for code in names] == [(name, "s") for name in names.values()]


async def test_contacts_are_masked_as_in_the_json(planned: Registry) -> None:
    reader = await planned.as_("registry:read")
    for media in (CSV, XLSX):
        assert "z***@***" in str(table(await export(reader, "contacts", media)))
        assert "zhang.san@example.com" in str(table(await export(planned, "contacts", media)))
    unit = await planned.as_("registry:read", unit="keji")
    assert len(table(await export(unit, "contacts"))) == 1


@pytest.mark.parametrize("media", [CSV, XLSX])
@pytest.mark.parametrize("objects", LISTED)
async def test_what_went_out_comes_in_and_changes_nothing(planned: Registry, objects: str, media: str) -> None:
    answer = await export(planned, objects, media)
    sent = answer.content if media == XLSX else answer.content.decode("utf-8-sig")
    said = await done(planned, objects, sent)
    assert counts(said) == (0, 0, len(table(answer)) - 1)
    assert said["rows"] > 0


async def test_a_masked_export_comes_in_and_changes_nothing(planned: Registry) -> None:
    http = await planned.as_("registry:read", "registry:write")
    assert counts(await done(http, "contacts", (await export(http, "contacts")).text)) == (0, 0, 1)


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Cf", "Co")), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and text.replace("\u3000", " ").isprintable())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3), NAMES, st.none() | NAMES), min_size=1, max_size=4))
async def test_whatever_people_are_called_the_round_trip_changes_nothing(
    shared: Registry, drawn: list[tuple[str, list[str], str, str | None]]
) -> None:
    """Every name that the interface takes leaves and comes back, in both kinds of file."""
    await round_trip(shared, drawn)


async def round_trip(registry: Registry, drawn: list[tuple[str, list[str], str, str | None]]) -> None:
    await registry.http.post("/v1/industries", json={"code": "round", "name": "圆"})
    for number, (name, aliases, direction, group) in enumerate(drawn):
        body = enterprise(f"round-{number}", name, aliases=aliases, direction=direction, group=group, industry="round")
        there = await registry.http.get(f"/v1/enterprises/round-{number}")
        if there.status_code == 404:
            assert (await registry.http.post("/v1/enterprises", json=body)).status_code == 201
        else:
            put = await registry.http.put(f"/v1/enterprises/round-{number}", json=body, headers={"If-Match": "*"})
            assert put.status_code == 200
    for media in (CSV, XLSX):
        answer = await export(registry, "enterprises", media, industry="round")
        sent = answer.content if media == XLSX else answer.content.decode("utf-8-sig")
        done_ = await send(registry, "enterprises", sent, dry_run=True)
        assert done_.status_code == 200, done_.text
        assert (done_.json()["created"], done_.json()["changed"]) == (0, 0), drawn


async def test_every_list_that_the_document_offers_as_a_file_is_one(planned: Registry) -> None:
    document = (await planned.http.get("/openapi.json")).json()
    offered = {
        path
        for path, operations in document["paths"].items()
        if CSV in operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    }
    there = {"plan": PLAN, "matter": "T01", "unit": "jingxin", "role": "liaison", "year": "2018"}
    codes = {"units": "jingxin", "industries": "information", "carriers": "info-port", "enterprises": "e22"}
    codes |= {"projects": "P01", "rosters": "leading", "plans": PLAN, "tasks": "C01", "project-kinds": "standard"}
    asked = 0
    for path in sorted(offered):
        before_code = path.partition("/{code}")[0].rpartition("/")[2]
        known = {**there, "code": codes.get(before_code, "-")}
        real = path.format_map(defaultdict(lambda: "-", known))
        answer = await planned.http.get(real, headers={"Accept": CSV})
        assert answer.status_code in {200, 404, 422}, (path, answer.text)
        if answer.status_code == 200:
            asked += 1
            assert answer.headers["content-type"].startswith(CSV), path
            header = table(answer)[0]
            assert [name for name in header if not "一" <= name[0] <= "鿿"] == [], path
    assert asked > 30
    assert len(offered) > 50


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        (CSV, CSV),
        (f"{XLSX}, application/problem+json", XLSX),
        (f"application/json;q=0.5, {CSV};q=0.9", CSV),
        (f"{CSV};q=0", "application/json"),
        (f"{CSV};q=x", "application/json"),
        (f"application/json, {CSV}", "application/json"),
    ],
)
def test_the_kind_that_is_liked_best_is_given(accept: str, media: str) -> None:
    assert preferred(accept) == media


def test_what_is_no_list_has_no_file() -> None:
    assert offer(None) is None
    assert offer(dict) is None
    assert offer(Listed) is None
