"""What is wrong with a row of figures and what would be right, in English and Chinese."""

from collections.abc import Callable
from typing import Final

from services.indicators.observations.intake.rules import Wrong
from services.kit.errors import Faulty
from services.plan_file.codes import FREQUENCIES

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "not-utf8": ("the row is not UTF-8; save the file as UTF-8", "该行不是 UTF-8 编码，请将文件另存为 UTF-8"),
    "too-few-cells": (
        "the row has {given} cells where the header has {right}",
        "该行只有 {given} 个单元格，表头有 {right} 个",
    ),
    "too-many-cells": (
        "the row has {given} cells where the header has {right}; put cells with commas in quotes",
        "该行有 {given} 个单元格，表头只有 {right} 个；含逗号的单元格须加引号",
    ),
    "bad-quotes": (
        "a quoted cell does not end, or goes on after its quote",
        "引号未闭合，或引号之后还有内容",
    ),
    "row-too-long": ("the row is longer than {right} bytes", "该行超过 {right} 字节"),
    "missing-column": (
        "the header lacks the column {given}; it needs {right}",
        "表头缺少列：{given}；必须有：{right}",
    ),
    "unknown-column": ("there is no column {given}; there are {right}", "没有 {given} 这一列；可用的列：{right}"),
    "column-twice": ("the column {given} stands twice in the header", "表头中 {given} 出现了两次"),
    "not-a-text": (
        "a cell holds control characters or more than {right} characters",
        "单元格含控制字符，或超过 {right} 个字符",
    ),
    "formula-cell": ("the cell holds a formula: keep its value only", "单元格含公式：请只保留数值"),
    "hidden-cell": (
        "something stands in a hidden row or column: show or delete it",
        "隐藏的行或列中有内容：请取消隐藏或删除",
    ),
    "hidden-sheet": ("the sheet {given} is hidden: show or delete it", "工作表 {given} 被隐藏：请取消隐藏或删除"),
    "merged-cells": (
        "the cells {given} are merged: unmerge them and fill in each row",
        "单元格 {given} 已合并：请取消合并，逐行填写",
    ),
    "beyond-columns": (
        "{given} stands where the header names no column",
        "{given} 所在的列没有表头",
    ),
    "ambiguous-name": (
        "several are called {given}: write the code, one of {right}",
        "名称 {given} 对应多个：请填写代码（{right}）",
    ),
    "unknown-indicator": (
        "there is no indicator {given}; GET /indicators/v1/indicators lists them",
        "没有指标 {given}；可用 GET /indicators/v1/indicators 查询",
    ),
    "computed-indicator": (
        "{given} is computed by formula; report what it is computed from: {right}",
        "{given} 由公式计算，请报送其组成指标：{right}",
    ),
    "counted-indicator": (
        "{given} is counted from the roster {right}: propose and recognise the items there, no number stands for them",
        "{given} 由名册 {right} 计数：请在名册中逐项申报、认定，不接受直接填报的数字",
    ),
    "unknown-subject": (
        "there is no subject {given}; write kind:code, such as industry:information or project:P01",
        "没有对象 {given}；写法为 类别:代码，例如 industry:information、project:P01",
    ),
    "unit-of-another-dimension": (
        "{given} cannot be converted; the indicator is kept in {right}",
        "单位 {given} 无法换算，该指标的单位是 {right}",
    ),
    "units-differ": (
        "the unit here is {given}, and {right} beside it: write one unit",
        "此处的单位是 {given}，与同一行的 {right} 不一致：请统一单位",
    ),
    "unit-missing": (
        "the other figure of the row is in {right}: write the unit here too",
        "同一行另一数值的单位是 {right}：请在此也写明单位",
    ),
    "units-unclear": (
        "the line above the table states several units ({given}): write the unit in the cell or in a column 计量单位",
        "表头上方写了多个单位（{given}）：请在单元格中或“计量单位”列写明单位",
    ),
    "bad-period": (
        "{given} is no period; write 2018, 2018-H1, 2018-Q3 or 2018-09",
        "{given} 不是报告期；写法：2018、2018-H1、2018-Q3、2018-09",
    ),
    "period-of-wrong-frequency": (
        "the indicator is reported by {right}; {given} is another frequency",
        "该指标按{right}报送，所填的是{given}的报告期",
    ),
    "not-a-number": (
        "{given} is no number; write digits with a point, such as 27.9, without separators",
        "{given} 不是数字；请写成 27.9 这样的数字，不带千分位",
    ),
    "no-value": (
        "there is a remark or a figure of the year before, and no value: write it, or empty the row",
        "有备注或上年同期而没有数值：请填写数值，或清空该行",
    ),
    "too-many-digits": (
        "{given} has more than 18 digits before the point or 12 after it: round it",
        "{given} 的整数部分超过 18 位或小数超过 12 位：请四舍五入",
    ),
    "not-finite": ("{given} is not a finite number", "{given} 不是有限的数"),
    "formula-text": (
        "{given} is the text of a formula; write the number it gives",
        "{given} 是公式文本，请填写计算结果",
    ),
    "bad-instant": (
        "{given} is no instant with its zone; write 2018-07-12T10:00:00+08:00",
        "{given} 不是带时区的时刻；写法：2018-07-12T10:00:00+08:00",
    ),
    "bad-day": ("{given} is no day; write 2018-07-12", "{given} 不是日期；写法：2018-07-12"),
    "period-not-ended": (
        "the period ends on {given}, after the day of recording, {right}",
        "报告期止于 {given}，晚于录入日期 {right}",
    ),
    "day-in-future": (
        "the day {given} lies after the day of recording, {right}",
        "日期 {given} 晚于录入日期 {right}",
    ),
    "reported-twice": (
        "same series, period and recorded_at as {right}; a correction has a later recorded_at",
        "与{right}的序列、报告期、录入时刻相同；更正须有更晚的录入时刻",
    ),
    "recorded-at-not-allowed": (
        "the plan is not in set-up: leave recorded_at empty, the platform stamps it",
        "方案已启用，录入时刻由平台记录，请留空 recorded_at",
    ),
    "not-the-reporter": (
        "{given} is not the bureau of this series, which is {right}",
        "{given} 不是该序列的报送单位（{right}）",
    ),
    "not-your-series": (
        "the series {given} is not your unit's to report: {right} reports it",
        "序列 {given} 不由本单位报送，报送单位是 {right}",
    ),
    "not-your-reporter": (
        "{given} is no unit for which you may report: name your own unit or one below it, or leave it empty",
        "{given} 不是可由本单位代为报送的单位：请填本单位或下级单位，或留空",
    ),
    "verified-by-others": (
        "{given} is said by who verifies figures (scope observations:verify): leave it empty or write {right}",
        "{given} 须由有审核权限（observations:verify）者填写：请留空，或填 {right}",
    ),
    "unknown-status": ("there is no status {given}; there are {right}", "没有状态 {given}；可用：{right}"),
    "unknown-class": ("there is no class {given}; there are {right}", "没有类别 {given}；可用：{right}"),
    "unknown-target": (
        "there is no milestone {given} in force",
        "没有生效的里程碑目标 {given}",
    ),
    "not-your-milestone": (
        "milestone {given} is neither led nor supported by your unit or one below it: {right} leads it",
        "里程碑目标 {given} 不由本单位及下级单位牵头或配合，牵头单位是 {right}",
    ),
    "evidence-missing": ("a milestone counts with its evidence only", "里程碑须附依据"),
}

OFTEN: Final = FREQUENCIES.labels
"""How often an indicator is reported, as people call it."""
WHERE_TWICE: Final = {"database": ("what is recorded already", "已录入的数据")}


def in_rows(wrong: Wrong) -> str:
    """Where a fault of a CSV is: the line of the file and the field."""
    return f"/rows/{wrong.line}/{wrong.field}"


def faulty(wrong: Wrong, at: Callable[[Wrong], str] = in_rows) -> Faulty:
    """A fault as the caller reads it; `at` says where it is."""
    en, zh = SENTENCES[wrong.code]
    right_en = right_zh = wrong.right
    if wrong.code == "reported-twice":
        right_en, right_zh = WHERE_TWICE.get(wrong.right, (f"row {wrong.right}", f"第 {wrong.right} 行"))
    given_zh = wrong.given
    if wrong.code == "period-of-wrong-frequency":
        given_zh, right_zh = (OFTEN.get(each, each) for each in (wrong.given, wrong.right))
    return Faulty(
        at(wrong),
        wrong.code,
        en.format(given=wrong.given or '""', right=right_en),
        zh.format(given=given_zh or "（空）", right=right_zh),
    )
