"""Projects on the wire."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Amount, Code, Day, IndicatorCode, Item, NotNegative, Text, Year
from services.registry.enterprises.schemas import OfGroup
from services.registry.projects.kinds.rules import Stage
from services.registry.versions.schemas import Kept, Search

NationalCode = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(
        description="project code of the national approval platform (全国投资项目在线审批监管平台项目代码), in the old or "
        "the new form",
        examples=["2017-330109-36-03-012345", "2103-330109-04-01-123456"],
    ),
]


class AnnualPlan(Item):
    """A year's planned investment by month (年度计划投资)."""

    year: Year
    """Calendar year that it plans."""
    months: Annotated[list[NotNegative], Field(min_length=12, max_length=12)]
    """万元, cumulated since 1 January, from January to December; the last one is the year's plan."""


class Phase(Item):
    """A phase of a project (分期)."""

    number: Annotated[int, Field(ge=1, le=99)]
    """Which phase it is, counted from 1."""
    name: Text
    """What the phase is called in Chinese."""
    first_year: Year
    """Year in which the phase begins."""
    last_year: Year
    """Year in which the phase ends."""
    investment: NotNegative
    """Planned investment in 万元."""


class Commitment(Item):
    """What was agreed on admission (准入约定), and is held against the actual when full capacity is assessed."""

    code: IndicatorCode
    """Such as `investment_intensity` (万元/亩), `tax_per_mu` (万元/亩), `full_capacity_on`."""
    name: Text
    """What it is called in Chinese."""
    unit: Text | None = None
    """Unit of measure, such as 万元/亩; null for a day."""
    at_least: Amount | None = None
    """In `unit`: the actual must reach it; null: no such bound. An amount needs this or `at_most`."""
    at_most: Amount | None = None
    """In `unit`: the actual must not exceed it, not below `at_least`; null: no such bound."""
    by: Day | None = None
    """The day by which it must be so; null: no day was agreed. A commitment without a unit needs it, and nothing else."""


class ApprovedSuspension(Item):
    """An approved pause (中止计时): both days belong to it."""

    number: int
    """Which suspension of the project it is."""
    first_day: Day
    """First day that does not count."""
    last_day: Day
    """Last day that does not count."""


class Life(Item):
    """Where a project stands in its life (全生命周期); moved by steps and suspensions only."""

    stage: Stage
    """Where the last approved step led; `unrecorded` (未登记) before the first one."""
    since: Day | None = None
    """Day of the step that led there; empty where its life has not begun here."""
    step: int | None = None
    """Number of that step in the project; null before the first one."""
    commitments: list[Commitment] = Field(default_factory=list)
    """What was agreed on admission."""
    suspensions: list[ApprovedSuspension] = Field(default_factory=list)
    """Approved pauses, the earliest first; their days do not count."""


class Project(things.PlanProject):
    """A key project of a plan (重点实施项目). `investment` is its planned total in 万元."""

    plan: Code
    """Code of the plan that lists it."""
    national_code: NationalCode | None = None
    """Project code of the national approval platform, unique in the region; null: none yet. Left out, it stays."""
    kind: Code = "standard"
    """Kind of project, whose rules its life follows. Left out of a replacement, it stays."""
    annual_plans: Annotated[list[AnnualPlan], Field(max_length=50)] = Field(default_factory=list)
    """Planned investment by year and month. Left out of a replacement, they stay."""
    phases: Annotated[list[Phase], Field(max_length=50)] = Field(default_factory=list)
    """Its phases. Left out of a replacement, they stay."""
    life: Annotated[Life | None, Field(json_schema_extra={"readOnly": True})] = None
    """Where it stands. Read-only: left out, or sent back as it was read."""


class ProjectView(Kept, Project):
    """A project, as it is today or was."""

    life: Life
    """Where it stands; moved by steps and suspensions only."""


class ProjectSearch(Search, OfGroup):
    """Which projects."""

    sort: Annotated[
        Sort, By("code", "name", "plan", "industry", "kind", "first_year", "last_year", "investment", "recorded_at")
    ] = None
    plan: Code | None = Field(default=None, description="that this plan lists, or shares with the plan that does")
    industry: Code | None = Field(default=None, description="of this industry, by code")
    carrier: Code | None = Field(default=None, description="in this carrier, by code")
    enterprise: Code | None = Field(default=None, description="of this enterprise, by code")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")
    year: Year | None = Field(default=None, description="that are being carried out in this year", examples=[2018])
    national_code: NationalCode | None = Field(default=None, description="of this national project code")
    kind: Code | None = Field(default=None, description="of this kind")
    stage: Stage | None = Field(default=None, description="that are at this stage of their life")

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        return {name: value for name, value in super().filters().items() if name != "as_of"}
