"""The ladders' SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.kit.db import Session
from services.kit.reads import One
from services.notifier.ladders.rules import Rulebook, rulebook
from services.notifier.ladders.tables import LadderVersion, Supervision

_versions = select(LadderVersion).order_by(col(LadderVersion.number).desc()).limit(1)


def _content(name: str) -> Any:  # noqa: ANN401 - a JSON expression
    return col(LadderVersion.content)[name].label(name)


supervised = One(
    select(
        col(Supervision.plan),
        col(Supervision.header)["name"].label("name"),
        col(Supervision.version),
        col(LadderVersion.number).label("ladder_version"),
        col(LadderVersion.recorded_at),
        *(_content(name) for name in ("ladder", "sending", "digests")),
    )
    .join(
        LadderVersion,
        (col(LadderVersion.region) == col(Supervision.region)) & (col(LadderVersion.plan) == col(Supervision.plan)),
    )
    .where(col(Supervision.region) == bindparam("region"), col(Supervision.plan) == bindparam("plan"))
    .order_by(col(LadderVersion.number).desc())
    .limit(1),
    what="plan",
)


async def supervision(session: Session, region: str, plan: str) -> Supervision | None:
    """What was applied last."""
    return await session.get(Supervision, (region, plan))


async def latest(session: Session, region: str, plan: str) -> LadderVersion | None:
    """The latest version of how a plan is supervised."""
    found = await session.scalars(_versions.where(col(LadderVersion.region) == region, col(LadderVersion.plan) == plan))
    return found.first()


async def put(session: Session, applied: Supervision, version: LadderVersion | None) -> None:
    """Note what was applied, and the version it made, if any."""
    row = applied.model_dump()
    await session.execute(
        upsert(Supervision).values(row).on_conflict_do_update(index_elements=["region", "plan"], set_=row)
    )
    if version is not None:
        session.add(version)
        await session.flush()


async def in_force(session: Session, region: str, plan: str, at: datetime) -> Rulebook | None:
    """The rules in force at `at`: the latest recorded up to then, or the first there were."""
    recorded, number = col(LadderVersion.recorded_at), col(LadderVersion.number)
    found = await session.scalars(
        select(LadderVersion)
        .where(col(LadderVersion.region) == region, col(LadderVersion.plan) == plan)
        .order_by((recorded <= at).desc(), case((recorded <= at, -number), else_=number))
        .limit(1)
    )
    return await _rulebook(session, found.first())


async def numbered(session: Session, region: str, plan: str, number: int) -> Rulebook | None:
    """One version of the rules."""
    return await _rulebook(session, await session.get(LadderVersion, (region, plan, number)))


async def _rulebook(session: Session, version: LadderVersion | None) -> Rulebook | None:
    if version is None:
        return None
    applied = await supervision(session, version.region, version.plan)
    zone = applied.header["time_zone"] if applied is not None else "Asia/Shanghai"
    return rulebook(version.plan, version.number, version.recorded_at, zone, version.content)
