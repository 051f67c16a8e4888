"""What the framework refuses before any code of ours runs, said in our words: where nothing is, what is not taken there."""

from http import HTTPStatus
from typing import Final

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

CODES: Final = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "not-json",
}
LONGEST_PATH: Final = 200
"""So much of an unknown path is repeated."""


class BodyTooLarge(HTTPException):
    """More came than is taken. While a body is read, only the framework's own exceptions come through as they are."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"a body of at most {limit} bytes is taken")
        self.zh = f"请求内容最多 {limit} 字节"


def said(request: Request, error: HTTPException) -> tuple[str, str]:
    """What a refusal says, in English and Chinese."""
    path, (en, zh) = request.url.path[:LONGEST_PATH], _documents(request)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return f"there is nothing at {path}: {en}", f"没有此地址：{path}；{zh}"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        taken = allowed(request) or ["-"]
        return (
            f"{path} takes {', '.join(taken)}, not {request.method}: {en}",
            f"{path} 只接受 {'、'.join(taken)}，不接受 {request.method}；{zh}",
        )
    if error.status_code == HTTPStatus.BAD_REQUEST:
        why = type(error.__cause__).__name__ if error.__cause__ else error.detail
        return (
            f"the body cannot be read ({why}): send what the operation takes, texts in UTF-8, nested some levels at most",
            f"请求内容无法读取（{why}）：请按接口要求发送，文字使用 UTF-8 编码，嵌套层数不宜过多",
        )
    return error.detail, getattr(error, "zh", error.detail)


def _documents(request: Request) -> tuple[str, str]:
    """Where whoever asked can read what there is: of a service its document, of the whole the index."""
    root, document = request.scope.get("root_path", ""), getattr(request.app, "openapi_url", None)
    if document is None:
        return f"the documents of the services are listed at {root}/", f"各服务的接口文档见 {root}/"
    page = f"{root}{request.app.docs_url}"
    return f"read {page} or {root}{document}", f"接口文档见 {page} 或 {root}{document}"


def allowed(request: Request) -> list[str]:
    """Every method that a path takes. The framework names those of the first of its routes only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return sorted(
        {
            method
            for context in iter_route_contexts(request.app.routes)
            if context.methods and context.path_regex.match(path)
            for method in ({*context.methods, "HEAD"} if "GET" in context.methods else context.methods)
        }
    )
