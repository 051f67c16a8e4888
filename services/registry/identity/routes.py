"""Tokens and keys over HTTP."""

import base64
import binascii
import time
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.db import Edge, Session, driver_of
from services.kit.errors import MEDIA_TYPE, problems
from services.kit.exports import paged
from services.kit.manners import TOLD_WHERE
from services.kit.reads import as_json
from services.registry.identity import service
from services.registry.identity.rules import KEY_LENGTH, MEMBER, SCOPE_LENGTH, BadKey, check_asked
from services.registry.identity.schemas import (
    Jwks,
    KeyFilter,
    KeyView,
    MadeKey,
    NewKey,
    OAuthProblem,
    Renewal,
    Rotation,
    TokenAnswer,
)
from services.registry.identity.store import KEY, KEYS
from services.registry.parts import Db, Secrets
from services.registry.versions.schemas import ActMatch, Listed

router = APIRouter(prefix="/v1", tags=["identity"])
Administrator = Annotated[Caller, may("admin")]
KeyId = Annotated[uuid.UUID, Path(description="id of the key, as the list shows it")]


def _of_oauth() -> dict[str, Any]:
    """The problems of the token endpoint, for its OpenAPI entry; what they refer to is there for every problem."""
    schema = OAuthProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"description": "Refused, as RFC 6749 (5.2) names it", "content": {MEDIA_TYPE: {"schema": schema}}}


@router.post(
    "/token",
    operation_id="token_issue",
    summary="Exchange an API key for a token",
    responses=problems(400) | dict.fromkeys((400, 401), _of_oauth()),
)
async def issue_token(
    *,
    session: Edge,
    keyring: Secrets,
    request: Request,
    response: Response,
    grant_type: Annotated[
        str, Form(description="always client_credentials (RFC 6749, 4.4)", examples=["client_credentials"])
    ] = "",
    client_id: Annotated[
        str | None,
        Form(description="whose key it is; may be left out, the key says it", json_schema_extra={"maxLength": MEMBER}),
    ] = None,
    client_secret: Annotated[
        str | None, Form(description="the API key", json_schema_extra={"maxLength": KEY_LENGTH})
    ] = None,
    scope: Annotated[
        str | None, Form(description="fewer scopes than the key has", json_schema_extra={"maxLength": SCOPE_LENGTH})
    ] = None,
) -> TokenAnswer:
    """OAuth 2.0 client credentials: the API key is the secret, in the form or by HTTP Basic. A token holds 10 minutes.

    Its problems have the members `error` and `error_description` of RFC 6749 (5.2) beside ours.
    """
    response.headers["Cache-Control"] = "no-store"
    basic = _basic(request.headers.get("authorization"))
    if basic is not None:
        client_id, client_secret = basic
    key = check_asked(grant_type, client_id, client_secret, scope)
    return await service.issue(session, keyring, key, client_id=client_id, scope=scope)


def _basic(header: str | None) -> tuple[str, str] | None:
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadKey from error
    if len(key) > KEY_LENGTH:
        raise BadKey
    return client_id, key


@router.get(
    "/jwks",
    operation_id="jwks_read",
    summary="The keys by which tokens are checked",
    response_model=Jwks,
    responses=problems(),
)
async def read_jwks(keyring: Secrets) -> Response:
    """Public; fetch it again for a key id that is not known (RFC 7517). The next key is here long before it signs."""
    answer = as_json(keyring.jwks(time.time()))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@router.post(
    "/keys",
    operation_id="key_create",
    summary="Make an API key",
    status_code=201,
    responses=problems(409),
)
async def make_key(
    *, body: NewKey, caller: Administrator, session: Edge, keyring: Secrets, request: Request, response: Response
) -> MadeKey:
    """A key for a caller, shown this once; only a keyed hash is stored. It gives nothing that its maker has not.

    Roles of the client whose scopes go beyond the maker's lapse: the security administrator grants them again.
    """
    made = await service.make_key(session, keyring, caller, body)
    await _located(session, caller, response, made, request.url.path)
    return made


async def _located(session: Session, caller: Caller, response: Response, made: MadeKey, keys: str) -> None:
    """Say where a new key is read, and as what."""
    await session.flush()
    tag = await KEY.tag(await driver_of(session), **_key(caller, made.id))
    response.headers["Location"] = f"{keys}/{made.id}"
    response.headers["ETag"] = f'"{tag}"'


def _key(caller: Caller, key_id: uuid.UUID) -> dict[str, object]:
    return {"region": caller.region, "key_id": key_id, "unit_path": caller.unit_path}


@router.get(
    "/keys",
    operation_id="keys_list",
    summary="List API keys",
    response_model=Listed[KeyView],
    responses=problems(),
)
async def list_keys(caller: Administrator, db: Db, asked: Annotated[KeyFilter, Query()]) -> Response:
    """Who has keys, the latest first; the keys themselves are nowhere."""
    values = {"region": caller.region, "unit_path": caller.unit_path}
    return await paged(
        db,
        KEYS,
        limit=asked.limit,
        cursor=asked.cursor,
        total=asked.total,
        sort=asked.sort,
        given=asked.filters(),
        values=values,
    )


@router.get(
    "/keys/{key_id}",
    operation_id="key_read",
    summary="Read an API key",
    response_model=KeyView,
    responses=problems(404),
)
async def read_key(key_id: KeyId, caller: Administrator, db: Db, request: Request) -> Response:
    """Whose it is, what it may do and how long; the key itself is nowhere."""
    return await KEY.answer(db, request, key=key_id, **_key(caller, key_id))


@router.post(
    "/keys/{key_id}:rotate",
    operation_id="key_rotate",
    summary="Replace an API key",
    status_code=201,
    responses=problems(404, 409, 412) | TOLD_WHERE,
)
async def rotate_key(
    *,
    key_id: KeyId,
    body: Rotation,
    caller: Administrator,
    session: Edge,
    keyring: Secrets,
    request: Request,
    response: Response,
    if_match: ActMatch = None,
) -> MadeKey:
    """A new key with the same scopes, shown this once. The old one holds for the overlap, so that nobody is cut off.

    Roles of the client lapse as for a new key; a client that renews its own loses none.
    """
    await KEY.check_seen(await driver_of(session), if_match, **_key(caller, key_id))
    made = await service.rotate(session, keyring, caller, key_id, body)
    await _located(session, caller, response, made, request.url.path.rpartition("/")[0])
    return made


@router.post(
    "/keys:renew",
    operation_id="key_renew",
    summary="Renew one's own API key",
    status_code=201,
    responses=problems(409),
)
async def renew_key(body: Renewal, session: Edge, keyring: Secrets, response: Response) -> MadeKey:
    """By the client itself, with its present key: nobody else learns the new one, and no role lapses.

    It holds as long as the one before was made for.
    """
    response.headers["Cache-Control"] = "no-store"
    return await service.renew(session, keyring, body)


@router.delete(
    "/keys/{key_id}",
    operation_id="key_revoke",
    summary="Revoke an API key",
    status_code=204,
    responses=problems(404),
)
async def revoke_key(
    key_id: KeyId,
    caller: Administrator,
    session: Edge,
) -> None:
    """No token is made for it from now on; one that was made before runs out within ten minutes. Twice is once."""
    await service.revoke(session, caller, key_id)
