"""Errors as the caller reads them: RFC 9457 problems, in Chinese or English, each with what would be right."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.kit.telemetry import trace_id
from services.kit.terms import term

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
ON_EVERY_ANSWER = "duban.headers"
"""Where a request's scope keeps the headers that every answer to it has, as ASGI writes them."""
QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
DESCRIBED = frozenset(map(chr, range(0x20, 0x7F))) - {'"', "\\"}
"""The characters of an `error_description` (RFC 6749, 5.2)."""
TITLES = {
    400: ("Bad request", "请求有误"),
    401: ("Not signed in", "未认证"),
    403: ("Not allowed", "无权限"),
    404: ("Not found", "未找到"),
    405: ("Method not allowed", "不支持该方法"),
    406: ("Not in that form", "不提供该格式"),
    408: ("Too slow", "请求超时"),
    409: ("Conflict", "冲突"),
    412: ("Out of date", "版本已过期"),
    413: ("Too large", "内容过大"),
    415: ("Unsupported media type", "不支持的内容类型"),
    422: ("Cannot be taken", "内容不符合要求"),
    428: ("If-Match needed", "缺少 If-Match"),
    429: ("Too many requests", "请求过多"),
    500: ("Internal error", "系统内部错误"),
    503: ("Not available now", "暂不可用"),
}


class Fault(BaseModel):
    """One thing that is wrong with what was sent, and where."""

    pointer: str = Field(description="JSON pointer, or row and field of a file", examples=["/body/reports/3/value"])
    code: str = Field(description="stable name of the kind of fault", examples=["unit-mismatch"])
    detail: str = Field(description="what was wrong and what would be right")


class Problem(BaseModel):
    """RFC 9457 problem details; every error of every service has this shape."""

    type: str = Field(description="URN of the kind of problem, made of `code`", examples=["urn:duban:problem:stale"])
    title: str = Field(description="what the status means, in the language of `detail`")
    status: int = Field(description="the status of the answer, as in its first line", examples=[412])
    detail: str = Field(
        description="what was wrong and what would be right, in Chinese or English as `Accept-Language` asks"
    )
    code: str = Field(description="stable name of the problem; texts may change, this does not")
    trace_id: str = Field(description="what to quote when asking about this request")
    errors: list[Fault] = Field(
        default_factory=list,
        description="each single fault and where it is; empty where the problem is no fault of a field",
    )


class Refused(Exception):  # noqa: N818 - what happened is a refusal, not a defect
    """What was asked cannot be done. Says what was wrong and what would be right, in English and Chinese."""

    code = "refused"
    status = 422
    retry_after = 2
    """Seconds after which it may be tried again, where the status says that it may be."""
    challenge = 'Bearer realm="duban"'
    """How to sign in, where the status says that nobody is (RFC 6750, 3)."""
    oauth: str | None = None
    """The `error` of RFC 6749, 5.2, of what the token endpoint refuses: OAuth libraries go by it."""

    def __init__(
        self, detail: str, *, zh: str | None = None, pointer: str | None = None, faults: Sequence["Faulty"] = ()
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.zh = zh or detail
        self.pointer = pointer
        self.faults = tuple(faults)

    def in_language(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.zh if language == "zh" else self.detail


class Faulty:
    """One fault among several of one refusal: where, which kind, and the sentence in both languages."""

    __slots__ = ("code", "en", "pointer", "zh")

    def __init__(self, pointer: str, code: str, en: str, zh: str) -> None:
        self.pointer, self.code, self.en, self.zh = pointer, code, en, zh

    def __repr__(self) -> str:
        return f"{self.pointer}: {self.code}: {self.en}"


class NotFound(Refused):
    """There is no such thing, or it is not the caller's to see: both look the same from outside."""

    code = "not-found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        named = what.replace("_", " ")
        super().__init__(f"no {named} {key} that you may see", zh=f"没有可见的{term(what)}：{key}")


class Unreadable(Refused):
    """The body is nothing that could be taken apart: no UTF-8, no form, nested without end."""

    code = "unreadable-body"


class Conflict(Refused):
    """It cannot be done in the state that things are in."""

    code = "conflict"
    status = 409


class MatchMissing(Refused):
    """A replacement or a decision did not say which version it is about."""

    code = "if-match-missing"
    status = 428

    def __init__(self) -> None:
        super().__init__(
            "send If-Match with the ETag of the version that you read and replace or decide",
            zh="请在 If-Match 中给出您所读取并据以修改或审定的版本的 ETag",
        )


class Stale(Refused):
    """Someone else replaced it meanwhile."""

    code = "stale"
    status = 412

    def __init__(self, version: int | str) -> None:
        super().__init__(
            f'it is at version "{version}" now; read it again and repeat the change',
            zh=f"当前版本为 {version}，请重新读取后再修改",
        )


class WeakTag(Refused):
    """A weak tag says that two answers mean the same, not that they are the same version: none is replaced by it."""

    code = "weak-etag"
    status = 412

    def __init__(self, version: int | str) -> None:
        super().__init__(
            f"a weak tag (W/) in If-Match never matches (RFC 9110, 13.1.1): send the ETag as it was answered, without W/; "
            f'it is at version "{version}" now',
            zh=f"If-Match 中的弱标签（W/）不作匹配（RFC 9110 第 13.1.1 节）：请原样送回所读取的 ETag，不带 W/；当前版本为 {version}",
        )


def check_match(if_match: str | None, version: int | str) -> None:
    """Refuse unless `If-Match` names `version`, or says `*`. Tags are compared strongly (RFC 9110, 13.1.1)."""
    if if_match is None:
        raise MatchMissing
    tags = {tag.strip() for tag in if_match.split(",")}
    if {tag.strip('"') for tag in tags}.isdisjoint({str(version), "*"}):
        raise WeakTag(version) if any(tag.startswith("W/") for tag in tags) else Stale(version)


def check_seen(if_match: str | None, version: int | str) -> None:
    """Refuse an act on what is not as its caller saw it, where `If-Match` tells what that was."""
    if if_match is not None:
        check_match(if_match, version)


class Unavailable(Refused):
    """Something this answer needs is not there now; asking again later is right."""

    code = "unavailable"
    status = 503


def language_of(request: Request) -> str:
    """`en` where the caller likes that better than Chinese (RFC 9110, 12.5.4), else `zh`."""
    liked = {"en": 0.0, "zh": 0.0}
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, *options = (piece.strip().lower() for piece in part.split(";"))
        language, weight = tag.partition("-")[0], next((each[2:] for each in options if each.startswith("q=")), "1")
        if language in liked and QUALITY.fullmatch(weight):
            # Of two that are liked equally the first is meant.
            liked[language] = max(liked[language], float(weight) - place * 1e-6)
    return "en" if liked["en"] > liked["zh"] else "zh"


def described(
    status: int, code: str, detail: str, *, language: str, trace: str, errors: Sequence[Fault] = ()
) -> Problem:
    """A problem as it is told in `language`."""
    en, zh = TITLES.get(status, ("Error", "错误"))
    return Problem(
        type=f"urn:duban:problem:{code}",
        title=zh if language == "zh" else en,
        status=status,
        detail=detail,
        code=code,
        trace_id=trace,
        errors=list(errors),
    )


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    language: str = "zh",
    errors: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response, with `more` members where its kind has them (RFC 9457, 3.2)."""
    body = described(status, code, detail, language=language, trace=trace_id.get(), errors=errors)
    return Response(
        orjson.dumps({**body.model_dump(), **(more or {})}),
        status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, **(headers or {})},
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors an operation can answer, for its OpenAPI entry."""
    return {
        status: {
            "description": TITLES[status][0],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({401, 403, 422, 500, 503, *statuses})
    }


def refused(request: Request, refusal: Exception) -> Response:
    """A refusal as a problem, in the language of the request."""
    assert isinstance(refusal, Refused)  # noqa: S101 - the handler is registered for this class
    language = language_of(request)
    errors = [
        Fault(pointer=fault.pointer, code=fault.code, detail=fault.zh if language == "zh" else fault.en)
        for fault in refusal.faults
    ]
    detail = refusal.in_language(language)
    if refusal.pointer is not None:
        errors.insert(0, Fault(pointer=refusal.pointer, code=refusal.code, detail=detail))
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.status in {429, 503} else {}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = refusal.challenge
    more = {} if refusal.oauth is None else _of_oauth(refusal.oauth, refusal.detail)
    return problem(refusal.status, refusal.code, detail, language=language, errors=errors, headers=headers, more=more)


def _of_oauth(error: str, detail: str) -> dict[str, str]:
    """What OAuth libraries read of a refusal; RFC 6749 allows few characters in a description."""
    return {"error": error, "error_description": "".join(letter for letter in detail if letter in DESCRIBED)}
