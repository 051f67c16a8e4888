"""What every list and every answer about a versioned object has in common on the wire."""

import uuid
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Header, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.clock import Instant
from services.kit.manners import FIRST
from services.kit.paging import By, Sort, sought
from services.kit.reads import LIMIT
from services.plan_file.scalars import Code, PlanScopedCode, Text, UnitCode
from services.registry.versions.rules import wanted

Item = TypeVar("Item")

CodeInPath = Annotated[Code, Path(description="code, unique within the region")]
PlanInPath = Annotated[Code, Path(description="code of the plan", examples=["xiaoshan-2017-2019"])]
CodeOfPlanInPath = Annotated[
    PlanScopedCode, Path(description="code of a target, task or project, unique within the plan", examples=["T01"])
]
UnitInPath = Annotated[UnitCode, Path(description="code of the unit", examples=["economy_information"])]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="ETag of the version that is replaced")]
EndMatch = Annotated[
    str | None, Header(alias="If-Match", description="ETag of the version that was read and is ended; it is needed")
]
FirstMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="ETag of the version that is replaced; a first one needs none",
        json_schema_extra={FIRST: True},
    ),
]
ActMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="ETag of what was read; where it is sent, nothing newer is acted on"),
]
DecidedMatch = Annotated[
    str | None, Header(alias="If-Match", description="ETag of the version that was read and is decided; it is needed")
]


class Kept(BaseModel):
    """What the registry adds to an object: its identity and which version this is."""

    id: uuid.UUID = Field(description="UUIDv7; the code is unique besides")
    version: int = Field(description="counts from 1; the ETag", examples=[1])
    recorded_at: AwareDatetime = Field(
        description="from when this version counts, by the business clock", examples=["2016-12-30T16:00:00+00:00"]
    )


class NamedUnit(BaseModel):
    """A unit by code and name."""

    code: UnitCode = Field(description="short name by which other objects refer to it")
    name: Text = Field(description="name in Chinese as it is today")


class Note(BaseModel):
    """That a list was asked for by a unit's code or name of before, and what became of the unit."""

    asked: Text = Field(description="the code or name that the filter `unit` was given", examples=["区卫计局"])
    units: list[NamedUnit] = Field(description="the units whose things the list holds instead")
    zh: str = Field(
        description="what became of that unit, as a sentence in Chinese",
        examples=["区卫计局 已于 2019-01-28 撤销，职责由 区卫生健康局 承接"],
    )
    en: str = Field(description="the same in English")


class Listed(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="the rows of this page, in the order of `sort`")
    next: str | None = Field(description="cursor of the next page; null on the last one")
    total: int | None = Field(
        default=None,
        description="how many there are on all pages, exactly; only when asked for, and null where `more_than` stands",
    )
    more_than: int | None = Field(
        default=None, description="a search finds more than so many: they are not counted further", examples=[10000]
    )
    note: Note | None = Field(
        default=None, description="only where the filter `unit` named a unit of before (已更名或撤销的单位)"
    )


class Short(BaseModel):
    """A list that comes without pages; as a file too."""


class Paging(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=LIMIT, description="items on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")
    sort: Annotated[Sort, By("version", "recorded_at")] = None

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        return self.model_dump(exclude={"limit", "cursor", "total", "sort"}, exclude_none=True)


class Search(Paging):
    """A list that can be searched."""

    sort: Annotated[Sort, By("code", "name", "recorded_at")] = None
    q: Text | None = Field(
        default=None, description="part of a name, alias or code; one character is enough", examples=["信"]
    )

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        return {**super().filters(), **wanted(self.q)}


class Seeking(Paging):
    """A short list that can be searched: every row is looked at."""

    q: Text | None = Field(
        default=None, description="part of what the rows say; one character is enough", examples=["信"]
    )

    def filters(self) -> dict[str, object]:
        """The filters that take part, by name."""
        given = {name: value for name, value in super().filters().items() if name != "q"}
        return given if self.q is None else {**given, "sought": sought(self.q)}


class AsKnown(BaseModel):
    """Whether to answer from today's knowledge or from an earlier one."""

    model_config = ConfigDict(extra="forbid")

    known_at: Instant | None = Field(
        default=None, description="only what was recorded up to this instant (数据截止时点)"
    )


class PastVersion(BaseModel):
    """One version of an object."""

    version: int = Field(description="counts from 1; the last one is the object as it is today")
    recorded_at: AwareDatetime = Field(description="from when this version counted, by the business clock")
    by: str = Field(description="client that wrote it")
    content: dict[str, Any] | None = Field(description="the whole object as of then; null where it was ended")
