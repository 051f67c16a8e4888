"""Why a target stands where it stands: the statement's own steps, and all that they rest on, as one JSON object."""

from collections.abc import Iterable, Mapping

from services.indicators.gaps.metrics import CELLS, COLUMNS, judged, milestones
from services.indicators.lights.metrics import Bind, light_by_bands, number_of_band
from services.indicators.observations.metrics import REGION, known, year_before
from services.indicators.targets.measures import P_YEAR, START_YEAR
from services.indicators.targets.metrics import counting, in_force, statement
from services.indicators.targets.rules import Shape
from services.plan_file.measuring import Policy


def lights_if(shapes: Iterable[Shape], policies: Mapping[str, Policy], bind: Bind, what_if: str) -> str:
    """The light of the chosen target for each value that stands in for the actual one."""
    outputs = {"what_if": "q.what_if", "light": "q.light"}
    branches = [
        judged(shape, light_by_bands(policies, shape.policies, bind), what_if).select(outputs) for shape in shapes
    ]
    return statement(" " + " UNION ALL ".join(branches))


def exact_json(row: str) -> str:
    """A row as JSON with its exact numbers as strings."""
    return f"""(SELECT jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'number' THEN
        CASE WHEN key IN ('ordinal', 'days_behind', 'overdue_reports', 'rule', 'places', 'checkpoints', 'decimals',
                          'due_day', 'factor_years', 'gone', 'length', 'days', 'days_gone', 'band')
             THEN value ELSE to_jsonb(value #>> '{{}}') END ELSE value END)
        FROM jsonb_each(to_jsonb({row})) AS field)"""


STEPS = (
    "accumulation", "direction", "places", "counts", "start", "after", "until", "p_end", "p_value", "p_base",
    "p_recorded_at", "same_value", "last_total", "base_total", "volume", "raw_actual", "compared_on", "d0", "v0", "d1", "v1", "gone", "length", "days_gone", "days",
    "raw_scheduled", "behind", "reached", "origin", "band", "factor_now", "factor_before", "factor_years",
)  # fmt: skip
"""The intermediate columns that an explanation prints."""

FACTORS = {
    "factor_now": "q.factors[1]",
    "factor_before": "q.factors[2]",
    "factor_years": "q.factors[3]::int",
}
"""Growth of the years: product of their figures, product of their bases, how many years."""

FOUND_BY = ("plan", "code", "version", "subject", "indicator", "series", "formula", "trajectory")
"""What more is needed to find the figures that were taken."""

LATER = "ARRAY['rejected_at', 'rejected_by', 'rejection_note']"
"""What may be written into a version after the answer: all that was used was not rejected by then."""

ITEMS = f"""
    SELECT jsonb_agg(jsonb_build_object('code', r.code, 'since', r.since, 'recorded_at', r.recorded_at) ORDER BY r.code)
    FROM indicator_in_force AS k JOIN item_in_force AS r ON r.roster = k.roster
    WHERE k.of_plan = q.plan AND k.code = q.indicator AND {counting("r", "q", "q.p_end", "q.accumulation")}"""
"""The items of a roster that were counted, with the day of their recognition."""

FIGURES = f"""
    SELECT jsonb_agg({exact_json("used")} - {LATER} ORDER BY used.indicator, used.period_end) FROM (
        SELECT DISTINCT ON (s.indicator, o.period_end) s.indicator, s.subject, o.*
        FROM indicators.series AS s
        JOIN indicators.observation AS o ON o.region = s.region AND o.series = s.id AND {known("o")}
        WHERE s.region = {REGION} AND s.subject = q.subject
          AND (s.id = q.series OR q.formula IS NOT NULL AND s.indicator = ANY (regexp_split_to_array(q.formula, '[^a-z0-9_]+')))
          AND (o.period_end = q.p_end
               OR o.period_end IN (SELECT c.due_on FROM indicators.checkpoint AS c
                                   WHERE c.region = {REGION} AND c.plan = q.plan AND c.target = q.code
                                     AND c.recorded_at = q.version AND c.due_on < q.p_end)
               OR q.formula IS NULL AND o.period_end <= q.p_end AND (
                   q.accumulation = 'flow' AND o.period_end > least(q.start, make_date({P_YEAR} - 2, 12, 31))
                   OR q.measure NOT IN ('level', 'cumulative', 'growth') AND date_part('month', o.period_end) = 12
                      AND date_part('year', o.period_end) >= {START_YEAR} - 1
                   OR q.measure = 'cumulative' AND q.accumulation = 'ytd' AND date_part('month', o.period_end) = 12
                   OR o.period_end = {year_before("q.p_end")} AND q.accumulation IN ('ytd', 'stock')
                   OR q.trajectory = 'seasonal' AND o.period_end = make_date({P_YEAR} - 1, 12, 31)))
        ORDER BY s.indicator, o.period_end, o.recorded_at DESC) AS used"""
"""The figures that the sum may have taken, each in the version in force, with who reported it when."""


def explained(shapes: Iterable[Shape], policies: Mapping[str, Policy], bind: Bind) -> str:
    """Everything that the gap of one target rests on, as one JSON object; nothing for an unknown target.

    A milestone has no shape: nothing is summed, so there are no steps and no figures.
    """
    wanted = CELLS | {name: f"q.{name}" for name in (*STEPS, *FOUND_BY)}
    branches = [
        judged(shape, light_by_bands(policies, shape.policies, bind))
        .having({"band": number_of_band(policies, shape.policies, bind), **FACTORS})
        .select(wanted)
        for shape in shapes
    ]
    summed = f"judged AS MATERIALIZED ({' UNION ALL '.join(branches)})," if branches else ""
    of_judged = f"SELECT {', '.join(COLUMNS)} FROM judged UNION ALL" if branches else ""
    steps = f"(SELECT {exact_json('s')} FROM (SELECT {', '.join(STEPS)} FROM judged) AS s)" if branches else "NULL"
    figures = f"coalesce((SELECT ({FIGURES}) FROM judged AS q), '[]')" if branches else "'[]'::jsonb"
    items = f"coalesce((SELECT ({ITEMS}) FROM judged AS q), '[]')" if branches else "'[]'::jsonb"
    version = f"c.region = {REGION} AND c.plan = t.plan AND c.target = t.code AND c.recorded_at = t.recorded_at"
    return statement(f""",
{summed}
answer AS MATERIALIZED ({of_judged} {milestones()})
SELECT jsonb_build_object(
    'gap', {exact_json("answer")},
    'target', (SELECT {exact_json("v")} FROM indicators.target AS v WHERE v.region = {REGION} AND v.plan = t.plan
               AND v.code = t.code AND v.recorded_at = t.recorded_at),
    'steps', {steps},
    'figures', {figures},
    'items', {items},
    'indicator', (SELECT {exact_json("i")} FROM ({in_force("indicator", "code", "i", where="AND i.code IN (SELECT t.indicator FROM target_in_force AS t)")}) AS i),
    'checkpoints', (SELECT coalesce(jsonb_agg(jsonb_build_object('date', c.due_on, 'value', c.value::text) ORDER BY c.due_on), '[]')
                    FROM indicators.checkpoint AS c WHERE {version}),
    'clock_stops', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.first_day), '[]')
                    FROM ({in_force("clock_stop", "code", "c")}) AS c
                    WHERE c.subject = t.subject AND NOT c.withdrawn),
    'reports', (SELECT coalesce(jsonb_agg(to_jsonb(r) - {LATER} ORDER BY r.recorded_at), '[]') FROM indicators.milestone_report AS r
                WHERE r.region = {REGION} AND r.plan = t.plan AND r.target = t.code AND {known("r")}),
    'policy', (SELECT to_jsonb(v) FROM ({in_force("light_policy", "code", "v")}) AS v WHERE v.code = t.policy)
)::text
FROM target_in_force AS t JOIN answer ON answer.plan = t.plan AND answer.target = t.code""")
