"""The registry, as far as the notifier reads it: its feed of changes. Models only what is read here."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from services.kit.http import Service

PAGE = 500


class Change(BaseModel):
    """One version of one object of the registry. `content` is empty where the object was ended."""

    position: int
    kind: str
    id: str
    code: str
    recorded_at: AwareDatetime
    content: dict[str, Any] | None = None


class Changes(BaseModel):
    """A page of the feed, in order of position."""

    items: list[Change] = Field(default_factory=list)
    next: int


class PlanContent(BaseModel):
    """A plan and its state: `set-up`, `active`, `closed`."""

    name: str
    time_zone: str = "Asia/Shanghai"
    state: str = "set-up"
    activated_at: AwareDatetime | None = None


class UnitContent(BaseModel):
    """A unit (责任单位) and the unit above it."""

    name: str
    parent: str | None = None
    path: str | None = None
    successors: list[str] = Field(default_factory=list)
    """Who took over when it was dissolved."""


class Person(BaseModel):
    """Who receives messages from a day on, or between two days; the address as in `ContactContent`."""

    valid_from: date
    valid_to: date | None = None
    person: str
    email: str


class ContactContent(BaseModel):
    """Who receives a unit's notices in a role; the address is in clear for `contacts:deliver`, else masked."""

    unit: str
    role: str
    person: str
    email: str
    next: list[Person] = Field(default_factory=list)
    """Who takes over, in order of days."""
    stand_ins: list[Person] = Field(default_factory=list)
    """Who stands in on some days (代理)."""


class ResponsibilityContent(BaseModel):
    """Who answers for a matter: a lead unit (牵头), any number in support (配合)."""

    plan: str
    matter: str | None = None
    name: str = ""
    subject: str = ""
    lead: str
    support: list[str] = Field(default_factory=list)


class CalendarContent(BaseModel):
    """The days of a year that differ from the plain week (节假日及调休)."""

    year: int
    published: bool = False
    exceptions: dict[date, bool] = Field(default_factory=dict)
    document: str | None = None


class RegistryClient:
    """The registry's feed."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def changes(self, after: int) -> Changes:
        """The changes after a position, at most a page of them."""
        return Changes.model_validate(await self.service.get("/v1/changes", after=after, limit=PAGE))
