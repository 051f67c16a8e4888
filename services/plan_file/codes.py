"""What the fixed values of plan files are called, and of what the services say about their matters (代码表)."""

from typing import Final

from services.kit.codes import code_list
from services.kit.terms import term
from services.plan_file import measuring, supervision, things, wording
from services.plan_file.difference import ChangeKind
from services.plan_file.model import Format

LIGHTS: Final = code_list(
    "lights",
    "亮灯",
    "lights",
    {
        "red": ("红灯", "red"),
        "yellow": ("黄灯", "yellow"),
        "green": ("绿灯", "green"),
        "done": ("已完成", "done", "the goal is reached"),
        "grey": ("灰灯", "grey", "it cannot be judged; the reason says why"),
    },
    measuring.Light,
    measuring.BandLight,
    supervision.RaisingLight,
)
LIGHT_REASONS: Final = code_list(
    "light-reasons",
    "亮灯原因",
    "why a light is not the policy's alone",
    {
        "not_started": ("目标期尚未开始", "not started", "the day is on or before the target's start"),
        "no_data": ("尚无数据", "no data", "no period since the start has a figure"),
        "incomplete": ("数据不全", "incomplete", "a figure that the measure needs is missing"),
        "zero_base": ("基数为零或负数", "zero base", "the base of a growth or a multiple is zero or less"),
        "scope_break": ("口径调整", "change of scope", "growth would have to be derived across a change of scope"),
        "tolerance_missing": (
            "未定允许偏差",
            "no tolerance",
            "the target says “about” (左右) and the plan names no tolerance",
        ),
        "report_overdue": (
            "数据连续两期以上未报",
            "reports overdue",
            "two or more reports are overdue: the light is at best yellow",
        ),
        "checkpoint_missed": (
            "此前节点未按期达到",
            "checkpoint missed",
            "the goal is met, an earlier checkpoint was not",
        ),
        "final_report_missing": (
            "终期数据未报",
            "final report missing",
            "the goal's day has come, its figure has not",
        ),
    },
    measuring.LightReason,
)
UNITS_OF_MEASURE: Final = code_list(
    "units-of-measure",
    "计量单位",
    "units of measure",
    {
        "元": ("元", "yuan"),
        "万元": ("万元", "10,000 yuan"),
        "亿元": ("亿元", "100 million yuan"),
        "家": ("家", "enterprises, institutions"),
        "个": ("个", "items"),
        "项": ("项", "projects, technologies"),
        "辆": ("辆", "vehicles"),
        "人": ("人", "persons"),
        "件": ("件", "pieces"),
        "%": ("%", "percent"),
    },
    measuring.UnitOfMeasure,
)
MEASURED_IN: Final = code_list(
    "measured-in",
    "数值单位",
    "what the numbers of targets are in",
    {**UNITS_OF_MEASURE.codes, "倍": ("倍", "times", "of a multiple")},
    measuring.MeasuredIn,
)
ACCUMULATIONS: Final = code_list(
    "accumulations",
    "累计方式",
    "how figures accumulate",
    {
        "flow": ("当期数", "of the period"),
        "ytd": ("本年累计数", "year to date", "since 1 January"),
        "stock": ("期末数", "at the period's end"),
        "cumulative": ("计划期累计数", "cumulative", "since the plan's start"),
        "rate": ("比率", "rate"),
        "formula": ("公式计算", "by formula", "from other indicators of the same subject"),
    },
    measuring.Accumulation,
)
DIRECTIONS: Final = code_list(
    "directions",
    "指标方向",
    "directions of indicators",
    {
        "increase": ("正向", "increase", "more is better"),
        "decrease": ("逆向", "decrease", "less is better"),
        "maintain": ("保持", "maintain"),
    },
    measuring.Direction,
)
FREQUENCIES: Final = code_list(
    "frequencies",
    "报送频率",
    "frequencies",
    {
        "month": ("月度", "monthly"),
        "quarter": ("季度", "quarterly"),
        "half": ("半年度", "half-yearly"),
        "year": ("年度", "yearly"),
    },
    measuring.Frequency,
)
PRICE_BASES: Final = code_list(
    "price-bases",
    "价格口径",
    "price bases",
    {"current": ("现价", "current prices"), "comparable": ("可比价", "comparable prices")},
    measuring.PriceBasis,
)
SOURCES: Final = code_list(
    "source-classes",
    "数据来源",
    "where figures are from",
    {"statistics": ("统计", "statistics"), "bureau": ("部门", "bureau"), "enterprise": ("企业自报", "enterprise")},
    measuring.SourceClass,
)
MEASURES: Final = code_list(
    "measures",
    "计算方式",
    "measures of targets",
    {
        "level": ("水平值", "level", "the value at a day"),
        "annual": ("全年", "annual", "the value of a year"),
        "growth": ("增速", "growth", "against the year before, in percent"),
        "mean_growth": ("年均增速", "mean yearly growth", "against the baseline, in percent a year"),
        "multiple": ("基期倍数", "multiple", "times of the baseline"),
        "cumulative": ("累计", "cumulative", "the sum since the target's start"),
        "milestone": ("里程碑", "milestone", "a state reached by a day"),
    },
    measuring.Measure,
)
OPERATORS: Final = code_list(
    "operators",
    "比较",
    "comparisons",
    {
        ">=": ("不低于", "at least"),
        ">": ("高于", "more than"),
        "<=": ("不超过", "at most"),
        "<": ("低于", "less than"),
        "=": ("达到", "equal"),
        "between": ("介于", "between", "from the value to the upper bound, both included"),
    },
    measuring.Operator,
    measuring.Comparison,
)
TRAJECTORIES: Final = code_list(
    "trajectories",
    "序时方式",
    "how what is scheduled runs to the goal",
    {
        "linear": ("均匀推进", "linear", "by equal steps a day"),
        "compound": ("复合增长", "compound", "by equal rates a day"),
        "hold": ("始终保持", "hold", "the checkpoint's value all the time"),
        "seasonal": ("按上年同期进度", "seasonal", "as the year before ran"),
        "schedule": ("按计划表", "schedule", "by the plan's own values"),
    },
    measuring.Trajectory,
)
METRICS: Final = code_list(
    "metrics",
    "亮灯依据",
    "what light policies compare",
    {
        "gap": ("差距", "gap"),
        "lag_pp": ("滞后百分点", "lag in percentage points"),
        "lag_ratio": ("滞后比率", "lag as a ratio"),
        "attainment": ("序时完成率", "attainment of what is scheduled"),
        "completion": ("目标完成率", "completion of the goal"),
        "time_progress": ("序时进度", "time progress"),
        "whole": ("整数计数", "counts of things"),
        "has_baseline": ("有基期值", "has a baseline"),
        "at_baseline": ("仍处基期水平", "still at the baseline"),
    },
    measuring.Metric,
)
NATURES: Final = code_list(
    "natures",
    "约束性或预期性",
    "natures of targets",
    {"binding": ("约束性", "binding"), "indicative": ("预期性", "indicative", "striven for (力争)")},
    measuring.Nature,
)
BASELINE_BASES: Final = code_list(
    "baseline-bases",
    "基期依据",
    "on what a baseline or a reading of a rule rests",
    {"stated": ("方案写明", "stated in the plan"), "assumed": ("假定", "assumed")},
    measuring.Basis,
)
UNIT_KINDS: Final = code_list(
    "unit-kinds",
    "单位类型",
    "kinds of units",
    {
        "bureau": ("部门", "bureau"),
        "town": ("镇街", "town or subdistrict"),
        "platform": ("平台", "platform"),
        "office": ("办公机构", "office"),
        "leader": ("领导", "leader"),
        "collective": ("集合称谓", "collective", "a name for several units"),
    },
    things.UnitKind,
)
CONTACT_ROLES: Final = code_list(
    "contact-roles",
    "联系人角色",
    "roles of contacts",
    {
        "liaison": ("联络员", "liaison"),
        "principal": ("主要负责人", "principal"),
        "deputy": ("分管负责人", "deputy in charge", "of the unit itself: the deputy director whose matter it is"),
        "deputy_head": ("分管副区长", "deputy head of the district"),
    },
    things.ContactRole,
)
RESPONSIBILITY_BASES: Final = code_list(
    "responsibility-bases",
    "责任依据",
    "on what a responsibility rests",
    {"stated": ("方案写明", "stated in the plan"), "assigned": ("事后分派", "assigned afterwards")},
    things.Basis,
)
ROSTER_THINGS: Final = code_list(
    "roster-things",
    "名册收录对象",
    "what rosters list",
    {
        "enterprise": ("企业", "enterprises"),
        "project": ("项目", "projects"),
        "team": ("团队", "teams"),
        "technology": ("技术", "technologies"),
        "other": ("其他", "others"),
    },
    things.RosterOf,
)
MEMBER_KINDS: Final = code_list(
    "member-kinds",
    "载体成员类型",
    "what carriers consist of",
    {
        "enterprise": ("企业", "enterprise"),
        "institution": ("机构", "institution"),
        "sub_park": ("园中园", "park within a park"),
    },
    things.MemberKind,
)
MATTER_KINDS: Final = code_list(
    "matter-kinds",
    "事项类型",
    "kinds of matters",
    {"target": (term("target"), "target"), "task": (term("task"), "task")},
    things.MatterKind,
)
PLAN_STATES: Final = code_list(
    "plan-states",
    "计划状态",
    "states of plans",
    {
        "set-up": ("筹备中", "in set-up", "its history is being loaded"),
        "active": ("执行中", "active"),
        "closed": ("已关闭", "closed"),
    },
    things.PlanState,
)
MENTION_KINDS: Final = code_list(
    "mention-kinds",
    "提及类型",
    "as what a plan's text names something",
    {
        "enterprise": ("核心企业", "core enterprise"),
        "project": ("项目", "project"),
        "place": ("平台或载体", "place"),
        "service": ("服务业", "service within an industry"),
    },
    wording.MentionKind,
)
COUNTED_LISTS: Final = code_list(
    "counted-lists",
    "对应名单",
    "lists of which a plan's text counts the items",
    {"enterprises": ("企业名单", "list of enterprises"), "projects": ("项目名单", "list of projects")},
    wording.ListKind,
)
CHANNELS: Final = code_list(
    "channels", "发送渠道", "channels of messages", {"email": ("电子邮件", "e-mail")}, supervision.Channel
)
ASKS: Final = code_list(
    "asks",
    "办理要求",
    "what a notice asks for",
    {
        "acknowledgement": ("签收", "acknowledgement"),
        "reply": ("回复", "reply", "with cause, action and promised date"),
    },
    supervision.Asked,
)
WEEKDAYS: Final = code_list(
    "weekdays",
    "星期",
    "days of the week",
    {
        "monday": ("星期一", "Monday"),
        "tuesday": ("星期二", "Tuesday"),
        "wednesday": ("星期三", "Wednesday"),
        "thursday": ("星期四", "Thursday"),
        "friday": ("星期五", "Friday"),
        "saturday": ("星期六", "Saturday"),
        "sunday": ("星期日", "Sunday"),
    },
    supervision.Weekday,
)
CHANGES: Final = code_list(
    "plan-changes",
    "方案变动",
    "what applying a plan file does to an object",
    {"create": ("新建", "create"), "update": ("更新", "update"), "delete": ("删除", "delete")},
    ChangeKind,
)
FORMATS: Final = code_list(
    "plan-file-formats",
    "方案文件格式",
    "formats of plan files",
    {"duban-plan/1": ("方案文件第一版", "plan file, version 1")},
    Format,
)
