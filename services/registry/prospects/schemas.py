"""Prospects and activities on the wire. Investments are exact numbers in 万元."""

import uuid
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.kit.paging import By, Sort
from services.plan_file.scalars import Amount, Code, Day, Email, PlanScopedCode, Text, UnitCode
from services.registry.enterprises.schemas import Enterprise
from services.registry.projects.schemas import Project
from services.registry.prospects.rules import ActivityKind, Stage
from services.registry.versions.schemas import Kept, Paging, Search

Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{4,30}$")]
STAGE = "lead 线索, contact 接洽, talks 洽谈, visit 考察, signed 签约, landed 落地, lost 流失"


class ProspectContact(BaseModel):
    """The contact person of a prospect; encrypted at rest."""

    model_config = ConfigDict(extra="forbid")

    person: Text = Field(description="name of whom to speak to", examples=["王某"])
    phone: Phone | None = Field(
        default=None, description="telephone number; null: not known", examples=["0571-8280 0000"]
    )
    email: Email | None = Field(
        default=None, description="e-mail address; null: not known", examples=["wang@example.com"]
    )


class ProspectContactView(BaseModel):
    """The contact person; masked (`王***`) unless the caller has the scope contacts:deliver."""

    person: str = Field(description="name of whom to speak to; else its first character and `***`")
    phone: str | None = Field(description="telephone number; null: not known")
    email: str | None = Field(description="e-mail address; null: not known")


class ProspectFields(BaseModel):
    """What is known of somebody who may invest (招商引资对象)."""

    model_config = ConfigDict(extra="forbid")

    code: Code = Field(description="short name, unique in the region", examples=["kunlun-data"])
    name: Text = Field(description="what it is called in Chinese", examples=["昆仑数据"])
    industry: Code = Field(description="industry that it would belong to", examples=["information"])
    origin: Text = Field(description="city or country that it comes from", examples=["北京"])
    group: Text | None = Field(default=None, description="group that it belongs to (集团); null: none is known")
    investment: Amount | None = Field(
        default=None, description="expected investment in 万元; null: nothing is known", examples=["50000"]
    )
    source: Text = Field(description="how it was found (线索来源)", examples=["中国工业大数据大会"])
    unit: UnitCode = Field(description="the unit that works on it; seen by that unit and those above")
    since: Day = Field(description="day of the first lead", examples=["2018-05-18"])
    note: Text | None = Field(default=None, description="what else is to be said of it; null: nothing")


class Prospect(ProspectFields):
    """A prospect as it is written."""

    contact: ProspectContact | None = Field(
        default=None, description="contact person; null keeps the one that is there"
    )


class ProspectView(Kept, ProspectFields):
    """A prospect, as it is today."""

    contact: ProspectContactView | None = Field(description="contact person (联系人); null: nobody is known")
    stage: Stage = Field(description=STAGE)
    stage_since: Day | None = Field(description="the day on which it came to this stage")
    lost_because: str | None = Field(description="why it was lost; null: it is not")
    enterprise: str | None = Field(description="code of the enterprise that it became; null before")
    project: str | None = Field(description="code of the project that it became; null before")


class ProspectSearch(Search):
    """Which prospects."""

    sort: Annotated[Sort, By("code", "name", "stage", "industry", "unit", "investment", "recorded_at")] = None
    stage: Stage | None = Field(default=None, description="at this stage")
    industry: Code | None = Field(default=None, description="of this industry, by code")
    unit: Text | None = Field(default=None, description="that this unit works on, by code or name")
    activity: Code | None = Field(default=None, description="that were met at this activity")


class ProspectStep(BaseModel):
    """A step of a prospect to the next stage."""

    model_config = ConfigDict(extra="forbid")

    to: Stage = Field(description=STAGE)
    on: Day = Field(description="day of the step; not after today, not before the step before")
    text: Text | None = Field(default=None, description="what was agreed; the reason where it is lost")
    evidence: list[Text] = Field(default_factory=list, max_length=50, description="numbers of documents or links")


class StepView(BaseModel):
    """A step that a prospect took."""

    id: uuid.UUID = Field(description="UUIDv7 of the step")
    from_stage: Stage | None = Field(description="null for the first lead")
    to_stage: Stage = Field(description=STAGE)
    on: Day = Field(description="day of the step")
    text: str | None = Field(description="what was agreed; the reason where it was lost; null: nothing was said")
    evidence: list[str] = Field(description="numbers of documents or links")
    recorded_at: AwareDatetime = Field(description="when it was recorded, by the business clock")
    by: str = Field(description="client that recorded it")


class StepFilter(Paging):
    """Which steps."""

    sort: Annotated[Sort, By("on", "recorded_at")] = None


class Landing(BaseModel):
    """What a signed prospect becomes: an enterprise and a project, each there already or new."""

    model_config = ConfigDict(extra="forbid")

    on: Day = Field(description="day of landing; not after today")
    enterprise: Code | None = Field(default=None, description="code of an enterprise that is there; null: a new one")
    new_enterprise: Enterprise | None = Field(
        default=None, description="or the enterprise to be created, whole; null: one that is there"
    )
    project: PlanScopedCode | None = Field(default=None, description="code of a project that is there; null: a new one")
    new_project: Project | None = Field(
        default=None, description="or the project to be created, whole; null: one that is there"
    )
    text: Text | None = Field(default=None, description="what is to be said of it; null: nothing")
    evidence: list[Text] = Field(default_factory=list, max_length=50, description="numbers of documents or links")


class ActivityFields(BaseModel):
    """Something held to win prospects."""

    model_config = ConfigDict(extra="forbid")

    code: Code = Field(description="short name, unique in the region", examples=["beijing-2018"])
    name: Text = Field(description="what it was called in Chinese", examples=["萧山区新兴产业（北京）项目推介会"])
    kind: ActivityKind = Field(description="promotion 推介会, visit 上门招商, summit 峰会, briefing 投资环境说明会")
    day: Day = Field(description="first day on which it was held", examples=["2018-05-18"])
    until: Day | None = Field(default=None, description="last day where it lasted longer")
    place: Text = Field(description="city or house where it was held", examples=["北京"])
    units: list[UnitCode] = Field(
        min_length=1, max_length=100, description="units that held it; seen by them and above"
    )
    participants: int | None = Field(
        default=None, ge=0, le=10_000_000, description="how many people took part; null: nobody counted"
    )
    met: list[Code] = Field(default_factory=list, max_length=1000, description="prospects that were met, by code")
    result: Text | None = Field(default=None, description="what came of it; null: nothing was said")


class ActivityView(Kept, ActivityFields):
    """An activity, as it is today or was."""


class ActivitySearch(Search):
    """Which activities."""

    sort: Annotated[Sort, By("code", "name", "kind", "day", "recorded_at")] = None
    kind: ActivityKind | None = Field(default=None, description="of this kind")
    unit: Text | None = Field(default=None, description="that this unit held, by code or name")
    prospect: Code | None = Field(default=None, description="at which this prospect was met")


class FunnelFilter(BaseModel):
    """Of which prospects, as of which day."""

    model_config = ConfigDict(extra="forbid")

    as_of: Day | None = Field(default=None, description="by the end of this day (考核时点); today where it is left out")
    industry: Code | None = Field(default=None, description="of this industry, by code")
    unit: Text | None = Field(default=None, description="that this unit works on, by code or name")
    activity: Code | None = Field(default=None, description="that were met at this activity")


class FunnelStage(BaseModel):
    """One stage of the funnel."""

    stage: Stage = Field(description=STAGE)
    name: str = Field(description="what bureaus call it", examples=["洽谈"])
    here: int = Field(description="prospects that stand there")
    reached: int = Field(description="prospects that ever came so far, also those that were lost since")
    investment: str = Field(description="expected investment of those that stand there, in 万元, exact")


class Funnel(BaseModel):
    """How many prospects stand at which stage (招商漏斗)."""

    as_of: Day = Field(description="the day for which was asked (考核时点): later steps do not count")
    items: list[FunnelStage] = Field(description="a row for each stage, from lead to lost")
