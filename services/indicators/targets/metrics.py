"""Which targets are asked about and what their P is: semantics.md 1 to 3 as named SQL.

A statement is made of branches, one for each shape of targets, over what was in force at `known_at`.
"""

import re
from collections.abc import Iterable, Mapping

from services.indicators.observations import metrics as observed
from services.indicators.observations.metrics import AS_OF, KNOWN_AT, REGION
from services.indicators.targets.rules import COUNTED_MEASURES, Shape
from services.kit.layers import Rows


def in_force(
    table: str, key: str, row: str, *, columns: Iterable[str] = ("*",), where: str = "", more: str = ""
) -> str:
    """The versions of a table that were in force at `known_at`, one for each key, the withdrawn among them."""
    keys = ", ".join(f"{row}.{column.strip()}" for column in key.split(","))
    backwards = ", ".join(f"{row}.{column.strip()} DESC" for column in key.split(","))
    kept = ", ".join(f"{row}.{column}" for column in columns)
    return (
        f"SELECT DISTINCT ON ({keys}) {kept}{more} FROM indicators.{table} AS {row} "
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
       i.roster, c.start, EXISTS (SELECT FROM indicators.clock_stop WHERE region = {REGION}) AS stops,
       EXISTS (SELECT FROM indicators.scope_break WHERE region = {REGION}) AS breaks
FROM chosen AS c
JOIN ({in_force("indicator", "code", "i", where="AND i.code IN (SELECT indicator FROM chosen)")}) AS i
  ON i.code = c.indicator AND NOT i.withdrawn AND $2::date IS NOT NULL"""
"""What any version of the chosen targets is; parameters as for the statement."""

OF_TARGET = (
    "measure", "trajectory", "checkpoints", "plan", "code", "recorded_at", "ordinal", "subject", "indicator", "series",
    "operator", "tolerance", "baseline", "start", "goal_on", "goal", "upper", "policy",
)  # fmt: skip
"""What of a target takes part in the sum; what every branch asks first stands first, where it is read fastest."""

OF_PERIOD = {
    f"p_{name}": f"CASE WHEN c.period_end <= t.until THEN c.{column} ELSE p.{column} END"
    for name, column in (
        ("end", "period_end"),
        ("value", "value"),
        ("base", "comparable_base"),
        ("recorded_at", "recorded_at"),
    )
}
"""P, its figure and when that was recorded: from the side table's `c` where it lies in the window, else looked up."""

UNTIL = f"CASE t.measure WHEN 'cumulative' THEN {AS_OF} ELSE least({AS_OF}, t.goal_on) END"
"""The last day of the window (start, until] in which P is looked for; for all but `cumulative` it ends at the goal's."""

SERVING = "(SELECT yes FROM serving)"
FIRST_START, INDICATORS = "$6::date", "$7::text[]"
"""The earliest start of the chosen targets and the indicators that they stand on."""

_CONTEXT = f"""
plan_in_force AS MATERIALIZED ({in_force("plan", "code", "p", where="AND ($4::text IS NULL OR p.code = $4)")}),
indicator_in_force AS MATERIALIZED (
    SELECT p.code AS of_plan, i.*, published.ends AS published, published.late,
           published.late[cardinality(published.late)] AS last_late,
           ({KNOWN_AT} AT TIME ZONE p.time_zone)::date AS known_on
    FROM plan_in_force AS p
    CROSS JOIN ({in_force("indicator", "code", "i", where=f"AND i.code = ANY ({INDICATORS})")}) AS i
    CROSS JOIN LATERAL (
        -- Periods whose report was due before the day of known_at are late when they are missing.
        SELECT coalesce(array_agg(e.ended ORDER BY e.ended), '{{{{}}}}') AS ends,
               coalesce(array_agg(e.ended ORDER BY e.ended)
                        FILTER (WHERE e.due_on < ({KNOWN_AT} AT TIME ZONE p.time_zone)::date AND i.roster IS NULL), '{{{{}}}}') AS late
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
    SELECT {{columns}}
    FROM ({in_force("target", "plan, code", "t", columns=(*OF_TARGET, "withdrawn"), more=f", {UNTIL} AS until", where=f"AND {CHOSEN}")}) AS t
    LEFT JOIN indicators.current AS c
      ON c.region = {REGION} AND c.series = t.series AND c.period_end > t.start AND {SERVING}
    LEFT JOIN LATERAL ({observed.latest("t.series", "t.start", "t.until", f"NOT {SERVING} OR c.period_end > t.until")}) AS p ON true
    WHERE NOT t.withdrawn
),
stopped AS MATERIALIZED (
    SELECT c.subject, range_agg(daterange(c.first_day, c.last_day, '[]')) AS days
    FROM ({in_force("clock_stop", "code", "c")}) AS c WHERE NOT c.withdrawn GROUP BY 1
),
broken AS MATERIALIZED (
    SELECT b.series, array_agg(b.first_day ORDER BY b.first_day) AS days
    FROM ({in_force("scope_break", "series, first_day", "b")}) AS b WHERE NOT b.withdrawn GROUP BY 1
),
item_in_force AS MATERIALIZED (
    SELECT r.* FROM ({in_force("directory_roster_item", "code", "r")}) AS r WHERE r.since IS NOT NULL
)"""
"""What was known: plans, indicators with their periods, targets with their latest figure, stops and breaks.

The side table `current` serves when nothing was recorded or rejected between the instant it shows and `known_at`, and
for a target when its period lies in the window; else P is looked up. Days of a subject's
clock stops (中止计时) count with both ends; first days of new scopes (口径调整) stand in order. Items of rosters are those
that were recognised.
"""


def statement(body: str) -> str:
    """A statement over what was known; of targets only the columns that its body names are carried (`t.name`)."""
    named = set(re.findall(r"\bt\.(\w+)", body))
    kept = [f"t.{name}" for name in (*OF_TARGET, "until") if name in named]
    found = [f"{of} AS {name}" for name, of in OF_PERIOD.items() if name in named]
    return f"WITH {_CONTEXT.format(columns=', '.join([*kept, *found]))}{body}"


OF_INDICATOR = ("formula", "direction", "published", "late", "last_late", "decimals", "whole")


def _asked(shape: Shape, found: str, given: Mapping[str, str]) -> Rows:
    """A shape's targets with what is found for each of them and what is known of their indicators.

    A ratio of counts is no count. A stock's baseline is a level: its multiple starts at 1, its increase at 0.
    """
    only = f" AND i.code = '{shape.indicator}'" if shape.indicator is not None else ""
    rows = Rows(
        f"target_in_force AS t JOIN indicator_in_force AS i ON i.of_plan = t.plan AND i.code = t.indicator{only} "
        f"AND i.accumulation = '{shape.accumulation}' AND i.roster IS {'NOT NULL' if shape.counted else 'NULL'} AND t.measure = '{shape.measure}' "
        f"AND t.trajectory = '{shape.trajectory}' AND t.checkpoints {'>' if shape.several else '='} 1{found}",
        {name: f"t.{name}" for name in OF_TARGET if name not in shape.kept}
        | {name: f"i.{name}" for name in OF_INDICATOR}
        | {"version": "t.recorded_at", "until": "t.until", **given},
    )
    if shape.stops:
        rows = rows.joined("stopped ON stopped.subject = t.subject", {"stops": "stopped.days"})
    if shape.breaks:
        rows = rows.joined("broken ON broken.series = t.series", {"breaks": "broken.days"})
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


def counting(item: str, target: str, day: str, accumulation: str) -> str:
    """Whether an item of a roster counts for a target on a day: recognised by then, not withdrawn by then.

    What is cumulated since the target's start counts from recognitions after it only; a stock is all that stand.
    """
    return (
        f"{item}.subject = {target}.subject AND {item}.since <= {day} "
        f"AND ({item}.until IS NULL OR {item}.until > {day}) "
        f"AND ({accumulation} = 'stock' OR {item}.since > {target}.start)"
    )


def _counted(day: str, dated: str = "") -> str:
    """The counts of all counted targets, each on its day."""
    return f"""(SELECT t.plan, t.code, {day} AS day, count(*) AS items
        FROM target_in_force AS t
        JOIN indicator_in_force AS i ON i.of_plan = t.plan AND i.code = t.indicator{dated}
        JOIN item_in_force AS item ON item.roster = i.roster AND {counting("item", "t", day, "i.accumulation")}
        GROUP BY 1, 2, 3)"""


COUNTED_ON = "least(t.until, i.known_on)"
"""The day on which a roster's items are counted: what will stand after the day of `known_at` nobody knows."""

EARLIER = f""" JOIN indicators.checkpoint AS earlier
    ON earlier.region = {REGION} AND earlier.plan = t.plan AND earlier.target = t.code
    AND earlier.recorded_at = t.recorded_at AND earlier.due_on < t.goal_on"""
"""A target's checkpoints before the last."""


def latest_periods(shape: Shape, what_if: str | None = None) -> Rows:
    """Each target with P; once for each value of `what_if`, a placeholder, where there is one.

    P of a formula is that of the side table where all inputs have the same there, else it is looked up. Where items are
    counted every day is a period.
    """
    found, given = "", {name: f"t.{name}" for name in OF_PERIOD}
    if shape.formula is not None:
        at_hand = observed.current_by_formula(shape.formula, SERVING)
        looked_up = observed.latest_by_formula(shape.formula, "t.start", "t.until", "at_hand.period_end IS NULL")
        found = (
            f"{observed.joined_inputs(shape.formula, 't')} LEFT JOIN LATERAL ({at_hand}) AS at_hand ON at_hand.period_end > t.start AND at_hand.period_end <= t.until"
            f" LEFT JOIN LATERAL ({looked_up}) AS looked_up ON true"
        )
        given = {
            "p_end": "coalesce(at_hand.period_end, looked_up.period_end)",
            "p_value": "CASE WHEN at_hand.period_end IS NULL THEN looked_up.value ELSE at_hand.value END",
            "p_base": "NULL::numeric",
            "p_recorded_at": "NULL::timestamptz",
        }
    if shape.counted:
        found = f" LEFT JOIN {_counted(COUNTED_ON)} AS counted ON counted.plan = t.plan AND counted.code = t.code"
        given = {
            "p_end": f"CASE WHEN {COUNTED_ON} > t.start THEN {COUNTED_ON} END",
            "p_value": f"CASE WHEN {COUNTED_ON} > t.start THEN coalesce(counted.items, 0)::numeric END",
            "p_base": "NULL::numeric",
            "p_recorded_at": "NULL::timestamptz",
        }
    if what_if is not None:
        found += f" CROSS JOIN unnest({what_if}) AS tried(value)"
        given["what_if"] = "tried.value"
    return _asked(shape, found, given).having({"after": "q.start"})


def checkpoint_periods(shape: Shape) -> Rows:
    """Each checkpoint before the last with the very period that ends on its day."""
    value, base = "own.value", "NULL::numeric"
    if shape.counted:
        known = f"{EARLIER} AND earlier.due_on <= i.known_on"
        own = _counted("earlier.due_on", known)
        found = (
            f"{known} LEFT JOIN {own} AS own ON own.plan = t.plan AND own.code = t.code AND own.day = earlier.due_on"
        )
        value = "coalesce(own.items, 0)::numeric"
    elif shape.formula is None:
        figure = observed.figure("t.series", "earlier.due_on")
        found = f"{EARLIER} CROSS JOIN LATERAL ({figure}) AS own"
        base = "own.comparable_base"
    else:
        by_formula = observed.latest_by_formula(shape.formula, "earlier.due_on - 1", "earlier.due_on", "true")
        found = f"{observed.joined_inputs(shape.formula, 't')}{EARLIER} CROSS JOIN LATERAL ({by_formula}) AS own"
    return _asked(
        shape,
        found,
        {
            "p_end": "earlier.due_on",
            "p_value": value,
            "p_base": base,
            "checkpoint_on": "earlier.due_on",
            "checkpoint_value": "earlier.value",
        },
    )
