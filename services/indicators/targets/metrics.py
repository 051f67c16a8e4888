"""What a target is measured by and what is scheduled: semantics.md 3 as named SQL expressions.

The statement grows in layers; each layer is a sub-select that adds named columns to the one before. `OFFSET 0` keeps
Postgres from merging layers, which would compute a column as often as it is named.
"""

from collections.abc import Mapping

from services.indicators.observations import metrics as observed
from services.indicators.observations.metrics import AS_OF, KNOWN_AT, REGION

INCOMPLETE, ZERO_BASE, SCOPE_BREAK, TOLERANCE_MISSING = 1, 2, 3, 4
"""Why there is no number, in the order in which the first that holds is told."""


def layer(source: str, columns: Mapping[str, str], joins: str = "") -> str:
    """`source` as `q`, with more columns."""
    added = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    return f"SELECT q.*, {added} FROM ({source}) AS q {joins} OFFSET 0"


def in_force(table: str, key: str, row: str, *, where: str = "", known_at: str = KNOWN_AT) -> str:
    """The versions of a table that were in force at `known_at`, one for each key, the withdrawn among them."""
    columns = ", ".join(f"{row}.{column.strip()}" for column in key.split(","))
    backwards = ", ".join(f"{row}.{column.strip()} DESC" for column in key.split(","))
    return (
        f"SELECT DISTINCT ON ({columns}) {row}.* FROM indicators.{table} AS {row} "
        f"WHERE {row}.region = {REGION} AND {row}.recorded_at <= {known_at} "
        f"{where} ORDER BY {backwards}, {row}.recorded_at DESC"
    )


CHOSEN = "($4::text IS NULL OR t.plan = $4) AND ($5::text[] IS NULL OR t.code = ANY ($5))"
"""`$4` and `$5` choose a plan and targets, or nothing chooses all."""
USED = f"SELECT t.indicator FROM indicators.target AS t WHERE t.region = {REGION} AND {CHOSEN}"
"""The indicators that any version of a chosen target stands on."""

CONTEXT = f"""
plan_in_force AS MATERIALIZED ({in_force("plan", "code", "p")}),
indicator_in_force AS MATERIALIZED (
    SELECT p.code AS of_plan, i.*, published.ends AS published, published.late
    FROM plan_in_force AS p
    CROSS JOIN ({in_force("indicator", "code", "i", where=f"AND i.code IN ({USED})")}) AS i
    CROSS JOIN LATERAL (
        -- Periods whose report was due before the day of known_at are late when they are missing.
        SELECT coalesce(array_agg(e.ended ORDER BY e.ended), '{{}}') AS ends,
               coalesce(array_agg(e.ended ORDER BY e.ended)
                        FILTER (WHERE e.due_on < ({KNOWN_AT} AT TIME ZONE p.time_zone)::date), '{{}}') AS late
        FROM (SELECT m.ended, least(m.ended + i.due_day, (m.ended + 1 + interval '1 month')::date - 1) AS due_on
              FROM (SELECT (first + step.width)::date - 1 AS ended
                    FROM (SELECT make_interval(months => array_position(ARRAY[
                              'month', '', 'quarter', '', '', 'half', '', '', '', '', '', 'year'], i.frequency::text))
                          AS width) AS step,
                         generate_series((SELECT date_trunc('year', min(t.start)::timestamp) - interval '3 years'
                                          FROM indicators.target AS t WHERE t.region = {REGION}),
                                         {AS_OF}::timestamp, step.width) AS first) AS m
              WHERE m.ended <= {AS_OF}
                AND date_part('month', m.ended)::smallint <> ALL (i.unpublished_months)) AS e) AS published
    WHERE NOT i.withdrawn
),
scope_break_in_force AS MATERIALIZED (
    SELECT b.series, array_agg(b.first_day ORDER BY b.first_day) AS days
    FROM ({in_force("scope_break", "series, first_day", "b")}) AS b
    WHERE NOT b.withdrawn GROUP BY b.series
),
clock_stop_in_force AS MATERIALIZED (
    SELECT c.plan, c.target, range_agg(daterange(c.first_day, c.last_day, '[]')) AS days
    FROM ({in_force("clock_stop", "plan, code", "c")}) AS c
    WHERE NOT c.withdrawn GROUP BY c.plan, c.target
),
target_in_force AS (
    SELECT * FROM ({in_force("target", "plan, code", "t", where=f"AND {CHOSEN}")}) AS t WHERE NOT t.withdrawn
)"""
"""Everything but figures as it was known: plans, indicators with their periods, scope breaks, clock stops, targets."""


def questions(of: str = "target_in_force AS t") -> str:
    """Each target with its indicator: what is asked of its series, and in which window (after, until].

    For all but `cumulative` the window ends at the goal's date. A ratio of counts is no count. A stock's baseline is a
    level: its multiple starts at 1, its increase at 0.
    """
    return f"""
SELECT t.plan, t.code, t.recorded_at AS version, t.ordinal, t.subject, t.indicator, t.series, t.measure, t.operator,
       t.tolerance, t.baseline, t.start, t.goal_on, t.goal, t.upper, t.checkpoints, t.trajectory, t.policy,
       i.accumulation, i.formula, i.direction, i.published, i.late,
       CASE t.measure WHEN 'multiple' THEN 3 ELSE i.decimals::int END AS places,
       i.whole AND t.measure IN ('level', 'annual', 'cumulative') AS counts,
       CASE WHEN t.baseline IS NULL OR i.accumulation <> 'stock' THEN t.baseline
            WHEN t.measure = 'multiple' THEN 1 WHEN t.measure = 'cumulative' THEN 0 ELSE t.baseline END AS origin,
       b.days AS breaks, s.days AS stops, {{window}}
FROM {of}
JOIN indicator_in_force AS i ON i.of_plan = t.plan AND i.code = t.indicator
LEFT JOIN scope_break_in_force AS b ON b.series = t.series
LEFT JOIN clock_stop_in_force AS s ON s.plan = t.plan AND s.target = t.code
WHERE t.measure <> 'milestone' OFFSET 0"""


TARGETS = questions().format(
    window=f"""t.start AS after,
       CASE t.measure WHEN 'cumulative' THEN {AS_OF} ELSE least({AS_OF}, t.goal_on) END AS until,
       NULL::date AS checkpoint_on, NULL::numeric AS checkpoint_value"""
)
"""The question of each target: the latest period with a value."""

EARLIER_CHECKPOINTS = questions(
    "(SELECT * FROM target_in_force WHERE checkpoints > 1) AS t "
    f"JOIN indicators.checkpoint AS c ON c.region = {REGION} AND c.plan = t.plan AND c.target = t.code "
    "AND c.recorded_at = t.recorded_at AND c.due_on < t.goal_on"
).format(window="c.due_on - 1 AS after, c.due_on AS until, c.due_on AS checkpoint_on, c.value AS checkpoint_value")
"""The question of each checkpoint before the last: the very period that ends on its day."""


def periods(source: str, formulas: Mapping[str, str]) -> str:
    """P, the coverage date, and its figure; for an indicator with a formula the period that has all inputs."""
    by_formula = [
        f"LEFT JOIN LATERAL ({observed.latest_by_formula(code, formula, 'q')}) AS f{n} ON true"
        for n, (code, formula) in enumerate(sorted(formulas.items()))
    ]
    sources = ["p", *(f"f{n}" for n in range(len(formulas)))]
    found = layer(
        source,
        {
            "p_end": f"coalesce({', '.join(f'{name}.period_end' for name in sources)})",
            "p_value": f"coalesce({', '.join(f'{name}.value' for name in sources)})",
            "p_base": "p.comparable_base",
            "p_recorded_at": "p.recorded_at",
        },
        f"LEFT JOIN LATERAL ({observed.latest('q.series', 'q.after', 'q.until')}) AS p ON true {' '.join(by_formula)}",
    )
    return layer(found, {"p_year": "date_part('year', q.p_end)::int", "start_year": "date_part('year', q.start)::int"})


def _year_end(year: str) -> str:
    return f"make_date({year}, 12, 31)"


def _breaks(row: str, since: str, until: str) -> str:
    """Whether a new scope began in (since, until]: growth derived from levels is refused across it."""
    return f"({row}.breaks IS NOT NULL AND width_bucket({until}, {row}.breaks) > width_bucket({since}, {row}.breaks))"


FACTORS = f"""
    SELECT ARRAY[indicators.product(v.now), indicators.product(v.before), count(*),
           min(CASE WHEN v.now IS NULL OR v.before IS NULL THEN {INCOMPLETE}
                    WHEN v.before <= 0 THEN {ZERO_BASE}
                    WHEN v.lacks AND {_breaks("q", "v.since", "e.ended")} THEN {SCOPE_BREAK} END)]
    FROM generate_series(CASE q.measure WHEN 'growth' THEN q.p_year ELSE least(q.start_year + 1, q.p_year) END,
                         q.p_year) AS y(year)
    CROSS JOIN LATERAL (
        SELECT CASE y.year WHEN q.p_year THEN q.p_end ELSE {_year_end("y.year")} END AS ended
    ) AS e
    LEFT JOIN LATERAL ({observed.figure("q.series", "e.ended")}) AS f ON q.accumulation <> 'flow'
    CROSS JOIN LATERAL (
        SELECT 100 + f.value AS now, 100 AS before, false AS lacks, NULL::date AS since
        WHERE q.accumulation = 'rate'
        UNION ALL
        SELECT f.value, coalesce(f.comparable_base, {observed.value("q.series", observed.year_before("e.ended"))}),
               f.comparable_base IS NULL,
               CASE q.accumulation WHEN 'ytd' THEN make_date(y.year - 1, 1, 1)
                                   ELSE {observed.year_before("e.ended")} END
        WHERE q.accumulation IN ('ytd', 'stock')
        UNION ALL
        SELECT {observed.whole_volume("q", _year_end("y.year - 1"), "e.ended")},
               {observed.comparable_volume("q", _year_end("y.year - 1"), "e.ended")},
               {observed.lacks_a_base("q", _year_end("y.year - 1"), "e.ended")}, make_date(y.year - 1, 1, 1)
        WHERE q.accumulation = 'flow'
        UNION ALL
        SELECT NULL, NULL, false, NULL::date WHERE q.accumulation IN ('cumulative', 'formula')
    ) AS v"""
"""Growth of the years begun since the baseline: completed years by their full-year growth, the year of P to date.

Published growth as it is; else the year to date over the comparable year to date a year before (a stock: its level).
A year without its figure is `incomplete`; nothing grows from zero. For `growth` the year of P alone.
An array of one row: product of the years' figures, product of their bases, how many years, and what is at fault.
"""


def supports(source: str) -> str:
    """The further figures that the measure and the seasonal trajectory need."""
    same, december = observed.year_before("q.p_end"), "date_part('month', q.p_end) = 12"
    trailing = f"q.measure IN ('annual', 'multiple') AND NOT {december}"
    last_year = f"q.accumulation = 'ytd' AND ({trailing} OR q.trajectory = 'seasonal')"
    return layer(
        source,
        {
            "factors": "CASE WHEN q.measure IN ('growth', 'mean_growth') OR q.measure = 'multiple' "
            f"AND q.accumulation = 'rate' THEN ({FACTORS}) END",
            "same_value": f"CASE WHEN {last_year} THEN {observed.value('q.series', same)} "
            f"WHEN q.accumulation = 'flow' AND q.trajectory = 'seasonal' "
            f"THEN {observed.whole_volume('q', _year_end('q.p_year - 2'), same)} END",
            "last_total": f"CASE WHEN {last_year} THEN {observed.value('q.series', _year_end('q.p_year - 1'))} "
            f"WHEN q.accumulation = 'flow' AND q.trajectory = 'seasonal' "
            f"THEN {observed.whole_volume('q', _year_end('q.p_year - 2'), _year_end('q.p_year - 1'))} END",
            "base_total": "CASE WHEN q.measure = 'multiple' THEN CASE q.accumulation "
            f"WHEN 'ytd' THEN {observed.value('q.series', _year_end('q.start_year'))} "
            f"WHEN 'flow' THEN {observed.whole_volume('q', _year_end('q.start_year - 1'), _year_end('q.start_year'))} "
            "END END",
            "volume": f"""CASE WHEN q.accumulation = 'flow' THEN
                CASE WHEN q.measure IN ('annual', 'multiple') THEN {observed.whole_volume("q", same, "q.p_end")}
                     WHEN q.measure = 'cumulative' THEN {observed.whole_volume("q", "q.start", "q.p_end")} END
                WHEN q.accumulation = 'ytd' AND q.measure = 'cumulative' THEN q.p_value + {_completed_years()} END""",
            "december": december,
        },
    )


def _completed_years() -> str:
    """Totals of the years begun before that of P, less what of the first lay before the start."""
    first = "CASE date_part('month', q.start) WHEN 12 THEN q.start_year + 1 ELSE q.start_year END"
    return f"""
        (SELECT CASE WHEN bool_and(t.total IS NOT NULL) IS NOT FALSE THEN coalesce(sum(t.total), 0) END
         FROM generate_series({first}, q.p_year - 1) AS y(year),
              LATERAL (SELECT {observed.value("q.series", _year_end("y.year"))} AS total) AS t)
        - CASE date_part('month', q.start) WHEN 12 THEN 0 ELSE {observed.value("q.series", "q.start")} END"""


def factors() -> dict[str, str]:
    """What `FACTORS` found, by name."""
    return {
        f"factor_{name}": f"q.factors[{place}]{kind}"
        for place, (name, kind) in enumerate(
            (("now", ""), ("before", ""), ("years", "::int"), ("fault", "::int")), start=1
        )
    }


def trailing_year() -> str:
    """`annual`: twelve months up to P, `ytd(P) + year before P's - ytd(P - 12 months)`; at a December the year's."""
    return """CASE q.accumulation WHEN 'flow' THEN q.volume
        WHEN 'ytd' THEN CASE WHEN q.december THEN q.p_value ELSE q.p_value + q.last_total - q.same_value END END"""


def measured() -> str:
    """The value of the target's measure for P, before rounding; nothing where it cannot be computed."""
    return """CASE q.measure
        WHEN 'level' THEN q.p_value
        WHEN 'annual' THEN q.annual
        WHEN 'growth' THEN (q.factor_now - q.factor_before) * 100 / nullif(q.factor_before, 0)
        WHEN 'mean_growth' THEN CASE WHEN q.factor_fault IS NULL AND q.factor_years > 0 AND q.factor_now >= 0 THEN
            (power((q.factor_now / q.factor_before)::float8, 1.0::float8 / q.factor_years)::numeric - 1) * 100 END
        WHEN 'multiple' THEN CASE q.accumulation
            WHEN 'rate' THEN q.factor_now / nullif(q.factor_before, 0)
            WHEN 'stock' THEN q.p_value / nullif(q.baseline, 0)
            ELSE q.annual / nullif(q.base_total, 0) END
        WHEN 'cumulative' THEN CASE q.accumulation
            WHEN 'cumulative' THEN q.p_value WHEN 'stock' THEN q.p_value - q.baseline ELSE q.volume END
        END"""


def measure_fault() -> str:
    """Why the measure has no value: a figure is missing, a base is zero or less, or scopes cannot be compared."""
    return f"""CASE
        WHEN q.p_end IS NULL THEN NULL
        WHEN q.formula IS NOT NULL AND q.p_value IS NULL THEN {ZERO_BASE}
        WHEN q.measure IN ('growth', 'mean_growth') OR q.measure = 'multiple' AND q.accumulation = 'rate'
            THEN CASE WHEN q.factor_fault IS NULL AND q.raw_actual IS NULL THEN {ZERO_BASE} ELSE q.factor_fault END
        WHEN q.measure = 'multiple' AND q.accumulation = 'stock' THEN
            CASE WHEN q.baseline IS NULL THEN {INCOMPLETE} WHEN q.baseline <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks("q", "q.start", "q.p_end")} THEN {SCOPE_BREAK} END
        WHEN q.measure = 'multiple' THEN
            CASE WHEN q.annual IS NULL OR q.base_total IS NULL THEN {INCOMPLETE}
                 WHEN q.base_total <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks("q", "make_date(q.start_year, 1, 1)", "q.p_end")} THEN {SCOPE_BREAK} END
        WHEN q.raw_actual IS NULL THEN {INCOMPLETE} END"""


def measures(source: str) -> str:
    """`source` with the measure's raw value and why it has none."""
    return layer(
        layer(layer(supports(source), factors() | {"annual": trailing_year()}), {"raw_actual": measured()}),
        {"measure_fault": measure_fault()},
    )


def segment(row: str) -> str:
    """The checkpoints (d0, v0) and (d1, v1) with d0 < day <= d1; the first segment begins at the start."""
    return f"""
LEFT JOIN LATERAL (
    SELECT c.* FROM (SELECT c.due_on, c.value, lag(c.due_on) OVER w AS from_on, lag(c.value) OVER w AS from_value
                     FROM indicators.checkpoint AS c
                     WHERE c.region = {REGION} AND c.plan = {row}.plan AND c.target = {row}.code
                       AND c.recorded_at = {row}.version
                     WINDOW w AS (ORDER BY c.due_on)) AS c
    WHERE {row}.checkpoints > 1 AND c.due_on >= {row}.compared_on ORDER BY c.due_on LIMIT 1
) AS c ON true"""


def days_outside_stops(row: str, after: str, until: str) -> str:
    """Days in (after, until] that no clock stop (中止计时) takes out of the schedule."""
    return f"""CASE WHEN {row}.stops IS NULL THEN {until} - {after} ELSE {until} - {after} - (
        SELECT coalesce(sum(upper(d.days) - lower(d.days)), 0)::int
        FROM unnest({row}.stops * datemultirange(daterange({after}, greatest({until}, {after}), '(]'))) AS d(days)) END"""


def compared_on() -> str:
    """The day at which P is compared: the coverage date; published growth chained stands at the end of P's year."""
    return f"CASE WHEN q.measure = 'multiple' AND q.accumulation = 'rate' THEN {_year_end('q.p_year')} ELSE q.p_end END"


def raw_scheduled() -> str:
    """What is scheduled (序时目标) on the day compared, before rounding; after the goal's date the goal."""
    return f"""CASE
        WHEN q.p_end IS NULL THEN NULL
        WHEN q.compared_on >= q.goal_on THEN q.goal
        WHEN q.trajectory = 'hold' THEN q.v1
        WHEN q.trajectory = 'linear' THEN CASE q.length WHEN 0 THEN q.v1
            ELSE q.v0 + (q.v1 - q.v0) * q.gone / q.length END
        WHEN q.trajectory = 'compound' THEN CASE WHEN q.v0 > 0 AND q.v1 > 0 THEN
            q.v0 * power(q.v1::float8 / q.v0::float8,
                         CASE q.length WHEN 0 THEN 1 ELSE q.gone::float8 / q.length END)::numeric END
        WHEN q.trajectory = 'seasonal' THEN CASE q.measure WHEN 'cumulative'
            THEN q.v0 + (q.v1 - q.v0) * q.same_value / nullif(q.last_total, 0)
            ELSE q.v1 * q.same_value / nullif(q.last_total, 0) END
        WHEN q.trajectory = 'schedule' THEN (
            SELECT v.value FROM indicators.scheduled_value AS v
            WHERE v.region = {REGION} AND v.plan = q.plan AND v.target = q.code AND v.recorded_at = q.version
              AND v.period_end = q.compared_on)
        END"""


def schedule_fault() -> str:
    """Why nothing can be scheduled: a base or a figure is missing, or there is nothing to grow from."""
    return f"""CASE
        WHEN q.p_end IS NULL OR q.compared_on >= q.goal_on THEN NULL
        WHEN q.trajectory = 'seasonal' AND q.same_value IS NOT NULL AND q.last_total <= 0 THEN {ZERO_BASE}
        WHEN q.trajectory = 'compound' AND q.v0 IS NOT NULL AND (q.v0 <= 0 OR q.v1 <= 0) THEN {ZERO_BASE}
        WHEN q.raw_scheduled IS NULL THEN {INCOMPLETE} END"""


def schedules(source: str) -> str:
    """`source` with the checkpoint in force, the days gone towards it, and what is scheduled."""
    placed = layer(
        layer(source, {"compared_on": compared_on()}),
        {
            "d0": "coalesce(c.from_on, q.start)",
            "v0": "CASE WHEN c.from_on IS NULL THEN q.origin ELSE c.from_value END",
            "d1": "coalesce(c.due_on, q.goal_on)",
            "v1": "coalesce(c.value, q.goal)",
        },
        segment("q"),
    )
    counted = layer(
        placed,
        {
            "gone": days_outside_stops("q", "q.d0", "q.compared_on"),
            "length": days_outside_stops("q", "q.d0", "q.d1"),
            "days_gone": days_outside_stops("q", "q.start", "least(q.p_end, q.goal_on)"),
            "days": days_outside_stops("q", "q.start", "q.goal_on"),
        },
    )
    return layer(layer(counted, {"raw_scheduled": raw_scheduled()}), {"schedule_fault": schedule_fault()})
