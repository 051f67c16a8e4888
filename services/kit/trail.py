"""The audit trail over HTTP, the same in every service: its entries, and an anchor of its chain."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Text, bindparam, cast, func, literal_column, select

from services.kit import audit
from services.kit.audit import INSTANT, AuditRow
from services.kit.auth import Caller, Forbidden, may
from services.kit.clock import Instant
from services.kit.codes import CodeLists, code_list
from services.kit.db import Database
from services.kit.errors import problems
from services.kit.exports import paged
from services.kit.heads import offered
from services.kit.paging import Counted, Next
from services.kit.reads import LIMIT, Page

TAG = {"name": "audit", "description": "who did what, chained by hash 审计"}
DIGEST = r"^[0-9a-f]{64}$"
Order = Literal["latest", "earliest"]
ORDERS = code_list(
    "audit-orders",
    "审计记录排序",
    "orders of the audit trail",
    {"latest": ("最新在前", "latest first"), "earliest": ("最早在前", "earliest first")},
    Order,
)


class AuditEntry(BaseModel):
    """A deed as it was sealed."""

    position: int = Field(description="counts from 1 within the service and the region, without a gap")
    region: str = Field(description="GB/T 2260 code", examples=["330109"])
    id: str = Field(description="key of the entry, a UUIDv7", examples=["0197f3a0-5b1c-7c3e-8f5a-0d9b4a1c2e3f"])
    at: str = Field(description="by the business clock, in UTC", examples=["2018-07-16T01:00:00.000000Z"])
    client_id: str = Field(description="who did it: a client, or person:NAME", examples=["statistics-desk"])
    act: str = Field(description="what was done", examples=["unit.replace"])
    subject: str | None = Field(description="to what, as kind:code", examples=["unit:economy_information"])
    details: dict[str, object] = Field(description="what changed; never secrets or whole addresses")
    hash: str = Field(
        pattern=DIGEST, description="SHA-256 over the hash of the entry before and this entry (docs/reference/audit.md)"
    )


class AuditPage(BaseModel):
    """One page of entries."""

    items: list[AuditEntry] = Field(description="deeds in the order that was asked for")
    next: Next
    total: Counted = None


OFFER = offered(
    "审计记录",
    AuditPage,
    {
        "position": "序号（position）",
        "region": "地区（region）",
        "id": "内部编号（id）",
        "at": "时间（at）",
        "client_id": "账号（client_id）",
        "act": "操作（act）",
        "subject": "对象（subject）",
        "details": "详情（details）",
        "hash": "校验值（hash）",
    },
    codes=CodeLists(),
)
"""The trail as a file. Its instants are texts, as they were sealed."""


class AuditAnchor(BaseModel):
    """The end of the chain. Kept elsewhere, it shows later that nothing up to here was cut off or computed anew."""

    service: str = Field(description="whose chain it is", examples=["registry"])
    region: str = Field(description="of which region, by GB/T 2260 code", examples=["330109"])
    position: int = Field(description="of the last entry in the chain; 0 where there is none")
    hash: str = Field(pattern=DIGEST, description="of the last entry; zeros where there is none")
    anchor: str = Field(description="all of it in one line, as `duban audit verify --anchor` takes it")


class AuditFilter(BaseModel):
    """Which entries."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = Field(default=None, max_length=100, description="only what this caller did")
    act: str | None = Field(
        default=None, max_length=100, description="only entries of this act", examples=["key.revoke"]
    )
    subject: str | None = Field(
        default=None, max_length=300, description="only entries about this object", examples=["client:desk"]
    )
    since: Instant | None = Field(default=None, description="at this instant of the business clock or later")
    until: Instant | None = Field(default=None, description="before this instant of the business clock")
    order: Order = Field(default="latest", description="which entry comes first")
    limit: int = Field(default=50, ge=1, le=LIMIT, description="entries on a page")
    cursor: str | None = Field(default=None, max_length=2000, description="`next` of the page before, unchanged")
    total: bool = Field(default=False, description="count all pages too")


def _page(table: type[AuditRow], *, latest_first: bool) -> Page:
    columns = table.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    return Page(
        select(
            columns.position,
            columns.region,
            cast(columns.id, Text).label("id"),
            literal_column(INSTANT).label("at"),
            columns.client_id,
            columns.act,
            columns.subject,
            columns.details,
            func.encode(columns.hash, "hex").label("hash"),
        ).where(columns.region == bindparam("region"), columns.position.is_not(None)),
        sort=columns.position,
        identity=columns.id,
        filters={
            "client_id": columns.client_id == bindparam("client_id"),
            "act": columns.act == bindparam("act"),
            "subject": columns.subject == bindparam("subject"),
            "since": columns.at >= bindparam("since"),
            "until": columns.at < bindparam("until"),
        },
        descending=latest_first,
    )


def _whole_region(caller: Caller) -> str:
    """The region of an auditor: what is audited is the region's, not a unit's."""
    if caller.unit_path:
        raise Forbidden("the audit trail is for callers that see every unit", zh="审计记录仅供可见全部单位的账号查阅")
    return caller.region


def trail(table: type[AuditRow]) -> APIRouter:
    """The routes of a service's trail."""
    router = APIRouter(prefix="/v1", tags=["audit"])
    latest, earliest = _page(table, latest_first=True), _page(table, latest_first=False)
    auditor = Annotated[Caller, may("audit:read")]

    @router.get(
        "/audit",
        operation_id="audit_list",
        summary="Who did what",
        response_model=AuditPage,
        responses=problems(),
    )
    async def list_audit(caller: auditor, request: Request, asked: Annotated[AuditFilter, Query()]) -> Response:
        """Every deed that was committed before the call. `order=earliest` gives the chain from its first entry on."""
        region, db = _whole_region(caller), _db(request)
        await audit.seal(db, table)
        return await paged(
            db,
            latest if asked.order == "latest" else earliest,
            limit=asked.limit,
            cursor=asked.cursor,
            total=asked.total,
            given=asked.model_dump(exclude={"order", "limit", "cursor", "total"}, exclude_none=True),
            values={"region": region},
        )

    @router.get(
        "/audit/anchor",
        operation_id="audit_anchor",
        summary="The end of the audit chain",
        responses=problems(),
    )
    async def read_anchor(caller: auditor, request: Request) -> AuditAnchor:
        """Keep it where nobody writes who can write to the database; the worker's log says one every hour too."""
        region, db = _whole_region(caller), _db(request)
        await audit.seal(db, table)
        async with db.driver() as driver:
            reached = await audit.head(driver, table, region)
        return AuditAnchor(
            service=reached.service,
            region=reached.region,
            position=reached.position,
            hash=reached.hash,
            anchor=str(reached),
        )

    return router


def _db(request: Request) -> Database:
    db: Database = request.app.state.parts.db
    return db
