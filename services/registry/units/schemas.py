"""Units on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Day, Text, UnitCode
from services.plan_file.things import UnitKind
from services.registry.versions.schemas import Kept, Paging, Search

MEMBERS = 2000


class Member(BaseModel):
    """A unit that a collective name stands for."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitCode = Field(description="code of the unit that is meant")
    valid_from: Day | None = Field(default=None, description="first day; null: from ever")
    valid_to: Day | None = Field(default=None, description="last day; null: until further notice")


class Members(BaseModel):
    """For which units a collective name stands: those listed, and those of certain kinds below a unit."""

    model_config = ConfigDict(extra="forbid")

    units: list[Member] = Field(default_factory=list, max_length=MEMBERS, description="members by name")
    kinds: list[UnitKind] = Field(
        default_factory=list, max_length=6, description="members by rule: all units of these kinds"
    )
    below: UnitCode | None = Field(default=None, description="of those, only this unit and what lies below it")


class FormerName(BaseModel):
    """A name that a unit had."""

    name: Text = Field(description="what it was called in Chinese", examples=["区卫计局"])
    name_en: Text | None = Field(default=None, description="what it was called in English; null: nobody said")
    valid_to: Day = Field(description="last day on which it was called so")
    document: Text = Field(description="number of the document that changed it")
    reorganisation: str = Field(description="code of the reorganisation")


class Unit(things.PlanUnit):
    """An organisation or office that answers for something (责任单位)."""

    valid_from: Day | None = None
    """First day of its existence; empty: always."""
    valid_to: Day | None = None
    """Last day of its existence; empty: still there. A unit that stands is ended by a reorganisation only."""
    successor: UnitCode | None = None
    """The one unit that took over its duties, by code; null: none, or several, which `successors` names."""
    members: Members | None = None
    """The units that it stands for, where its kind is `collective` (各镇街场及平台)."""
    successors: list[UnitCode] | None = None
    """All units that took over when a reorganisation dissolved it. Sent, it must be as it is: only those change it."""
    former_names: list[FormerName] | None = None
    """Names that it had, the oldest first. Sent, it must be as it is: only reorganisations change it."""


class UnitView(Kept, Unit):
    """A unit, as it is today or was."""

    successors: list[UnitCode] = Field(
        default_factory=list, description="all units that took over its duties when it was dissolved; else empty"
    )
    former_names: list[FormerName] = Field(default_factory=list, description="names it had, the oldest first")

    path: str = Field(
        description="its place in the tree, codes from the top down; below its successor where it was dissolved into one",
        examples=["government.jingxin"],
    )


class UnitSearch(Search):
    """Which units."""

    sort: Annotated[Sort, By("code", "name", "kind", "parent", "valid_from", "valid_to", "recorded_at")] = None
    kind: UnitKind | None = Field(default=None, description="of this kind")
    parent: UnitCode | None = Field(default=None, description="directly below this one")
    unit: Text | None = Field(
        default=None, description="this one and all below it, by code or name; by one of before, what became of it"
    )
    valid_on: Day | None = Field(default=None, description="existing on this day", examples=["2019-03-01"])


class MemberView(BaseModel):
    """A unit that a collective name stands for on the day asked for."""

    code: UnitCode = Field(description="code of the unit that is meant")
    name: Text = Field(description="what it is called in Chinese")
    kind: UnitKind = Field(
        description="bureau 部门, town 镇街, platform 平台, office 办公机构, leader 领导, collective 集合称谓"
    )
    first: Day | None = Field(description="since when; null: from ever")
    last: Day | None = Field(description="until when; null: until further notice")


class MembersAsked(Paging):
    """Members as of which day."""

    sort: Annotated[Sort, By("code", "name", "kind", "first", "last")] = None
    as_of: Day | None = Field(default=None, description="the day; today, unless given", examples=["2018-06-30"])

    def filters(self) -> dict[str, object]:
        """None: the day is a value of the question itself."""
        return {}
