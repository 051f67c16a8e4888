"""What a plan speaks of (the registry's part): units, industries, carriers, enterprises, projects, tasks, owners."""

from typing import Literal

from pydantic import Field

from services.plan_file.scalars import (
    Code,
    Day,
    Email,
    Exact,
    Instant,
    Item,
    PlanScopedCode,
    Region,
    Subject,
    Text,
    UnitCode,
    Year,
)

UnitKind = Literal["bureau", "town", "platform", "office", "leader", "collective"]
ContactRole = Literal["liaison", "principal", "deputy_head"]
Basis = Literal["stated", "assigned"]


class Plan(Item):
    """The plan itself (行动计划)."""

    code: Code
    name: Text
    """Name in Chinese, as published."""
    name_en: Text | None = None
    region: Region
    """GB/T 2260 code of the government that runs the plan; in quotes, it is text."""
    time_zone: Text = "Asia/Shanghai"
    """IANA name; civil dates of the plan are dates in this zone."""
    issued_by: Text
    issued_on: Day
    start: Day
    """The last day before the plan begins: day counts include both ends."""
    end: Day
    """The plan's last day."""
    known_from: Instant
    """What this file brings while the plan is set up counts as known from this instant."""
    source: Text
    """File name of the published text that every phrase is taken from."""


class Industry(Item):
    """An industry that the plan promotes (产业)."""

    code: Code
    name: Text
    name_en: Text | None = None
    aliases: list[Text] = Field(default_factory=list)


class Unit(Item):
    """An organisation or office that answers for something (责任单位)."""

    code: UnitCode
    """A label of the unit path: lower-case letters, digits and underscores."""
    name: Text
    name_en: Text | None = None
    kind: UnitKind
    parent: UnitCode | None = None
    """The unit above; whoever sees a unit sees those below it."""


class Contact(Item):
    """A person of a unit who receives its notices: liaison 联络员, principal 主要负责人, deputy_head 分管副区长."""

    unit: UnitCode
    role: ContactRole
    person: Text
    email: Email


class Carrier(Item):
    """A place that carries an industry: town, park, platform (行动载体)."""

    code: Code
    name: Text
    name_en: Text | None = None
    industry: Code
    """The industry under which the plan lists it."""
    also: list[Code] = Field(default_factory=list)
    """Other industries that name it as theirs."""
    aliases: list[Text] = Field(default_factory=list)


class Enterprise(Item):
    """An enterprise that the plan lists by name (龙头培育企业)."""

    code: Code
    number: int = Field(ge=1)
    """Its number in the plan's list."""
    name: Text
    """Registered name."""
    aliases: list[Text] = Field(default_factory=list)
    industry: Code
    direction: Text
    """What it is to be cultivated for (培育方向)."""
    group: Text | None = None
    """Group that it belongs to by its name (集团); where the file lists groups, code or name of one of them."""


class EnterpriseGroup(Item):
    """A group of enterprises (集团), under whose name the plan brings several together."""

    code: Code
    name: Text
    name_en: Text | None = None
    aliases: list[Text] = Field(default_factory=list)
    enterprise: Code | None = None
    """Code of the enterprise at its head, if the plan lists it."""


class Project(Item):
    """A key project (重点实施项目)."""

    code: PlanScopedCode
    name: Text
    industry: Code
    enterprise: Code | None = None
    """Code of the enterprise that carries it out, if the plan lists the enterprise; else `enterprise_name`."""
    enterprise_name: Text | None = None
    """Name of an enterprise that is not in the plan's list."""
    enterprise_group: Text | None = None
    """Group of an enterprise that is not in the plan's list; where the file lists groups, code or name of one of them."""
    carrier: Code | None = None
    """The carrier in which the plan's text places it."""
    investment: Exact
    """Planned total investment in 万元 (计划总投资)."""
    first_year: Year
    last_year: Year


class Task(Item):
    """A commitment without a number or a date (任务)."""

    code: PlanScopedCode
    name: Text
    subject: Subject
    clause: Text
    """Where in the plan it stands."""
    phrase: Text
    """Exact substring of the published text."""


class Responsibility(Item):
    """Who answers for one target or task (责任分工): one lead unit (牵头), any number in support (配合)."""

    matter: PlanScopedCode
    """Code of a target or a task."""
    lead: UnitCode
    support: list[UnitCode] = Field(default_factory=list)
    basis: Basis
    """`stated` in the plan, or `assigned` afterwards."""
    clause: Text | None = None
    phrase: Text | None = None
    """The plan's own words, where it names the units; by custom the first named leads."""
