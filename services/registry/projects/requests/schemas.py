"""Change requests on the wire."""

from typing import Annotated, Any, ClassVar, Self

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.kit.paging import By, Sort
from services.plan_file.measuring import Baseline, Checkpoint
from services.plan_file.scalars import Amount, Code, Exact, Item, NotNegative, PlanScopedCode, Text, UnitCode, Year
from services.registry.cases.schemas import Acts, CaseState, Decided, Note, Opinion, State, Word
from services.registry.files.schemas import Files
from services.registry.projects.schemas import AnnualPlan, Phase
from services.registry.versions.schemas import Kept, Seeking

RequestCode = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{4,6}$", examples=["2018-0001"])]
RequestInPath = Annotated[
    str,
    Path(pattern=r"^[0-9]{4}-[0-9]{4,6}$", description="code of the change request", examples=["2018-0001"]),
]


class Changes(Item):
    """Fields as they shall be; those that are left out stay as they are."""

    EMPTY: ClassVar[frozenset[str]] = frozenset()
    """Fields that may be empty."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError(
                "no_change", "name at least one field that shall change", {"zh": "请至少写明一个要变更的字段"}
            )
        empty = sorted(name for name in self.model_fields_set - self.EMPTY if getattr(self, name) is None)
        if empty:
            raise PydanticCustomError(
                "not_empty",
                "these cannot be empty: {fields}",
                {"fields": ", ".join(empty), "zh": f"不能为空：{'、'.join(empty)}"},
            )
        return self

    def said(self) -> dict[str, Any]:
        """The fields that were named."""
        whole = self.model_dump(mode="json")
        return {name: whole[name] for name in sorted(self.model_fields_set)}


class ProjectChanges(Changes):
    """Fields of a project as they shall be, as PUT /v1/projects writes them."""

    EMPTY: ClassVar[frozenset[str]] = frozenset({"carrier", "enterprise", "enterprise_name"})

    name: Text | None = None
    """What the project is called in Chinese."""
    carrier: Code | None = None
    """Code of the carrier in which it lies; null: in none."""
    enterprise: Code | None = None
    """Code of the enterprise that carries it out; null: `enterprise_name` does."""
    enterprise_name: Text | None = None
    """Name of an enterprise that is not listed; null: `enterprise` carries it out."""
    investment: Amount | None = None
    """Total investment in 万元."""
    first_year: Year | None = None
    """First year in which it is carried out (实施年度)."""
    last_year: Year | None = None
    """Last year in which it is carried out."""
    annual_plans: Annotated[list[AnnualPlan], Field(max_length=50)] | None = None
    """All of them, in place of those that are there (年度计划投资)."""
    phases: Annotated[list[Phase], Field(max_length=50)] | None = None
    """All of them, in place of those that are there (分期)."""


class TargetFields(Changes):
    """Fields of a target, as the plan file writes them."""

    EMPTY: ClassVar[frozenset[str]] = frozenset({"baseline", "tolerance", "upper", "state"})

    checkpoints: Annotated[list[Checkpoint], Field(min_length=1, max_length=200)] | None = None
    """All of them, in order of date; the last one is the goal."""
    schedule: Annotated[list[Checkpoint], Field(max_length=1000)] | None = None
    """Explicit scheduled values, for trajectory `schedule` only."""
    baseline: Baseline | None = None
    """Where the target starts (基期); null: it has no baseline."""
    tolerance: NotNegative | None = None
    """Allowed deviation in the unit of the target's values, for operator `=` only."""
    upper: Exact | None = None
    """Upper bound in the unit of the target's values, for operator `between` only."""
    state: Text | None = None
    """Of a milestone the state that counts; null for any other target."""


class Asking(Item):
    """Who asks for a change (变更申请), and why."""

    unit: UnitCode
    """Unit that asks, by code."""
    text: Note
    """Why the change is asked for."""
    files: Files


class ProjectRequest(Asking):
    """A change of a project that is asked for."""

    changes: ProjectChanges
    """What shall be other than it is."""


class TargetRequest(Asking):
    """A change of a target that is asked for."""

    changes: TargetFields
    """What shall be other than it is."""
    before: TargetFields
    """The same fields as they are now; compared when the change is taken over."""


class RequestOpinion(Word):
    """A unit's opinion on a change request (部门意见)."""

    unit: UnitCode = Field(description="the unit whose opinion it is, by code")
    view: Opinion


class RequestDecision(Word):
    """The decision on a change request (批复)."""

    decision: Decided
    approval: Text | None = Field(
        default=None, description="approval number (批准文号); needed to approve", examples=["萧政办复〔2018〕12号"]
    )


class OpinionOnRequest(BaseModel):
    """A unit's opinion on a change request."""

    unit: str = Field(description="the unit whose opinion it is, by code")
    view: str = Field(description="agree 同意, conditional 有条件同意, object 不同意")
    text: str = Field(description="why, or what was found")
    files: list[str] = Field(description="evidence files that it rests on, by SHA-256")
    at: AwareDatetime = Field(description="when it was given, by the business clock")


class ChangeRequestView(Kept):
    """A change request with opinions, decision and every act in order."""

    code: RequestCode = Field(description="year and number, given by the registry")
    subject: str = Field(description="what is to be changed", examples=["project:P01", "target:plan-a/T01"])
    project: str | None = Field(description="code of the project; null where it is about a target")
    plan: str | None = Field(description="code of the plan that has the project or the target")
    target: str | None = Field(description="code of the target, unique within `plan`; null where it is about a project")
    unit: str = Field(description="unit that asks")
    text: str = Field(description="why the change is asked for")
    changes: dict[str, Any] = Field(description="the fields as they shall be")
    before: dict[str, Any] = Field(description="the same fields as they were when the request was made")
    targets: list[str] = Field(
        description="targets about the project, by plan and code: the approval changes none of them, each needs a request of "
        "its own; empty for a request about a target",
        examples=[["xiaoshan-2017-2019/P02"]],
    )
    original_version: int | None = Field(
        description="version of the project for which the request was made; null for a target"
    )
    applied_version: int | None = Field(
        description="version of the project that the approval made; null before, and for a target"
    )
    approval: str | None = Field(description="approval number (批准文号); null: not approved")
    opinions: list[OpinionOnRequest] = Field(description="the last one of each unit that gave one")
    state: State
    acts: Acts


class ChangeRequestFilter(Seeking):
    """Which change requests."""

    sort: Annotated[Sort, By("code", "state", "plan", "project", "target", "unit", "recorded_at")] = None
    state: CaseState | None = Field(default=None, description="in this state", examples=["proposed"])
    project: PlanScopedCode | None = Field(default=None, description="of this project, by code")
    plan: Code | None = Field(default=None, description="of targets and projects of this plan")
    target: PlanScopedCode | None = Field(default=None, description="of the target of this code")
    unit: Text | None = Field(default=None, description="that this unit asks for, by code or name")


class FieldOfRecord(BaseModel):
    """A field of a project as it was first planned, and as it is."""

    field: str = Field(description="which field of the project was changed", examples=["investment"])
    original: Any = Field(description="what was planned before the first approved change", examples=["30000"])
    now: Any = Field(description="what is planned today", examples=["36000"])


class ApprovedChange(BaseModel):
    """One approved change of a project."""

    request: RequestCode = Field(description="code of the change request")
    approval: str = Field(description="approval number (批准文号)", examples=["萧政办复〔2018〕12号"])
    approved_at: AwareDatetime = Field(description="when it was approved, by the business clock")
    version: int = Field(description="version of the project that it made")
    before: dict[str, Any] = Field(description="the fields as they were when the request was made")
    after: dict[str, Any] = Field(description="the same fields as they were approved")


class PlanOfRecord(BaseModel):
    """A project as first planned, beside every approved change in order (原计划与历次变更)."""

    project: str = Field(description="code of the project, unique in the region")
    fields: list[FieldOfRecord] = Field(description="fields that an approved request changed")
    changes: list[ApprovedChange] = Field(description="in the order of their approval")
