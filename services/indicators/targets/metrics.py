"""What a target is measured by and what is scheduled: semantics.md 3 as named SQL expressions.

The statement grows in layers; each layer is a sub-select that adds named columns to the one before. `OFFSET 0` keeps
Postgres from merging layers, which would compute a column as often as it is named.
"""

from collections.abc import Mapping, Sequence

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


def used(column: str) -> str:
    """The indicators or policies that any version of a chosen target stands on."""
    return f"SELECT t.{column} FROM indicators.target AS t WHERE t.region = {REGION} AND {CHOSEN}"


COLUMNS = (
    "t.plan, t.code, t.recorded_at, t.ordinal, t.subject, t.indicator, t.series, t.measure, t.operator, t.tolerance, "
    "t.baseline, t.start, t.goal_on, t.goal, t.upper, t.checkpoints, t.trajectory, t.policy"
)
"""What of a target takes part in the sum."""

CONTEXT = f"""
plan_in_force AS MATERIALIZED ({in_force("plan", "code", "p", where="AND ($4::text IS NULL OR p.code = $4)")}),
indicator_in_force AS MATERIALIZED (
    SELECT p.code AS of_plan, i.*, published.ends AS published, published.late
    FROM plan_in_force AS p
    CROSS JOIN ({in_force("indicator", "code", "i", where=f"AND i.code IN ({used('indicator')})")}) AS i
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
serving AS MATERIALIZED (
    SELECT coalesce((
        SELECT NOT EXISTS (SELECT FROM indicators.observation AS o WHERE o.region = {REGION}
                           AND o.recorded_at > least(k.known_at, {KNOWN_AT})
                           AND o.recorded_at <= greatest(k.known_at, {KNOWN_AT}))
           AND NOT EXISTS (SELECT FROM indicators.observation AS o WHERE o.region = {REGION}
                           AND o.rejected_at > least(k.known_at, {KNOWN_AT})
                           AND o.rejected_at <= greatest(k.known_at, {KNOWN_AT}))
        FROM indicators.current_to AS k WHERE k.region = {REGION}), false) AS yes
),
target_in_force AS (
    SELECT {COLUMNS} FROM ({in_force("target", "plan, code", "t", where=f"AND {CHOSEN}")}) AS t WHERE NOT t.withdrawn
)"""
"""Everything but figures as it was known: plans, indicators with their periods, targets.

`current` serves when nothing was recorded or rejected between the instant it shows and `known_at`.
"""


BREAKS = f"""CASE WHEN EXISTS (SELECT FROM indicators.scope_break WHERE region = {REGION}) THEN (
        SELECT array_agg(b.first_day ORDER BY b.first_day)
        FROM ({in_force("scope_break", "first_day", "b", where="AND b.series = t.series")}) AS b
        WHERE NOT b.withdrawn) END"""
"""First days of new scopes (口径调整) of a target's series, in order; looked for only where there are any at all."""

STOPS = f"""CASE WHEN EXISTS (SELECT FROM indicators.clock_stop WHERE region = {REGION}) THEN (
        SELECT range_agg(daterange(c.first_day, c.last_day, '[]'))
        FROM ({in_force("clock_stop", "code", "c", where="AND c.plan = t.plan AND c.target = t.code")}) AS c
        WHERE NOT c.withdrawn) END"""
"""The days of a target's clock stops (中止计时), both ends of each."""


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
       {BREAKS} AS breaks, {STOPS} AS stops, {{window}}
FROM {of}
JOIN indicator_in_force AS i ON i.of_plan = t.plan AND i.code = t.indicator
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
    """P, the coverage date, and its figure; for an indicator with a formula the period that has all inputs.

    The side table `current` answers where it is known to serve and its period lies in the window.
    """
    by_formula = [
        f"LEFT JOIN LATERAL ({observed.latest_by_formula(code, formula, 'q')}) AS f{n} ON true"
        for n, (code, formula) in enumerate(sorted(formulas.items()))
    ]
    found = ["p", *(f"f{n}" for n in range(len(formulas)))]
    here = "c.period_end > q.after AND c.period_end <= q.until"

    def column(name: str, sources: Sequence[str]) -> str:
        return f"CASE WHEN {here} THEN c.{name} ELSE coalesce({', '.join(f'{each}.{name}' for each in sources)}) END"

    return layer(
        source,
        {
            "p_end": column("period_end", found),
            "p_value": column("value", found),
            "p_base": column("comparable_base", ["p"]),
            "p_recorded_at": column("recorded_at", ["p"]),
        },
        f"LEFT JOIN LATERAL ({observed.current('q')}) AS c ON true LEFT JOIN LATERAL ({observed.latest('q')}) AS p ON true "
        + " ".join(by_formula),
    )


P_YEAR, START_YEAR = "date_part('year', q.p_end)::int", "date_part('year', q.start)::int"
DECEMBER = "date_part('month', q.p_end) = 12"


def _year_end(year: str) -> str:
    return f"make_date({year}, 12, 31)"


def _breaks(row: str, since: str, until: str) -> str:
    """Whether a new scope began in (since, until]: growth derived from levels is refused across it."""
    return f"({row}.breaks IS NOT NULL AND width_bucket({until}, {row}.breaks) > width_bucket({since}, {row}.breaks))"


PUBLISHED_FACTORS = f"""
    SELECT ARRAY[indicators.product(100 + f.value) * (100 + q.p_value), indicators.product(100::numeric) * 100,
                 count(*) + 1, CASE WHEN count(f.value) < count(*) THEN {INCOMPLETE} END]
    FROM generate_series({START_YEAR} + 1, {P_YEAR} - 1) AS y(year)
    LEFT JOIN LATERAL ({observed.figure("q.series", _year_end("y.year"))}) AS f ON true"""
"""Published growth of the years begun since the baseline: December's figure of completed years, P's of its own.

One array: product of 100 + growth, product of 100, how many years, and what is at fault. A missing December of a
completed year is `incomplete`.
"""

DERIVED_FACTORS = f"""
    SELECT ARRAY[indicators.product(v.now), indicators.product(v.before), count(*),
           min(CASE WHEN v.now IS NULL OR v.before IS NULL THEN {INCOMPLETE}
                    WHEN v.before <= 0 THEN {ZERO_BASE}
                    WHEN v.lacks AND {_breaks("q", "v.since", "e.ended")} THEN {SCOPE_BREAK} END)]
    FROM generate_series(CASE q.measure WHEN 'growth' THEN {P_YEAR} ELSE least({START_YEAR} + 1, {P_YEAR}) END,
                         {P_YEAR}) AS y(year)
    CROSS JOIN LATERAL (
        SELECT CASE y.year WHEN {P_YEAR} THEN q.p_end ELSE {_year_end("y.year")} END AS ended
    ) AS e
    LEFT JOIN LATERAL ({observed.figure("q.series", "e.ended")}) AS f ON q.accumulation <> 'flow'
    CROSS JOIN LATERAL (
        SELECT f.value AS now,
               coalesce(f.comparable_base, {observed.value("q.series", observed.year_before("e.ended"))}) AS before,
               f.comparable_base IS NULL AS lacks,
               CASE q.accumulation WHEN 'ytd' THEN make_date(y.year - 1, 1, 1)
                                   ELSE {observed.year_before("e.ended")} END AS since
        WHERE q.accumulation IN ('ytd', 'stock')
        UNION ALL
        SELECT {observed.whole_volume("q", _year_end("y.year - 1"), "e.ended")},
               {observed.comparable_volume("q", _year_end("y.year - 1"), "e.ended")},
               {observed.lacks_a_base("q", _year_end("y.year - 1"), "e.ended")}, make_date(y.year - 1, 1, 1)
        WHERE q.accumulation = 'flow'
        UNION ALL
        SELECT NULL, NULL, false, NULL::date WHERE q.accumulation IN ('cumulative', 'formula')
    ) AS v"""
"""Growth from levels: the year to date over the comparable year to date a year before (a stock: its level).

Years as for published growth, for `growth` that of P alone; nothing grows from zero, nor across a change of scope.
"""


def supports(source: str) -> str:
    """The further figures that the measure and the seasonal trajectory need, and the day compared."""
    same = observed.year_before("q.p_end")
    trailing = f"q.measure IN ('annual', 'multiple') AND NOT {DECEMBER}"
    of_last_year = f"q.accumulation = 'ytd' AND ({trailing} OR q.trajectory = 'seasonal')"
    of_flow = "q.accumulation = 'flow' AND q.trajectory = 'seasonal'"
    before, last = _year_end(f"{P_YEAR} - 2"), _year_end(f"{P_YEAR} - 1")
    base_before, base_year = _year_end(f"{START_YEAR} - 1"), _year_end(START_YEAR)
    return layer(
        source,
        {
            "factors": f"CASE WHEN q.measure NOT IN ('growth', 'mean_growth', 'multiple') THEN NULL "
            f"WHEN q.accumulation = 'rate' THEN CASE WHEN q.measure <> 'growth' THEN ({PUBLISHED_FACTORS}) END "
            f"WHEN q.measure <> 'multiple' THEN ({DERIVED_FACTORS}) END",
            "same_value": f"CASE WHEN {of_last_year} THEN {observed.value('q.series', same)} "
            f"WHEN {of_flow} THEN {observed.whole_volume('q', before, same)} END",
            "last_total": f"CASE WHEN {of_last_year} THEN {observed.value('q.series', last)} "
            f"WHEN {of_flow} THEN {observed.whole_volume('q', before, last)} END",
            "base_total": "CASE WHEN q.measure = 'multiple' THEN CASE q.accumulation "
            f"WHEN 'ytd' THEN {observed.value('q.series', base_year)} "
            f"WHEN 'flow' THEN {observed.whole_volume('q', base_before, base_year)} END END",
            "volume": f"""CASE WHEN q.accumulation = 'flow' THEN
                CASE WHEN q.measure IN ('annual', 'multiple') THEN {observed.whole_volume("q", same, "q.p_end")}
                     WHEN q.measure = 'cumulative' THEN {observed.whole_volume("q", "q.start", "q.p_end")} END
                WHEN q.accumulation = 'ytd' AND q.measure = 'cumulative' THEN q.p_value + {_completed_years()} END""",
            "compared_on": compared_on(),
        },
    )


def _completed_years() -> str:
    """Totals of the years begun before that of P, less what of the first lay before the start."""
    first = f"CASE date_part('month', q.start) WHEN 12 THEN {START_YEAR} + 1 ELSE {START_YEAR} END"
    return f"""
        (SELECT CASE WHEN bool_and(t.total IS NOT NULL) IS NOT FALSE THEN coalesce(sum(t.total), 0) END
         FROM generate_series({first}, {P_YEAR} - 1) AS y(year),
              LATERAL (SELECT {observed.value("q.series", _year_end("y.year"))} AS total) AS t)
        - CASE date_part('month', q.start) WHEN 12 THEN 0 ELSE {observed.value("q.series", "q.start")} END"""


def compared_on() -> str:
    """The day at which P is compared: the coverage date; published growth chained stands at the end of P's year."""
    return f"CASE WHEN q.measure = 'multiple' AND q.accumulation = 'rate' THEN {_year_end(P_YEAR)} ELSE q.p_end END"


def annual() -> str:
    """`annual`: twelve months up to P, `ytd(P) + year before P's - ytd(P - 12 months)`; at a December the year's."""
    return f"""CASE q.accumulation WHEN 'flow' THEN q.volume
        WHEN 'ytd' THEN CASE WHEN {DECEMBER} THEN q.p_value ELSE q.p_value + q.last_total - q.same_value END END"""


def measured() -> str:
    """The value of the target's measure for P, before rounding; nothing where it cannot be computed."""
    now, before, years, fault = (f"q.factors[{n}]" for n in range(1, 5))
    return f"""CASE q.measure
        WHEN 'cumulative' THEN CASE q.accumulation
            WHEN 'cumulative' THEN q.p_value WHEN 'stock' THEN q.p_value - q.baseline ELSE q.volume END
        WHEN 'level' THEN q.p_value
        WHEN 'annual' THEN {annual()}
        WHEN 'growth' THEN CASE q.accumulation WHEN 'rate' THEN q.p_value ELSE ({now} - {before}) * 100 / nullif({before}, 0) END
        WHEN 'mean_growth' THEN CASE WHEN {fault} IS NULL AND {years} > 0 AND {now} >= 0 THEN
            (power(({now} / {before})::float8, 1 / {years}::float8)::numeric - 1) * 100 END
        WHEN 'multiple' THEN CASE q.accumulation
            WHEN 'rate' THEN {now} / nullif({before}, 0)
            WHEN 'stock' THEN q.p_value / nullif(q.baseline, 0)
            ELSE {annual()} / nullif(q.base_total, 0) END
        END"""


def measure_fault() -> str:
    """Why the measure has no value: a figure is missing, a base is zero or less, or scopes cannot be compared."""
    return f"""CASE
        WHEN q.p_end IS NULL THEN NULL
        WHEN q.measure = 'multiple' AND q.accumulation = 'stock' THEN
            CASE WHEN q.baseline IS NULL THEN {INCOMPLETE} WHEN q.baseline <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks("q", "q.start", "q.p_end")} THEN {SCOPE_BREAK} END
        WHEN q.measure = 'multiple' AND q.accumulation <> 'rate' THEN
            CASE WHEN {annual()} IS NULL OR q.base_total IS NULL THEN {INCOMPLETE}
                 WHEN q.base_total <= 0 THEN {ZERO_BASE}
                 WHEN {_breaks("q", f"make_date({START_YEAR}, 1, 1)", "q.p_end")} THEN {SCOPE_BREAK} END
        WHEN q.factors IS NOT NULL THEN
            CASE WHEN q.factors[4] IS NULL AND q.raw_actual IS NULL THEN {ZERO_BASE} ELSE q.factors[4]::int END
        WHEN q.raw_actual IS NULL THEN CASE WHEN q.formula IS NOT NULL AND q.measure = 'level' THEN {ZERO_BASE}
                                            ELSE {INCOMPLETE} END END"""


def measures(source: str) -> str:
    """`source` with the measure's raw value; `measure_fault` says why there is none."""
    return layer(supports(source), {"raw_actual": measured()})


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
    """`measures` with the checkpoint in force, the days gone towards it, and what is scheduled."""
    placed = layer(
        supports(source),
        {
            "raw_actual": measured(),
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
    return layer(counted, {"raw_scheduled": raw_scheduled()})
