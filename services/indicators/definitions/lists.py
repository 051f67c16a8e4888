"""Indicators and series as they are read, and what lists of this service share. Speaks SQL."""

from typing import Any

from sqlalchemy import String as Varchar
from sqlalchemy import Text, and_, bindparam, cast, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from services.indicators.definitions.tables import Indicator, Series
from services.indicators.directory.tables import Subject
from services.kit.reads import Page

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


def visible(units: list[Any]) -> Any:  # noqa: ANN401 - a clause
    """Whether one of the units is the caller's or below it; a caller without a place in the tree sees everything."""
    below = func.starts_with(col(Subject.path) + ".", UNIT_PATH + ".")
    return or_(
        UNIT_PATH == "",
        exists().where(
            and_(
                col(Subject.region) == REGION,
                col(Subject.kind) == "unit",
                or_(*(col(Subject.code) == unit for unit in units)),
                below,
            )
        ),
    )


def exact(number: Any) -> Any:  # noqa: ANN401 - a column
    """A number on the wire: text, without trailing zeros."""
    return cast(func.trim_scale(number), Text)


_indicator = latest_indicators()

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
    )
    .join(_indicator, _indicator.c.code == col(Series.indicator))
    .where(col(Series.region) == REGION),
    sort=col(Series.indicator) + literal_column("'/'") + col(Series.subject),
    identity=cast(col(Series.id), Text),
    filters={
        "indicator": col(Series.indicator) == bindparam("indicator", type_=Varchar),
        "subject": col(Series.subject) == bindparam("subject", type_=Varchar),
    },
)
"""What is measured on what."""

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
    filters={
        "plan": _indicator.c.plan == bindparam("plan", type_=Varchar),
        "search": or_(
            func.strpos(_indicator.c.code, bindparam("search", type_=Varchar)) > 0,
            func.strpos(_indicator.c.name, bindparam("search", type_=Varchar)) > 0,
            func.strpos(func.lower(_indicator.c.name_en), func.lower(bindparam("search", type_=Varchar))) > 0,
        ),
    },
)
"""The indicators in force."""
