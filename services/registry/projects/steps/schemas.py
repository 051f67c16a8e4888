"""Steps of projects on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.files import Sha256
from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Exact, IndicatorCode, Item, PlanScopedCode, Text, UnitCode
from services.registry.cases.schemas import Act, CaseState, Note, OpinionWord, Verdict, View, Word
from services.registry.projects.kinds.rules import Proposer, Stage
from services.registry.projects.kinds.schemas import Named
from services.registry.projects.schemas import Commitment
from services.registry.versions.schemas import Kept, Paging


class StepEvidence(Item):
    """Files of one kind that the step asks for (佐证材料)."""

    kind: IndicatorCode
    """Kind of evidence, as the kind of project names it."""
    files: Annotated[list[Sha256], Field(min_length=1, max_length=50)]
    """SHA-256 of files that POST /v1/files keeps."""


class Criterion(Item):
    """A finding on a criterion for admission (准入条件认定)."""

    code: IndicatorCode
    met: bool
    note: Text | None = None


class Actual(Item):
    """What became of a commitment: a value, or a quotient whose parts are shown, or a day."""

    code: IndicatorCode
    value: Exact | None = None
    numerator: Exact | None = None
    """Such as the investment made, in 万元."""
    denominator: Annotated[Exact, Field(gt=0)] | None = None
    """Such as the land used, in 亩."""
    day: Day | None = None


class StepProposal(Item):
    """A step that is proposed (提请): the day on which it happened, and what it rests on."""

    step: IndicatorCode
    """Code of a step that leads on from the project's stage; GET /v1/projects/{code}/next-steps lists them."""
    to: Stage | None = None
    """Stage that it leads to; needed where the step leads to several."""
    on: Day
    """Day on which it happened; not after today, not before the step before."""
    text: Note
    """Why, or what is to be said of it."""
    evidence: Annotated[list[StepEvidence], Field(max_length=50)] = Field(default_factory=list)
    criteria: Annotated[list[Criterion], Field(max_length=50)] = Field(default_factory=list)
    reviewers: Annotated[list[UnitCode], Field(max_length=50)] = Field(default_factory=list)
    """Units of the joint review (联合评审), by code; each is asked for its opinion."""
    commitments: Annotated[list[Commitment], Field(max_length=50)] = Field(default_factory=list)
    """What is agreed on admission."""
    actuals: Annotated[list[Actual], Field(max_length=50)] = Field(default_factory=list)
    """What became of what was agreed."""


class StepOpinion(BaseModel):
    """A unit's opinion in the joint review (联合评审意见)."""

    unit: str = Field(description="by code", examples=["keji"])
    view: View
    text: str
    files: list[Sha256]
    at: str = Field(description="when it was given, by the business clock")


class ReviewOpinion(OpinionWord):
    """A unit's opinion; a later one takes the place of an earlier one, which stays among the acts."""

    view: View
    """`agree` 同意, `conditional` 有条件同意, `object` 不同意."""


class Decision(Word):
    """The leading-group office's decision (审定)."""

    decision: Verdict


class CommitmentFinding(BaseModel):
    """A commitment against its actual (达产评估)."""

    code: str
    name: str
    met: bool
    arithmetic: str = Field(description="the comparison, to be redone by hand", examples=["36000 / 120 = 300 ≥ 280"])


class ProjectStepView(Kept):
    """A step of a project: as proposed, with opinions and decision; every act in order."""

    model_config = ConfigDict(populate_by_name=True)

    project: PlanScopedCode
    number: int = Field(description="of the proposal, counts from 1 in a project", examples=[3])
    step: IndicatorCode
    name: str = Field(examples=["项目准入"])
    from_: Stage = Field(alias="from")
    to: Stage
    on: Day = Field(description="day on which it happened")
    text: str
    evidence: list[StepEvidence]
    criteria: list[Criterion]
    reviewers: list[str]
    opinions: list[StepOpinion]
    commitments: list[Commitment]
    actuals: list[Actual]
    findings: list[CommitmentFinding] = Field(description="commitments against actuals, once there are actuals")
    state: CaseState
    acts: list[Act]


class StepFilter(Paging):
    """Which steps of a project."""

    sort: Annotated[Sort, By("project", "number", "step", "on", "state", "recorded_at")] = None
    state: CaseState | None = Field(default=None, description="in this state", examples=["proposed"])
    step: IndicatorCode | None = Field(default=None, description="only this step", examples=["admit"])


class AllStepsFilter(StepFilter):
    """Which steps of all projects."""

    project: PlanScopedCode | None = Field(default=None, description="of this project")
    on_or_after: Day | None = Field(default=None, description="that happened on this day or later")
    reviewer: UnitCode | None = Field(
        default=None, description="that ask this unit for its opinion", examples=["jingxin"]
    )


class MissingThing(BaseModel):
    """Something that a step needs and has not yet."""

    code: str = Field(examples=["evidence-missing"])
    zh: str
    en: str


class NextStep(Named):
    """A step that leads on from the project's stage."""

    to: list[Stage]
    proposes: Proposer
    needs: list[Named]
    proposal: int | None = Field(description="number of the proposal that is not decided yet")
    missing: list[MissingThing] = Field(description="what it still lacks before it can be approved")


class NextSteps(BaseModel):
    """Where a project stands and what may come next."""

    project: str
    stage: Stage
    since: Day | None
    suspended: bool = Field(description="whether today belongs to an approved suspension")
    steps: list[NextStep]
