"""Merges on the wire."""

import uuid
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.plan_file.scalars import Code, Text
from services.registry.merges.rules import Decidable, Side


class EnterpriseMerge(BaseModel):
    """Which enterprise is a duplicate of this one, and which values are kept where they differ."""

    model_config = ConfigDict(extra="forbid", strict=True)

    duplicate: Code = Field(description="code of the enterprise that is merged into this one", examples=["e31"])
    duplicate_version: int = Field(
        ge=1, le=2**31 - 1, description="its version that the caller saw; another one is refused (412)"
    )
    reason: Text = Field(description="why the two are one", examples=["同一统一社会信用代码"])
    decisions: dict[Decidable, Side] = Field(
        default_factory=dict,
        description="for each field in which both differ, whose value is kept; of the name the survivor's unless said",
        examples=[{"direction": "survivor", "number": "survivor"}],
    )
    dry_run: bool = Field(default=False, description="only say what would be moved and what must be decided")


class Moved(BaseModel):
    """An object that named the duplicate and names the survivor now."""

    kind: str = Field(description="kind of object, as the feed names it", examples=["project"])
    code: str = Field(description="business key of the object, within `plan` where that is said", examples=["P01"])
    plan: str | None = Field(description="code of its plan, where its code is unique within one only")


class Differs(BaseModel):
    """A field in which both differ."""

    field: str = Field(description="number, industry, direction, group, credit_code or main_class")
    survivor: Any = Field(description="the survivor's value")
    duplicate: Any = Field(description="the duplicate's value")


class TakenOver(BaseModel):
    """A field that has another value by the merge."""

    before: Any = Field(description="the survivor's value until then")
    after: Any = Field(description="its value since then")


class MergeEntry(BaseModel):
    """One merge, as the survivor keeps it for ever."""

    code: str = Field(description="code that the duplicate had; it answers 301")
    id: uuid.UUID = Field(description="id that the duplicate had; it answers 301")
    name: str = Field(description="registered name that the duplicate had")
    into: str = Field(description="code of the enterprise it was merged into")
    at: AwareDatetime = Field(description="when, by the business clock")
    by: str = Field(description="client that merged them")
    reason: str = Field(description="why the two are one, as the caller said")
    taken: dict[str, TakenOver] = Field(description="fields of the survivor that changed by it")
    moved: list[Moved] = Field(description="what named the duplicate")


class Merged(MergeEntry):
    """What a merge did, or with `dry_run` would do."""

    dry_run: bool = Field(description="nothing was written")
    differs: list[Differs] = Field(description="in which fields both differed, with both values")


class Merges(BaseModel):
    """All merges into one enterprise, the first one first."""

    items: list[MergeEntry] = Field(
        description="an entry for each duplicate, also for those that came by way of another one"
    )
