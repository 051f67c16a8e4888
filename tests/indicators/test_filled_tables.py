"""Figures as clerks fill them in: workbooks and CSV of Chinese Excel, names for codes, faults by cell."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
import xlsxwriter

from services.kit.office.cells import Cell
from services.kit.office.workbook import Workbook
from services.kit.office.writing import CSV, XLSX
from tests.indicators import samples
from tests.indicators.test_later_imports import look, read
from tests.platform import Platform

HEADS = ("指标", "对象", "报告期", "数值", "计量单位", "报送单位", "备注", "上年同期（可比口径）")
ROW = ("investment_done", "project:P01", "2017-03", 100, "万元", "项目单位", "", "")
Rows = Sequence[Sequence[Any]]


def workbook(
    *rows: Sequence[Any], heads: Sequence[str] = HEADS, change: Callable[[Any, Any], None] | None = None
) -> bytes:
    """A sheet 报数 with these rows; `change` does more to it, as people do."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("报数")
    for line, row in enumerate((heads, *rows)):
        for place, value in enumerate(row):
            if value != "":
                sheet.write(line, place, value)
    if change is not None:
        change(book, sheet)
    book.close()
    return file.getvalue()


async def send(client: httpx.AsyncClient, content: bytes, media: str = XLSX, **query: Any) -> httpx.Response:  # noqa: ANN401
    headers = {"Content-Type": media}
    return await client.post("/v1/observations:import", content=content, headers=headers, params=query, timeout=60)


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def counts(answer: httpx.Response) -> tuple[int, int, int, int]:
    assert answer.status_code == 201, answer.text
    done = answer.json()
    return done["rows"], done["recorded"], done["unchanged"], done["skipped"]


async def figures(platform: Platform) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await platform.indicators.get("/v1/observations")).json()["items"]
    return items


async def test_a_workbook_is_taken_as_a_csv_is(in_set_up: Platform) -> None:
    assert counts(await send(in_set_up.indicators, workbook(ROW))) == (1, 1, 0, 0)
    row = (await figures(in_set_up))[0]
    assert (row["indicator"], row["value"], row["reporter"]) == ("investment_done", "100", "project_owners")


async def test_rows_of_a_form_without_a_figure_are_passed_over_and_counted(in_set_up: Platform) -> None:
    empty = (*ROW[:3], "", *ROW[4:])
    dashed = (*ROW[:3], "—", *ROW[4:])
    assert counts(await send(in_set_up.indicators, workbook(empty, ROW, dashed))) == (3, 1, 0, 2)


async def test_a_remark_without_a_figure_is_a_fault(in_set_up: Platform) -> None:
    row = (*ROW[:3], "", "万元", "", "停产", "")
    assert faults(await send(in_set_up.indicators, workbook(row))) == [("报数!D2", "no-value")]


BARE = ("investment_done", "project:P02", "2017-03", 2.2)


@pytest.mark.parametrize(
    "lines",
    [
        [("指标", "对象", "报告期", "数值（亿元）"), BARE],
        [("指标", "对象", "报告期", "数值(亿元)"), BARE],
        [("", "", "", "亿元"), HEADS[:4], BARE],
        [("单位：亿元",), HEADS[:4], BARE],
        [("2017年3月项目投资（亿元）",), HEADS[:4], BARE],
        [("填报单位：项目单位", "", "", "单位： 亿元"), HEADS[:4], BARE],
        [(*HEADS[:4], "计量单位"), (*BARE, "亿元")],
        [("单位：亿元",), (*HEADS[:4], "计量单位"), (*BARE[:3], 22000, "")],
        [(*HEADS[:4], "计量单位"), (*BARE[:3], "2.2亿", "")],
    ],
)
async def test_a_unit_is_understood_wherever_people_write_it(in_set_up: Platform, lines: Rows) -> None:
    heads, *below = lines
    assert counts(await send(in_set_up.indicators, workbook(*below, heads=heads))) == (1, 1, 0, 0)
    row = (await figures(in_set_up))[0]
    told = {"22000": "220000000"}.get(str(below[-1][3]), "22000")
    assert (row["value"], row["entered_unit"]) == (told, "亿元")


@pytest.mark.parametrize(
    "above",
    [
        [("单 位：亿元人民币",)],
        [("投资与增速（单位：亿元）", "", "2017年3月")],
        [("投资与增速（2017年，亿元）",), ()],
    ],
)
async def test_money_that_is_stated_above_is_no_unit_of_what_is_kept_in_percent(
    in_set_up: Platform, above: Rows
) -> None:
    growth = ("va_growth", "industry:information", "2017-03", 26.3)
    lines: Rows = [*above, HEADS[:4], BARE, growth]
    heads, *below = lines
    assert counts(await send(in_set_up.indicators, workbook(*below, heads=heads))) == (2, 2, 0, 0)
    found = {row["indicator"]: (row["value"], row["entered_unit"]) for row in await figures(in_set_up)}
    assert found == {"investment_done": ("22000", "亿元"), "va_growth": ("26.3", "%")}


async def test_the_unit_of_a_group_merged_over_figures_is_that_of_each(in_set_up: Platform) -> None:
    heads = ("指标", "对象", "报告期", "本期（单位：亿元）", "", "增速（%）")

    def merge(_book: Any, sheet: Any) -> None:  # noqa: ANN401 - of xlsxwriter
        sheet.merge_range("D1:E1", heads[3])

    rows = (("指标", "对象", "报告期", "数值", "上年同期", "备注"), (*BARE, 2, ""))
    assert counts(await send(in_set_up.indicators, workbook(*rows, heads=heads, change=merge))) == (1, 1, 0, 0)
    (row,) = await figures(in_set_up)
    assert (row["value"], row["comparable_base"]) == ("22000", "20000")


async def test_a_header_of_a_csv_names_the_unit_as_that_of_a_workbook(in_set_up: Platform) -> None:
    text = "指标,对象,报告期,数值（亿元）\ninvestment_done,project:P02,2017-03,2.2\n"
    assert counts(await send(in_set_up.indicators, text.encode(), CSV)) == (1, 1, 0, 0)
    assert (await figures(in_set_up))[0]["value"] == "22000"
    wrong = await send(in_set_up.indicators, text.replace("亿元", "家").encode(), CSV)
    assert faults(wrong) == [("/rows/2/value", "unit-of-another-dimension")]


async def test_a_unit_in_the_header_that_the_rows_own_contradicts_is_a_fault(in_set_up: Platform) -> None:
    heads = (*HEADS[:3], "数值（亿元）", "计量单位")
    answer = await send(
        in_set_up.indicators, workbook((*BARE, "万元"), (*BARE[:2], "2017-04", 2.2, "亿元"), heads=heads)
    )
    assert faults(answer) == [("报数!D2", "units-differ")]
    assert "亿元，与同一行的 万元" in answer.json()["errors"][0]["detail"]


async def test_a_fault_stands_at_its_own_cell_and_says_what_is_wrong_in_chinese(in_set_up: Platform) -> None:
    heads = HEADS[:4]
    rows = (
        (*BARE[:3], "3家"),
        (*BARE[:2], "2017年上半年", 3),
        (*BARE[:2], "2017-05", "0.123456789012345"),
        (*BARE[:2], "2017-07", "1E3"),
    )
    answer = await send(in_set_up.indicators, workbook(*rows, heads=heads))
    assert faults(answer) == [
        ("报数!D2", "unit-of-another-dimension"),
        ("报数!C3", "period-of-wrong-frequency"),
        ("报数!D4", "too-many-digits"),
    ]
    told = [error["detail"] for error in answer.json()["errors"]]
    assert told[1] == "该指标按月度报送，所填的是半年度的报告期"


async def test_every_fault_is_named_by_sheet_and_cell(in_set_up: Platform) -> None:
    content = workbook(
        ROW,
        ("happiness", *ROW[1:]),
        (ROW[0], "project:P99", *ROW[2:]),
        (*ROW[:2], "2017-04", "一百", *ROW[4:]),
        (*ROW[:2], "2017-05", 100, "家", *ROW[5:]),
        (*ROW[:2], "2017-06", 100, "万元", "区财政局", "", ""),
    )
    assert faults(await send(in_set_up.indicators, content, dry_run=True)) == [
        ("报数!A3", "unknown-indicator"),
        ("报数!B4", "unknown-subject"),
        ("报数!D5", "not-a-number"),
        ("报数!E6", "unit-of-another-dimension"),
        ("报数!F7", "not-the-reporter"),
    ]


async def test_names_stand_for_codes(in_set_up: Platform) -> None:
    named = (await in_set_up.indicators.get("/v1/indicators", params={"search": "investment_done"})).json()["items"][0]
    projects = (await in_set_up.registry.get("/v1/projects")).json()["items"]
    project = next(item for item in projects if item["code"] == "P01")
    filled = (named["name"], f"项目：{project['name']}", "2017年3月", "1,000.5万元", "", "", "", "")
    assert counts(await send(in_set_up.indicators, workbook(filled))) == (1, 1, 0, 0)
    row = (await figures(in_set_up))[0]
    assert (row["indicator"], row["subject"], row["period"], row["value"]) == (
        "investment_done",
        "project:P01",
        "2017-03",
        "1000.5",
    )


async def test_a_name_that_several_have_is_a_fault_that_names_their_codes(in_set_up: Platform) -> None:
    async with in_set_up.database.owner() as connection:
        await connection.execute(
            "UPDATE indicators.directory_subject SET name = '同名项目' WHERE kind = 'project' AND code IN ('P01', 'P02')"
        )
    answer = await send(in_set_up.indicators, workbook((ROW[0], "同名项目", *ROW[2:])))
    assert faults(answer) == [("报数!B2", "ambiguous-name")]
    assert answer.json()["errors"][0]["detail"] == "名称 同名项目 对应多个：请填写代码（project:P01、project:P02）"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
async def test_a_csv_of_chinese_excel_is_understood(in_set_up: Platform, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(f"{cell}" for cell in row) for row in (HEADS, ROW)) + "\r\n"
    assert counts(await send(in_set_up.indicators, text.encode(encoding), CSV)) == (1, 1, 0, 0)


async def test_a_csv_with_the_fields_own_names_may_be_gb_18030(in_set_up: Platform) -> None:
    text = "indicator,subject,period,value,unit,reporter\ninvestment_done,project:P01,2017-03,100,万元,项目单位\n"
    assert counts(await send(in_set_up.indicators, text.encode("gb18030"), CSV)) == (1, 1, 0, 0)


async def test_a_fault_of_such_a_csv_is_named_by_row_and_field(in_set_up: Platform) -> None:
    text = "\n".join(",".join(f"{cell}" for cell in row) for row in (HEADS, (*ROW[:3], "x", *ROW[4:])))
    assert faults(await send(in_set_up.indicators, text.encode("gb18030"), CSV)) == [("/rows/2/value", "not-a-number")]


async def test_a_header_is_found_below_a_title_and_what_it_lacks_is_named(in_set_up: Platform) -> None:
    titled = workbook(HEADS, ROW, heads=("2017年3月报数",))
    assert counts(await send(in_set_up.indicators, titled)) == (1, 1, 0, 0)
    lacking = workbook(heads=("指标", "对象", "数值", "颜色"))
    answer = await send(in_set_up.indicators, lacking)
    assert set(faults(answer)) == {("报数!A1", "missing-column"), ("报数!D1", "unknown-column")}
    assert answer.json()["errors"][-1]["detail"].startswith("表头缺少列：报告期（period）；")


async def test_formulas_hidden_and_merged_cells_are_named(in_set_up: Platform) -> None:
    def change(book: Any, sheet: Any) -> None:  # noqa: ANN401
        sheet.write_formula("D2", "=1+1", None, 2)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.merge_range("A5:A6", "investment_done")
        sheet.write("K7", "旁注")
        book.add_worksheet("藏").hide()

    content = workbook(ROW, ROW, ROW, ROW, ROW, ROW, change=change)
    assert set(faults(await send(in_set_up.indicators, content))) >= {
        ("报数!D2", "formula-cell"),
        ("报数!A3", "hidden-cell"),
        ("报数!A5", "merged-cells"),
        ("报数!K7", "beyond-columns"),
        ("藏", "hidden-sheet"),
    }


async def test_a_file_that_is_no_workbook_is_refused(in_set_up: Platform) -> None:
    answer = await send(in_set_up.indicators, b"indicator,subject\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "not-a-zip")


@pytest.mark.parametrize("media", [XLSX, CSV])
async def test_an_export_that_is_sent_again_changes_nothing(running: Platform, media: str) -> None:
    listed = await running.indicators.get("/v1/observations", headers={"Accept": media}, timeout=60)
    rows, recorded, unchanged, skipped = counts(await send(running.indicators, listed.content, media))
    assert (recorded, skipped) == (0, 0)
    assert rows == unchanged > 2000


@pytest.mark.parametrize("media", [XLSX, CSV])
async def test_a_figure_that_was_changed_in_an_export_is_a_correction(running: Platform, media: str) -> None:
    asked = {"indicator": "va_growth", "subject": "industry:nev", "period": "2018-06"}
    listed = await running.indicators.get("/v1/observations", params=asked, headers={"Accept": media})
    value = (await running.indicators.get("/v1/observations", params=asked)).json()["items"][0]["value"]
    if media == CSV:
        content = listed.content.decode("utf-8-sig").replace(f",{value},%", ",26.1,%").encode("gb18030")
    else:
        content = _changed(listed.content, value, "26.1")
    assert counts(await send(running.indicators, content, media))[:2] == (1, 1)
    items = (await running.indicators.get("/v1/observations", params=asked)).json()["items"]
    assert [item["value"] for item in items] == [value, "26.1"]


async def test_a_unit_sends_its_export_again_and_learns_nothing_of_others(running: Platform) -> None:
    scopes = ("indicators:read", "observations:submit")
    statistics, finance = [await running.as_("indicators", *scopes, unit=unit) for unit in ("statistics", "finance")]
    listed = await statistics.get("/v1/observations", headers={"Accept": XLSX}, timeout=60)
    rows, recorded, unchanged, _ = counts(await send(statistics, listed.content))
    assert (rows > 500, recorded, unchanged) == (True, 0, rows)
    asked = {"indicator": "va_growth", "subject": "industry:nev", "period": "2018-06"}
    one = (await running.indicators.get("/v1/observations", params=asked, headers={"Accept": XLSX})).content
    guesses = [one, _changed(one, "13.4", "26.1")]
    answers = [faults(await send(finance, content, dry_run=True)) for content in guesses]
    assert [code for _, code in answers[0]] == [code for _, code in answers[1]]


def _changed(content: bytes, old: str, new: str) -> bytes:
    """A workbook whose value was typed over."""
    book = Workbook(io.BytesIO(content))
    rows = [[cell.text for cell in _filled(cells)] for _, cells in book.rows(book.sheets[0])]
    place = rows[0].index(next(head for head in rows[0] if head.startswith("观测值")))
    assert rows[1][place] == old
    rows[1][place] = new
    return workbook(*rows[1:], heads=rows[0])


def _filled(cells: Any) -> list[Any]:  # noqa: ANN401
    there = {cell.column: cell for cell in cells}
    return [there.get(place, Cell(place, "text", "")) for place in range(1, max(there) + 1)]


async def test_a_workbook_may_be_imported_later(in_set_up: Platform) -> None:
    headers = {"Content-Type": XLSX, "Prefer": "respond-async"}
    bad = workbook(("happiness", *ROW[1:]))
    jobs = [
        (await in_set_up.indicators.post("/v1/observations:import", content=content, headers=headers)).json()
        for content in (workbook(ROW), bad)
    ]
    for _ in jobs:
        await look(in_set_up)
    done, failed = [await read(in_set_up, job) for job in jobs]
    assert (done["state"], done["result"]["recorded"]) == ("done", 1)
    assert [error["pointer"] for error in failed["problem"]["errors"]] == ["报数!A2"]


async def test_the_whole_sample_is_taken_as_a_workbook(in_set_up: Platform) -> None:
    heads, *rows = csv.reader(io.StringIO(samples.reports().decode()))
    sent = await send(in_set_up.indicators, workbook(*rows, heads=heads))
    assert counts(sent) == (2188, 2188, 0, 0)


async def test_milestones_are_taken_as_people_write_them(running: Platform) -> None:
    text = "里程碑代码,完成日期,依据\nT21,2018/7/15,纪要\nT26,2018年7月15日,备案\n"
    headers = {"Content-Type": CSV}
    answer = await running.indicators.post("/v1/milestones:import", content=text.encode("gb18030"), headers=headers)
    assert counts(answer) == (2, 2, 0, 0)
    wrong = "里程碑代码,完成日期,颜色\n"
    answer = await running.indicators.post("/v1/milestones:import", content=wrong.encode(), headers=headers)
    assert faults(answer) == [("/rows/1/evidence", "missing-column"), ("/rows/1/颜色", "unknown-column")]
