"""People and their sessions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge, driver_of
from services.kit.errors import problems
from services.kit.manners import TAGGED
from services.registry.parts import Db, Running
from services.registry.people import service
from services.registry.people.schemas import (
    ChangedPerson,
    MadePerson,
    NewPerson,
    PasswordChange,
    PersonChange,
    PersonFilter,
    PersonInPath,
    PersonView,
    Refreshing,
    SessionAnswer,
    SignIn,
)
from services.registry.people.service import Desk
from services.registry.people.store import PEOPLE, PERSON
from services.registry.versions.schemas import ActMatch, IfMatch, Listed
from services.registry.versions.store import page_of

router = APIRouter(prefix="/v1", tags=["people"])
Administrator = Annotated[Caller, may("admin")]
NO_STORE = "no-store"


def _desk(running: Running) -> Desk:
    return Desk(running.db, running.keyring, running.passwords, running.settings.region)


@router.post(
    "/sessions",
    operation_id="session_begin",
    summary="Sign in with name and password",
    status_code=201,
    responses=problems(429),
)
async def begin_session(body: SignIn, running: Running, response: Response) -> SessionAnswer:
    """A token of ten minutes and a refresh token. Five failures within fifteen minutes lock the name until they lie back.

    Whether there is such a person is not said, nor told by the time that the answer takes.
    """
    response.headers["Cache-Control"] = NO_STORE
    return await service.sign_in(_desk(running), body)


@router.post(
    "/sessions:refresh",
    operation_id="session_refresh",
    summary="Get the next token of a session",
    responses=problems(),
)
async def refresh_session(body: Refreshing, running: Running, response: Response) -> SessionAnswer:
    """Each refresh token is used once. One that comes a second time is in two hands, and the session ends for both."""
    response.headers["Cache-Control"] = NO_STORE
    return await service.refresh(_desk(running), body.refresh_token)


@router.post("/sessions:end", operation_id="session_end", summary="Sign out", status_code=204, responses=problems())
async def end_session(body: Refreshing, running: Running) -> None:
    """The session ends; a token that was made before runs out within ten minutes."""
    await service.sign_out(_desk(running), body.refresh_token)


@router.put(
    "/password",
    operation_id="password_change",
    summary="Change one's password",
    status_code=204,
    responses=problems(429),
)
async def change_password(body: PasswordChange, running: Running) -> None:
    """Also the first one, which must be changed before anything else. Every running session of the person ends."""
    await service.change_password(_desk(running), body)


@router.post(
    "/people",
    operation_id="person_create",
    summary="Make an account for a person",
    status_code=201,
    responses=problems(409),
)
async def create_person(
    *, body: NewPerson, caller: Administrator, session: Edge, running: Running, request: Request, response: Response
) -> MadePerson:
    """Without any role: the security administrator grants those. The first password is shown this once."""
    made = await service.create(session, caller, running.passwords, body)
    await session.flush()
    response.headers["Location"] = f"{request.url.path}/{made.name}"
    response.headers["ETag"] = f'"{await PERSON.tag(await driver_of(session), **_key(caller, made.name))}"'
    return made


def _key(caller: Caller, name: str) -> dict[str, str]:
    return {"region": caller.region, "name": name, "unit_path": caller.unit_path}


@router.get(
    "/people",
    operation_id="people_list",
    summary="List people",
    response_model=Listed[PersonView],
    responses=problems(),
)
async def list_people(caller: Administrator, db: Db, asked: Annotated[PersonFilter, Query()]) -> Response:
    """By name, those of the caller's unit and below."""
    return await page_of(db, PEOPLE, asked, region=caller.region, unit_path=caller.unit_path)


@router.get(
    "/people/{name}",
    operation_id="person_read",
    summary="Read a person",
    response_model=PersonView,
    responses=problems(404),
)
async def read_person(name: PersonInPath, caller: Administrator, db: Db, request: Request) -> Response:
    """An account, also one out of use."""
    return await PERSON.answer(db, request, key=name, name=name, region=caller.region, unit_path=caller.unit_path)


@router.put(
    "/people/{name}",
    operation_id="person_replace",
    summary="Correct a person's display name or unit",
    responses=problems(404, 412, 428) | TAGGED,
)
async def replace_person(
    *,
    name: PersonInPath,
    body: PersonChange,
    caller: Administrator,
    session: Edge,
    response: Response,
    if_match: IfMatch = None,
) -> ChangedPerson:
    """With another unit every role of the person lapses and their sessions end: no role goes along unseen.

    The security administrator grants again what shall go on. A caller of a unit moves people within it.
    """
    changed = await service.replace(session, caller, name, body, if_match=if_match)
    response.headers["ETag"] = f'"{await PERSON.tag(await driver_of(session), **_key(caller, name))}"'
    return changed


@router.post(
    "/people/{name}:reset-password",
    operation_id="person_reset",
    summary="Give a person a new first password",
    responses=problems(404, 412),
)
async def reset_person(
    name: PersonInPath, caller: Administrator, session: Edge, running: Running, if_match: ActMatch = None
) -> MadePerson:
    """It also unlocks the name. Roles whose scopes go beyond the caller's lapse: nobody alone can take another's place."""
    await PERSON.check_seen(await driver_of(session), if_match, **_key(caller, name))
    return await service.reset(session, caller, running.keyring, running.passwords, name)


@router.post(
    "/people/{name}:disable",
    operation_id="person_disable",
    summary="Take an account out of use",
    status_code=204,
    responses=problems(404, 412),
)
async def disable_person(name: PersonInPath, caller: Administrator, session: Edge, if_match: ActMatch = None) -> None:
    """Its sessions end. Twice is once."""
    await PERSON.check_seen(await driver_of(session), if_match, **_key(caller, name))
    await service.set_use(session, caller, name, disabled=True)


@router.post(
    "/people/{name}:enable",
    operation_id="person_enable",
    summary="Take an account into use again",
    status_code=204,
    responses=problems(404, 412),
)
async def enable_person(name: PersonInPath, caller: Administrator, session: Edge, if_match: ActMatch = None) -> None:
    """With the password and the roles that it had."""
    await PERSON.check_seen(await driver_of(session), if_match, **_key(caller, name))
    await service.set_use(session, caller, name, disabled=False)
