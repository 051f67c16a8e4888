"""What a plan speaks of (the registry's part): units, industries, carriers, enterprises, projects, tasks, owners."""

from typing import Annotated, Literal

from pydantic import Field

from services.plan_file.fields import About, Aliases, Clause, IndustryCode, Name, NameEn, OwnCode, Phrase
from services.plan_file.scalars import (
    Amount,
    Code,
    Day,
    Email,
    Exact,
    Instant,
    Item,
    PlanScopedCode,
    Region,
    Text,
    UnitCode,
    Year,
)
from services.plan_file.wording import Wording

UnitKind = Literal["bureau", "town", "platform", "office", "leader", "collective"]
ContactRole = Literal["liaison", "principal", "deputy", "deputy_head"]
Basis = Literal["stated", "assigned"]
RosterOf = Literal["enterprise", "project", "team", "technology", "other"]
MemberKind = Literal["enterprise", "institution", "sub_park"]
MatterKind = Literal["target", "task"]
PlanState = Literal["set-up", "active", "closed"]
"""Where a plan stands with the platform."""


class Plan(Item):
    """The plan itself (行动计划)."""

    code: Code
    """Code of the plan in every service."""
    name: Text
    """Name in Chinese, as published."""
    name_en: NameEn = None
    region: Region
    """GB/T 2260 code of the government that runs the plan; in quotes, it is text."""
    time_zone: Text = "Asia/Shanghai"
    """IANA name; civil dates of the plan are dates in this zone."""
    issued_by: Text
    """Who issued it (发文机关), in the words of the text."""
    issued_on: Day
    """Day on which it was issued (发文日期)."""
    start: Day
    """The last day before the plan begins: day counts include both ends."""
    end: Day
    """The plan's last day."""
    known_from: Instant
    """What this file brings while the plan is set up counts as known from this instant."""
    source: Text
    """File name of the published text that every phrase is taken from."""
    wording: Wording | None = None
    """What else the text says, for the plan check (方案校核)."""


class Industry(Item):
    """An industry that the plan promotes (产业)."""

    code: OwnCode
    name: Name
    name_en: NameEn = None
    aliases: Aliases = Field(default_factory=list)


class PlanUnit(Item):
    """An organisation or office that answers for something (责任单位)."""

    code: UnitCode
    """A label of the unit path: lower-case letters, digits and underscores."""
    name: Name
    name_en: NameEn = None
    kind: UnitKind
    """bureau 部门, town 镇街, platform 平台, office 办公机构, leader 领导, or collective 集合称谓: a name for several units."""
    parent: UnitCode | None = None
    """The unit above; whoever sees a unit sees those below it."""


class PlanContact(Item):
    """A person of a unit who receives its notices.

    liaison 联络员, principal 主要负责人, deputy 分管负责人 (of the unit), deputy_head 分管副区长 (of the district).
    """

    unit: UnitCode
    """Code of the unit."""
    role: ContactRole
    """What the person is in the unit; levels of the ladder name these roles."""
    person: Text
    """The person's name (姓名)."""
    email: Email
    """Address to which messages go; the services keep it encrypted."""


class PlanMember(Item):
    """What a carrier consists of, by name: enterprise 企业, institution 机构, sub_park 园中园."""

    kind: MemberKind
    """enterprise 企业, institution 机构 or sub_park 园中园."""
    name: Text
    """As the plan calls it there."""
    enterprise: Code | None = None
    """Code of the listed enterprise that it is."""
    carrier: Code | None = None
    """Code of the carrier that it is, where the plan also lists it as one; then that carrier counts it."""
    counted: bool = True
    """`false` where another carrier counts it: one thing in two places is counted once."""


class PlanShare(Item):
    """How much of a carrier counts for an industry."""

    industry: Code
    """Code of the industry for which the share counts."""
    share: Exact
    """Between 0 and 1; the shares of a carrier sum to 1."""


class Carrier(Item):
    """A place that carries an industry: town, park, platform (行动载体)."""

    code: OwnCode
    name: Name
    name_en: NameEn = None
    industry: Code
    """The industry under which the plan lists it, and under which it is counted, once."""
    also: list[Code] = Field(default_factory=list)
    """Other industries that name it as theirs."""
    aliases: Aliases = Field(default_factory=list)
    parent: Code | None = None
    """The carrier within which it lies."""
    area: Exact | None = None
    """Planned area in km² (规划面积)."""
    members: list[PlanMember] = Field(default_factory=list)
    """What it consists of, as far as the plan names it."""
    shares: list[PlanShare] = Field(default_factory=list)
    """How its measures are divided among the industries that name it; empty: all of it is that of `industry`."""


class PlanEnterprise(Item):
    """An enterprise, above all one that the plan lists by name (龙头培育企业)."""

    code: OwnCode
    number: int | None = Field(default=None, ge=1)
    """Its number in the plan's list, if the plan lists it."""
    name: Text
    """Name under which it is registered (企业名称)."""
    aliases: Aliases = Field(default_factory=list)
    industry: IndustryCode
    direction: Text | None = None
    """What it is to be cultivated for (培育方向), if the plan says so."""
    group: Text | None = None
    """Group that it belongs to by its name (集团); where the file lists groups, code or name of one of them."""


class EnterpriseGroup(Item):
    """A group of enterprises (集团), under whose name the plan brings several together."""

    code: OwnCode
    name: Name
    name_en: NameEn = None
    aliases: Aliases = Field(default_factory=list)
    enterprise: Code | None = None
    """Code of the enterprise at its head, if the plan lists it."""


class PlanProject(Item):
    """A key project (重点实施项目)."""

    code: PlanScopedCode
    """Code of the project; targets name it as project:CODE."""
    name: Name
    industry: IndustryCode
    enterprise: Code | None = None
    """Code of the enterprise that carries it out, if the plan lists the enterprise; else `enterprise_name`."""
    enterprise_name: Text | None = None
    """Name of an enterprise that is not in the plan's list."""
    enterprise_group: Text | None = None
    """Group of an enterprise that is not in the plan's list; where the file lists groups, code or name of one of them."""
    carrier: Code | None = None
    """The carrier in which the plan's text places it."""
    investment: Amount
    """Planned total investment in 万元 (计划总投资)."""
    first_year: Year
    """Year in which it begins."""
    last_year: Year
    """Year by whose end it is to be finished."""


class Roster(Item):
    """A list of names that a count stands for: one recognition with evidence each (名册, 台账)."""

    code: Code
    """Code by which indicators name it."""
    name: Name
    name_en: NameEn = None
    lists: RosterOf
    """What its items are: enterprises 企业, projects 项目, teams 团队, technologies 技术, others."""
    unit: UnitCode
    """The unit that keeps it and recognises its items (认定单位)."""
    criteria: Text | None = None
    """What an item must meet (认定标准), or the document that says so."""


class PlanTask(Item):
    """A commitment without a number or a date (任务)."""

    code: PlanScopedCode
    """Code of the task, unique in its plan."""
    name: Name
    subject: About
    clause: Clause
    phrase: Phrase


class Responsibility(Item):
    """Who answers for one target or task (责任分工): one lead unit (牵头), any number in support (配合)."""

    matter: PlanScopedCode
    """Code of a target or a task."""
    lead: UnitCode
    """Code of the lead unit (牵头单位)."""
    support: list[UnitCode] = Field(default_factory=list)
    """Codes of the units in support (配合单位)."""
    basis: Basis
    """`stated` in the plan, or `assigned` afterwards."""
    clause: Text | None = None
    """Where the text names the units; empty where it does not."""
    phrase: Text | None = None
    """The plan's own words, where it names the units; by custom the first named leads."""


Industries = Annotated[list[Industry], Field(description="The industries that it promotes (产业).")]
Units = Annotated[list[PlanUnit], Field(description="The units that answer for something (责任单位), and those above.")]
Contacts = Annotated[list[PlanContact], Field(description="Who receives the notices of the units (联系人).")]
Carriers = Annotated[list[Carrier], Field(description="The places that carry the industries (行动载体).")]
Enterprises = Annotated[list[PlanEnterprise], Field(description="Enterprises that it lists, or speaks of otherwise.")]
Groups = Annotated[list[EnterpriseGroup], Field(description="Groups under whose names it brings several together.")]
Projects = Annotated[list[PlanProject], Field(description="The key projects that it lists (重点实施项目).")]
Rosters = Annotated[list[Roster], Field(description="The lists of names that counts stand for (名册).")]
Tasks = Annotated[list[PlanTask], Field(description="Commitments without a number or a date (任务).")]
Responsibilities = Annotated[list[Responsibility], Field(description="Who answers for targets and tasks (责任分工).")]
