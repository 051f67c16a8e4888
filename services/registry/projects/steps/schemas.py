"""Steps of projects on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.files import Sha256
from services.kit.paging import By, Sort
from services.plan_file.scalars import Amount, Day, Exact, IndicatorCode, Item, PlanScopedCode, Text, UnitCode
from services.registry.cases.schemas import Acts, CaseState, Decided, Note, Opinion, OpinionWord, State, View, Word
from services.registry.files.schemas import KeptFiles
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
    """Which criterion, as the kind of project names it."""
    met: bool
    """Whether the project meets it."""
    note: Text | None = None
    """On what the finding rests; null: nothing more to say."""


class Actual(Item):
    """What became of a commitment: a value, or a quotient whose parts are shown, or a day."""

    code: IndicatorCode
    """Which commitment, by its code."""
    value: Exact | None = None
    """What was reached, in the unit of the commitment; null where a quotient or a day says it."""
    numerator: Exact | None = None
    """Such as the investment made, in 万元; null where it is no quotient."""
    denominator: Amount | None = None
    """Such as the land used, in 亩; above 0; null where it is no quotient."""
    day: Day | None = None
    """Day on which it was so; null where no day was agreed."""


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
    """Papers that it rests on, by kind; what is missing yet may follow."""
    criteria: Annotated[list[Criterion], Field(max_length=50)] = Field(default_factory=list)
    """Findings on the criteria for admission (准入条件认定)."""
    reviewers: Annotated[list[UnitCode], Field(max_length=50)] = Field(default_factory=list)
    """Units of the joint review (联合评审), by code; each is asked for its opinion."""
    commitments: Annotated[list[Commitment], Field(max_length=50)] = Field(default_factory=list)
    """What is agreed on admission."""
    actuals: Annotated[list[Actual], Field(max_length=50)] = Field(default_factory=list)
    """What became of what was agreed."""


class StepOpinion(BaseModel):
    """A unit's opinion in the joint review (联合评审意见)."""

    unit: str = Field(description="the unit whose opinion it is, by code", examples=["keji"])
    view: Opinion
    text: str = Field(description="why, or what was found")
    files: KeptFiles
    at: str = Field(description="when it was given, by the business clock")


class ReviewOpinion(OpinionWord):
    """A unit's opinion; a later one takes the place of an earlier one, which stays among the acts."""

    view: View
    """`agree` 同意, `conditional` 有条件同意, `object` 不同意."""


class Decision(Word):
    """The leading-group office's decision (审定)."""

    decision: Decided


class CommitmentFinding(BaseModel):
    """A commitment against its actual (达产评估)."""

    code: str = Field(description="which commitment, by its code")
    name: str = Field(description="what the commitment is called in Chinese")
    met: bool = Field(description="whether the actual keeps what was agreed")
    arithmetic: str = Field(description="the comparison, to be redone by hand", examples=["36000 / 120 = 300 ≥ 280"])


class ProjectStepView(Kept):
    """A step of a project: as proposed, with opinions and decision; every act in order."""

    model_config = ConfigDict(populate_by_name=True)

    project: PlanScopedCode = Field(description="code of the project, unique in the region")
    number: int = Field(description="of the proposal, counts from 1 in a project", examples=[3])
    step: IndicatorCode = Field(description="code of the step, as the kind of project names it")
    name: str = Field(description="what the step is called in Chinese", examples=["项目准入"])
    from_: Stage = Field(alias="from", description="stage from which it leads")
    to: Stage = Field(description="stage to which it leads")
    on: Day = Field(description="day on which it happened")
    text: str = Field(description="why, or what is to be said of it")
    evidence: list[StepEvidence] = Field(description="papers that it rests on, by kind")
    criteria: list[Criterion] = Field(description="findings on the criteria for admission (准入条件认定)")
    reviewers: list[str] = Field(description="units of the joint review (联合评审), by code")
    opinions: list[StepOpinion] = Field(description="opinions of the joint review, the last one of each unit")
    commitments: list[Commitment] = Field(description="what is agreed on admission (准入约定)")
    actuals: list[Actual] = Field(description="what became of what was agreed")
    findings: list[CommitmentFinding] = Field(description="commitments against actuals, once there are actuals")
    state: State
    acts: Acts


class StepFilter(Paging):
    """Which steps of a project."""

    sort: Annotated[Sort, By("project", "number", "step", "on", "state", "recorded_at")] = None
    state: CaseState | None = Field(default=None, description="in this state", examples=["proposed"])
    step: IndicatorCode | None = Field(default=None, description="only this step", examples=["admit"])


class AllStepsFilter(StepFilter):
    """Which steps of all projects."""

    project: PlanScopedCode | None = Field(default=None, description="of this project, by code")
    on_or_after: Day | None = Field(default=None, description="that happened on this day or later")
    reviewer: UnitCode | None = Field(
        default=None, description="that ask this unit for its opinion", examples=["jingxin"]
    )


class MissingThing(BaseModel):
    """Something that a step needs and has not yet."""

    code: str = Field(
        description="kind of what is missing; texts may change, this does not", examples=["evidence-missing"]
    )
    zh: str = Field(description="what is missing or to be done, in Chinese")
    en: str = Field(description="the same in English")


class NextStep(Named):
    """A step that leads on from the project's stage."""

    to: list[Stage] = Field(description="stages to which it may lead; of several a proposal names one")
    proposes: Proposer = Field(description="who proposes it: lead 牵头单位, unit 责任单位, office 领导小组办公室")
    needs: list[Named] = Field(description="what it needs beside papers")
    proposal: int | None = Field(description="number of the proposal that is not decided yet; null: there is none")
    missing: list[MissingThing] = Field(description="what it still lacks before it can be approved")


class NextSteps(BaseModel):
    """Where a project stands and what may come next."""

    project: str = Field(description="code of the project, unique in the region")
    stage: Stage = Field(description="stage at which it stands now")
    since: Day | None = Field(description="day of the step that led there; null where its life has not begun here")
    suspended: bool = Field(description="whether today belongs to an approved suspension")
    steps: list[NextStep] = Field(description="which steps lead on from there; none where its life is over")
