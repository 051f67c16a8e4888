"""The registry, as far as indicators reads it: its feed of changes, change requests. Models only what is read here."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from services.kit.http import CallFailed, Service

PAGE = 500
NOT_FOUND = 404
NO_SUCH_OBJECT = 422
"""The answer to a filter that names what is not there."""


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
    state: str = "set-up"
    activated_at: AwareDatetime | None = None


class UnitContent(BaseModel):
    """A unit (责任单位) and the unit above it."""

    name: str
    parent: str | None = None
    path: str | None = None
    successors: list[str] = Field(default_factory=list)
    """Who took over when it was dissolved."""


Industries = Annotated[list[str], Field(default_factory=list)]


class CarrierContent(BaseModel):
    """A carrier (行动载体), the industry under which it is listed and others that name it as theirs."""

    name: str
    industry: str
    also: Industries


class MergedContent(BaseModel):
    """An enterprise that was merged into another one."""

    code: str


class ThingContent(BaseModel):
    """An industry, an enterprise or a project, as far as it places a subject."""

    name: str
    industry: str | None = None
    carrier: str | None = None
    merged: list[MergedContent] = Field(default_factory=list)
    """Those that an enterprise took in, also by way of one that it took in."""


class ResponsibilityContent(BaseModel):
    """Who answers for a matter: a lead unit (牵头), any number in support (配合)."""

    plan: str
    matter: str | None = None
    lead: str
    support: list[str] = Field(default_factory=list)


class RosterItemContent(BaseModel):
    """An item of a roster (名册) and the days from and to which it counts."""

    roster: str
    subject: str
    recognised_on: date | None = None
    withdrawn_on: date | None = None


class SuspensionContent(BaseModel):
    """A pause of a project (中止计时), as it stands after its last act."""

    project: str
    first_day: date
    last_day: date
    cause: str
    text: str
    approved_by: str | None = None
    state: str


class ChangeRequest(BaseModel):
    """A change request (变更申请): fields of a target as they were and as they shall be, and whether that is approved."""

    code: str
    plan: str | None = None
    target: str | None = None
    state: str
    approval: str | None = None
    before: dict[str, Any]
    changes: dict[str, Any]


class ChangeRequests(BaseModel):
    """A page of change requests."""

    items: list[ChangeRequest]
    next: str | None = None


class Task(BaseModel):
    """A task of a plan, as far as a letter of responsibility quotes it."""

    code: str
    name: str
    clause: str
    phrase: str
    carried_from: str | None = None
    """`plan/code` of the task that it continues; the clause and the phrase are that one's."""
    carried_to: str | None = None
    """`plan/code` of the task of a later plan that continues it: it is nobody's to do here any more."""


class Tasks(BaseModel):
    """A page of tasks."""

    items: list[Task]
    next: str | None = None


class PlanHead(BaseModel):
    """What a plan is called, and who issued it."""

    name: str
    issued_by: str


class RegistryClient:
    """The registry's feed, and its change requests, and what letters quote of it."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def changes(self, after: int) -> Changes:
        """The changes after a position, at most a page of them."""
        return Changes.model_validate(await self.service.get("/v1/changes", after=after, limit=PAGE))

    async def tasks(self, plan: str, unit: str | None = None) -> list[Task]:
        """The tasks of a plan, or those that a unit answers for, by code."""
        found: list[Task] = []
        cursor: str | None = None
        while True:
            answer = await self.service.get("/v1/tasks", plan=plan, unit=unit, limit=200, cursor=cursor)
            page = Tasks.model_validate(answer)
            found += page.items
            cursor = page.next
            if cursor is None:
                return found

    async def task(self, plan: str, code: str) -> Task:
        """A task."""
        return Task.model_validate(await self.service.get(f"/v1/plans/{plan}/tasks/{code}"))

    async def plan(self, plan: str) -> PlanHead:
        """The head of a plan."""
        return PlanHead.model_validate(await self.service.get(f"/v1/plans/{plan}"))

    async def change_request(self, code: str) -> ChangeRequest | None:
        """A change request, or None."""
        try:
            return ChangeRequest.model_validate(await self.service.get(f"/v1/change-requests/{code}"))
        except CallFailed as failure:
            if failure.answered == NOT_FOUND:
                return None
            raise

    async def approved_changes(self, plan: str) -> list[ChangeRequest]:
        """The approved change requests about targets of a plan, in the order of their approval; none of one not there."""
        found: list[ChangeRequest] = []
        cursor: str | None = None
        while True:
            try:
                answer = await self.service.get(
                    "/v1/change-requests", plan=plan, state="approved", sort="recorded_at", limit=200, cursor=cursor
                )
            except CallFailed as failure:
                if failure.answered == NO_SUCH_OBJECT:
                    return found
                raise
            page = ChangeRequests.model_validate(answer)
            found += [request for request in page.items if request.target is not None]
            cursor = page.next
            if cursor is None:
                return found

    async def close(self) -> None:
        """Close its connections."""
        await self.service.close()
