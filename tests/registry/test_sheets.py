"""Filled-in sheets: what they make of the registry, all rows or none, every fault at its cell."""

import io
import re
from typing import Any

import openpyxl
import pytest

from services.kit.office.writing import CSV, XLSX
from services.registry import main
from services.registry.sheets import service, store
from tests.registry.running import Registry
from tests.registry.samples import PLAN, applied, small_part
from tests.registry.sheets import ENTERPRISE, NEW, OBJECTS, content, counts, done, refused, send, workbook


@pytest.fixture
async def planned(registry: Registry) -> Registry:
    await applied(registry, small_part())
    return registry


async def versions(registry: Registry) -> int:
    async with registry.database.owner() as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM registry.version WHERE kind <> 'calendar'")
        return found


@pytest.mark.parametrize("objects", OBJECTS)
async def test_each_kind_has_a_template_with_chinese_headers_and_explanations(shared: Registry, objects: str) -> None:
    answer = await shared.http.get(f"/v1/{objects}:template", headers={"Accept": XLSX})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet, explained = book.worksheets
    headers = [str(cell.value) for cell in sheet[1]]
    assert all(re.fullmatch(r"[一-鿿]+（[a-z_]+(，[一-鿿]+)?）", header) for header in headers), headers
    rows = {row[0]: row for row in explained.iter_rows(min_row=2, values_only=True)}
    assert all(rows[header][1] and rows[header][4] for header in headers)
    kind = service.Sheets(main.bodies(), main.views()).forms[objects]
    assert [header.partition("（")[2].rstrip("）").partition("，")[0] for header in headers] == [
        name for name in kind.model.model_fields if name not in kind.passed
    ]


async def test_a_template_keeps_codes_as_text_and_offers_what_is_allowed(shared: Registry) -> None:
    answer = await shared.http.get("/v1/units:template")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"D2:D50001": '"部门,镇街,平台,办公机构,领导,集合称谓"'}


async def test_a_template_is_explained_in_the_language_asked_for_and_comes_as_csv(shared: Registry) -> None:
    answer = await shared.http.get("/v1/projects:template", headers={"Accept-Language": "en"})
    explained = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
    assert explained["A1"].value == "column"
    for asked in ({"params": {"format": "csv"}}, {"headers": {"Accept": CSV}}):
        as_csv = await shared.http.get("/v1/projects:template", **asked)  # type: ignore[arg-type]  # either
        assert as_csv.headers["content-type"].startswith(CSV)
        assert as_csv.text.startswith("\ufeff代码（code）,名称（name）,")
    assert (await shared.http.get("/v1/plans:template")).status_code == 422


@pytest.mark.parametrize("objects", OBJECTS)
async def test_an_empty_template_has_no_rows_to_import(shared: Registry, objects: str) -> None:
    template = (await shared.http.get(f"/v1/{objects}:template")).content
    ((_, code),) = await refused(shared, objects, template)
    assert code == "no-rows"


async def test_rows_are_created_changed_or_unchanged(planned: Registry) -> None:
    there = ("e22", 1, "杭州钱塘大数据交易中心有限公司", None, "information", "工业大数据", None)
    changed = ("e22", 1, "杭州钱塘大数据交易中心有限公司", "钱塘大数据", "information", "工业大数据", None)
    before = await versions(planned)
    first = await done(planned, "enterprises", workbook(ENTERPRISE, NEW, there))
    assert [(item["row"], item["code"], item["change"]) for item in first["items"]] == [
        (2, "e77", "created"),
        (3, "e22", "unchanged"),
    ]
    assert await versions(planned) == before + 1
    assert counts(await done(planned, "enterprises", workbook(ENTERPRISE, NEW, changed))) == (0, 1, 1)
    assert counts(await done(planned, "enterprises", workbook(ENTERPRISE, NEW, changed))) == (0, 0, 2)
    assert await versions(planned) == before + 2
    found = (await planned.http.get("/v1/enterprises/e77")).json()
    assert (found["version"], found["aliases"], found["recorded_at"]) == (1, ["甲", "乙"], first["recorded_at"])
    assert (await planned.http.get("/v1/enterprises", params={"q": "甲公"})).json()["items"] == [found]
    history = (await planned.http.get("/v1/enterprises/e22/history")).json()["items"]
    assert [version["version"] for version in history] == [1, 2]


async def test_a_dry_run_says_the_same_and_writes_nothing(planned: Registry) -> None:
    before = await versions(planned)
    said = await done(planned, "enterprises", workbook(ENTERPRISE, NEW), dry_run=True)
    assert (counts(said), said["dry_run"], said["recorded_at"]) == ((1, 0, 0), True, None)
    assert await versions(planned) == before
    assert (await planned.http.get("/v1/enterprises/e77")).status_code == 404


async def test_every_fault_is_named_by_its_cell_and_nothing_is_written(planned: Registry) -> None:
    before = await versions(planned)
    rows = (
        NEW,
        ("e78", "x", "丙", None, "nowhere", "大数据", None),
        ("E 79!", 1, None, None, "information", "大数据", None),
        ("e77", 1, "丁", None, "information", "大数据", None),
        ("e80", -1, "戊" * 501, None, "information", "#N/A", None),
    )
    assert await refused(planned, "enterprises", workbook(ENTERPRISE, *rows)) == [
        ("企业!B3", "number"),
        ("企业!E3", "unknown-reference"),
        ("企业!A4", "code-shape"),
        ("企业!C4", "missing"),
        ("企业!A5", "twice"),
        ("企业!B6", "too-small"),
        ("企业!C6", "text-long"),
        ("企业!F6", "error-cell"),
    ]
    assert await versions(planned) == before


async def test_faults_are_told_in_the_language_asked_for(planned: Registry) -> None:
    wrong = workbook(ENTERPRISE, ("e78", "x", "丙", None, "information", "大数据", None))
    zh, en = [(await send(planned, "enterprises", wrong, language=language)).json() for language in ("zh", "en")]
    assert zh["errors"][0]["detail"] == "“x”不是数字，应为如 1"
    assert en["errors"][0]["detail"] == "x is no number, such as 1"
    assert zh["detail"] == "共 1 处错误；未写入任何数据"


async def test_a_column_that_is_left_out_leaves_its_field_and_an_empty_cell_empties_it(planned: Registry) -> None:
    await done(planned, "enterprises", workbook(ENTERPRISE, NEW))
    await done(planned, "enterprises", workbook(("代码", "所属集团"), ("e77", "某集团")))
    found = (await planned.http.get("/v1/enterprises/e77")).json()
    assert (found["aliases"], found["group"]) == (["甲", "乙"], "某集团")
    await done(planned, "enterprises", workbook(("代码", "别名"), ("e77", None), ("e22", "/")))
    found = (await planned.http.get("/v1/enterprises/e77")).json()
    assert (found["aliases"], found["group"], found["version"]) == ([], "某集团", 3)
    assert await refused(planned, "enterprises", workbook(("代码", "别名"), ("e90", None)))


async def test_a_sheet_of_a_person_is_understood(planned: Registry) -> None:
    """A title over all columns, a header of two rows, amounts in 亿元, full-width digits, blanks around everything."""
    made = workbook(
        ("萧山区重点项目表（合成）",),
        ("代码", "计划", "项目名称", "产业", "企业名称", "投资", "年度", None),
        (None, None, None, None, None, "计划总投资（亿元）", "开始年度", "结束年度"),
        ("P77", PLAN, " 甲项目\n二期 ", "information", "杭州某公司", 3.5, "２０１７年", 2019),
        ("P78", PLAN, "乙项目", "information", "杭州某公司", "30,000万元", 2017, "2018"),
        (None, None, "  "),
        name="汇总表",
    )
    sheet = made.worksheets[0]
    sheet.merge_cells("A1:H1")
    for place in "ABCDE":
        sheet.merge_cells(f"{place}2:{place}3")
    sheet["C2"].value = "名称"
    sheet.merge_cells("G2:H2")
    sheet["A300"].number_format = "@"
    assert counts(await done(planned, "projects", made)) == (2, 0, 0)
    first, second = [(await planned.http.get(f"/v1/projects/P{number}")).json() for number in (77, 78)]
    assert (first["investment"], first["name"], first["first_year"]) == ("35000", "甲项目二期", 2017)
    assert (second["investment"], second["last_year"]) == ("30000", 2018)


async def test_a_merged_cell_speaks_for_each_of_its_rows_and_not_for_several_columns(planned: Registry) -> None:
    made = workbook(ENTERPRISE, NEW, ("e78", 78, "杭州乙公司", None, None, "大数据", None))
    made.worksheets[0].merge_cells("E2:E3")
    assert counts(await done(planned, "enterprises", made)) == (2, 0, 0)
    assert (await planned.http.get("/v1/enterprises/e78")).json()["industry"] == "information"
    made.worksheets[0].merge_cells("F2:G2")
    assert await refused(planned, "enterprises", made) == [("企业!F2:G2", "merged")]


def formula(made: openpyxl.Workbook) -> None:
    made["企业"]["B2"].value = "=76+1"


def hidden_row(made: openpyxl.Workbook) -> None:
    made["企业"].row_dimensions[2].hidden = True


def hidden_column(made: openpyxl.Workbook) -> None:
    made["企业"].column_dimensions["D"].hidden = True


def hidden_sheet(made: openpyxl.Workbook) -> None:
    made.create_sheet("暗表").sheet_state = "hidden"


def outside(made: openpyxl.Workbook) -> None:
    made["企业"]["K2"].value = "填表人：张三"


def unknown_column(made: openpyxl.Workbook) -> None:
    made["企业"]["H1"].value = "备注"


def column_twice(made: openpyxl.Workbook) -> None:
    made["企业"]["H1"].value = "name"


def no_key(made: openpyxl.Workbook) -> None:
    made["企业"]["A1"].value = None


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        (formula, [("企业!B2", "formula")]),
        (hidden_row, [(f"企业!{place}2", "hidden") for place in "ABCDEF"]),
        (hidden_column, [("企业!D1", "hidden"), ("企业!D2", "hidden")]),
        (hidden_sheet, [("暗表", "hidden-sheet")]),
        (outside, [("企业!K2", "beyond-columns")]),
        (unknown_column, [("企业!H1", "unknown-column")]),
        (column_twice, [("企业!H1", "column-twice")]),
        (no_key, [("企业!A1", "column-missing")]),
    ],
)
async def test_what_nobody_sees_or_nobody_meant_is_named(planned: Registry, spoil: Any, faults: list[Any]) -> None:  # noqa: ANN401
    made = workbook(ENTERPRISE, NEW)
    spoil(made)
    found = await refused(planned, "enterprises", made)
    assert found == faults


async def test_an_unknown_column_names_the_one_that_is_likely_meant(planned: Registry) -> None:
    made = workbook((*ENTERPRISE, "信用代码"), NEW)
    answer = await send(planned, "enterprises", made)
    (error,) = answer.json()["errors"]
    assert error["detail"].startswith("不认识的列“信用代码”，相近的有：统一社会信用代码（credit_code）；可用：")


async def test_other_sheets_are_left_aside_and_named(planned: Registry) -> None:
    made = workbook(("随便",), ("写写",), name="草稿")
    made.create_sheet("企业").append(ENTERPRISE)
    made["企业"].append(NEW)
    made.create_sheet("填写说明")
    said = await done(planned, "enterprises", made)
    assert (said["sheet"], said["sheets_not_read"], said["rows"]) == ("企业", ["草稿"], 1)


async def test_a_sheet_without_a_header_says_which_columns_there_are(planned: Registry) -> None:
    answer = await send(planned, "enterprises", workbook(("甲", "乙"), ("丙", "丁")))
    (fault,) = answer.json()["errors"]
    assert fault["code"] == "no-header"
    assert "代码（code）" in fault["detail"]
    assert await refused(planned, "enterprises", "\n\n") == [("A1", "no-header")]


async def test_a_row_whose_version_was_replaced_meanwhile_is_refused(planned: Registry) -> None:
    header, row = ("代码", "培育方向", "版本（version）"), ("e22", "新方向", 1)
    assert counts(await done(planned, "enterprises", workbook(header, row))) == (0, 1, 0)
    assert await refused(planned, "enterprises", workbook(header, row)) == [("企业!C2", "stale")]
    assert counts(await done(planned, "enterprises", workbook(header, ("e22", "新方向", None)))) == (0, 0, 1)


async def test_who_writes_while_a_file_is_read_is_not_overwritten(
    planned: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = store.present

    async def before_another_wrote(*given: Any) -> dict[store.Key, store.Present]:  # noqa: ANN401
        found = await look(*given)
        return {key: store.Present(seen.version - 1, seen.content) for key, seen in found.items()}

    monkeypatch.setattr(store, "present", before_another_wrote)
    rows = workbook(("代码", "培育方向"), ("e22", "新方向"))
    assert await refused(planned, "enterprises", rows, status=409) == [("企业!A2", "not-current")]


async def test_what_the_database_keeps_unique_is_named_by_its_cells(planned: Registry) -> None:
    async with planned.database.owner() as connection:
        await connection.execute("CREATE UNIQUE INDEX one_name ON registry.enterprise (region, name)")
    taken = ("e78", 78, "杭州钱塘大数据交易中心有限公司", None, "information", "大数据", None)
    for dry_run in (True, False):
        answer = await send(planned, "enterprises", workbook(ENTERPRISE, NEW, taken), dry_run=dry_run)
        assert answer.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("企业!C3", "not-unique")]
    assert (await planned.http.get("/v1/enterprises/e77")).status_code == 404
    async with planned.database.owner() as connection:
        await connection.execute("DROP INDEX registry.one_name")


async def test_every_version_of_an_import_is_in_the_feed_and_the_deed_in_the_audit(planned: Registry) -> None:
    rows = [
        (f"e{number:03}", number, f"杭州合成{number}公司", None, "information", "合成", None)
        for number in range(1, 1201)
    ]
    assert counts(await done(planned, "enterprises", workbook(ENTERPRISE, *rows))) == (1200, 0, 0)
    async with planned.database.owner() as connection:
        audited = await connection.fetchrow("SELECT act, details FROM registry.audit WHERE act = 'enterprise.import'")
        found = await connection.fetchrow(
            "SELECT count(*), count(DISTINCT v.id), bool_and(v.content = e.content AND e.version = v.version AND e.id = v.object_id)"
            " FROM registry.version AS v JOIN registry.enterprise AS e USING (region, code) WHERE v.kind = 'enterprise' AND v.code <> 'e22'"
        )
    assert audited is not None
    assert found is not None
    assert (audited["act"], '"created": 1200' in audited["details"], '"sha256"' in audited["details"]) == (
        "enterprise.import",
        True,
        True,
    )
    assert tuple(found) == (1200, 1200, True)
    assert (await planned.http.get("/v1/enterprises", params={"total": True, "q": "合成1"})).json()["total"] == 312


async def test_what_is_no_sheet_is_refused_by_what_it_is(shared: Registry) -> None:
    plain = content(workbook(ENTERPRISE, NEW))
    old = await send(shared, "enterprises", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert (old.status_code, old.json()["code"]) == (422, "old-format")
    assert "另存为 xlsx" in old.json()["detail"]
    for media in ("application/json", "multipart/form-data; boundary=x", ""):
        other = await shared.http.post("/v1/enterprises:import", content=plain, headers={"Content-Type": media})
        assert (other.status_code, other.json()["code"]) == (415, "unsupported-media-type")
    large = await send(shared, "enterprises", b"PK\x03\x04" + bytes(20 * 1024 * 1024))
    assert large.status_code == 413


async def test_no_damage_to_a_file_is_an_error_of_ours(shared: Registry) -> None:
    """Bytes changed at many places, parts cut off: a problem each time, never a defect."""
    plain = content(workbook(ENTERPRISE, NEW))
    for step in range(120):
        spoiled = bytearray(plain)
        place = step * 7919 % len(plain)
        spoiled[place : place + 1 + step % 5] = bytes([step % 256])
        answer = await send(shared, "enterprises", bytes(spoiled if step % 3 else spoiled[:place]), dry_run=True)
        assert 400 <= answer.status_code < 500 or answer.json()["dry_run"], answer.text
