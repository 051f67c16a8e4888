"""Indicators, as far as the notifier reads it: its feed of changes of light. Models only what is read here."""

import uuid
from datetime import date

from pydantic import AwareDatetime, BaseModel, Field

from services.kit.http import Service

PAGE = 500


class LightChange(BaseModel):
    """A change of a target's light, with what it was judged on; exact numbers as text."""

    position: int
    id: uuid.UUID
    plan: str
    target: str
    to_light: str
    reason: str | None = None
    at: AwareDatetime
    coverage_date: date | None = None
    actual: str | None = None
    scheduled: str | None = None
    goal: str | None = None
    goal_upper: str | None = None
    goal_on: date | None = None
    gap: str | None = None
    lag_pp: str | None = None
    unit: str | None = Field(default=None, description="unit of measure of the numbers")


class LightChanges(BaseModel):
    """A page of the feed, in order of position. Every event up to `complete_to` is in it.

    Of a plan every event up to its instant in `plans`; one that is not there was not looked at since it became active.
    """

    items: list[LightChange] = Field(default_factory=list)
    next: int
    complete_to: AwareDatetime | None = None
    plans: dict[str, AwareDatetime] = Field(default_factory=dict)


class IndicatorsClient:
    """The feed of lights."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def light_changes(self, after: int) -> LightChanges:
        """The changes after a position, at most a page of them."""
        return LightChanges.model_validate(await self.service.get("/v1/light-changes", after=after, limit=PAGE))
