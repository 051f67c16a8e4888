"""How the form of figures explains itself."""

from typing import Final

HEADINGS: Final = (
    ("列", "含义", "必填", "示例"),
    ("column", "meaning", "required", "example"),
)
MEANINGS: Final[dict[str, tuple[str, str]]] = {
    "indicator": ("指标的代码；不填则按指标名称", "code of the indicator; empty: by its name"),
    "indicator_name": ("指标的名称", "name of the indicator"),
    "subject": (
        "类别:代码或名称，如 industry:information、产业:信息经济",
        "kind:code or name, as industry:information",
    ),
    "subject_name": ("对象的名称", "name of the subject"),
    "period": ("2018-06、2018年6月、2018-Q3、2018年上半年、2018", "2018-06, 2018-Q3, 2018-H1 or 2018"),
    "value": ("本期数值；空行不导入", "the figure; a row without one is passed over"),
    "unit": (
        "不填则为指标的计量单位；元、万元、亿元自动换算",
        "empty: the indicator's own; 元, 万元 and 亿元 are converted",
    ),
    "comparable_base": ("上年同期数，可比口径", "same period a year before on a comparable scope"),
    "reporter": ("本单位或下级单位；不填则为本单位", "the caller's unit or one below it; empty: that unit"),
    "class": (
        "快报（默认）、年报；核定须有审核权限",
        "快报 flash (default), 年报 annual; 核定 audited by who verifies",
    ),
    "note": ("补充说明", "a remark"),
}
EXAMPLES: Final = {
    "indicator": "va_growth",
    "indicator_name": "增加值增速",
    "subject": "industry:information",
    "subject_name": "信息经济",
    "period": "2018-06",
    "value": "26.1",
    "unit": "%",
    "comparable_base": "20.3",
    "class": "快报",
}
YES_NO: Final = (("否", "是"), ("no", "yes"))
NOTES: Final = (
    ("整表一次导入：有一处错误则全部不录入，错误按单元格指明。", "不要使用公式、合并单元格和隐藏行列。"),
    (
        "A sheet is taken whole or not at all; faults are named by cell.",
        "No formulas, merged cells, hidden rows or columns.",
    ),
)
