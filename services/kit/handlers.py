"""Every error of an app, the framework's and the database's included, as the problem that it is answered with."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.kit import framework
from services.kit.errors import ON_EVERY_ANSWER, Fault, Refused, Unreadable, language_of, problem, refused
from services.kit.sentences import said_of
from services.kit.telemetry import trace_id

log = logging.getLogger(__name__)
AWAY = ("08", "53", "57")
"""Classes of SQLSTATE: connection lost, out of resources, shut down or starting up, a statement that took too long."""
HELD_UP = "55P03"
"""A lock was not given in time: of two who write, the other one is not done."""
BUSY = frozenset({"40P01", "40001"})
"""A deadlock, a lost race."""
CUT_OFF = (asyncpg.InterfaceError, asyncpg.InternalClientError)
NOT_TEXT = frozenset({"22021", "22P05"})
"""What was sent holds U+0000, which JSON knows and Postgres does not."""


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for this class
    language = language_of(request)
    if any(fault["loc"] == ("body",) and isinstance(fault["input"], bytes) for fault in error.errors()):
        # FastAPI parses nothing that is not declared to be JSON: the whole body is at fault, as bytes.
        kind = request.headers.get("content-type") or "-"
        told = (
            f"请以 application/json 发送（收到 {kind}）" if language == "zh" else f"send application/json, not {kind}"
        )
        return problem(415, framework.CODES[415], told, language=language)
    endpoint, route = request.scope.get("endpoint"), request.scope.get("route")
    errors = []
    for fault in error.errors():
        en, zh = said_of(
            fault, endpoint, getattr(route, "response_model", None), getattr(request.app.state, "codes", None)
        )
        errors.append(
            Fault(
                pointer=_pointer(fault, error.body),
                code=fault["type"].replace("_", "-"),
                detail=zh if language == "zh" else en,
            )
        )
    detail = f"{len(errors)} 处不符合要求" if language == "zh" else f"{len(errors)} thing(s) cannot be taken"
    return problem(422, "invalid", detail, language=language, errors=errors)


def _pointer(fault: Mapping[str, Any], body: object) -> str:
    """Where a fault stands in what was sent.

    Pydantic names among the steps which alternative of a union it tried, by the tag that chose it (`acts/0/rename/name`);
    that is no place in the body. Where the tag itself is wrong, it is the tag's field that is at fault.
    """
    inner = fault["loc"][:1] == ("body",)
    steps, at = [], body
    for nth, step in enumerate(fault["loc"]):
        if nth and inner and nth + 1 < len(fault["loc"]) and isinstance(at, dict) and _is_tag(step, at):
            continue
        steps.append(str(step))
        if nth and inner:
            at = at.get(step) if isinstance(at, dict) else _nth(at, step)
    if fault["type"].startswith("union_tag"):
        steps.append(fault["ctx"]["discriminator"].strip("'"))
    return "/" + "/".join(steps)


def _is_tag(step: object, at: Mapping[str, object]) -> bool:
    return step not in at and step in [value for value in at.values() if isinstance(value, str)]


def _nth(at: object, step: object) -> object:
    return at[step] if isinstance(at, list) and isinstance(step, int) and 0 <= step < len(at) else None


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    headers, language = dict(error.headers or {}), language_of(request)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # a body that could not be read at all
        en, zh = framework.said(request, error)
        return refused(request, Unreadable(en, zh=zh, pointer="/body"))
    en, zh = framework.said(request, error)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(framework.allowed(request))
    code = framework.CODES.get(error.status_code, "http")
    return problem(error.status_code, code, zh if language == "zh" else en, language=language, headers=headers)


def _database(request: Request, error: Exception) -> Response:
    log.warning("database not available: %s", error)
    return _later(request, "the database is not available now; try again", "数据库暂不可用，请稍后重试")


def _held_up(request: Request, error: Exception) -> Response:
    log.warning("somebody else writes: %s", error)
    return _later(
        request,
        "somebody else is writing, such as an import; nothing was changed, try again",
        "有其他写入正在进行（例如导入），本次未作任何更改，请稍后重试",
    )


def _later(request: Request, en: str, zh: str) -> Response:
    language = language_of(request)
    detail = zh if language == "zh" else en
    return problem(503, "unavailable", detail, language=language, headers={"Retry-After": "2"})


def _dbapi(request: Request, error: Exception) -> Response:
    """An error of Postgres or of the way to it: through the ORM, by the driver itself, or while connecting."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or ""
    if state == HELD_UP:
        return _held_up(request, error)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or _connection_closed(cause) or state.startswith(AWAY) or state in BUSY:
        return _database(request, error)
    if state in NOT_TEXT:
        language = language_of(request)
        detail = "内容中含有 U+0000 字符" if language == "zh" else "a text holds the character U+0000"
        return problem(422, "invalid", detail, language=language)
    return _internal(request, error)


def _connection_closed(error: BaseException | None) -> bool:
    """Whether the driver could not even ask, or lost its state when it was cut off.

    Its other interface errors are ValueErrors: defects of ours.
    """
    return isinstance(error, CUT_OFF) and not isinstance(error, ValueError)


def _gone(request: Request, error: Exception) -> Response:
    """Whoever sent it went away before all of it was there: nobody hears this, and nothing was written."""
    log.info("the sender went away: %s", type(error).__name__)
    language = language_of(request)
    detail = "请求未发送完整" if language == "zh" else "the request did not come whole"
    return problem(400, "broken-off", detail, language=language)


def _internal(request: Request, error: Exception) -> Response:
    log.error("defect", exc_info=error)
    language = language_of(request)
    detail = "系统内部错误，已记录" if language == "zh" else "an internal error, which was logged"
    return problem(500, "internal", detail, language=language)


def _defect(request: Request, error: Exception) -> Response:
    """Answered outside of every middleware of ours, so what these put on an answer is put on here."""
    answer = _internal(request, error)
    answer.headers["X-Request-Id"] = trace_id.get()
    answer.raw_headers.extend(request.scope.get(ON_EVERY_ANSWER, ()))
    return answer


def install(app: Starlette) -> None:
    """Answer every error of `app`, the framework's included, as a problem."""
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for of_database in (DBAPIError, AsyncAdapt_asyncpg_dbapi.Error, asyncpg.PostgresError, *CUT_OFF):
        app.add_exception_handler(of_database, _dbapi)
    app.add_exception_handler(PoolTimeoutError, _database)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(OSError, _database)
    app.add_exception_handler(Exception, _defect)
