"""Reorganisations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.parts import Addresses, Db
from services.registry.reorganisations import service
from services.registry.reorganisations.schemas import (
    Reorganisation,
    ReorganisationFilter,
    ReorganisationView,
    Reorganised,
)
from services.registry.reorganisations.store import REORGANISATIONS
from services.registry.versions.schemas import CodeInPath, Listed

router = APIRouter(prefix="/v1", tags=["reorganisations"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
DryRun = Annotated[bool, Query(description="only say what it would change; nothing is written, and the answer is 200")]


@router.post(
    "/reorganisations",
    operation_id="reorganisation_carry_out",
    summary="Reorganise units (机构改革)",
    status_code=201,
    responses={200: {"model": Reorganised, "description": "the dry run"}, **problems(409)},
)
async def carry_out(
    *,
    body: Reorganisation,
    caller: Writer,
    session: Edge,
    addresses: Addresses,
    request: Request,
    response: Response,
    dry_run: DryRun = False,
) -> Reorganised:
    """Merge, split, rename, move and found units in one act: everything together, or nothing.

    Units that end keep their code, name and history; their responsibilities in force, contacts, the units below them and
    whatever else is open and waits for them go to the successors, as new versions; what is closed stays. What is unclear
    is refused, with every fault. The other services follow: open notices are carried on by the successor.
    """
    done = await service.reorganise(session, addresses, caller, body.model_dump(mode="json"), dry_run=dry_run)
    if dry_run:
        response.status_code = 200
    else:
        response.headers["Location"] = f"{request.url.path}/{body.code}"
    return done


@router.get(
    "/reorganisations",
    operation_id="reorganisations_list",
    summary="List reorganisations",
    response_model=Listed[ReorganisationView],
    responses=problems(),
)
async def list_reorganisations(caller: Reader, db: Db, asked: Annotated[ReorganisationFilter, Query()]) -> Response:
    """What was reorganised, by code; about a unit, between two days, by title or document."""
    return await REORGANISATIONS.listed(db, asked, region=caller.region)


@router.get(
    "/reorganisations/{code}",
    operation_id="reorganisation_read",
    summary="Read a reorganisation",
    response_model=ReorganisationView,
    responses=problems(404),
)
async def read_reorganisation(code: CodeInPath, caller: Reader, db: Db, request: Request) -> Response:
    """What was decided, and exactly what it changed."""
    return await REORGANISATIONS.answer(db, request, region=caller.region, code=code)
