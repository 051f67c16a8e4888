"""The embedded mailbox: every mail that was handed over, on this machine."""

import html
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.kit.auth import Caller, may
from services.kit.errors import NotFound, Refused, problems
from services.kit.reads import LIMIT
from services.notifier.channels import store
from services.notifier.channels.schemas import NOTE, Mailbox

router = APIRouter(prefix="/v1/mailbox", tags=["mailbox"])


class NotWhole(Refused):
    """The mailbox shows everybody's mail."""

    code = "mailbox-is-whole"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "the mailbox shows every unit's mail: only who sees the whole region may read it",
            zh="邮箱包含所有单位的邮件，仅限可见全区的调用方",
        )


@router.get(
    "",
    operation_id="mailbox_read",
    summary="The mails that the embedded mail server kept",
    response_model=Mailbox,
    responses={200: {"content": {"text/html": {}}}, **problems(404)},
)
async def read_mailbox(
    request: Request,
    caller: Annotated[Caller, may("notices:read")],
    limit: Annotated[int, Query(ge=1, le=LIMIT, description="mails on a page")] = 50,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next` of the page before, unchanged")] = None,
    message_id: Annotated[str | None, Query(max_length=200, description="only mails of this Message-ID")] = None,
) -> Response:
    """Embedded only. In the order in which they came; a page for people with `Accept: text/html`."""
    parts = request.app.state.parts
    if not parts.settings.embedded:
        raise NotFound("mailbox", "")
    if caller.unit_path:
        raise NotWhole
    async with parts.db.driver() as driver:
        given = {"message_id": message_id}
        page = orjson.loads(
            await store.mails.fetch(driver, limit=limit, cursor=cursor, given=given, region=caller.region)
        )
        counted = await store.count.fetch(driver, region=caller.region)
    answer = {"note": NOTE, "mails": orjson.loads(counted[0])["mails"] if counted else 0, **page}
    if "text/html" in request.headers.get("accept", ""):
        return Response(_page(answer), media_type="text/html; charset=utf-8")
    return Response(orjson.dumps(answer), media_type="application/json")


def _page(mailbox: dict[str, Any]) -> str:
    mails = "".join(
        f"<article><h2>{html.escape(mail['subject'])}</h2><p>{html.escape(mail['sent_at'])}<br>"
        f"收件人 To: {html.escape(mail['to'])}<br>抄送 Cc: {html.escape(mail['cc']) or '—'}</p>"
        f"<pre>{html.escape(mail['text'])}</pre></article>"
        for mail in mailbox["items"]
    )
    return (
        "<!doctype html><html lang='zh'><meta charset='utf-8'><title>督办 · 邮箱</title>"
        "<style>body{font:16px/1.6 sans-serif;max-width:46rem;margin:2rem auto}"
        "article{border-top:1px solid #ccc}pre{white-space:pre-wrap}</style>"
        f"<h1>邮箱（{mailbox['mails']} 封）</h1><p><strong>{html.escape(NOTE)}</strong></p>{mails}</html>"
    )
