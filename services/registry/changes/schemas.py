"""The feed on the wire."""

import uuid
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

LIMIT = 1000


class After(BaseModel):
    """From where to read on."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(default=0, ge=0, le=2**31 - 1, description="`next` of the answer before; 0 at first")
    limit: int = Field(default=500, ge=1, le=LIMIT, description="changes on a page")


class ChangeView(BaseModel):
    """One version of one object."""

    position: int = Field(
        description="place in the feed, in the order of commits; what the caller may not see leaves a gap"
    )
    kind: str = Field(
        description="plan, unit, contact, industry, carrier, enterprise, enterprise_group, roster, roster_item, project, project_kind, project_step, suspension, "
        "schedule, change_request, milestone, leader_contact, visit, problem, task, responsibility, "
        "calendar, instrument, shared_project, succession, prospect, activity",
        examples=["unit"],
    )
    id: uuid.UUID = Field(description="of the object")
    code: str = Field(
        description="business key of the object, as `P01`, `P01/3` (step of a project) or `jingxin/liaison`"
    )
    version: int = Field(description="which version of the object this is, counts from 1")
    recorded_at: AwareDatetime = Field(description="from when this version counts, by the business clock")
    content: dict[str, Any] | None = Field(description="the whole object; null where it was ended")


class Changes(BaseModel):
    """What was recorded, in the order of commits."""

    items: list[ChangeView] = Field(
        description="versions after the position asked for; those that the caller may not see are left out"
    )
    next: int = Field(description="send it as `after`")
