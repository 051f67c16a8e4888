"""What goes over the wire about plans and targets. A plan's part and the answer to it are the plan file's own models."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class PlanAnswer(BaseModel):
    """A plan as indicators has it."""

    plan: str = Field(description="code of the plan", examples=["xiaoshan-2017-2019"])
    version: str = Field(description="version of the plan file that was applied last")
    name: str
    state: Literal["set-up", "active", "closed"] = Field(
        description="set-up: its history is being loaded and no answer on it is promised to stand"
    )
    known_from: datetime = Field(description="an earlier known_at is answered with plan_not_known")
    activated_at: datetime | None = None
    start: date = Field(description="the last day before the plan begins")
    end: date
    time_zone: str
    indicators: int = Field(description="how many indicators it declares")
    targets: int = Field(description="how many targets it has")
