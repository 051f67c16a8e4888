"""The lists of indicators as files: what each field is called."""

from collections.abc import Mapping
from typing import Any, Final

from services.indicators.breakdowns.schemas import BreakdownPage
from services.indicators.codes import CODES
from services.indicators.definitions.schemas import IndicatorPage, SeriesPage
from services.indicators.gaps.schemas import GapPage, LightFeed
from services.indicators.observations.schemas import ObservationPage
from services.indicators.targets.schemas import PlanPage, TargetPage
from services.kit.exports import Offer
from services.kit.heads import offered

INDICATORS: Final = {
    "code": "代码",
    "plan": "方案",
    "name": "名称",
    "name_en": "英文名称",
    "unit_of_measure": "计量单位",
    "decimals": "小数位数",
    "whole": "整数计数",
    "direction": "方向",
    "frequency": "频率",
    "accumulation": "累计方式",
    "formula": "公式",
    "roster": "名册",
    "price_basis": "价格口径",
    "source": "来源",
    "bureau": "报送单位",
    "due_day": "报送截止日",
    "unpublished_months": "不单独公布的月份",
    "recorded_at": "记录时间",
}
SERIES: Final = {
    "id": "内部编号",
    "indicator": "指标",
    "subject": "对象",
    "bureau": "报送单位",
    "unit_of_measure": "计量单位",
    "frequency": "频率",
    "accumulation": "累计方式",
    "formula": "公式",
    "roster": "名册",
}
OBSERVATIONS: Final = {
    "id": "内部编号",
    "indicator": "指标",
    "subject": "对象",
    "period": "报告期",
    "period_end": "期末",
    "value": "观测值",
    "unit": "计量单位",
    "comparable_base": "上年同期（可比口径）",
    "entered_value": "录入值",
    "entered_unit": "录入单位",
    "class": "数据类别",
    "status": "状态",
    "reporter": "报送单位",
    "note": "备注",
    "recorded_at": "记录时间",
    "recorded_by": "记录人",
    "rejected_at": "退回时间",
    "rejected_by": "退回人",
    "rejection_note": "退回原因",
}
TARGETS: Final = {
    "plan": "方案",
    "code": "代码",
    "ordinal": "序号",
    "name": "名称",
    "name_en": "英文名称",
    "subject": "对象",
    "indicator": "指标",
    "measure": "计算方式",
    "operator": "比较",
    "baseline": "基期值",
    "baseline_basis": "基期依据",
    "start": "起算日",
    "goal": "目标值",
    "upper": "目标上限",
    "goal_on": "目标日期",
    "checkpoints": "节点",
    "trajectory": "序时方式",
    "policy": "亮灯规则",
    "state": "完成状态",
    "nature": "约束性或预期性",
    "clause": "条款",
    "phrase": "原文",
    "lead": "牵头单位",
    "support": "配合单位",
    "recorded_at": "记录时间",
}
BREAKDOWNS: Final = {
    "plan": "方案",
    "target": "目标",
    "version": "版本",
    "document": "文号",
    "parts": "分解",
    "dissolved": "已撤销单位",
    "recorded_at": "记录时间",
    "by": "记录人",
}
GAPS: Final = {
    "target": "目标",
    "name": "名称",
    "name_en": "英文名称",
    "subject": "对象",
    "subject_name": "对象名称",
    "indicator": "指标",
    "measure": "计算方式",
    "unit": "计量单位",
    "lead": "牵头单位",
    "lead_name": "牵头单位名称",
    "support": "配合单位",
    "coverage_date": "数据截至",
    "actual": "实际值",
    "scheduled": "序时目标",
    "goal": "目标值",
    "goal_on": "目标日期",
    "gap": "差距",
    "lag_pp": "滞后百分点",
    "completion": "目标完成率（%）",
    "attainment": "序时完成率",
    "lag_ratio": "滞后比率",
    "time_progress": "序时进度",
    "days_behind": "滞后天数",
    "overdue_reports": "逾期未报",
    "missed_checkpoints": "未达节点",
    "light": "灯",
    "reason": "原因",
}
LIGHT_CHANGES: Final = {
    "position": "序号",
    "id": "内部编号",
    "plan": "方案",
    "target": "目标",
    "subject": "对象",
    "from_light": "原灯",
    "to_light": "现灯",
    "reason": "原因",
    "at": "时间",
    "as_of": "考核时点",
    "coverage_date": "数据截至",
    "actual": "实际值",
    "scheduled": "序时目标",
    "goal": "目标值",
    "goal_upper": "目标上限",
    "goal_on": "目标日期",
    "gap": "差距",
    "lag_pp": "滞后百分点",
    "unit": "计量单位",
}
OF_GAPS: Final = ("actual", "scheduled", "goal", "gap", "lag_pp")

PLANS: Final = {
    "plan": "代码",
    "version": "方案文件版本",
    "name": "名称",
    "state": "状态",
    "known_from": "数据起算时点",
    "activated_at": "启用时间",
    "start": "起算日",
    "end": "截止日",
    "time_zone": "时区",
    "indicators": "指标数",
    "targets": "目标数",
}

OFFERS: Final[Mapping[Any, Offer]] = {
    IndicatorPage: offered("指标", IndicatorPage, INDICATORS, codes=CODES),
    SeriesPage: offered("序列", SeriesPage, SERIES, codes=CODES),
    ObservationPage: offered(
        "观测值",
        ObservationPage,
        OBSERVATIONS,
        codes=CODES,
        numbers=("value", "comparable_base", "entered_value"),
    ),
    PlanPage: offered("方案", PlanPage, PLANS, codes=CODES),
    TargetPage: offered("目标", TargetPage, TARGETS, codes=CODES, numbers=("baseline", "goal", "upper")),
    BreakdownPage: offered("目标分解", BreakdownPage, BREAKDOWNS, codes=CODES),
    GapPage: offered(
        "差距",
        GapPage,
        GAPS,
        codes=CODES,
        numbers=(*OF_GAPS, "completion", "attainment", "lag_ratio", "time_progress"),
    ),
    LightFeed: offered("亮灯变化", LightFeed, LIGHT_CHANGES, codes=CODES, numbers=(*OF_GAPS, "goal_upper")),
}


def offer(response_model: object) -> Offer | None:
    """How the items of a list look as rows; None for what is no list."""
    return OFFERS.get(response_model) if isinstance(response_model, type) else None
