"""Leaders' contact over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.cases.schemas import Word
from services.registry.leaders import service
from services.registry.leaders.schemas import (
    Assignment,
    ContactCode,
    LeaderContact,
    LeaderContactFilter,
    LeaderContactView,
    ProblemCode,
    ProblemDecision,
    ProblemSearch,
    ProblemView,
    RaisedProblem,
    Result,
    Visit,
    VisitCode,
    VisitSearch,
    VisitView,
)
from services.registry.leaders.store import CONTACTS, PROBLEMS, VISITS
from services.registry.parts import Db
from services.registry.units.store import with_note
from services.registry.versions.schemas import ActMatch, AsKnown, DecidedMatch, IfMatch, Listed, Paging, PastVersion

router = APIRouter(prefix="/v1", tags=["leaders' contact"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
Raiser = Annotated[Caller, may("problems:raise")]
Decider = Annotated[Caller, may("problems:decide")]


@router.get(
    "/leader-contacts",
    operation_id="leader_contacts_list",
    summary="List who is in contact with what",
    response_model=Listed[LeaderContactView],
    responses=problems(),
)
async def list_contacts(caller: Reader, db: Db, asked: Annotated[LeaderContactFilter, Query()]) -> Response:
    """Contacts (区领导联系) by leader, by object, or those that hold on a day; in the order in which they were named."""
    return await CONTACTS.listed(db, asked, region=caller.region)


@router.post(
    "/leader-contacts",
    operation_id="leader_contact_create",
    summary="Put a leader in contact with something",
    status_code=201,
    response_model=LeaderContactView,
    responses=problems(),
)
async def add_contact(body: LeaderContact, caller: Writer, session: Edge, request: Request) -> Response:
    """A leader and a project, an enterprise or a carrier, from a day on."""
    code = await service.add_contact(session, caller, body.model_dump(mode="json"))
    return await CONTACTS.written(session, request, created=True, region=caller.region, code=code)


@router.get(
    "/leader-contacts/{code}",
    operation_id="leader_contact_read",
    summary="Read a contact of a leader",
    response_model=LeaderContactView,
    responses=problems(404),
)
async def read_contact(
    code: ContactCode, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A contact, today or as an earlier instant knew it."""
    return await CONTACTS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/leader-contacts/{code}/history",
    operation_id="leader_contact_history",
    summary="Every version of a contact of a leader",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_contact_history(
    code: ContactCode, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await CONTACTS.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "/leader-contacts/{code}",
    operation_id="leader_contact_replace",
    summary="Change or end a contact of a leader",
    response_model=LeaderContactView,
    responses=problems(404, 412, 428),
)
async def replace_contact(
    *, code: ContactCode, body: LeaderContact, caller: Writer, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole contact anew; with a last day it ends."""
    await service.replace_contact(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await CONTACTS.written(session, request, region=caller.region, code=code)


@router.get(
    "/visits",
    operation_id="visits_list",
    summary="List visits of leaders",
    response_model=Listed[VisitView],
    responses=problems(),
)
async def list_visits(caller: Reader, db: Db, asked: Annotated[VisitSearch, Query()]) -> Response:
    """Visits (走访) by leader, by object, by days; in the order in which they were recorded."""
    return await VISITS.listed(db, asked, region=caller.region)


@router.post(
    "/visits",
    operation_id="visit_record",
    summary="Record a visit of a leader",
    status_code=201,
    response_model=VisitView,
    responses=problems(),
)
async def record_visit(body: Visit, caller: Raiser, session: Edge, request: Request) -> Response:
    """Day, who, where, what was seen, files; by a caller of the leader's unit or one above it."""
    code = await service.record_visit(session, caller, body.model_dump(mode="json"))
    return await VISITS.written(session, request, created=True, region=caller.region, code=code)


@router.get(
    "/visits/{code}",
    operation_id="visit_read",
    summary="Read a visit",
    response_model=VisitView,
    responses=problems(404),
)
async def read_visit(
    code: VisitCode, caller: Reader, db: Db, request: Request, asked: Annotated[AsKnown, Query()]
) -> Response:
    """A visit, today or as an earlier instant knew it."""
    return await VISITS.answer(db, request, known_at=asked.known_at, region=caller.region, code=code)


@router.get(
    "/visits/{code}/history",
    operation_id="visit_history",
    summary="Every version of a visit's record",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_visit_history(code: VisitCode, caller: Reader, db: Db, asked: Annotated[Paging, Query()]) -> Response:
    """What its record said before corrections."""
    return await VISITS.past_versions(db, asked, region=caller.region, code=code)


@router.put(
    "/visits/{code}",
    operation_id="visit_replace",
    summary="Correct the record of a visit",
    response_model=VisitView,
    responses=problems(404, 412, 428),
)
async def replace_visit(
    *, code: VisitCode, body: Visit, caller: Raiser, session: Edge, request: Request, if_match: IfMatch = None
) -> Response:
    """The whole record anew; what it said before stays in its history."""
    await service.replace_visit(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await VISITS.written(session, request, region=caller.region, code=code)


@router.get(
    "/problems",
    operation_id="problems_list",
    summary="List problems that were raised",
    response_model=Listed[ProblemView],
    responses=problems(),
)
async def list_problems(caller: Reader, db: Db, asked: Annotated[ProblemSearch, Query()]) -> Response:
    """Problems (上报问题) that concern the caller's unit or one below it, by leader, object or unit.

    `overdue_on` finds those that were due before a day and not settled on it.
    """
    page = await PROBLEMS.listed(db, asked, region=caller.region, unit_path=caller.unit_path)
    return await with_note(db, caller.region, asked.unit, page)


@router.post(
    "/problems",
    operation_id="problem_raise",
    summary="Raise a problem upward",
    status_code=201,
    response_model=ProblemView,
    responses=problems(),
)
async def raise_problem(body: RaisedProblem, caller: Raiser, session: Edge, request: Request) -> Response:
    """What hinders a project, an enterprise or a carrier and cannot be solved below (问题上报)."""
    code = await service.raise_problem(session, caller, body.model_dump(mode="json"))
    return await PROBLEMS.written(
        session, request, created=True, region=caller.region, unit_path=caller.unit_path, code=code
    )


@router.get(
    "/problems/{code}",
    operation_id="problem_read",
    summary="Read a problem",
    response_model=ProblemView,
    responses=problems(404),
)
async def read_problem(code: ProblemCode, caller: Reader, db: Db, request: Request) -> Response:
    """A problem and its way: who did what, when, why."""
    return await PROBLEMS.answer(db, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/assignment",
    operation_id="problem_assign",
    summary="Assign a problem to a unit",
    response_model=ProblemView,
    responses=problems(404, 409, 412),
)
async def assign_problem(
    *, code: ProblemCode, body: Assignment, caller: Decider, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """The unit that deals with it, and the day by which it is to be settled (交办); assigned again, the unit before stays named."""
    await service.assign(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/sending-back",
    operation_id="problem_send_back",
    summary="Give a problem back",
    response_model=ProblemView,
    responses=problems(404, 409, 412),
)
async def send_back_problem(
    *, code: ProblemCode, body: Word, caller: Raiser, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """The unit that deals with it says why it cannot; another one is to be named."""
    await service.send_back(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/decision",
    operation_id="problem_decide",
    summary="Record the decision on a problem",
    response_model=ProblemView,
    responses=problems(404, 409, 412, 428),
)
async def decide_problem(
    *,
    code: ProblemCode,
    body: ProblemDecision,
    caller: Decider,
    session: Edge,
    request: Request,
    if_match: DecidedMatch = None,
) -> Response:
    """What was decided, by whom, on which day (决定)."""
    await service.decide(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/result",
    operation_id="problem_settle",
    summary="Say what came of a problem",
    response_model=ProblemView,
    responses=problems(404, 409, 412),
)
async def settle_problem(
    *, code: ProblemCode, body: Result, caller: Raiser, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """The result and its day (办结); by the unit that deals with it or one above it."""
    await service.settle(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/return",
    operation_id="problem_return",
    summary="Return a problem to who raised it",
    response_model=ProblemView,
    responses=problems(404, 409, 412),
)
async def return_problem(
    *, code: ProblemCode, body: Word, caller: Decider, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """It is not one for this way (退回); the reason is kept."""
    await service.return_(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)


@router.post(
    "/problems/{code}/reopening",
    operation_id="problem_reopen",
    summary="Raise a settled problem again",
    response_model=ProblemView,
    responses=problems(404, 409, 412),
)
async def reopen_problem(
    *, code: ProblemCode, body: Word, caller: Raiser, session: Edge, request: Request, if_match: ActMatch = None
) -> Response:
    """By who raised it: what was said to be settled is not; the way before stays among the acts."""
    await service.reopen(session, caller, code, body.model_dump(mode="json"), if_match=if_match)
    return await PROBLEMS.written(session, request, region=caller.region, unit_path=caller.unit_path, code=code)
