"""Endings over HTTP: one call for each kind, at the address of what it ends."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.endings import service
from services.registry.endings.schemas import Ending
from services.registry.leaders.schemas import ContactCode, VisitCode
from services.registry.versions.schemas import CodeInPath, CodeOfPlanInPath, EndMatch, PlanInPath

router = APIRouter(prefix="/v1")
Writer = Annotated[Caller, may("registry:write")]
Planner = Annotated[Caller, may("projects:propose")]
Raiser = Annotated[Caller, may("problems:raise")]
Keeper = Annotated[Caller, may("prospects:write")]
Why = Annotated[Ending, Query()]


def _ends(path: str, kind: str, called: str, tag: str) -> Callable[[Any], Any]:
    """The call that ends objects of a kind."""
    return router.delete(
        path,
        operation_id=f"{kind}_end",
        summary=f"End {called}",
        status_code=204,
        responses=problems(404, 409, 412, 428),
        tags=[tag],
    )


@_ends("/industries/{code}", "industry", "an industry", "industries")
async def end_industry(code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake; 409 while carriers, enterprises, projects or others are of it, each named."""
    await service.end(session, caller, "industry", code, if_match=if_match, reason=asked.reason)


@_ends("/carriers/{code}", "carrier", "a carrier", "carriers")
async def end_carrier(code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake; 409 while projects lie in it, other carriers are part of it, or others name it."""
    await service.end(session, caller, "carrier", code, if_match=if_match, reason=asked.reason)


@_ends("/enterprises/{code}", "enterprise", "an enterprise", "enterprises")
async def end_enterprise(
    code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that was entered by mistake; 409 while anything in force names it. A duplicate is merged instead: `…/merge`."""
    await service.end(session, caller, "enterprise", code, if_match=if_match, reason=asked.reason)


@_ends("/enterprise-groups/{code}", "enterprise_group", "a group of enterprises", "enterprises")
async def end_enterprise_group(
    code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that was entered by mistake; 409 while enterprises are its members by their memberships."""
    await service.end(session, caller, "enterprise_group", code, if_match=if_match, reason=asked.reason)


@_ends("/projects/{code}", "project", "a project", "projects")
async def end_project(
    code: CodeOfPlanInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that was entered by mistake; 409 while it has steps, a schedule, owners, payments, or others name it."""
    await service.end(session, caller, "project", code, if_match=if_match, reason=asked.reason)


@_ends("/project-kinds/{code}", "project_kind", "a kind of projects", "project kinds")
async def end_project_kind(
    code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that a district made; 409 while projects are of it. Kinds that come with the software stay."""
    await service.end(session, caller, "project_kind", code, if_match=if_match, reason=asked.reason)


@_ends("/projects/{code}/schedule", "schedule", "the schedule of a project", "schedules")
async def end_schedule(
    code: CodeOfPlanInPath, caller: Planner, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that was planned by mistake, by a unit that leads something about the project or the office."""
    await service.end(session, caller, "schedule", code, if_match=if_match, reason=asked.reason)


@_ends("/rosters/{code}", "roster", "a roster", "rosters")
async def end_roster(code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake; 409 while items stand in it. Withdrawn ones stay in its history."""
    await service.end(session, caller, "roster", code, if_match=if_match, reason=asked.reason)


@_ends("/milestones/{code}", "milestone", "a milestone", "milestones")
async def end_milestone(code: CodeInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake, with what was reported of it; its history keeps that."""
    await service.end(session, caller, "milestone", code, if_match=if_match, reason=asked.reason)


@_ends(
    "/leader-contacts/{code}",
    "leader_contact",
    "a contact of a leader that was recorded by mistake",
    "leaders' contact",
)
async def end_leader_contact(
    code: ContactCode, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """A contact that was, and is over, has its last day instead (`valid_to`)."""
    await service.end(session, caller, "leader_contact", code, if_match=if_match, reason=asked.reason)


@_ends("/visits/{code}", "visit", "the record of a visit", "leaders' contact")
async def end_visit(code: VisitCode, caller: Raiser, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was recorded by mistake, by a caller of the leader's unit or one above it; 409 while an open problem names it."""
    await service.end(session, caller, "visit", code, if_match=if_match, reason=asked.reason)


@_ends("/plans/{plan}/instruments/{code}", "instrument", "an instrument of support", "instruments")
async def end_instrument(
    *, plan: PlanInPath, code: CodeOfPlanInPath, caller: Writer, session: Edge, asked: Why, if_match: EndMatch = None
) -> None:
    """One that was entered by mistake; 409 while anything was paid of it that was not taken back."""
    await service.end(session, caller, "instrument", code, if_match=if_match, reason=asked.reason, plan=plan)


@_ends("/prospects/{code}", "prospect", "a prospect", "prospects")
async def end_prospect(code: CodeInPath, caller: Keeper, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake, by its unit or one above it; 409 while activities met it. One that is lost has a step instead."""
    await service.end(session, caller, "prospect", code, if_match=if_match, reason=asked.reason)


@_ends("/activities/{code}", "activity", "an activity", "prospects")
async def end_activity(code: CodeInPath, caller: Keeper, session: Edge, asked: Why, if_match: EndMatch = None) -> None:
    """One that was entered by mistake, by one of its units or one above them."""
    await service.end(session, caller, "activity", code, if_match=if_match, reason=asked.reason)
