"""How people call the registry's objects and the values of their fields, and what is said of a cell that cannot be taken."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

from services.kit.errors import Faulty
from services.plan_file.scalars import CODE, INDICATOR_CODE, PLAN_SCOPED_CODE, UNIT_CODE
from services.registry.sheets.rules import Column, WrongError

KINDS: Final[Mapping[str, str]] = {
    "industry": "产业",
    "unit": "单位",
    "contact": "联系人",
    "carrier": "载体",
    "roster": "名册",
    "rosteritem": "名册条目",
    "roster_item": "名册条目",
    "enterprise": "企业",
    "project": "项目",
    "task": "任务",
    "responsibility": "责任分工",
    "plan": "行动计划",
    "calendar": "工作日历",
    "key": "接口密钥",
    "pastversion": "历史版本",
    "member": "成员单位",
    "grant": "角色授予",
    "holder": "账号持有人",
    "person": "人员",
    "outside": "外部账号",
    "file": "佐证文件",
    "duplicate": "疑似重复企业",
    "enterprisegroup": "企业集团",
    "enterprise_group": "企业集团",
    "projectkind": "项目类型",
    "step": "招商进展",
    "projectstep": "项目流转",
    "importedrow": "导入结果",
    "role": "角色",
    "provider": "身份源",
    "industryclass": "行业分类",
    "carriercountofindustry": "载体统计",
    "suspension": "中止计时",
    "changerequest": "变更申请",
    "milestone": "里程碑",
    "leadercontact": "领导联系",
    "leader_contact": "领导联系",
    "visit": "走访记录",
    "problem": "问题清单",
    "entry": "任务台账",
    "publicity": "宣传台账",
    "instrument": "政策工具",
    "payment": "兑现台账",
    "sharedproject": "共享项目",
    "prospect": "招商对象",
    "activity": "招商活动",
    "reorganisation": "机构调整",
}
"""What sheets and files of each are called."""
EXPLAINED: Final = "填写说明"
"""The sheet of a template that explains the other one."""

EXAMPLES: Final[Mapping[str, str]] = {
    "code": "e01",
    "name": "杭州某某有限公司",
    "aliases": "某某公司、某某",
    "number": "1",
    "industry": "information",
    "also": "health、materials",
    "direction": "工业大数据",
    "parent": "government",
    "valid_from": "2018-07-01",
    "valid_to": "2018-07-01",
    "unit": "jingxin",
    "person": "张三",
    "email": "zhang.san@example.com",
    "plan": "xiaoshan-2017-2019",
    "enterprise": "e01",
    "enterprise_name": "杭州某某有限公司",
    "carrier": "info-port",
    "investment": "30000",
    "first_year": "2017",
    "last_year": "2019",
    "subject": "project:P01",
    "clause": "三、（一）1",
    "matter": "T01",
    "annual_plans": "2018：1000、2000、3000、4000、5000、6000、7000、8000、9000、10000、11000、12000",
    "phases": "1；一期；2017；2018；20000",
    "area": "3.5",
    "participants": "120",
    "roster": "leading",
    "thing": "企业:杭州某某有限公司",
    "recognised_on": "2018-05-31",
    "evidence": "关于公布龙头企业名单的通知；某政〔2018〕1号",
    "lead": "jingxin",
    "support": "keji、fagai",
    "unit.code": "kejichu",
    "unit.name": "某某科技处",
    "unit.members": "单位类型=部门；限于单位之下=government",
    "industry.code": "biomedicine",
    "industry.name": "生物医药产业",
    "industry.aliases": "生物医药、医药",
    "carrier.code": "bio-park",
    "carrier.name": "某某生物园",
    "carrier.aliases": "生物园、某某园",
    "carrier.parent": "info-port",
    "members": "类型=企业；名称=杭州某某有限公司；企业=e01",
    "shares": "information；60%",
    "shares.share": "0.6",
    "enterprise_group.code": "moumou",
    "enterprise_group.name": "某某集团",
    "enterprise_group.aliases": "某某、某某控股",
    "roster.code": "leading",
    "roster.name": "龙头企业名册",
    "roster_item.code": "1",
    "project.code": "P01",
    "project.name": "某某智能制造项目",
    "phases.name": "一期",
    "task.code": "C20",
    "task.name": "某某行动",
    "responsibility.name": "某某行动",
    "responsibility.subject": "产业:信息产业",
    "names": "名称=某某科技；类型=曾用名",
    "roles": "角色=龙头企业；级别=区县级；文号=某政〔2018〕1号",
    "classes": "分类标准=gbt4754-2017；行业代码=C3913",
    "classes.code": "C3913",
    "memberships": "集团=某某集团；起始日期=2018-07-01",
    "instrument.name": "某某产业子基金",
    "instrument.by_year": "2018；8000",
    "instrument.document": "某政〔2018〕1号",
    "activity.units": "keji",
    "activity.met": "kunlun-data",
    "activity.result": "签约意向 1 个",
    "prospect.contact": "王某；0571-8280 0000；wang@example.com",
    "leader": "deputy_li",
    "liaison": "jingxin",
    "leader_contact.code": "C0001",
    "leader_contact.valid_from": "2018-07-01",
    "leader_contact.valid_to": "2018-12-31",
    "visit.code": "V0001",
    "visit.on": "2018-07-05",
    "visit.place": "信息港小镇三号楼",
    "visit.people": "李某（经信局）、王某（信息港小镇）",
    "visit.seen": "厂房已封顶，希望年内通电",
    "payment.day": "2018-07-05",
    "payment.note": "第一笔",
    "publicity.day": "2018-07-05",
    "publicity.link": "https://news.example/1",
    "publicity.task": "C20",
    "milestone.code": "listed-park",
    "milestone.name": "列入省级示范园区",
    "milestone.states": "listed；已入库",
    "milestone.counts": "listed",
    "milestone.due": "2018-12-31",
    "states.code": "listed",
    "states.name": "已入库",
}
"""What a cell may hold; made up."""

CODE_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    CODE: ("小写字母、数字、- 和 _ 组成", "small letters, digits, - and _"),
    PLAN_SCOPED_CODE: ("字母、数字、- 和 _ 组成", "letters, digits, - and _"),
    INDICATOR_CODE: ("小写字母、数字和 _ 组成，以字母开头", "small letters, digits and _, beginning with a letter"),
    UNIT_CODE: ("小写字母、数字和 _ 组成", "small letters, digits and _"),
}
"""What codes are made of, by their pattern."""

UNITS: Final[Mapping[str, str]] = {"carrier.area": "平方公里", "annual_plans.months": "万元"}
"""Units of measure that no description names in a word."""

SAID_VALUES: Final[Mapping[str, Mapping[str, str]]] = {"roles.level": {"区级": "district", "县级": "district"}}
"""What people also write for values, beside what code lists call them."""

HEADINGS: Final = (
    ("列", "含义", "单位", "必填", "填写格式", "示例（虚构）", "可选值"),
    ("column", "meaning", "unit", "required", "form", "example (made up)", "allowed values"),
)
YES_NO: Final = (("否", "是"), ("no", "yes"))
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("文本", "text"),
    "code": ("代码（文本）", "code, as text"),
    "named": ("代码，或唯一的名称、别名、曾用名", "code, or a name, alias or former name that only one has"),
    "several-named": ("代码或唯一的名称，多个用顿号（、）分隔", "codes or names that only one has, separated by 、"),
    "typed": ("类别:代码 或 类别:名称，如 项目:P01", "kind:code or kind:name, such as project:P01"),
    "integer": ("整数", "whole number"),
    "number": ("数字，最多 12 位小数", "number, up to 12 decimals"),
    "numbers": ("多个数字，用顿号（、）分隔", "numbers separated by 、"),
    "day": ("日期：2018-07-01、2018/7/1 或 2018年7月1日", "date: 2018-07-01, 2018/7/1 or 2018年7月1日"),
    "choice": ("从下拉列表选择", "one of the list"),
    "yes-no": ("是 或 否", "是 (yes) or 否 (no)"),
    "texts": ("多个用顿号（、）分隔", "several are separated by 、"),
    "thing": ("字段=值；字段=值", "field=value；field=value"),
    "things": ("每行一项：字段=值；字段=值（Alt+Enter 换行）", "one a line: field=value；field=value"),
    "json": ("JSON", "JSON"),
}
"""How a cell of each kind is filled in."""


def form(column: Column) -> tuple[str, str]:
    """How a cell of a column is filled in."""
    if column.refers:
        return FORMS["typed" if column.typed else "several-named" if column.kind == "texts" else "named"]
    if not column.parts:
        return FORMS[column.kind]
    zh, en = FORMS[column.kind]
    return (
        f"{zh}；可只按顺序写值。字段：{column.fields}",
        f"{en}; values alone in this order are taken too: {column.fields}",
    )


NOTES: Final = (
    (
        "表头可以改成只写名称或只写代码，列的顺序任意；不需要更新的列可以整列删除。",
        "单元格留空表示该项为空；整列删除表示该项保持不变。",
        "不要使用公式、宏、隐藏行列、跨列合并；先用 dry_run 试导入，逐格核对错误。",
    ),
    (
        "A header may be the title or the code alone, in any order; a column that need not change may be deleted.",
        "An empty cell empties the field; a deleted column leaves it as it is.",
        "No formulas, macros, hidden rows or columns, no cells merged over columns; try with dry_run first.",
    ),
)

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("this cell must not be empty", "不能为空"),
    "error-cell": ("the cell shows the error {given}: enter a value", "单元格显示错误 {given}：请填写数值"),
    "digits-lost": (
        "{given} was entered as a number, of which Excel keeps 15 digits: format the column as text and enter it again",
        "{given} 被当作数字，Excel 只保留 15 位：请将该列设为文本格式后重新填写",
    ),
    "number": ("{given} is no number, such as {example}", "“{given}”不是数字，应为如 {example}"),
    "whole-number": ("{given} is no whole number, such as {example}", "“{given}”不是整数，应为如 {example}"),
    "too-many-digits": (
        "{given} has more than {whole} digits before the point or {decimals} after it: round it",
        "“{given}”的整数部分超过 {whole} 位或小数超过 {decimals} 位：请四舍五入",
    ),
    "other-unit": (
        "{given} is in another unit than the field ({unit})",
        "“{given}”的单位与本列不符（应为：{unit}）",
    ),
    "no-unit": (
        "{given} has a unit that the field does not take: write the number alone, such as {example}",
        "“{given}”的单位不适用于本列：请只填数字，如 {example}",
    ),
    "day": ("{given} is no date, such as 2018-07-01", "“{given}”不是日期，应为如 2018-07-01"),
    "yes-no": ("{given} is neither 是 nor 否", "“{given}”应为 是 或 否"),
    "choice": ("{given} is none of {known}", "“{given}”应为下列之一：{known}"),
    "json": (
        "{given} is no JSON that can be taken: close every bracket, without huge numbers and deep nesting",
        "“{given}”不是可读的 JSON：请检查括号，不要有过大的数和过深的嵌套",
    ),
    "thing": (
        "{given} should be field=value; fields are {known}; such as: {example}",
        "“{given}”应为 字段=值；可用字段：{known}；例如：{example}",
    ),
    "one-thing": ("one line is needed, these are several", "只能填写一行"),
    "invalid": ("{problem}", "不符合要求：{told}"),
    "part-missing": ("{known} is missing in it", "缺少 {known}"),
    "not-a-list": ("{known} should be several, separated by 、", "{known}应为多项，用顿号（、）分隔"),
    "too-few": ("{known} should have {bound} entries, not {count}", "{known}应有 {bound} 项，现有 {count} 项"),
    "too-many": ("{known} has {count} entries, and at most {bound}", "{known}最多 {bound} 项，现有 {count} 项"),
    "code-form": (
        "{given} is no code: small letters, digits and _, beginning with a letter, such as listed",
        "“{given}”不能作代码：以小写字母开头，只含小写字母、数字和 _，例如 listed；中文写在名称中",
    ),
    "unknown-part": ("it has no field {given}", "没有 {given} 这一字段"),
    "not-text": (
        "the cell holds characters that cannot be seen: type it anew",
        "单元格含有不可见的控制字符：请重新录入",
    ),
    "stale": (
        "it is at version {now}, the sheet has {given}: export it again and repeat the change",
        "当前版本为 {now}，表中为 {given}：请重新导出后再修改",
    ),
    "no-code": (
        "nothing here is called {given}: give the code of a new one",
        "没有“{given}”对应的对象：新建请填写代码",
    ),
    "unknown-number": (
        "there is no {given}: codes are given by the registry, leave the cell empty for something new",
        "没有编号为 {given} 的记录：编号由系统给出，新增请将此格留空",
    ),
    "unknown-name": (
        "{given} is neither a code nor a name ({kinds}); near ones: {near}",
        "“{given}”既不是代码也不是名称（{what}）；相近的有：{near}",
    ),
    "ambiguous-name": (
        "{given} may mean {near}: enter the code of one",
        "“{given}”可能指：{near}；请填写其中一个的代码",
    ),
    "twice": ("{given} stands in row {first} already", "{given} 已见于第 {first} 行"),
    "unknown-column": (
        "the column {given} is unknown; near ones: {near}; there are: {known}; name it as one of them, or delete it",
        "不认识的列“{given}”，相近的有：{near}；可用：{known}；请改名或删除",
    ),
    "column-twice": ("the column {given} stands there twice", "列“{given}”重复"),
    "units-unclear": (
        "which unit this column is in is not clear ({given}): name one in its header that can be converted, such as 万元",
        "本列的单位不明确（{given}）：请在本列表头写明一个可换算的单位，如 万元",
    ),
    "column-missing": ("the column {known} is missing", "缺少列：{known}"),
    "no-header": (
        "no header was found in the first 20 rows; columns are: {known}",
        "前 20 行内没有找到表头；应有的列：{known}",
    ),
    "example": ("this is the example row; delete or rewrite it", "这是示例行，请删除或改写"),
    "no-rows": ("there is no row below the header", "表头下没有数据行"),
    "beyond-columns": ("there is something outside of the columns", "该单元格在各列之外，请删除"),
    "formula": (
        "a formula: paste its value instead (copy, paste as values)",
        "单元格是公式：请复制后“选择性粘贴—数值”",
    ),
    "more-formulas": ("{count} formulas in all", "共 {count} 处公式"),
    "hidden": ("the cell is hidden: show it, or delete it", "单元格被隐藏或被筛选：请取消隐藏和筛选，或删除"),
    "hidden-sheet": ("the sheet {given} is hidden: show it, or delete it", "工作表“{given}”被隐藏：请取消隐藏或删除"),
    "merged": (
        "merged over several columns: unmerge and fill each cell",
        "跨列合并：请取消合并并逐格填写",
    ),
    "not-unique": ("{given} is another object's already", "“{given}”已被其他对象使用"),
    "not-current": ("it was changed while this was read: send it again", "导入期间被他人修改：请重新导入"),
}
"""What is wrong and what would be right, in English and Chinese."""


def fault(place: str, wrong: WrongError) -> Faulty:
    """A fault at a cell: `企业!C7`."""
    en, zh = SAID[wrong.code]
    values = {name: value if name == "known" else _short(value) for name, value in wrong.values.items()}
    return Faulty(place, wrong.code, en.format_map(values), zh.format_map(values))


def said_of_shape(detail: ErrorDetails, part: str, *, within: bool, lacking: bool) -> WrongError | None:
    """What a wire model says of a value, as clerks of sheets are told it; None where others have words for it.

    `part` is what the field is called; it may lie `within` a thing, and its column may be `lacking`.
    """
    kind, context = detail["type"], detail.get("ctx", {})
    codes = {
        "missing": "part-missing" if within else "column-missing" if lacking else "missing",
        "extra_forbidden": "unknown-part",
        "list_type": "not-a-list",
        "too_short": "too-few" if within else "missing",
        "too_long": "too-many",
    }
    code = "code-form" if context.get("pattern") == INDICATOR_CODE else codes.get(kind)
    if code is None:
        return None
    given = detail["loc"][-1] if kind == "extra_forbidden" else detail["input"]
    bound = context.get("min_length", context.get("max_length"))
    return WrongError(code, known=part, given=given, bound=bound, count=context.get("actual_length"))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:60]}…"  # noqa: PLR2004 - as much of a value as a message repeats


def allowed(column: Column) -> str:
    """The values that a column takes, and those of the fields of its things."""
    own = "、".join(f"{label}（{code}）" if label != code else code for code, label in column.choices.items())
    return "；".join(
        [*([own] if own else []), *(f"{part.title}：{allowed(part)}" for part in column.parts if allowed(part))]
    )
