"""Where logs are kept that sheets add to. Speaks SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, Text, bindparam, func, select

from services.kit.db import Session, copy_rows, give_time
from services.registry.schema import Table
from services.registry.versions.rules import Content
from services.registry.versions.store import Stamp

BLOCK: Final = 50_000
STATEMENT_SECONDS: Final = 60
"""A request's statements have 5 s; a ledger of many years is read and written as a whole."""


async def entries(
    session: Session, log: str, region: str, fields: Sequence[str], plans: Collection[str]
) -> list[Content]:
    """What the entries of some plans say in some fields, whatever became of them since."""
    columns: Any = Table.metadata.tables[f"registry.{log}"].c
    await give_time(session, STATEMENT_SECONDS)
    found = select(*(columns[name] for name in fields)).where(
        columns.region == region, columns.plan == func.any(bindparam("plans", type_=ARRAY(Text)))
    )
    return [dict(row) for row in (await session.execute(found, {"plans": sorted(plans)})).mappings()]


async def add(session: Session, log: str, stamp: Stamp, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add entries, which have their ids."""
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        names = tuple(block[0])
        records = [(stamp.region, stamp.recorded_at, stamp.by, *(row[name] for name in names)) for row in block]
        await copy_rows(session, f"registry.{log}", ("region", "recorded_at", "by", *names), records)
