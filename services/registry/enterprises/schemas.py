"""Enterprises on the wire."""

import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.kit.errors import Faulty
from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Code, Day, Item, Text
from services.registry.enterprises.credit_codes import rules as credit_codes
from services.registry.enterprises.names.rules import How, Kind, KnownBy
from services.registry.enterprises.roles.rules import Level, Role
from services.registry.industries.classes import rules as classes
from services.registry.industries.classes.rules import Edition
from services.registry.versions.rules import Unacceptable, folded
from services.registry.versions.schemas import Kept, Paging, Search

CreditCode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    Field(
        description="unified social credit code (统一社会信用代码) of GB 32100-2015, 18 characters; full-width and small "
        "letters and blanks are put right",
        examples=["91110000600037341L"],
    ),
]
ClassCode = Annotated[str, StringConstraints(min_length=1, max_length=20)]

Missing = Literal["credit_code"]


class Period(Item):
    """From when to when, both days included."""

    valid_from: Day | None = None
    """First day; null where it is not known or was always so."""
    valid_to: Day | None = None
    """Last day; null while it goes on."""


class OtherName(Period):
    """A name beside the registered one and the plan file's aliases."""

    name: Text
    """As documents or people write it."""
    kind: Kind
    """`alias` 别名, `short` 简称, `former` 曾用名, `brand` 品牌."""
    source: Text | None = None
    """Where it is from: a document, a register; null: not said."""


class HeldRole(Period):
    """What an enterprise was recognised as (企业认定)."""

    role: Role
    """Code of the list enterprise-roles: `leading` 龙头企业, `single_champion` 单项冠军企业, `msme` 中小微企业, …"""
    title: Text | None = None
    """What it is called, where the role is `other`."""
    level: Level | None = None
    """Who recognises: `national` 国家级, `provincial` 省级, `city` 市级, `district` 区县级; null: not said."""
    approval: Text | None = None
    """Number of the approval (批文文号); null: not known."""
    evidence: Text | None = None
    """What shows it: a list, a certificate, an address of either; null: nothing yet."""


class HeldClass(Item):
    """An industry class (行业代码) of an edition."""

    edition: Edition
    """`gbt4754-2017`: GB/T 4754-2017; `sei-2018`: strategic emerging industries 2018 (战略性新兴产业)."""
    code: ClassCode
    """As `C3913` or `3913`; of `sei-2018` as `1.2.3`."""
    main: bool = False
    """Whether it is the main one (主行业) of this edition from that day on."""
    valid_from: Day | None = None
    """First day; null where it is not known or was always so."""


class Membership(Period):
    """That it belongs to a group (集团) from when to when; this counts before what a plan file says of the group."""

    group: Code
    """Code of the group."""
    source: Text | None = None
    """Where it is from: a document, a register; null: not said."""


class Enterprise(things.PlanEnterprise):
    """An enterprise. What the registry keeps beside a plan file is optional; what is not sent of it stays as it is."""

    credit_code: CreditCode | None = None
    """Unified social credit code (统一社会信用代码), unique in the region; null while nobody knows it."""
    names: list[OtherName] = Field(default_factory=list, max_length=200)
    """Further names with their time; `aliases` are those of the plan file."""
    roles: list[HeldRole] = Field(default_factory=list, max_length=200)
    """What it was recognised as (企业认定), each with its time."""
    classes: list[HeldClass] = Field(default_factory=list, max_length=50)
    """Its industry classes (行业代码), by edition."""
    memberships: list[Membership] = Field(default_factory=list, max_length=50)
    """Groups it belongs to, with their time."""


class EnterpriseView(Kept, Enterprise):
    """An enterprise, as it is today or was."""


AsOf = Annotated[
    Day | None,
    Field(description="the day for which is asked (考核时点); today by the business clock where none is said"),
]


class OfGroup(BaseModel):
    """Whose members on which day."""

    group: Text | None = Field(
        default=None, description="of this group (集团) on the day, by code, name or alias", examples=["万向"]
    )
    as_of: AsOf = None

    def of_group(self) -> dict[str, Any]:
        """The values that the filter `group` needs beside its own."""
        day = None if self.as_of is None else self.as_of.isoformat()
        return {"as_of": day, "group_folded": folded(self.group or "")}


class EnterpriseSearch(Search, OfGroup):
    """Which enterprises."""

    sort: Annotated[Sort, By("code", "name", "industry", "credit_code", "recorded_at")] = None
    industry: Code | None = Field(default=None, description="of this industry, by code")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")
    credit_code: CreditCode | None = Field(default=None, description="with this unified social credit code")
    missing: Missing | None = Field(
        default=None, description="that lack this: `credit_code`, those whose unified social credit code is not known"
    )
    role: Role | None = Field(
        default=None, description="recognised as this on the day, by code of the list enterprise-roles"
    )
    level: Level | None = Field(default=None, description="with `role`: at this level")
    edition: Edition | None = Field(default=None, description="with a class of this edition")
    class_prefix: ClassCode | None = Field(
        default=None,
        description="with `edition`: whose class is this one or below it; C, C39, 39, 391; 1, 1.2",
        examples=["C39"],
    )

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        given = super().filters()
        for name in ("as_of", "level", "edition", "class_prefix", "missing"):
            given.pop(name, None)
        if faults := list(self._alone()):
            raise Unacceptable(faults)
        if self.missing is not None:
            given["missing"] = True
        if self.credit_code is not None:
            given["credit_code"] = credit_codes.normalised(self.credit_code)
            if found := list(credit_codes.faults(str(given["credit_code"]), "/query/credit_code")):
                raise Unacceptable(found)
        if self.edition is not None:
            given["class_mark"] = f"class:{self.edition}"
            if self.class_prefix is not None:
                prefix = classes.normalised(self.edition, self.class_prefix)
                if found := list(classes.prefix_faults(self.edition, prefix, "/query/class_prefix")):
                    raise Unacceptable(found)
                given["class_mark"] = f"class:{self.edition}:{prefix}"
        return given

    def _alone(self) -> Iterator[Faulty]:
        """A fault for what narrows another filter that was not given."""
        for name, of in (("class_prefix", "edition"), ("level", "role")):
            if getattr(self, name) is not None and getattr(self, of) is None:
                yield Faulty(f"/query/{of}", "missing", f"{name} needs {of} beside it", f"{name} 须与 {of} 同时使用")

    def values(self) -> dict[str, Any]:
        """The values that filters need beside their own."""
        return {**self.of_group(), "level": self.level}


class Asked(BaseModel):
    """Whom a name means."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(description="a name as a document writes it", examples=["先临三维"])
    as_of: AsOf = None


class Candidate(BaseModel):
    """An enterprise that a name may mean."""

    id: uuid.UUID = Field(description="UUIDv7 of the enterprise")
    code: str = Field(description="short name by which other objects refer to it")
    name: str = Field(description="registered name in Chinese")
    credit_code: str | None = Field(
        description="unified social credit code (统一社会信用代码); null where it is not known"
    )
    industry: str = Field(description="code of the industry")
    how: How = Field(
        description="exact: the registered name; alias: another of its names; folded: the same without legal form, group, "
        "brackets and province; contained: a part of a name"
    )
    matched: str = Field(description="the name that was met")
    kind: KnownBy = Field(description="which of its names it is")
    valid_from: Day | None = Field(description="first day of that name; null: always or not known")
    valid_to: Day | None = Field(description="last day of that name; null while it goes on")
    in_force: bool = Field(description="whether that name is in use on the day")


class Resolved(BaseModel):
    """Whom a name may mean, the nearest first."""

    name: str = Field(description="the name that was asked for, as it was sent")
    as_of: Day = Field(description="the day for which was asked")
    resolved: str | None = Field(
        description="code of the one enterprise that the name means; null where several are equally near, or the name "
        "is only a part of theirs"
    )
    ambiguous: bool = Field(description="whether several are equally near")
    candidates: list[Candidate] = Field(
        description="whom the name may mean, the nearest first; empty where nobody bears it"
    )
    more: bool = Field(description="whether more enterprises hold the name as a part than are shown")


class Namesake(BaseModel):
    """An enterprise that shares a name with others."""

    id: uuid.UUID = Field(description="UUIDv7 of the enterprise")
    code: str = Field(description="short name by which other objects refer to it")
    name: str = Field(description="registered name in Chinese")
    credit_code: str | None = Field(
        description="unified social credit code (统一社会信用代码); null where it is not known"
    )
    matched: str = Field(description="its name that they share")
    kind: KnownBy = Field(description="which of its names it is")


class Duplicate(BaseModel):
    """Enterprises that may be one: the same name but for legal form, group, brackets and province."""

    shared: str = Field(description="what their names have in common", examples=["先临三维"])
    distinct: bool = Field(description="whether they are surely not one: each has a credit code of its own")
    enterprises: list[Namesake] = Field(description="those that share the name, two or more")


class DuplicateFilter(Paging):
    """Which enterprises that may be one."""

    sort: Annotated[Sort, By("shared")] = None
