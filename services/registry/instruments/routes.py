"""Instruments of support and payments over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge
from services.kit.errors import problems
from services.registry.instruments import service
from services.registry.instruments.schemas import (
    Instrument,
    InstrumentSearch,
    InstrumentView,
    Payment,
    PaymentFilter,
    PaymentInPath,
    PaymentRecorded,
    Payments,
    PaymentSums,
    PaymentView,
    Reversal,
)
from services.registry.instruments.store import INSTRUMENTS, PAYMENTS
from services.registry.parts import Db
from services.registry.units.store import with_note
from services.registry.versions.rules import check_code
from services.registry.versions.schemas import (
    AsKnown,
    CodeOfPlanInPath,
    FirstMatch,
    Listed,
    Paging,
    PastVersion,
    PlanInPath,
)
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["instruments"])
Reader = Annotated[Caller, may("registry:read")]
Writer = Annotated[Caller, may("registry:write")]
Reporter = Annotated[Caller, may("tasks:report")]


@router.get(
    "/instruments",
    operation_id="instruments_list",
    summary="List instruments of support",
    response_model=Listed[InstrumentView],
    responses=problems(),
)
async def list_instruments(caller: Reader, db: Db, asked: Annotated[InstrumentSearch, Query()]) -> Response:
    """Sub-funds, talent programmes, exhibitions and other instruments (政策工具), by code."""
    page = await INSTRUMENTS.listed(db, asked, region=caller.region)
    return await with_note(db, caller.region, asked.unit, page)


@router.get(
    "/plans/{plan}/instruments/{code}",
    operation_id="instrument_read",
    summary="Read an instrument",
    response_model=InstrumentView,
    responses=problems(404),
)
async def read_instrument(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    caller: Reader,
    db: Db,
    request: Request,
    asked: Annotated[AsKnown, Query()],
) -> Response:
    """An instrument, today or as an earlier instant knew it."""
    return await INSTRUMENTS.answer(db, request, known_at=asked.known_at, region=caller.region, plan=plan, code=code)


@router.get(
    "/plans/{plan}/instruments/{code}/history",
    operation_id="instrument_history",
    summary="Every version of an instrument",
    response_model=Listed[PastVersion],
    responses=problems(404),
)
async def read_instrument_history(
    plan: PlanInPath, code: CodeOfPlanInPath, caller: Reader, db: Db, asked: Annotated[Paging, Query()]
) -> Response:
    """All that was ever recorded of it, the first version first."""
    return await INSTRUMENTS.past_versions(db, asked, region=caller.region, plan=plan, code=code)


@router.put(
    "/plans/{plan}/instruments/{code}",
    operation_id="instrument_replace",
    summary="Set or replace an instrument",
    response_model=InstrumentView,
    responses=problems(412, 428),
)
async def replace_instrument(
    *,
    plan: PlanInPath,
    code: CodeOfPlanInPath,
    body: Instrument,
    caller: Writer,
    session: Edge,
    request: Request,
    if_match: FirstMatch = None,
) -> Response:
    """What is committed, in all and by year; `If-Match` names the version that is replaced, a first one needs none."""
    check_code(f"{plan}/{code}", f"{body.plan}/{body.code}")
    await service.put(session, caller, body.model_dump(mode="json"), if_match=if_match)
    return await INSTRUMENTS.written(session, request, region=caller.region, plan=plan, code=code)


@router.post(
    "/plans/{plan}/instruments/{code}/payments",
    operation_id="payment_add",
    summary="Record a payment",
    status_code=201,
    response_model=PaymentRecorded,
    responses=problems(404),
)
async def add_payment(
    plan: PlanInPath, code: CodeOfPlanInPath, body: Payment, caller: Reporter, session: Edge
) -> dict[str, Any]:
    """What was paid (兑现) to an enterprise, a project, or by name whoever is neither.

    More than was committed is recorded too, with a finding. A caller of a unit records what its unit pays.
    """
    return await service.pay(session, caller, plan, code, body)


@router.post(
    "/plans/{plan}/payments/{payment}/reversal",
    operation_id="payment_reverse",
    summary="Take a payment back",
    status_code=201,
    response_model=PaymentRecorded,
    responses=problems(404, 409),
)
async def reverse_payment(
    plan: PlanInPath, payment: PaymentInPath, body: Reversal, caller: Reporter, session: Edge
) -> dict[str, Any]:
    """A second payment of the same amount below 0 (冲销): both stay, the sums are as if neither had been."""
    return await service.reverse(session, caller, plan, payment, body)


@router.get(
    "/payments",
    operation_id="payments_list",
    summary="List payments",
    response_model=Listed[PaymentView],
    responses=problems(),
)
async def list_payments(caller: Reader, db: Db, asked: Annotated[PaymentFilter, Query()]) -> Response:
    """What was paid and taken back, by day; of a plan, an instrument, a year, an enterprise, a project."""
    return await page_of(db, PAYMENTS, asked, region=caller.region)


@router.get(
    "/payment-sums",
    operation_id="payment_sums_read",
    summary="Sum payments",
    responses=problems(),
)
async def read_payment_sums(caller: Reader, session: Edge, asked: Annotated[Payments, Query()]) -> PaymentSums:
    """What was paid in all, by instrument, year and receiver, exactly; and where it is more than was committed."""
    return PaymentSums.model_validate(await service.summed(session, caller, asked))
