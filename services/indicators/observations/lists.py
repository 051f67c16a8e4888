"""Figures as they are read: versions of series, by what they are about. Speaks SQL."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy import String as Varchar
from sqlmodel import col

from services.indicators.definitions.lists import REGION, about, exact, latest_indicators, sought_series, visible
from services.indicators.definitions.tables import Series
from services.indicators.observations.tables import Observation
from services.kit.db import Session
from services.kit.reads import One, Page

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
CARRIED_NOTE: Final = "concat_ws('；', nullif({note}, ''), '原列 ' || {subject})"
"""What a figure says that the series of a survivor took over from that of an enterprise that was merged into it."""


def opened(key: str) -> tuple[uuid.UUID, date, datetime] | None:
    """The series, the last day of the period and the instant that a key names; None where it names nothing.

    A key is `series~day~microseconds since 1970`.
    """
    try:
        series, period_end, microseconds = key.split("~")
        return uuid.UUID(series), date.fromisoformat(period_end), EPOCH + timedelta(microseconds=int(microseconds))
    except (ValueError, OverflowError):
        return None


def _known_rejection(column: Any) -> Any:  # noqa: ANN401 - a column of any type
    """What is told of a rejection: nothing before it was known."""
    known_to = bindparam("known_to", type_=DateTime(timezone=True))
    return case((col(Observation.rejected_at) <= known_to, column)).label(column.key)


_indicator = latest_indicators()
_s: Any = Series.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_o: Any = Observation.__table__.c  # type: ignore[attr-defined]  # as above
_day: Any = col(Observation.period_end)
_period = case(
    (_indicator.c.frequency == "month", func.to_char(_day, "YYYY-MM")),
    (_indicator.c.frequency == "quarter", func.to_char(_day, 'YYYY-"Q"Q')),
    (
        _indicator.c.frequency == "half",
        func.to_char(_day, 'YYYY-"H"') + cast((func.date_part("month", _day) / 6), Text),
    ),
    else_=func.to_char(_day, "YYYY"),
)
_key = (
    cast(col(Observation.series), Text)
    + literal_column("'~'")
    + cast(_day, Text)
    + literal_column("'~'")
    + cast(cast(func.extract("epoch", col(Observation.recorded_at)) * literal_column("1000000"), BigInteger), Text)
)

observations = Page(
    select(
        _key.label("id"),
        col(Series.indicator),
        col(Series.subject),
        _period.label("period"),
        cast(_day, Text).label("period_end"),
        exact(col(Observation.value)).label("value"),
        _indicator.c.unit_of_measure.label("unit"),
        exact(col(Observation.comparable_base)).label("comparable_base"),
        exact(col(Observation.entered_value)).label("entered_value"),
        col(Observation.entered_unit),
        col(Observation.class_).label("class"),
        col(Observation.status),
        col(Observation.reporter),
        col(Observation.note),
        col(Observation.recorded_at),
        col(Observation.recorded_by),
        _known_rejection(col(Observation.rejected_at)),
        _known_rejection(col(Observation.rejected_by)),
        _known_rejection(col(Observation.rejection_note)),
    )
    .join(Series, and_(col(Series.region) == col(Observation.region), col(Series.id) == col(Observation.series)))
    .join(_indicator, _indicator.c.code == col(Series.indicator))
    .where(
        col(Observation.region) == REGION,
        visible(col(Observation.reporter), func.coalesce(col(Series.bureau), _indicator.c.bureau)),
    ),
    sort=_day,
    identity=_key,
    sorts={
        **{name: _s[name] for name in ("indicator", "subject")},
        "period_end": _day,
        **{name: _o[name] for name in ("value", "status", "reporter", "recorded_at")},
    },
    filters={
        "indicator": col(Series.indicator) == bindparam("indicator", type_=Varchar),
        "subject": about(col(Series.subject)),
        "sought": sought_series(),
        "period_end": _day == bindparam("period_end", type_=Date),
        "frequency": _indicator.c.frequency == bindparam("frequency", type_=Varchar),
        "known_at": col(Observation.recorded_at) <= bindparam("known_at", type_=DateTime(timezone=True)),
    },
)
"""Every version of the figures, rejected ones too, in order of period; rejections as they were known at `known_to`."""


one_figure = One(
    observations.select.where(
        col(Observation.series) == bindparam("series", type_=Uuid),
        _day == bindparam("day", type_=Date),
        col(Observation.recorded_at) == bindparam("recorded", type_=DateTime(timezone=True)),
    ),
    what="observation",
)
"""A version by its key."""


async def one(
    session: Session, region: str, series_id: uuid.UUID, period_end: date, recorded_at: datetime, *, unit_path: str
) -> Observation | None:
    """A version that the caller may see, by its key."""
    row: Observation | None = await session.scalar(
        select(Observation)
        .join(Series, and_(col(Series.region) == col(Observation.region), col(Series.id) == col(Observation.series)))
        .join(_indicator, _indicator.c.code == col(Series.indicator))
        .where(
            col(Observation.region) == REGION,
            col(Observation.series) == series_id,
            _day == period_end,
            col(Observation.recorded_at) == recorded_at,
            visible(col(Observation.reporter), func.coalesce(col(Series.bureau), _indicator.c.bureau)),
        ),
        {"region": region, "unit_path": unit_path},
    )
    return row


_COPIES: Final = text(f"""
SELECT copy.* FROM indicators.observation AS row
JOIN indicators.series AS old ON old.region = row.region AND old.id = row.series
JOIN indicators.series AS heir ON heir.region = row.region AND heir.indicator = old.indicator AND heir.id <> old.id
JOIN indicators.observation AS copy ON copy.region = row.region AND copy.series = heir.id
 AND copy.period_end = row.period_end AND copy.recorded_at > row.recorded_at
WHERE row.region = :region AND row.series = :series AND row.period_end = :period_end AND row.recorded_at = :recorded_at
  AND copy.rejected_at IS NULL AND copy.note = {CARRIED_NOTE.format(note="row.note", subject="old.subject")}
  AND (copy.value, copy.entered_unit, copy.recorded_by) = (row.value, row.entered_unit, row.recorded_by)
  AND EXISTS (
    SELECT FROM indicators.directory_subject AS merged
    WHERE merged.region = row.region AND merged.kind || ':' || merged.code = old.subject AND merged.kind = 'enterprise'
      AND merged.code = split_part(old.subject, ':', 2) AND merged.successors <> '{{}}')
  AND NOT EXISTS (
    SELECT FROM indicators.observation AS later
    WHERE later.region = row.region AND later.series = row.series AND later.period_end = row.period_end
      AND later.recorded_at > row.recorded_at AND later.recorded_at < copy.recorded_at
      AND (later.rejected_at IS NULL OR later.rejected_at > copy.recorded_at))
ORDER BY copy.recorded_at, copy.series""")  # noqa: S608 - a fragment of our own


async def copies(session: Session, row: Observation) -> list[Observation]:
    """The versions that survivors of a merge took over from this one, when it was in force, and that still count."""
    key = {"region": row.region, "series": row.series, "period_end": row.period_end, "recorded_at": row.recorded_at}
    return list(await session.scalars(select(Observation).from_statement(_COPIES), key))


_REPEATED: Final = text("""
SELECT o.* FROM indicators.observation AS o
WHERE o.region = :region AND o.series = :series AND o.period_end = :period_end AND o.recorded_at < :recorded_at
  AND o.rejected_at IS NULL AND o.value = :value AND o.comparable_base IS NOT DISTINCT FROM CAST(:base AS numeric)
  AND NOT EXISTS (
    SELECT FROM indicators.observation AS other
    WHERE other.region = o.region AND other.series = o.series AND other.period_end = o.period_end
      AND other.recorded_at > o.recorded_at AND other.recorded_at < :recorded_at AND other.rejected_at IS NULL
      AND (other.value, other.comparable_base) IS DISTINCT FROM (o.value, o.comparable_base))
ORDER BY o.recorded_at DESC""")


async def repeated(session: Session, row: Observation) -> list[Observation]:
    """The versions before this one of which it says the figure again: verified, approved, or of another class."""
    key = {"region": row.region, "series": row.series, "period_end": row.period_end, "recorded_at": row.recorded_at}
    found = await session.scalars(
        select(Observation).from_statement(_REPEATED), key | {"value": row.value, "base": row.comparable_base}
    )
    return list(found)


def key_of(row: Observation) -> str:
    """The key of a version."""
    return f"{row.series}~{row.period_end}~{(row.recorded_at - EPOCH) // timedelta(microseconds=1)}"
