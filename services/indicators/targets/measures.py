"""The value of a target's measure for its P, and why it has none: semantics.md 3 as named SQL, by shape."""

from services.indicators.observations import metrics as observed
from services.indicators.observations.metrics import AS_OF, REGION
from services.indicators.targets.metrics import FIRST_START, SERVING
from services.indicators.targets.rules import Shape
from services.kit.layers import Rows

INCOMPLETE, ZERO_BASE, SCOPE_BREAK, TOLERANCE_MISSING = 1, 2, 3, 4
"""Why there is no number, in the order in which the first that holds is told."""

P_YEAR, START_YEAR = "date_part('year', q.p_end)::int", "date_part('year', q.start)::int"
DECEMBER = "date_part('month', q.p_end) = 12"
SAME_BEFORE = observed.year_before("q.p_end")


def _year_end(year: str) -> str:
    return f"make_date({year}, 12, 31)"


def _value(period_end: str) -> str:
    return observed.value("q.series", period_end)


def _volume(after: str, until: str) -> str:
    return observed.whole_volume("q", after, until)


def _breaks(shape: Shape, since: str, until: str) -> str:
    """Whether a new scope began in (since, until]: growth derived from levels is refused across it."""
    if not shape.breaks:
        return "false"
    return f"(q.breaks IS NOT NULL AND width_bucket({until}, q.breaks) > width_bucket({since}, q.breaks))"


DECEMBERS = f"""ARRAY(SELECT make_date(year, 12, 31)
                FROM generate_series(date_part('year', {FIRST_START})::int, date_part('year', {AS_OF})::int) AS year)"""
"""The last days of all years that a target may have begun: asked for by name, each is found at once in the index."""

COMPLETED = f"({P_YEAR} - {START_YEAR} - 1)"
"""How many years lie between that of the baseline and that of P."""

AT_HAND = f"""
LEFT JOIN LATERAL (
    SELECT c.year_ends FROM indicators.current AS c
    WHERE c.region = {REGION} AND c.series = q.series AND c.period_end = q.p_end AND {SERVING} LIMIT 1
) AS at_hand_years ON true"""
"""The side table's row, where P is its period."""


def _chained(figures: str) -> str:
    return f"""(
    SELECT ARRAY[indicators.product(100 + f.value) * (100 + q.p_value), indicators.product(100::numeric) * 100,
                 count(*) + 1, CASE WHEN count(f.value) < {COMPLETED} THEN {INCOMPLETE} END]
    FROM {figures})"""


_LOOKED_UP = f"""(SELECT DISTINCT ON (o.period_end) o.value {observed.of_series("q.series")}
          AND o.period_end = ANY ({DECEMBERS})
          AND o.period_end > {_year_end(START_YEAR)} AND o.period_end < make_date({P_YEAR}, 1, 1)
          ORDER BY o.period_end DESC, o.recorded_at DESC) AS f"""

PUBLISHED_FACTORS = f"""CASE WHEN at_hand_years.year_ends IS NULL THEN {_chained(_LOOKED_UP)}
    ELSE {_chained(f"unnest(at_hand_years.year_ends[1:{COMPLETED}]) AS f(value)")} END"""
"""Published growth of the years begun since the baseline: December's figure of completed years, P's of its own.

One array: product of 100 + growth, product of 100, how many years, and what is at fault. A missing December of a
completed year is `incomplete`.
"""


def _compared_volumes(shape: Shape) -> str:
    """The figure of the year to date up to `e.ended`, what it is compared with, and whether a base is lacking."""
    begun = _year_end("y.year - 1")
    if shape.accumulation == "flow":
        return f"""
        SELECT {_volume(begun, "e.ended")} AS now, {observed.comparable_volume("q", begun, "e.ended")} AS before,
               {observed.lacks_a_base("q", begun, "e.ended")} AS lacks, make_date(y.year - 1, 1, 1) AS since"""
    before = observed.year_before("e.ended")
    since = "make_date(y.year - 1, 1, 1)" if shape.accumulation == "ytd" else before
    return f"""
        SELECT f.value AS now, coalesce(f.comparable_base, {_value(before)}) AS before,
               f.comparable_base IS NULL AS lacks, {since} AS since
        FROM (SELECT) AS here LEFT JOIN LATERAL ({observed.figure("q.series", "e.ended")}) AS f ON true"""


def _derived_factors(shape: Shape) -> str:
    """Growth from levels: the year to date over the comparable year to date a year before (a stock: its level).

    Years as for published growth, for `growth` that of P alone; nothing grows from zero, nor across a change of scope.
    """
    first = P_YEAR if shape.measure == "growth" else f"least({START_YEAR} + 1, {P_YEAR})"
    return f"""
    SELECT ARRAY[indicators.product(v.now), indicators.product(v.before), count(*),
           min(CASE WHEN v.now IS NULL OR v.before IS NULL THEN {INCOMPLETE}
                    WHEN v.before <= 0 THEN {ZERO_BASE}
                    WHEN v.lacks AND {_breaks(shape, "v.since", "e.ended")} THEN {SCOPE_BREAK} END)]
    FROM generate_series({first}, {P_YEAR}) AS y(year)
    CROSS JOIN LATERAL (SELECT CASE y.year WHEN {P_YEAR} THEN q.p_end ELSE {_year_end("y.year")} END AS ended) AS e
    CROSS JOIN LATERAL ({_compared_volumes(shape)}) AS v"""


def _factors(shape: Shape) -> str:
    match shape.measure, shape.accumulation:
        case (("mean_growth" | "multiple"), "rate"):
            return PUBLISHED_FACTORS
        case (("growth" | "mean_growth"), ("flow" | "ytd" | "stock")):
            return f"({_derived_factors(shape)})"
        case (("growth" | "mean_growth"), ("cumulative" | "formula")):
            return f"ARRAY[NULL, NULL, NULL, {INCOMPLETE}]::numeric[]"
        case _:
            return "NULL::numeric[]"


def _last_year(shape: Shape) -> tuple[str, str]:
    """The year to date a year before P's, and the whole of that year: for a trailing year and for last year's months."""
    before, last = _year_end(f"{P_YEAR} - 2"), _year_end(f"{P_YEAR} - 1")
    match shape.accumulation, shape.trajectory, shape.measure:
        case "ytd", "seasonal", _:
            return _value(SAME_BEFORE), _value(last)
        case "ytd", _, ("annual" | "multiple"):
            return (
                f"CASE WHEN NOT {DECEMBER} THEN {_value(SAME_BEFORE)} END",
                f"CASE WHEN NOT {DECEMBER} THEN {_value(last)} END",
            )
        case "flow", "seasonal", _:
            return _volume(before, SAME_BEFORE), _volume(before, last)
        case _:
            return "NULL::numeric", "NULL::numeric"


def _base_total(shape: Shape) -> str:
    """The total of the base year, over which a multiple is taken."""
    match shape.measure, shape.accumulation:
        case "multiple", "ytd":
            return _value(_year_end(START_YEAR))
        case "multiple", "flow":
            return _volume(_year_end(f"{START_YEAR} - 1"), _year_end(START_YEAR))
        case _:
            return "NULL::numeric"


def _summed(shape: Shape) -> str:
    """What is added up: twelve months of a `flow`, or all since the start."""
    match shape.accumulation, shape.measure:
        case "flow", ("annual" | "multiple"):
            return _volume(SAME_BEFORE, "q.p_end")
        case "flow", "cumulative":
            return _volume("q.start", "q.p_end")
        case "ytd", "cumulative":
            return f"q.p_value + {_completed_years()}"
        case _:
            return "NULL::numeric"


def _completed_years() -> str:
    """Totals of the years begun before that of P, less what of the first lay before the start."""
    first = f"CASE date_part('month', q.start) WHEN 12 THEN {START_YEAR} + 1 ELSE {START_YEAR} END"
    return f"""
        (SELECT CASE WHEN bool_and(of.total IS NOT NULL) IS NOT FALSE THEN coalesce(sum(of.total), 0) END
         FROM generate_series({first}, {P_YEAR} - 1) AS y(year), LATERAL (SELECT {_value(_year_end("y.year"))} AS total) AS of)
        - CASE date_part('month', q.start) WHEN 12 THEN 0 ELSE {_value("q.start")} END"""


def _annual(shape: Shape) -> str:
    """`annual`: twelve months up to P, `ytd(P) + year before P's - ytd(P - 12 months)`; at a December the year's."""
    match shape.accumulation:
        case "flow":
            return "q.volume"
        case "ytd":
            return f"CASE WHEN {DECEMBER} THEN q.p_value ELSE q.p_value + q.last_total - q.same_value END"
        case _:
            return "NULL::numeric"


def _raw_actual(shape: Shape) -> str:
    """The value of the measure for P, before rounding; nothing where it cannot be computed."""
    match shape.measure, shape.accumulation:
        case ("level", _) | ("cumulative", "cumulative") | ("growth", "rate"):
            value = "q.p_value"
        case "cumulative", "stock":
            value = "q.p_value - q.baseline"
        case "cumulative", _:
            value = "q.volume"
        case "annual", _:
            value = "q.annual"
        case "multiple", "stock":
            value = "q.p_value / nullif(q.baseline, 0)"
        case "multiple", ("flow" | "ytd" | "cumulative" | "formula"):
            value = "q.annual / nullif(q.base_total, 0)"
        case _:
            value = _grown(shape)
    return value


def _grown(shape: Shape) -> str:
    """Growth by its factors: of P's year alone, in the mean of the years, or chained."""
    now, before, years, fault = (f"q.factors[{n}]" for n in range(1, 5))
    match shape.measure:
        case "growth":
            return f"({now} - {before}) * 100 / nullif({before}, 0)"
        case "mean_growth":
            return f"""CASE WHEN {fault} IS NULL AND {years} > 0 AND {now} >= 0 THEN
                (power(({now} / {before})::float8, 1 / {years}::float8)::numeric - 1) * 100 END"""
        case _:
            return f"{now} / nullif({before}, 0)"


def measure_fault(shape: Shape) -> str | None:
    """Why the measure has no value for P: a figure is missing, a base is zero or less, or scopes cannot be compared.

    None where it always has one.
    """
    match shape.measure, shape.accumulation:
        case ("level", "formula"):
            return f"CASE WHEN q.raw_actual IS NULL THEN {ZERO_BASE} END"
        case ("level", _) | ("cumulative", "cumulative") | ("growth", "rate"):
            return None
        case "multiple", "stock":
            return f"""CASE WHEN q.baseline IS NULL THEN {INCOMPLETE} WHEN q.baseline <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks(shape, "q.start", "q.p_end")} THEN {SCOPE_BREAK} END"""
        case "multiple", ("flow" | "ytd" | "cumulative" | "formula"):
            return f"""CASE WHEN q.annual IS NULL OR q.base_total IS NULL THEN {INCOMPLETE}
                 WHEN q.base_total <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks(shape, f"make_date({START_YEAR}, 1, 1)", "q.p_end")} THEN {SCOPE_BREAK} END"""
        case (("growth" | "mean_growth" | "multiple"), _):
            return f"coalesce(q.factors[4]::int, CASE WHEN q.raw_actual IS NULL THEN {ZERO_BASE} END)"
        case _:
            return f"CASE WHEN q.raw_actual IS NULL THEN {INCOMPLETE} END"


def measures(rows: Rows, shape: Shape) -> Rows:
    """With the figures that the measure and last year's months need, the raw value, and the day compared.

    That day is the coverage date; published growth chained stands at the end of P's year.
    """
    same_value, last_total = _last_year(shape)
    chained = shape.measure == "multiple" and shape.accumulation == "rate"
    return rows.having(
        {
            "factors": _factors(shape),
            "same_value": same_value,
            "last_total": last_total,
            "base_total": _base_total(shape),
            "volume": _summed(shape),
            "annual": _annual(shape),
            "raw_actual": _raw_actual(shape),
            "compared_on": _year_end(P_YEAR) if chained else "q.p_end",
        },
        {"at_hand_years": AT_HAND},
    )
