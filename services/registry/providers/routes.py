"""Signing in by way of somebody else, and outside accounts, over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge, driver_of
from services.kit.errors import problems
from services.kit.exports import whole
from services.kit.reads import as_json
from services.registry.parts import Db, Running
from services.registry.people.schemas import SessionAnswer
from services.registry.people.service import Desk
from services.registry.providers import service
from services.registry.providers.schemas import (
    Beginning,
    Begun,
    Finishing,
    NewLink,
    OutsideFilter,
    OutsideView,
    Providers,
    ProviderView,
)
from services.registry.providers.store import ACCOUNT, ACCOUNTS
from services.registry.versions.schemas import Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["people"])
Administrator = Annotated[Caller, may("admin")]


def _desk(running: Running) -> Desk:
    return Desk(running.db, running.keyring, running.passwords, running.settings.region)


@router.get(
    "/providers",
    operation_id="providers_list",
    summary="By way of whom people sign in",
    response_model=Providers,
    responses=problems(),
)
async def list_providers(running: Running) -> Response:
    """For a page with buttons: public."""
    every = [ProviderView(name=each.name, label=each.label) for each in running.providers.values()]
    return await whole(Providers(items=every))


@router.post(
    "/logins",
    operation_id="login_begin",
    summary="Begin to sign in by way of a provider",
    status_code=201,
    responses=problems(),
)
async def begin_login(body: Beginning, running: Running, response: Response) -> Begun:
    """Send the browser to `authorization_url` and keep `login`; the browser comes back with `state` and `code`."""
    response.headers["Cache-Control"] = "no-store"
    return await service.begin(_desk(running), running.providers, body)


@router.post(
    "/logins:finish",
    operation_id="login_finish",
    summary="Finish it",
    status_code=201,
    responses=problems(),
)
async def finish_login(body: Finishing, running: Running, response: Response) -> SessionAnswer:
    """A session, where an administrator has linked the account; else 403 `not-linked`, and the account waits for that."""
    response.headers["Cache-Control"] = "no-store"
    return await service.finish(_desk(running), running.providers, body)


@router.get(
    "/outside-accounts",
    operation_id="outside_accounts_list",
    summary="Outside accounts, linked and waiting",
    response_model=Listed[OutsideView],
    responses=problems(),
)
async def list_accounts(caller: Administrator, db: Db, asked: Annotated[OutsideFilter, Query()]) -> Response:
    """The latest first."""
    return await page_of(db, ACCOUNTS, asked, region=caller.region, unit_path=caller.unit_path)


@router.post(
    "/outside-accounts",
    operation_id="outside_account_link",
    summary="Say whose an outside account is",
    status_code=201,
    response_model=OutsideView,
    responses=problems(409),
)
async def link_account(body: NewLink, caller: Administrator, session: Edge, running: Running) -> Response:
    """One that waits, or one that never came yet; a person's or a unit's. A person's roles beyond the caller's lapse."""
    made = await service.link(session, caller, running.providers, body)
    found = await ACCOUNT.fetch(
        await driver_of(session), region=caller.region, account=made, unit_path=caller.unit_path
    )
    answer = as_json("" if found is None else found[0])
    answer.status_code = 201
    return answer


@router.delete(
    "/outside-accounts/{account}",
    operation_id="outside_account_unlink",
    summary="Take a link away",
    status_code=204,
    responses=problems(404),
)
async def unlink_account(
    account: Annotated[uuid.UUID, Path(description="id of the outside account")], caller: Administrator, session: Edge
) -> None:
    """It signs nobody in from now on. Twice is once."""
    await service.unlink(session, caller, account)
