"""The annexes of a published plan, read into a draft: exact, by the words of their headers, from text and docx."""

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest

from services.kit.office.archive import Unsafe
from services.plan_file.draft.drafting import Draft, drafted, told, written
from services.plan_file.reading import read
from services.plan_file.tree import grow
from tests.plan_file.samples import XIAOSHAN, XIAOSHAN_TEXT, plan_of

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OTHER = """　　某市先进制造业三年行动方案（合成）

　　附表一：某市先进制造业三年行动方案重点项目（合成）

项目名称

建设
年限

总投资（亿元）

行业

实施单位

序号

甲项目

2021-2023年

3.5

装备

合成甲有限公司

1

乙项目

2021年

1,200.05万元

合成乙有限公司

2

丙项目

2022至2023年

0.8

医药

合成丙有限公司

3

　　附表二：某市先进制造业三年行动方案培育企业（合成）

序号

所属产业

企业

培育重点

1

装备

合成甲有限公司

智能装备

2

合成丁有限公司

机器人

3

医药

合成丙有限公司

疫苗
"""


def draft_of(text: str) -> Draft:
    return drafted(text.encode(), "plan.txt")


def test_the_annexes_of_the_sample_are_read_exactly() -> None:
    draft, plan = draft_of(XIAOSHAN_TEXT), plan_of(XIAOSHAN)
    assert draft.faults == []
    names = {industry.code: industry.name for industry in plan.industries}
    drafted_names = {industry["code"]: industry["name"] for industry in draft.industries}
    assert [
        (one["code"], one["number"], one["name"], drafted_names[one["industry"]], one["direction"])
        for one in draft.enterprises
    ] == [(one.code, one.number, one.name, names[one.industry], one.direction) for one in plan.enterprises]
    assert [
        (
            one["code"],
            one["name"],
            drafted_names[one["industry"]],
            one.get("enterprise"),
            one.get("enterprise_name"),
            one["investment"],
            one["first_year"],
            one["last_year"],
        )
        for one in draft.projects
    ] == [
        (
            one.code,
            one.name,
            names[one.industry],
            one.enterprise,
            one.enterprise_name,
            one.investment,
            one.first_year,
            one.last_year,
        )
        for one in plan.projects
    ]


def test_what_was_found_is_said() -> None:
    lines = [line for line, _ in told(draft_of(XIAOSHAN_TEXT))]
    assert lines[0].startswith("30 enterprises at 第 140 行: 高端装备制造 11, ")
    assert lines[2] == "investment of all projects: 8776300 万元"


def test_the_draft_is_yaml_whose_only_faults_are_what_could_not_be_known() -> None:
    text = written(draft_of(XIAOSHAN_TEXT))
    assert grow(text).faults == []
    faults = read(text).faults
    assert {fault.code for fault in faults} == {"missing"}
    assert {str(fault.values["key"]) for fault in faults} == {
        "ladder",
        "sending",
        "code",
        "region",
        "start",
        "end",
        "known_from",
    }
    assert all(f"# {fault.values['key']}:" in text for fault in faults)
    assert "issued_on: 2017-05-02" in text


def test_another_plan_has_other_words_another_order_and_other_units() -> None:
    draft = draft_of(OTHER)
    assert draft.faults == []
    assert draft.known["name"] == "某市先进制造业三年行动方案"
    assert [one["name"] for one in draft.industries] == ["装备", "医药"]
    assert [(one["name"], one["industry"]) for one in draft.enterprises] == [
        ("合成甲有限公司", "industry-1"),
        ("合成丁有限公司", "industry-1"),
        ("合成丙有限公司", "industry-2"),
    ]
    assert [(one["investment"], one["first_year"], one["last_year"], one["industry"]) for one in draft.projects] == [
        (Decimal(35000), 2021, 2023, "industry-1"),
        (Decimal("1200.05"), 2021, 2021, "industry-1"),
        (Decimal(8000), 2022, 2023, "industry-2"),
    ]
    assert draft.projects[0]["enterprise"] == "e01"
    assert draft.projects[1]["enterprise_name"] == "合成乙有限公司"
    assert read(written(draft)).plan_file is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("智能装备\n\n", "", ["第 62 行: 第 1 项缺少“培育方向”"]),
        (
            "合成丁有限公司\n\n",
            "",
            ["第 70 行: 第 2 项不能分成 4 格（序号、产业类别、企业名称、培育方向）：2、机器人"],
        ),
        ("0.8\n\n", "", ["第 40 行: 第 3 项缺少“计划总投资”"]),
        ("2022至2023年", "2023至2022年", ["第 40 行: 第 3 项“2023至2022年”无法识别：应为如 2017-2019年"]),
        (
            "总投资（亿元）",
            "总投资",
            [
                f"第 {line} 行: 第 {number} 项“{amount}”无法识别：应为金额，并在表头或单元格写明万元或亿元"
                for line, number, amount in ((18, 1, "3.5"), (40, 3, "0.8"))
            ],
        ),
        ("医药\n\n合成丙有限公司\n\n3\n", "医药\n\n合成丙有限公司\n\n4\n", ["第 40 行: 第 3 项的序号为 4"]),
    ],
    ids=["direction", "two cells", "amount", "years", "unit", "number"],
)
def test_what_is_missing_or_wrong_is_named_with_its_line(old: str, new: str, said: list[str]) -> None:
    draft = draft_of(OTHER.replace(old, new, 1))
    assert [f"{fault.where}: {fault.zh}" for fault in draft.faults] == said
    assert all(fault.en != fault.zh for fault in draft.faults)


def test_a_text_without_tables_gives_none() -> None:
    draft = draft_of("　　一、总体要求\n\n　　力争到2019年末……\n")
    assert (draft.annexes, draft.enterprises, draft.faults) == ([], [], [])


def test_a_text_in_the_older_encoding_is_read() -> None:
    assert drafted(OTHER.encode("gb18030"), "plan.txt").projects == draft_of(OTHER).projects


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t xml:space='preserve'>{escape(text)}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]], *, merged: int | None = None) -> str:
    """A table of Word; the column `merged` has equal cells merged over their rows."""
    made = []
    for number, row in enumerate(rows):
        cells = []
        for place, text in enumerate(row):
            merge = ""
            if place == merged and number:
                continues = row[place] == rows[number - 1][place]
                merge, text = ("<w:vMerge/>", "") if continues else ('<w:vMerge w:val="restart"/>', text)  # noqa: PLW2901
            broken = "".join(paragraph(part) for part in text.split("\n"))
            cells.append(f"<w:tc><w:tcPr>{merge}</w:tcPr>{broken}</w:tc>")
        made.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(made)}</w:tbl>"


def docx(*body: str, document: str | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        text = f'<w:document xmlns:w="{NAMESPACE}"><w:body>{"".join(body)}</w:body></w:document>'
        made.writestr("word/document.xml", document or text)
    return file.getvalue()


def sample_tables() -> tuple[list[list[str]], list[list[str]]]:
    """The sample's annexes as rows, from its text."""
    enterprises, projects = draft_of(XIAOSHAN_TEXT).annexes
    first = [["序号", "产业类别", "企业名称", "培育方向"]]
    first += [[str(row.cells[name]) for name in enterprises.columns] for row in enterprises.rows]
    second = [["序号", "产业\n类别", "企 业 名 称", "项 目 名 称", "计划总投资\n（万元）", "项目实施年度"]]
    second += [[str(row.cells[name]) for name in projects.columns] for row in projects.rows]
    return first, second


@pytest.mark.parametrize("merged", [None, 1])
def test_a_document_with_the_same_tables_gives_the_same_draft(merged: int | None) -> None:
    first, second = sample_tables()
    content = docx(
        paragraph("　　一、总体要求"),
        paragraph("附件1：萧山区工信经济新兴产业发展三年行动计划龙头培育企业"),
        word_table(first, merged=merged),
        paragraph("附件2：萧山区工信经济新兴产业发展三年行动计划重点实施项目"),
        word_table(second, merged=merged),
        word_table([["其他", "表格"], ["甲", "乙"]]),
    )
    draft, text = drafted(content, "plan.docx"), draft_of(XIAOSHAN_TEXT)
    assert draft.faults == []
    assert (draft.industries, draft.enterprises, draft.projects) == (text.industries, text.enterprises, text.projects)
    assert draft.known["name"] == "萧山区工信经济新兴产业发展三年行动计划"


def test_a_cell_that_is_empty_in_a_document_is_named_by_table_and_row() -> None:
    first, _ = sample_tables()
    first[5][3] = ""
    draft = drafted(docx(word_table(first)), "plan.docx")
    assert [(fault.where, fault.zh) for fault in draft.faults] == [("表 1 第 6 行", "第 5 项缺少“培育方向”")]


def test_a_document_whose_tables_became_paragraphs_is_read_as_a_text() -> None:
    content = docx(*(paragraph(line) for line in OTHER.splitlines()))
    assert drafted(content, "plan.docx").projects == draft_of(OTHER).projects


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(document=f'<!DOCTYPE x [<!ENTITY a "a">]><w:document xmlns:w="{NAMESPACE}"/>'), "declared-entities"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-format"),
    ],
    ids=["entities", "damaged", "doc"],
)
def test_a_document_that_must_not_be_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Unsafe) as caught:
        drafted(content, "plan.docx")
    assert caught.value.code == code
    assert "docx" in caught.value.detail or code != "old-format"
