"""What the fixed values of indicators' fields are called (代码表); those of plan files are named beside these."""

from typing import Final

from services.indicators.breakdowns.schemas import Dimension
from services.indicators.observations.schemas import FigureClass, FigureStatus
from services.kit.codes import CodeLists, code_list
from services.kit.later.schemas import STATES as JOB_STATES
from services.kit.office.form import FILE_FORMATS
from services.kit.trail import ORDERS
from services.plan_file import codes as plan_file
from services.plan_file.findings import KINDS
from services.plan_file.findings.codes import FINDING_STATES, PLAN_OBJECTS, SEVERITIES, TITLES

CODES: Final = CodeLists(
    plan_file.LIGHTS,
    plan_file.LIGHT_REASONS,
    plan_file.METRICS,
    plan_file.UNITS_OF_MEASURE,
    plan_file.MEASURED_IN,
    plan_file.DIRECTIONS,
    plan_file.FREQUENCIES,
    plan_file.ACCUMULATIONS,
    plan_file.PRICE_BASES,
    plan_file.SOURCES,
    code_list(
        "figure-classes",
        "数据类别",
        "classes of figures",
        {"flash": ("快报", "flash"), "annual": ("年报", "annual"), "audited": ("核定", "audited")},
        FigureClass,
    ),
    code_list(
        "figure-statuses",
        "数据状态",
        "statuses of figures",
        {"reported": ("已上报", "reported"), "verified": ("已审核", "verified"), "approved": ("已批准", "approved")},
        FigureStatus,
    ),
    plan_file.MEASURES,
    plan_file.OPERATORS,
    plan_file.TRAJECTORIES,
    plan_file.NATURES,
    plan_file.BASELINE_BASES,
    code_list(
        "breakdown-dimensions",
        "分解维度",
        "dimensions of breakdowns",
        {
            "units": ("按单位", "by units"),
            "years": ("按年度", "by years"),
            "units and years": ("按单位和年度", "by units and years"),
        },
        Dimension,
    ),
    FILE_FORMATS,
    SEVERITIES,
    FINDING_STATES,
    code_list(
        "finding-codes",
        "校核意见",
        "findings about a plan",
        {kind.code: (TITLES[kind.code], kind.code.replace("-", " "), kind.looks_for) for kind in KINDS},
        fields=("FindingOfPlan.code",),
    ),
    PLAN_OBJECTS,
    plan_file.PLAN_STATES,
    plan_file.CHANGES,
    plan_file.FORMATS,
    plan_file.UNIT_KINDS,
    plan_file.CONTACT_ROLES,
    plan_file.RESPONSIBILITY_BASES,
    plan_file.ROSTER_THINGS,
    plan_file.MEMBER_KINDS,
    plan_file.MENTION_KINDS,
    plan_file.COUNTED_LISTS,
    plan_file.ASKS,
    plan_file.CHANNELS,
    plan_file.WEEKDAYS,
    JOB_STATES,
    ORDERS,
)
"""All lists."""
