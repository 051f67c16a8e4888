"""Doing what is due, on the wire."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.clock import Instant


class Until(BaseModel):
    """Up to when."""

    model_config = ConfigDict(extra="forbid")

    until: Instant = Field(description="not later than the business clock", examples=["2018-07-16T09:00:00+08:00"])


class DoneTo(BaseModel):
    """How far everything is done, and when something is due next."""

    done_to: AwareDatetime = Field(
        description="earlier than asked for only where a digest waits for lights that are not complete"
    )
    next: AwareDatetime | None = Field(
        description="the next digest or message, moved off rest days; null where none is known"
    )
