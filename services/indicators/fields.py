"""Fields that answers of many rooms have, each explained once."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.plan_file.measuring import Accumulation, Frequency, UnitOfMeasure

PlanCode = Annotated[str, Field(description="code of the plan", examples=["xiaoshan-2017-2019"])]
TargetCode = Annotated[str, Field(description="code of the target, unique in its plan", examples=["T08"])]
IndicatorCode = Annotated[str, Field(description="code of the indicator", examples=["va_growth"])]
SubjectKey = Annotated[str, Field(description="what it is about, as kind:code", examples=["industry:information"])]
TargetName = Annotated[str, Field(description="what the target is called in Chinese")]
NameEn = Annotated[str | None, Field(description="name in English; null where the plan file gives none")]
LeadCode = Annotated[str | None, Field(description="code of the lead unit (牵头); null where nobody answers for it")]
SupportCodes = Annotated[list[str], Field(description="codes of the units in support (配合)")]
GoalOn = Annotated[date, Field(description="the day by whose end the goal is due")]
InForceSince = Annotated[datetime, Field(description="since when this version is in force")]
KeptIn = Annotated[
    UnitOfMeasure, Field(description="in which its figures are kept (计量单位)", examples=["%", "亿元", "家"])
]
Often = Annotated[Frequency, Field(description="how often it is reported (报送频率): the length of its periods")]
Accumulated = Annotated[
    Accumulation,
    Field(
        description="what a figure covers (累计方式): flow its period, ytd the year since 1 January, stock the period's "
        "end, cumulative the time since the plan's start, rate a published percentage; formula: computed from others"
    ),
]
Formula = Annotated[
    str | None,
    Field(
        description="arithmetic over other indicators of the same subject and period; null for what is not computed",
        examples=["emerging_output / industrial_output * 100"],
    ),
]
CountedFrom = Annotated[
    str | None,
    Field(description="the registry's roster (名册) that it is counted from, nothing is reported; null for all others"),
]
ReportedBy = Annotated[
    str | None,
    Field(description="code of the unit that reports it; null for what is computed or counted from a roster"),
]
