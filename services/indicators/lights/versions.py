"""Light policies as plan files bring them: read as the file writes them, appended, ended. Speaks SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from services.indicators.lights.tables import LightPolicy
from services.kit.db import Session
from services.plan_file.measuring import Policy as Written

Document = dict[str, JsonValue]


async def in_force(session: Session, region: str) -> list[LightPolicy]:
    """The latest versions of the region's policies, without the withdrawn."""
    found = await session.scalars(
        select(LightPolicy)
        .where(col(LightPolicy.region) == region)
        .ext(distinct_on(col(LightPolicy.code)))
        .order_by(col(LightPolicy.code), col(LightPolicy.recorded_at).desc())
    )
    return [row for row in found if not row.withdrawn]


async def held(session: Session, region: str, plan: str) -> dict[tuple[str, str], Document]:
    """A plan's policies in force, as its file writes them."""
    return {
        ("policy", row.code): {"code": row.code, "name": row.name, **row.document}
        for row in await in_force(session, region)
        if row.plan == plan
    }


async def put(
    session: Session, region: str, plan: str, written: Iterable[Written], *, at: datetime, keep: bool
) -> None:
    """Add versions of policies, or replace what there is."""
    for policy in written:
        if not keep:
            await _forget(session, region, policy.code)
        document = policy.model_dump(mode="json", exclude={"code", "name"})
        row = {
            "region": region,
            "code": policy.code,
            "recorded_at": at,
            "plan": plan,
            "name": policy.name,
            "document": document,
            "withdrawn": False,
        }
        await session.execute(insert(LightPolicy).values(row))


async def end(session: Session, region: str, codes: Sequence[str], *, at: datetime, keep: bool) -> None:
    """End policies: a version that says so, or nothing left of them where none is to be kept."""
    for row in await in_force(session, region):
        if row.code not in codes:
            continue
        if keep:
            await session.execute(insert(LightPolicy).values(row.model_dump() | {"recorded_at": at, "withdrawn": True}))
        else:
            await _forget(session, region, row.code)


async def _forget(session: Session, region: str, code: str) -> None:
    await session.execute(delete(LightPolicy).where(col(LightPolicy.region) == region, col(LightPolicy.code) == code))
