"""What happens to tasks, and what is published, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.kit.paging import check_cursor
from services.kit.reads import as_json
from services.registry.parts import Db
from services.registry.plans.store import TASKS
from services.registry.tasks import service, store
from services.registry.tasks.schemas import (
    EntryFilter,
    EntryView,
    IdInPath,
    Progress,
    Publicity,
    PublicityFilter,
    PublicityView,
    PublicityWithdrawal,
    Step,
)
from services.registry.units.store import with_note
from services.registry.versions.schemas import ActMatch, CodeOfPlanInPath, Listed, PlanInPath
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["tasks"])
Reader = Annotated[Caller, may("registry:read")]
Reporter = Annotated[Caller, may("tasks:report")]


@router.get(
    "/plans/{plan}/tasks/{code}/entries",
    operation_id="task_entries_list",
    summary="The log of a task",
    response_model=Listed[EntryView],
    responses=problems(404),
)
async def list_entries(
    plan: PlanInPath, code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[EntryFilter, Query()]
) -> Response:
    """Steps and notes of progress by day, each with what proves it and who recorded it; nothing is ever changed."""
    check_cursor(asked.cursor)
    await TASKS.check_known(db, region=caller.region, plan=plan, code=code)
    return await page_of(db, store.ENTRIES, asked, region=caller.region, plan=plan, task=code)


@router.post(
    "/plans/{plan}/tasks/{code}/steps",
    operation_id="task_step",
    summary="Take a task to its next state",
    status_code=201,
    response_model=EntryView,
    responses=problems(404, 409, 412),
)
async def step_task(
    *, plan: PlanInPath, code: CodeOfPlanInPath, body: Step, caller: Reporter, session: Edge, if_match: ActMatch = None
) -> Response:
    """Not begun → under way → done (with evidence) or stopped (with the reason); both can be taken up again.

    A caller of a unit reports on tasks that its unit, or one below it, leads or supports.
    """
    return created(await service.step(session, caller, plan, code, body, if_match=if_match))


@router.post(
    "/plans/{plan}/tasks/{code}/progress",
    operation_id="task_progress_add",
    summary="Note how a task goes on",
    status_code=201,
    response_model=EntryView,
    responses=problems(404, 409, 412),
)
async def add_progress(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    body: Progress,
    caller: Reporter,
    session: Edge,
    if_match: ActMatch = None,
) -> Response:
    """A note in the log; the state stays as it is."""
    return created(await service.note(session, caller, plan, code, body, if_match=if_match))


@router.get(
    "/publicity",
    operation_id="publicity_list",
    summary="List what was published",
    response_model=Listed[PublicityView],
    responses=problems(),
)
async def list_publicity(caller: Reader, db: Db, asked: Annotated[PublicityFilter, Query()]) -> Response:
    """The publicity log (宣传台账) by day; of a plan, a unit, a medium, a year."""
    page = await page_of(db, store.PUBLICITY, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.post(
    "/plans/{plan}/publicity",
    operation_id="publicity_add",
    summary="Log something published",
    status_code=201,
    response_model=PublicityView,
    responses=problems(404),
)
async def add_publicity(plan: PlanInPath, body: Publicity, caller: Reporter, session: Edge) -> Response:
    """Day, medium, title, link and unit of something published about the plan; a caller of a unit logs its own."""
    return created(await service.publish(session, caller, plan, body))


@router.post(
    "/plans/{plan}/publicity/{entry}/withdrawal",
    operation_id="publicity_withdraw",
    summary="Withdraw something logged in error",
    response_model=PublicityView,
    responses=problems(404, 409),
)
async def withdraw_publicity(
    *,
    plan: PlanInPath,
    entry: IdInPath,
    body: PublicityWithdrawal,
    caller: Reporter,
    session: Edge,
) -> Response:
    """It stays in the log with the reason and counts no more."""
    return as_json(await service.withdraw(session, caller, plan, entry, body.reason))


def created(body: bytes) -> Response:
    """An answer that something was made."""
    return Response(body, status_code=201, media_type="application/json")
