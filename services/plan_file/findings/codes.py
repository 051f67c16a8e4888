"""What the fixed values of a plan check are called, and each kind of finding in a word (代码表)."""

from collections.abc import Mapping
from typing import Final

from services.kit.codes import code_list
from services.kit.terms import term
from services.plan_file.findings.finding import ObjectKind, Severity, State

SEVERITIES: Final = code_list(
    "finding-severities",
    "校核意见等级",
    "severities of findings about a plan",
    {
        "error": ("须先答复", "to be answered first"),
        "warning": ("提醒", "warning"),
        "info": ("说明", "for information"),
        "ok": ("核对无误", "checked and in order"),
    },
    Severity,
)
FINDING_STATES: Final = code_list(
    "finding-states",
    "校核意见状态",
    "states of findings about a plan",
    {
        "open": ("待答复", "open"),
        "assumed": ("假定", "assumed", "the file assumes what the plan does not state"),
        "assigned": ("指定", "assigned", "owners were given afterwards"),
        "in_order": ("核对无误", "in order"),
    },
    State,
)
PLAN_OBJECTS: Final = code_list(
    "plan-objects",
    "方案对象",
    "objects of a plan file",
    {
        "plan": (term("plan"), "plan"),
        "industry": (term("industry"), "industry"),
        "unit": (term("unit"), "unit"),
        "carrier": (term("carrier"), "carrier"),
        "enterprise": (term("enterprise"), "enterprise"),
        "project": (term("project"), "project"),
        "task": (term("task"), "task"),
        "responsibility": (term("responsibility"), "responsibility"),
        "target": (term("target"), "target"),
        "policy": ("亮灯规则", "light policy"),
    },
    ObjectKind,
)

TITLES: Final[Mapping[str, str]] = {
    "growth-below-multiple": "增速达不到倍数",
    "growth-reaches-multiple": "增速可达倍数",
    "parts-below-multiple": "分项增速撑不起总量倍数",
    "parts-reach-multiple": "分项增速可达总量倍数",
    "parts-without-growth": "部分产业无增速目标",
    "growth-kinds-mixed": "增速口径混用",
    "baseline-not-stated": "未写明基期",
    "count-start-not-stated": "未写明起算数",
    "quantities-differ": "总目标口径不一",
    "owner-not-stated": "未写明责任单位",
    "task-owner-not-stated": "任务未写明责任单位",
    "owner-unregistered": "责任单位未登记",
    "owner-left-out": "责任单位漏列",
    "annual-split-missing": "缺分年目标",
    "project-annual-split-missing": "项目缺年度计划投资",
    "date-not-stated": "未写明期限",
    "date-not-as-phrased": "期限与原文不符",
    "goal-inside-period": "期限不在期末",
    "goal-in-unpublished-period": "期限落在不单独公布的月份",
    "project-outside-plan": "项目超出计划期",
    "count-above-list": "数量多于名单",
    "range-above-list": "区间上限多于名单",
    "list-above-count": "名单多于数量",
    "named-below-count": "点名少于数量",
    "named-above-count": "点名多于数量",
    "parts-below-total": "分项合计不足总数",
    "parts-reach-total": "分项合计足够",
    "investment-concentrated": "投资过于集中",
    "projects-start-together": "项目集中开始",
    "large-project-within-year": "大项目一年内完成",
    "enterprise-in-two-industries": "企业归属不一",
    "one-thing-twice": "一物两处",
    "carrier-in-two-industries": "载体为多个产业共有",
    "several-names": "一物多名",
    "name-ambiguous": "一名多物",
    "project-not-listed": "项目不在名单",
    "duplicate-target": "目标重复",
    "duplicate-project": "项目重复",
    "operator-not-stated": "未写明“以上”",
    "range-target": "区间目标",
    "tolerance-missing": "缺允许偏差",
    "milestone-states-differ": "里程碑终点不同",
    "milestone-state-vague": "里程碑状态含糊",
    "target-striven-for": "力争目标",
    "soft-but-binding": "力争却列为约束性",
    "carrier-without-target": "载体没有目标",
    "task-without-target": "任务没有目标可依",
    "policy-gap-read": "亮灯规则留有空白",
    "policy-hole": "亮灯规则有漏洞",
    "policy-overlap": "亮灯规则重叠",
    "policy-band-unreachable": "亮灯规则有用不到的条",
    "policy-units-mixed": "亮灯规则单位混用",
}
"""Where a list has no room for a finding's sentence."""
