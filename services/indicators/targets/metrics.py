"""Which targets are asked about and what their P is: semantics.md 1 to 3 as named SQL.

A statement is made of branches, one for each shape of targets, over what was in force at `known_at`.
"""

from dataclasses import replace

from services.indicators.observations import metrics as observed
from services.indicators.observations.metrics import AS_OF, KNOWN_AT, REGION
from services.indicators.targets.rules import COUNTED_MEASURES, Shape
from services.kit.layers import Rows


def in_force(table: str, key: str, row: str, *, columns: str = "*", where: str = "") -> str:
    """The versions of a table that were in force at `known_at`, one for each key, the withdrawn among them."""
    keys = ", ".join(f"{row}.{column.strip()}" for column in key.split(","))
    backwards = ", ".join(f"{row}.{column.strip()} DESC" for column in key.split(","))
    kept = ", ".join(f"{row}.{column.strip()}" for column in columns.split(","))
    return (
        f"SELECT DISTINCT ON ({keys}) {kept} FROM indicators.{table} AS {row} "
        f"WHERE {row}.region = {REGION} AND {row}.recorded_at <= {KNOWN_AT} "
        f"{where} ORDER BY {backwards}, {row}.recorded_at DESC"
    )


CHOSEN = "($4::text IS NULL OR t.plan = $4) AND ($5::text[] IS NULL OR t.code = ANY ($5))"
"""`$4` and `$5` choose a plan and targets, or nothing chooses all."""

FACTS = f"""
WITH chosen AS MATERIALIZED (
    SELECT t.indicator, t.measure, t.trajectory, t.checkpoints > 1 AS several, t.operator, t.policy, min(t.start) AS start
    FROM indicators.target AS t
    WHERE t.region = {REGION} AND t.recorded_at <= {KNOWN_AT} AND t.measure <> 'milestone' AND {CHOSEN}
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT c.indicator, c.measure, c.trajectory, c.several, c.operator, c.policy, i.accumulation, i.direction, i.formula,
       c.start, EXISTS (SELECT FROM indicators.clock_stop WHERE region = {REGION}) AS stops,
       EXISTS (SELECT FROM indicators.scope_break WHERE region = {REGION}) AS breaks
FROM chosen AS c
JOIN ({in_force("indicator", "code", "i", where="AND i.code IN (SELECT indicator FROM chosen)")}) AS i
  ON i.code = c.indicator AND NOT i.withdrawn AND $2::date IS NOT NULL"""
"""What any version of the chosen targets is; parameters as for the statement."""

OF_TARGET = (
    "measure, trajectory, checkpoints, plan, code, recorded_at, ordinal, subject, indicator, series, operator, tolerance, "
    "baseline, start, goal_on, goal, upper, policy"
)
"""What of a target takes part in the sum; what every branch asks first stands first, where it is read fastest."""

UNTIL = f"CASE t.measure WHEN 'cumulative' THEN {AS_OF} ELSE least({AS_OF}, t.goal_on) END"
"""The last day of the window (start, until] in which P is looked for; for all but `cumulative` it ends at the goal's."""

SERVING = "(SELECT yes FROM serving)"
FIRST_START, INDICATORS = "$6::date", "$7::text[]"
"""The earliest start of the chosen targets and the indicators that they stand on."""

CONTEXT = f"""
plan_in_force AS MATERIALIZED ({in_force("plan", "code", "p", where="AND ($4::text IS NULL OR p.code = $4)")}),
indicator_in_force AS MATERIALIZED (
    SELECT p.code AS of_plan, i.*, published.ends AS published, published.late
    FROM plan_in_force AS p
    CROSS JOIN ({in_force("indicator", "code", "i", where=f"AND i.code = ANY ({INDICATORS})")}) AS i
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
                         generate_series(date_trunc('year', {FIRST_START}::timestamp) - interval '3 years',
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
target_in_force AS MATERIALIZED (
    SELECT t.*, coalesce(p.period_end, c.period_end) AS p_end,
           CASE WHEN p.period_end IS NULL THEN c.value ELSE p.value END AS p_value,
           CASE WHEN p.period_end IS NULL THEN c.comparable_base ELSE p.comparable_base END AS p_base,
           coalesce(p.recorded_at, c.recorded_at) AS p_recorded_at
    FROM ({in_force("target", "plan, code", "t", columns=f"{OF_TARGET}, withdrawn", where=f"AND {CHOSEN}")}) AS t
    LEFT JOIN indicators.current AS c
      ON c.region = {REGION} AND c.series = t.series AND c.period_end > t.start AND {SERVING}
    LEFT JOIN LATERAL ({observed.latest("t.series", "t.start", UNTIL, f"NOT {SERVING} OR c.period_end > {UNTIL}")}) AS p ON true
    WHERE NOT t.withdrawn
),
stopped AS MATERIALIZED (
    SELECT c.plan, c.target, range_agg(daterange(c.first_day, c.last_day, '[]')) AS days
    FROM ({in_force("clock_stop", "plan, code", "c")}) AS c WHERE NOT c.withdrawn GROUP BY 1, 2
),
broken AS MATERIALIZED (
    SELECT b.series, array_agg(b.first_day ORDER BY b.first_day) AS days
    FROM ({in_force("scope_break", "series, first_day", "b")}) AS b WHERE NOT b.withdrawn GROUP BY 1
)"""
"""What was known: plans, indicators with their periods, targets with their latest figure, stops and breaks.

The side table `current` serves when nothing was recorded or rejected between the instant it shows and `known_at`, and
for a target when its period lies in the window; else P is looked up. Days of a target's
clock stops (中止计时) count with both ends; first days of new scopes (口径调整) stand in order.
"""


def of_shape(shape: Shape) -> str:
    """The targets of one shape, but for their indicator's accumulation."""
    one = f" AND t.indicator = '{shape.indicator}'" if shape.indicator is not None else ""
    return (
        f"t.measure = '{shape.measure}' AND t.trajectory = '{shape.trajectory}'{one} "
        f"AND t.checkpoints {'>' if shape.several else '='} 1"
    )


def until(shape: Shape, row: str) -> str:
    """`UNTIL` of one shape."""
    return AS_OF if shape.measure == "cumulative" else f"least({AS_OF}, {row}.goal_on)"


def _reported(shape: Shape) -> str:
    """Targets with P as reported."""
    return f"(SELECT t.* FROM target_in_force AS t WHERE {of_shape(shape)}) AS t"


def _by_formula(shape: Shape, formula: str) -> str:
    """Targets with P of a formula's inputs: the side table's where all inputs have the same there, else looked up."""
    last = until(shape, "t")
    at_hand = observed.current_by_formula(formula, "t.subject", SERVING)
    looked_up = observed.latest_by_formula(formula, "t.subject", "t.start", last, "c.period_end IS NULL")
    columns = ", ".join(f"t.{name}" for name in OF_TARGET.split(", "))
    return f"""(
    SELECT {columns}, coalesce(c.period_end, p.period_end) AS p_end,
           CASE WHEN c.period_end IS NULL THEN p.value ELSE c.value END AS p_value,
           NULL::numeric AS p_base, NULL::timestamptz AS p_recorded_at
    FROM target_in_force AS t
    LEFT JOIN LATERAL ({at_hand}) AS c ON c.period_end > t.start AND c.period_end <= {last}
    LEFT JOIN LATERAL ({looked_up}) AS p ON true
    WHERE {of_shape(shape)}
) AS t"""


def _at_checkpoints(shape: Shape) -> str:
    """Targets with each checkpoint before the last, P being the very period that ends on its day."""
    if shape.formula is None:
        found = f"SELECT c.due_on AS p_end, o.* FROM ({observed.figure('t.series', 'c.due_on')}) AS o"
    else:
        by_formula = observed.latest_by_formula(shape.formula, "t.subject", "c.due_on - 1", "c.due_on", "true")
        found = f"SELECT o.*, NULL::numeric FROM ({by_formula}) AS o"
    columns = ", ".join(f"t.{name}" for name in OF_TARGET.split(", "))
    return f"""(
    SELECT {columns}, c.due_on AS checkpoint_on, c.value AS checkpoint_value, p.* FROM target_in_force AS t
    JOIN indicators.checkpoint AS c ON c.region = {REGION} AND c.plan = t.plan AND c.target = t.code
     AND c.recorded_at = t.recorded_at AND c.due_on < t.goal_on
    CROSS JOIN LATERAL ({found}) AS p(p_end, p_value, p_base)
    WHERE {of_shape(shape)}
) AS t"""


OF_INDICATOR = ("formula", "direction", "published", "late", "decimals", "whole")


def _asked(shape: Shape, found: str) -> Rows:
    """What was found of a shape's targets, with what is known of their indicators.

    A ratio of counts is no count. A stock's baseline is a level: its multiple starts at 1, its increase at 0.
    """
    given = {name: f"t.{name}" for name in (*OF_TARGET.split(", "), "p_end", "p_value", "p_base")}
    given |= {"version": "t.recorded_at", **{name: f"i.{name}" for name in OF_INDICATOR}}
    rows = Rows(
        f"{found} JOIN indicator_in_force AS i ON i.of_plan = t.plan AND i.code = t.indicator "
        f"AND i.accumulation = '{shape.accumulation}'",
        {name: of for name, of in given.items() if name not in shape.kept},
    )
    if shape.stops:
        rows = rows.joined("stopped AS s ON s.plan = t.plan AND s.target = t.code", {"stops": "s.days"})
    if shape.breaks:
        rows = rows.joined("broken AS b ON b.series = t.series", {"breaks": "b.days"})
    match shape.accumulation, shape.measure:
        case "stock", "multiple":
            origin = "CASE WHEN q.baseline IS NOT NULL THEN 1 END::numeric"
        case "stock", "cumulative":
            origin = "CASE WHEN q.baseline IS NOT NULL THEN 0 END::numeric"
        case _:
            origin = "q.baseline"
    return rows.having(
        {name: f"'{value}'::varchar" for name, value in shape.kept.items()}
        | {
            "places": "3" if shape.measure == "multiple" else "q.decimals::int",
            "counts": "q.whole" if shape.measure in COUNTED_MEASURES else "false",
            "origin": origin,
        }
    )


def latest_periods(shape: Shape, what_if: str | None = None) -> Rows:
    """Each target with P; once for each value of `what_if`, a placeholder, where there is one."""
    found = _reported(shape) if shape.formula is None else _by_formula(shape, shape.formula)
    tried = "" if what_if is None else f" CROSS JOIN unnest({what_if}) AS w(value)"
    rows = _asked(shape, found + tried)
    given = {"p_recorded_at": "t.p_recorded_at"} | ({} if what_if is None else {"what_if": "w.value"})
    return replace(rows, given={**rows.given, **given}).having({"after": "q.start", "until": until(shape, "q")})


def checkpoint_periods(shape: Shape) -> Rows:
    """Each checkpoint before the last with the very period that ends on its day."""
    rows = _asked(shape, _at_checkpoints(shape))
    given = {name: f"t.{name}" for name in ("checkpoint_on", "checkpoint_value")}
    return replace(rows, given={**rows.given, **given})
