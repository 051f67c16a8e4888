"""Audit (审计): who did what, when, with what before and after; written in the transaction of the deed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.kit.auth import Caller
from services.kit.clock import business_now
from services.kit.db import Session, uuid7


class AuditRow(SQLModel):
    """The columns of a service's own audit table. Positions and hashes are a sealer's, after the commit, as for feeds."""

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    position: int | None = Field(default=None, unique=True)
    at: datetime = Field(sa_type=DateTime(timezone=True))
    client_id: str
    act: str
    subject: str | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


async def record(
    session: Session,
    table: type[AuditRow],
    caller: Caller,
    act: str,
    *,
    subject: str | None = None,
    at: datetime | None = None,
    **details: object,
) -> None:
    """Write down one deed; `details` hold what changed, never secrets or whole addresses."""
    session.add(
        table(
            region=caller.region,
            at=at or await business_now(session),
            client_id=caller.client_id,
            act=act,
            subject=subject,
            details=details,
        )
    )
