"""Indicators and series as they are read, and what lists of this service share. Speaks SQL."""

from typing import Any

from sqlalchemy import String as Varchar
from sqlalchemy import Text, Uuid, any_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from services.indicators.definitions.tables import Indicator, Series
from services.indicators.directory.tables import Subject
from services.kit.paging import holds
from services.kit.reads import One, Page

REGION: Any = bindparam("region", type_=Varchar)
UNIT_PATH: Any = bindparam("unit_path", type_=Varchar)


def latest_indicators() -> Any:  # noqa: ANN401 - a sub-select; its columns are dynamic
    """The latest version of each indicator."""
    return (
        select(Indicator)
        .where(col(Indicator.region) == REGION)
        .ext(distinct_on(col(Indicator.code)))
        .order_by(col(Indicator.code), col(Indicator.recorded_at).desc())
        .subquery("latest_indicator")
    )


_unit = (
    select(cast(col(Subject.code), Text).label("code"), col(Subject.path))
    .where(col(Subject.region) == REGION, col(Subject.kind) == "unit")
    .ext(distinct_on(col(Subject.code)))
    .order_by(col(Subject.code), col(Subject.recorded_at).desc())
    .subquery("latest_unit")
)
_seen: Any = func.array(
    select(_unit.c.code).where(func.starts_with(_unit.c.path + ".", UNIT_PATH + ".")).scalar_subquery()
)
"""The caller's unit and those that are below it today, found once for a statement."""


def visible(*units: Any, among: Any = None) -> Any:  # noqa: ANN401 - clauses
    """Whether one of the units, or one `among` an array, is the caller's or below it.

    A caller without a place in the tree sees everything.
    """
    seen = [unit == any_(_seen) for unit in units]
    if among is not None:
        seen.append(among.op("&&")(_seen))
    return or_(UNIT_PATH == "", *seen)


def exact(number: Any) -> Any:  # noqa: ANN401 - a column
    """A number on the wire: text, without trailing zeros."""
    return cast(func.trim_scale(number), Text)


def about(subject: Any) -> Any:  # noqa: ANN401 - a column; a clause
    """Whether a subject is the one asked for, or stands for the merged enterprise that is asked for."""
    asked: Any = bindparam("subject", type_=Varchar)
    heir = (
        select(literal_column("'enterprise:'") + col(Subject.successors)[1])
        .where(
            col(Subject.region) == REGION,
            col(Subject.kind) == "enterprise",
            literal_column("'enterprise:'") + col(Subject.code) == asked,
        )
        .order_by(col(Subject.recorded_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    return or_(subject == asked, subject == heir)


def sought_series() -> Any:  # noqa: ANN401 - a clause
    """Whether a series is of an indicator, or about something, whose code or name holds `:sought`, each found once."""
    indicators = select(col(Indicator.code)).where(col(Indicator.region) == REGION, holds(_i.code, _i.name, _i.name_en))
    subjects = select(col(Subject.kind) + literal_column("':'") + col(Subject.code)).where(
        col(Subject.region) == REGION, holds(_subject.code, _subject.name)
    )
    return or_(
        col(Series.indicator) == any_(func.array(indicators.scalar_subquery())),
        col(Series.subject) == any_(func.array(subjects.scalar_subquery())),
    )


_i: Any = Indicator.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_subject: Any = Subject.__table__.c  # type: ignore[attr-defined]  # as above
_indicator = latest_indicators()
_s: Any = Series.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

series = Page(
    select(
        col(Series.id),
        col(Series.indicator),
        col(Series.subject),
        func.coalesce(col(Series.bureau), _indicator.c.bureau).label("bureau"),
        _indicator.c.unit_of_measure,
        _indicator.c.frequency,
        _indicator.c.accumulation,
        _indicator.c.formula,
        _indicator.c.roster,
    )
    .join(_indicator, _indicator.c.code == col(Series.indicator))
    .where(col(Series.region) == REGION),
    sort=col(Series.indicator) + literal_column("'/'") + col(Series.subject),
    identity=cast(col(Series.id), Text),
    sorts={
        **{name: _s[name] for name in ("indicator", "subject")},
        "bureau": func.coalesce(col(Series.bureau), _indicator.c.bureau),
        **{name: _indicator.c[name] for name in ("unit_of_measure", "frequency")},
    },
    filters={
        "indicator": col(Series.indicator) == bindparam("indicator", type_=Varchar),
        "subject": about(col(Series.subject)),
        "sought": sought_series(),
    },
)
"""What is measured on what."""
one_series = One(series.select.where(col(Series.id) == bindparam("id", type_=Uuid)), what="series")

indicators = Page(
    select(
        *(
            _indicator.c[name]
            for name in (
                "code",
                "plan",
                "name",
                "name_en",
                "unit_of_measure",
                "decimals",
                "whole",
                "direction",
                "frequency",
                "accumulation",
                "formula",
                "roster",
                "price_basis",
                "source",
                "bureau",
                "due_day",
            )
        ),
        _indicator.c.unpublished_months,
        _indicator.c.recorded_at,
    ).where(~_indicator.c.withdrawn),
    sort=_indicator.c.code,
    identity=_indicator.c.code,
    sorts={
        name: _indicator.c[name]
        for name in ("code", "name", "plan", "unit_of_measure", "frequency", "bureau", "due_day", "recorded_at")
    },
    filters={
        "plan": _indicator.c.plan == bindparam("plan", type_=Varchar),
        "sought": holds(_indicator.c.code, _indicator.c.name, _indicator.c.name_en),
    },
)
"""The indicators in force."""
one_indicator = One(indicators.select.where(_indicator.c.code == bindparam("code", type_=Varchar)), what="indicator")
