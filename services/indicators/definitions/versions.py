"""Plans and indicators as plan files bring them: read as the file writes them, appended, ended. Speaks SQL."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import and_, delete, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.indicators.definitions.tables import Indicator, Plan, Series
from services.kit.db import Session, uuid7
from services.plan_file.measuring import BureauOfSubject
from services.plan_file.measuring import PlanIndicator as Written

Document = dict[str, JsonValue]
FIELDS = tuple(name for name in Written.model_fields if name != "bureau_by_subject")


async def plan_in_force(session: Session, region: str, code: str) -> Plan | None:
    """The plan's latest version."""
    return await session.scalar(
        select(Plan)
        .where(col(Plan.region) == region, col(Plan.code) == code)
        .order_by(col(Plan.recorded_at).desc())
        .limit(1)
    )


async def put_plan(session: Session, plan: Plan, *, keep: bool) -> None:
    """Add a version of a plan, or replace what there is where none is to be kept."""
    if not keep:
        await session.execute(delete(Plan).where(col(Plan.region) == plan.region, col(Plan.code) == plan.code))
    session.add(plan)
    await session.flush()


async def put_noted(session: Session, plan: Plan) -> None:
    """Keep what was noted on a plan's latest version: which file was applied last, and its order."""
    session.add(plan)
    await session.flush()


async def indicators_in_force(session: Session, region: str, codes: Collection[str] | None = None) -> list[Indicator]:
    """The latest versions of indicators, all or those with the codes, without the withdrawn."""
    query = select(Indicator).where(col(Indicator.region) == region).ext(distinct_on(col(Indicator.code)))
    if codes is not None:
        query = query.where(col(Indicator.code).in_(list(codes)))
    found = await session.scalars(query.order_by(col(Indicator.code), col(Indicator.recorded_at).desc()))
    return [row for row in found if not row.withdrawn]


async def held(session: Session, region: str, plan: str) -> dict[tuple[str, str], Document]:
    """A plan's indicators in force, as its file writes them; bureaus of subjects in the order of the subjects."""
    bureaus: dict[str, list[BureauOfSubject]] = {}
    named = await session.scalars(
        select(Series)
        .where(col(Series.region) == region, col(Series.bureau).is_not(None))
        .order_by(col(Series.subject))
    )
    for series in named:
        bureaus.setdefault(series.indicator, []).append(
            BureauOfSubject(subject=series.subject, bureau=series.bureau or "")
        )
    return {
        ("indicator", row.code): Written(
            **{name: getattr(row, name) for name in FIELDS}, bureau_by_subject=bureaus.get(row.code, [])
        ).model_dump(mode="json")
        for row in await indicators_in_force(session, region)
        if row.plan == plan
    }


async def put(
    session: Session, region: str, plan: str, written: Iterable[Written], *, at: datetime, keep: bool
) -> None:
    """Add versions of indicators, or replace what there is; the bureaus of their subjects stand with the series."""
    for indicator in written:
        if not keep:
            await _forget(session, region, indicator.code)
        row = {name: getattr(indicator, name) for name in FIELDS}
        row |= {"region": region, "plan": plan, "recorded_at": at, "withdrawn": False}
        await session.execute(insert(Indicator).values(row))
        bureaus = {each.subject: each.bureau for each in indicator.bureau_by_subject}
        for series in await session.scalars(
            select(Series).where(col(Series.region) == region, col(Series.indicator) == indicator.code)
        ):
            series.bureau = bureaus.pop(series.subject, None)
            session.add(series)
        session.add_all(
            Series(region=region, indicator=indicator.code, subject=subject, bureau=bureau)
            for subject, bureau in bureaus.items()
        )
        await session.flush()


async def end(session: Session, region: str, codes: Sequence[str], *, at: datetime, keep: bool) -> None:
    """End indicators: a version that says so, or nothing left of them where none is to be kept."""
    for row in await indicators_in_force(session, region, codes):
        if keep:
            values = row.model_dump() | {"recorded_at": at, "withdrawn": True}
            await session.execute(insert(Indicator).values(values))
        else:
            await _forget(session, region, row.code)


async def _forget(session: Session, region: str, code: str) -> None:
    await session.execute(delete(Indicator).where(col(Indicator.region) == region, col(Indicator.code) == code))


async def series_of(
    session: Session, region: str, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], object]:
    """The series of pairs of indicator and subject, made where they are not there yet."""
    if not wanted:
        return {}
    rows = [
        {"region": region, "id": uuid7(), "indicator": indicator, "subject": subject} for indicator, subject in wanted
    ]
    await session.execute(
        upsert(Series).values(rows).on_conflict_do_nothing(index_elements=["region", "indicator", "subject"])
    )
    found = await session.execute(
        select(col(Series.indicator), col(Series.subject), col(Series.id)).where(
            and_(col(Series.region) == region, col(Series.indicator).in_({indicator for indicator, _ in wanted}))
        )
    )
    return {(indicator, subject): identity for indicator, subject, identity in found}
