"""Reorganisations on the wire."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Code, Day, PlanScopedCode, Text, UnitCode
from services.plan_file.things import ContactRole
from services.registry.versions.schemas import Kept, Search

ACTS = 200
MATTERS = 5000


class Part(BaseModel):
    """Base of what is sent: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class UnitRename(Part):
    """A unit gets another name (更名); its code stays, so does all that it answers for."""

    act: Literal["rename"] = Field(description="rename 更名: which act this is")
    unit: UnitCode = Field(description="code of the unit; it stays", examples=["economy_information"])
    name: Text = Field(description="the new name", examples=["区经济和信息化局"])
    name_en: Text | None = Field(default=None, description="the new name in English; null: none")


class UnitMove(Part):
    """A unit gets another unit above it (划转), and those below it move with it."""

    act: Literal["move"] = Field(description="move 划转: which act this is")
    unit: UnitCode = Field(description="code of the unit that moves")
    parent: UnitCode | None = Field(description="the unit above from now on; null: none")


class UnitMerge(Part):
    """Units are dissolved into one, which takes over everything (合并, 并入, 组建); one unit alone is succeeded."""

    act: Literal["merge"] = Field(description="merge 合并: which act this is")
    units: list[UnitCode] = Field(
        min_length=1, max_length=ACTS, description="what is dissolved", examples=[["health_family_planning"]]
    )
    into: UnitCode = Field(description="which takes over; a unit that is there, or one of `units`", examples=["health"])


class Matter(Part):
    """A target or task of a plan."""

    plan: Code = Field(description="code of the plan", examples=["xiaoshan-2017-2019"])
    matter: PlanScopedCode = Field(description="code of the target or task", examples=["T08"])


ActKind = Literal["rename", "move", "merge", "split"]
UnitChange = Literal["founded", "ended", "renamed", "moved"]
ContactChange = Literal["handed_over", "named", "ended"]
DutyKind = Literal[
    "roster", "instrument", "prospect", "activity", "leader_contact", "problem", "change_request", "project_step"
]
DUTY_KIND = (
    "roster 名册, instrument 政策工具, prospect 招商对象, activity 招商活动, leader_contact 领导联系, problem 上报问题, "
    "change_request 变更申请, project_step 项目流转"
)
DUTY_CODE = "its code; of an instrument `plan/code`"


class Duty(Part):
    """Something open, beside targets and tasks, for which a unit has something to do."""

    kind: DutyKind = Field(description=DUTY_KIND)
    code: Text = Field(description=DUTY_CODE, examples=["2018-0001"])


class ReceivedShare(Part):
    """What one successor takes over in a split."""

    unit: UnitCode = Field(description="a unit that is there, or one of `units`")
    matters: list[Matter] = Field(
        default_factory=list, max_length=MATTERS, description="matters that it takes over, led or supported"
    )
    rest: bool = Field(
        default=False, description="it takes over every matter and duty that no share names; one share at most"
    )
    duties: list[Duty] = Field(
        default_factory=list,
        max_length=MATTERS,
        description="what else is open and goes to it; what nobody names goes with the matter it is about, else `rest`",
    )
    children: list[UnitCode] = Field(default_factory=list, description="units below the split one that go under it")
    contacts: list[ContactRole] = Field(
        default_factory=list, description="roles whose persons become its contacts; the others' entries end"
    )


class Split(Part):
    """A unit is dissolved into several, and each matter goes to one of them (分设)."""

    act: Literal["split"] = Field(description="split 分设: which act this is")
    unit: UnitCode = Field(description="code of the unit that is dissolved")
    into: list[ReceivedShare] = Field(
        min_length=2, max_length=ACTS, description="its successors, each with what it takes over"
    )


Act = Annotated[UnitRename | UnitMove | UnitMerge | Split, Field(discriminator="act")]


class Reorganisation(Part):
    """One reorganisation: everything in it happens together, or nothing does."""

    code: Code = Field(description="your name for it, unique in the region", examples=["reform-2019"])
    title: Text = Field(description="what it is called in Chinese", examples=["萧山区机构改革"])
    document: Text = Field(description="number of the document that decides it", examples=["（样例）区机构改革方案"])
    effective_on: Day = Field(description="the first day on which it is so; not after today", examples=["2019-01-29"])
    units: list[things.PlanUnit] = Field(
        default_factory=list, max_length=ACTS, description="units that are founded (新组建), from that day on"
    )
    acts: list[Act] = Field(default_factory=list, max_length=ACTS, description="what happens to units that are there")
    contacts: list[things.PlanContact] = Field(
        default_factory=list, max_length=MATTERS, description="contacts named anew, of units that stand afterwards"
    )


class UnitEffect(BaseModel):
    """What happens to one unit."""

    unit: UnitCode = Field(description="code of the unit")
    change: UnitChange = Field(description="founded 新组建, ended 撤销, renamed 更名, moved 划转")
    before: Text | None = Field(description="its name, or the unit above it, before; null where there was none")
    after: Text | None = Field(description="its name, or the unit above it, afterwards; null where it ended")
    successors: list[UnitCode] = Field(description="who takes over from a unit that ended")


class MatterEffect(BaseModel):
    """A responsibility in force that is handed over."""

    plan: Code = Field(description="code of the plan")
    matter: PlanScopedCode = Field(description="code of the target or task")
    name: Text = Field(description="what the target or task is called in Chinese")
    before: list[UnitCode] = Field(description="lead unit first, then those in support")
    after: list[UnitCode] = Field(description="the same afterwards")


class DutyEffect(BaseModel):
    """Something open, beside targets and tasks, that is handed over."""

    kind: DutyKind = Field(description=DUTY_KIND)
    code: str = Field(description=DUTY_CODE)
    name: str = Field(description="what people call it, in Chinese")
    field: str = Field(description="where it names the unit", examples=["unit"])
    before: list[UnitCode] = Field(description="units that the field named, by code")
    after: list[UnitCode] = Field(description="units that it names afterwards, by code")


class ContactEffect(BaseModel):
    """What happens to one contact."""

    unit: UnitCode = Field(description="code of the unit whose contact it is")
    role: ContactRole = Field(
        description="liaison 联络员, principal 主要负责人, deputy 分管负责人, deputy_head 分管副区长"
    )
    change: ContactChange = Field(description="handed_over 转入承接单位, named 新指定, ended 终止")
    before: UnitCode | None = Field(
        description="code of the unit whose contact the person was; null where somebody is named anew"
    )


class Warned(BaseModel):
    """Something that is in order but wants a look."""

    code: str = Field(description="kind of warning; texts may change, this does not", examples=["no-liaison"])
    unit: UnitCode = Field(description="code of the unit that it is about")
    zh: str = Field(description="what wants a look, in Chinese")
    en: str = Field(description="the same in English")


class Effects(BaseModel):
    """Exactly what a reorganisation changes."""

    units: list[UnitEffect] = Field(description="what is founded, ended, renamed or moved")
    matters: list[MatterEffect] = Field(
        description="open matters concerned: responsibilities in force, by plan and code"
    )
    duties: list[DutyEffect] = Field(
        description="what else is open and is handed over, by kind and code: rosters, instruments, prospects, activities, "
        "leaders' contacts, problems, change requests, steps of projects"
    )
    contacts: list[ContactEffect] = Field(description="who is handed over, named anew or ended")
    warnings: list[Warned] = Field(description="what is in order but wants a look; nothing is refused for it")


class AccessLeft(BaseModel):
    """Somebody who acts for a unit that ends: nothing of that goes to the successor by itself."""

    unit: UnitCode = Field(description="the unit that ends")
    holder: str = Field(
        description="person:NAME or client:CLIENT_ID", examples=["person:zhang.san", "client:statistics-desk"]
    )
    name: str = Field(description="as others read it; a client's is its client_id", examples=["张三"])
    account: bool = Field(description="whether the account or client itself is of the unit")
    roles: list[str] = Field(
        description="roles that are granted for the unit and have not ended", examples=[["unit_liaison"]]
    )
    keys: int = Field(description="how many API keys of a client of the unit hold", examples=[1])


class Reorganised(BaseModel):
    """The answer to a reorganisation or its dry run."""

    code: Code = Field(description="as it was sent, unique in the region")
    dry_run: bool = Field(description="nothing was written")
    effective_on: Day = Field(description="the first day on which it is so")
    recorded_at: AwareDatetime = Field(description="from when it counts, by the business clock")
    effects: Effects = Field(description="what it changed, or with `dry_run` would change")
    access: list[AccessLeft] = Field(
        description="who keeps accounts, roles and keys of units that end, by unit and holder: this changes none of "
        "them, and only this answer names them, to callers with the scope admin or roles:grant; for others it is empty, "
        "and the warning access-left says how many there are"
    )


class PastAct(BaseModel):
    """An act as it was sent."""

    model_config = ConfigDict(extra="allow")

    act: ActKind = Field(
        description="rename 更名, move 划转, merge 合并, split 分设; the other fields are those of that act"
    )


class ReorganisationView(Kept):
    """A reorganisation that was carried out, and what it changed."""

    code: Code = Field(description="as it was sent, unique in the region")
    title: Text = Field(description="what it is called in Chinese")
    document: Text = Field(description="number of the document that decides it")
    effective_on: Day = Field(description="the first day on which it is so")
    units: list[things.PlanUnit] = Field(description="units that were founded")
    acts: list[PastAct] = Field(description="as they were sent")
    effects: Effects = Field(description="what it changed, exactly")


class ReorganisationFilter(Search):
    """Which reorganisations."""

    sort: Annotated[Sort, By("code", "title", "effective_on", "recorded_at")] = None
    unit: UnitCode | None = Field(default=None, description="that concern the unit of this code")
    since: Day | None = Field(default=None, description="that took effect on this day or later")
    until: Day | None = Field(default=None, description="that took effect on this day or before")
