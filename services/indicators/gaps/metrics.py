"""The gap (差距) of many targets in one statement: semantics.md 4, its named metrics and its order of judgement.

What is printed is rounded once; everything else is derived from the rounded pair of `actual` and `scheduled` in one step.
"""

from collections.abc import Mapping

from services.indicators.lights.metrics import Bind, light_by_bands
from services.indicators.observations.metrics import AS_OF, KNOWN_AT, REGION, known
from services.indicators.targets import metrics as targets
from services.indicators.targets.metrics import TOLERANCE_MISSING, days_outside_stops, in_force, layer
from services.plan_file.measuring import Policy

NEAR_DAYS = 30
"""A milestone due in so many days or fewer is yellow."""
COMPUTED = "q.p_end IS NOT NULL AND q.fault IS NULL"
"""There are numbers."""
OVERDUE_AT_LEAST_YELLOW = 2
"""So many overdue reports leave no light better than yellow."""

COLUMNS = (
    "plan", "target", "ordinal", "subject", "measure", "coverage_date", "actual", "done_on", "scheduled", "goal",
    "upper", "goal_on", "gap", "lag_pp", "completion", "attainment", "lag_ratio", "time_progress", "days_behind",
    "overdue_reports", "base", "checkpoint_on", "missed_checkpoints", "light", "reason", "rule",
)  # fmt: skip
"""The finished row, in this order; the names are those of the table `gap`."""


def rounded(value: str) -> str:
    """Half away from zero, to the indicator's decimals."""
    return f"round({value}, q.places)"


def rounded_down(value: str) -> str:
    """Towards minus infinity: what is scheduled of a count of things."""
    return f"CASE q.places WHEN 0 THEN floor({value}) ELSE round(floor({value} * 10::numeric ^ q.places) / 10::numeric ^ q.places, q.places) END"


def fault() -> str:
    """Why there are no numbers, the first reason that holds; 左右 without a tolerance cannot be assessed."""
    return (
        f"least({targets.measure_fault()}, {targets.schedule_fault()}, CASE WHEN q.p_end IS NOT NULL AND q.operator = '=' "
        f"AND q.tolerance IS NULL THEN {TOLERANCE_MISSING} END)"
    )


def overdue_reports() -> str:
    """Published periods after the coverage date that could have been P and whose report was due before `known_at`."""
    return (
        "CASE WHEN q.until > q.start THEN width_bucket(q.until, q.late) "
        "- width_bucket(coalesce(q.p_end, q.start), q.late) END"
    )


def behind() -> str:
    """How far behind the schedule, whichever way is better."""
    return "CASE q.direction WHEN 'decrease' THEN q.actual - q.scheduled ELSE q.scheduled - q.actual END"


def base() -> str:
    """The measure's value at the start; where the goal is no different there is no way to go, so no baseline."""
    return "nullif(q.origin, q.goal)"


def reached(value: str, wanted: str) -> str:
    """Whether a rounded value meets what is wanted by the target's operator; `between` at its lower bound."""
    return f"""CASE q.operator WHEN '>=' THEN {value} >= {wanted} WHEN 'between' THEN {value} >= {wanted}
        WHEN '>' THEN {value} > {wanted} WHEN '<=' THEN {value} <= {wanted} WHEN '<' THEN {value} < {wanted}
        ELSE abs({value} - {wanted}) <= q.tolerance END"""


def lag_pp() -> str:
    """`lag_pp` (滞后百分点): share of the way from base to goal; without a baseline the distance itself."""
    return """round(CASE WHEN q.base IS NULL THEN q.behind
        ELSE (q.scheduled - q.actual) * 100 / (q.goal - q.base) END, 2)"""


def completion() -> str:
    """`completion` (目标完成率, percent); empty where there is no baseline."""
    return "round((q.actual - q.base) * 100 / (q.goal - q.base), 2)"


def attainment() -> str:
    """`attainment` (序时完成率); empty where nothing is scheduled."""
    return "round(q.actual / nullif(q.scheduled, 0), 4)"


def lag_ratio() -> str:
    """`lag_ratio`: how far behind, over what is scheduled."""
    return "round(q.behind / nullif(abs(q.scheduled), 0), 4)"


def time_progress() -> str:
    """`time_progress` (序时进度): share of the target's days gone at the coverage date."""
    return (
        f"CASE WHEN {COMPUTED} THEN CASE q.days WHEN 0 THEN 1.0000 ELSE round(q.days_gone::numeric / q.days, 4) END END"
    )


INVERTIBLE = "q.behind <> 0 AND q.trajectory IN ('linear', 'compound')"
"""Whether a day is to be looked for at which the trajectory equals the actual value."""


MET_SEGMENT = f"""
LEFT JOIN LATERAL (
    SELECT s.d0, s.v0, s.d1, s.v1
    FROM (SELECT lag(c.due_on, 1, q.start) OVER w AS d0, lag(c.value, 1, q.origin) OVER w AS v0,
                 c.due_on AS d1, c.value AS v1
          FROM indicators.checkpoint AS c
          WHERE c.region = {REGION} AND c.plan = q.plan AND c.target = q.code AND c.recorded_at = q.version
          WINDOW w AS (ORDER BY c.due_on)) AS s
    WHERE q.checkpoints > 1 AND {INVERTIBLE} AND s.v0 <> s.v1
      AND q.actual BETWEEN least(s.v0, s.v1) AND greatest(s.v0, s.v1)
    ORDER BY s.d1 LIMIT 1
) AS m ON true"""
"""Of several segments the first in which the trajectory takes the actual value."""


def met_segment() -> dict[str, str]:
    """The segment in which the trajectory takes the actual value, nothing where it never does."""
    alone = (
        f"q.checkpoints = 1 AND {INVERTIBLE} AND q.base IS NOT NULL "
        "AND q.actual BETWEEN least(q.base, q.goal) AND greatest(q.base, q.goal)"
    )
    return {
        "m0": f"CASE WHEN {alone} THEN q.start ELSE m.d0 END",
        "w0": "CASE WHEN m.d0 IS NULL THEN q.base ELSE m.v0 END",
        "m1": "coalesce(m.d1, q.goal_on)",
        "w1": "coalesce(m.v1, q.goal)",
    }


def days_to_value() -> str:
    """Days after the segment's beginning at which its trajectory equals the actual value, whole, half away."""
    length = days_outside_stops("q", "q.m0", "q.m1")
    return f"""CASE WHEN q.trajectory = 'linear' THEN round((q.actual - q.w0) * ({length}) / (q.w1 - q.w0))
        WHEN q.w0 > 0 AND q.w1 > 0 THEN
            round((ln(q.actual::float8 / q.w0::float8) / ln(q.w1::float8 / q.w0::float8) * ({length}))::numeric) END::int"""


def days_behind() -> str:
    """`days_behind`: the day compared less the day at which the trajectory equals the actual value, stops left out."""
    stopped = days_outside_stops("q", "q.m0", "day::date")
    return f"""CASE WHEN q.behind = 0 THEN 0 WHEN q.m0 IS NULL THEN NULL
        WHEN q.stops IS NULL THEN q.compared_on - q.m0 - ({days_to_value()})
        ELSE q.compared_on - (SELECT day::date FROM generate_series(q.m0, q.m1, interval '1 day') AS day
                              WHERE {stopped} >= ({days_to_value()}) ORDER BY day LIMIT 1) END"""


def rule() -> str:
    """Which rule of the order of judgement decides."""
    return f"""CASE WHEN {AS_OF} <= q.start THEN 1
        WHEN q.p_end IS NULL OR q.fault IS NOT NULL THEN 2
        WHEN q.measure = 'cumulative' THEN
            CASE WHEN q.reached OR q.p_end >= q.goal_on THEN 4
                 WHEN q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW} THEN 6 ELSE 5 END
        WHEN q.p_end = q.goal_on THEN 3
        WHEN q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW} THEN 6 ELSE 5 END"""


def light(by_bands: str) -> str:
    """The light that the rule gives; rules 5 and 6 ask the policy, and a policy that says nothing is grey."""
    return f"""CASE q.rule WHEN 1 THEN 'grey'
        WHEN 2 THEN CASE WHEN q.p_end IS NULL AND q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW}
                         THEN 'yellow' ELSE 'grey' END
        WHEN 3 THEN CASE WHEN q.reached AND q.missed_checkpoints = '{{}}' THEN 'done' ELSE 'red' END
        WHEN 4 THEN CASE WHEN q.reached THEN 'done' ELSE 'red' END
        WHEN 5 THEN coalesce({by_bands}, 'grey')
        WHEN 6 THEN CASE {by_bands} WHEN 'red' THEN 'red' ELSE 'yellow' END END"""


def reason() -> str:
    """Why the light is what it is, where the policy alone does not say it."""
    return f"""CASE q.rule WHEN 1 THEN 'not_started'
        WHEN 2 THEN CASE WHEN q.p_end IS NULL THEN
                CASE WHEN q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW} THEN 'report_overdue' ELSE 'no_data' END
            ELSE (ARRAY['incomplete', 'zero_base', 'scope_break', 'tolerance_missing'])[q.fault] END
        WHEN 3 THEN CASE WHEN q.reached AND q.missed_checkpoints <> '{{}}' THEN 'checkpoint_missed' END
        WHEN 5 THEN CASE WHEN {AS_OF} >= q.goal_on THEN 'final_report_missing' END
        WHEN 6 THEN 'report_overdue' END"""


def missed_checkpoints(formulas: Mapping[str, str]) -> str:
    """Earlier checkpoints whose own period has a value that does not meet them; a period without one is unknown."""
    asked = targets.measures(targets.periods(targets.EARLIER_CHECKPOINTS, formulas))
    return f"""
SELECT q.plan, q.code, array_agg(q.checkpoint_on ORDER BY q.checkpoint_on) AS days FROM ({asked}) AS q
WHERE q.p_end IS NOT NULL AND ({targets.measure_fault()}) IS NULL
  AND ({reached(rounded("q.raw_actual"), "q.checkpoint_value")}) IS NOT TRUE
GROUP BY q.plan, q.code"""


def compared(formulas: Mapping[str, str], what_if: str | None) -> str:
    """Every target that stands on a series, with the numbers of section 4.

    `what_if` is the placeholder of values that one after the other stand in for the actual one (nothing: itself).
    """
    question = targets.TARGETS
    if what_if is not None:
        question = layer(question, {"what_if": "w.value"}, f"CROSS JOIN unnest({what_if}) AS w(value)")
    asked = targets.schedules(targets.periods(question, formulas))
    actual = rounded("q.raw_actual") if what_if is None else f"coalesce(q.what_if, {rounded('q.raw_actual')})"
    source = layer(asked, {"fault": fault(), "overdue_reports": overdue_reports(), "base": base()})
    source = layer(
        source,
        {
            "actual": f"CASE WHEN {COMPUTED} THEN {actual} END",
            "scheduled": f"CASE WHEN {COMPUTED} THEN CASE WHEN q.counts THEN {rounded_down('q.raw_scheduled')} "
            f"ELSE {rounded('q.raw_scheduled')} END END",
            "missed_checkpoints": f"CASE WHEN {COMPUTED} AND k.days IS NOT NULL "
            "THEN ARRAY(SELECT d FROM unnest(k.days) AS d WHERE d <= q.p_end ORDER BY d) ELSE '{}'::date[] END",
        },
        f"LEFT JOIN ({missed_checkpoints(formulas)}) AS k ON k.plan = q.plan AND k.code = q.code",
    )
    source = layer(source, {"behind": behind(), "reached": reached("q.actual", "q.goal")})
    return layer(
        source,
        met_segment()
        | {
            "gap": "-q.behind",
            "lag_pp": lag_pp(),
            "completion": completion(),
            "attainment": attainment(),
            "lag_ratio": lag_ratio(),
            "time_progress": time_progress(),
            "rule": rule(),
        },
        MET_SEGMENT,
    )


def judged(
    policies: Mapping[str, Policy], formulas: Mapping[str, str], bind: Bind, *, what_if: str | None = None
) -> str:
    """Every target that stands on a series, judged; all intermediate columns are there for an explanation."""
    by_bands = light_by_bands(policies, "q", bind)
    return layer(
        compared(formulas, what_if),
        {
            "target": "q.code",
            "coverage_date": "q.p_end",
            "done_on": "NULL::date",
            "days_behind": days_behind(),
            "light": light(by_bands),
            "reason": reason(),
        },
    )


def cells() -> str:
    """The finished row of a judged target; what does not apply is empty."""
    blank = {"base": "CASE WHEN rule > 2 THEN base END",
             "checkpoint_on": "CASE WHEN rule > 2 THEN d1 END",
             "light": "light::varchar", "reason": "reason::varchar", "rule": "rule::smallint"}  # fmt: skip
    return ", ".join(f"{blank[name]} AS {name}" if name in blank else name for name in COLUMNS)


def milestones() -> str:
    """Milestones (里程碑): done, with minus the days late; red after the due date; yellow when due soon; else green.

    In force is the latest report recorded and not rejected; its day counts once `as_of` has reached it.
    """
    started, done = f"{AS_OF} > t.start", f"m.done_on <= {AS_OF}"
    near = f"t.goal_on - {AS_OF} <= {NEAR_DAYS}"
    values = {
        "target": "t.code",
        "coverage_date": f"CASE WHEN {started} THEN {AS_OF} END",
        "done_on": f"CASE WHEN {started} AND {done} THEN m.done_on END",
        "goal": "NULL::numeric",
        "upper": "NULL::numeric",
        "gap": f"CASE WHEN {started} THEN CASE WHEN {done} THEN -greatest(m.done_on - t.goal_on, 0) "
        f"WHEN {AS_OF} > t.goal_on THEN t.goal_on - {AS_OF} END END::numeric",
        "missed_checkpoints": "'{}'::date[]",
        "light": f"(CASE WHEN NOT ({started}) THEN 'grey' WHEN {done} THEN 'done' WHEN {AS_OF} > t.goal_on THEN 'red' "
        f"WHEN {near} THEN 'yellow' ELSE 'green' END)::varchar",
        "reason": f"(CASE WHEN NOT ({started}) THEN 'not_started' END)::varchar",
        "rule": f"(CASE WHEN {started} THEN 0 ELSE 1 END)::smallint",
        "days_behind": "NULL::int",
        "overdue_reports": "NULL::int",
        "checkpoint_on": "NULL::date",
    }
    kept = {"plan", "ordinal", "subject", "measure", "goal_on"}
    row = ", ".join(
        f"t.{name}" if name in kept else f"{values.get(name, 'NULL::numeric')} AS {name}" for name in COLUMNS
    )
    return f"""
SELECT {row} FROM target_in_force AS t
LEFT JOIN LATERAL (
    SELECT r.done_on FROM indicators.milestone_report AS r
    WHERE r.region = {REGION} AND r.plan = t.plan AND r.target = t.code AND {known("r")}
    ORDER BY r.recorded_at DESC LIMIT 1
) AS m ON true
WHERE t.measure = 'milestone'"""


def finished(policies: Mapping[str, Policy], formulas: Mapping[str, str], bind: Bind) -> str:
    """The one statement: the finished row of every target chosen, as of `$2`, known at `$3`."""
    return (
        f"WITH {targets.CONTEXT} SELECT {cells()} FROM ({judged(policies, formulas, bind)}) AS q "
        f"UNION ALL {milestones()}"
    )


CHANGE_COLUMNS = (
    "plan", "target", "subject", "from_light", "to_light", "reason", "coverage_date", "actual", "done_on",
    "scheduled", "goal", "upper", "goal_on", "gap", "lag_pp",
)  # fmt: skip
"""What a change of light keeps of the finished row."""


def stored(statement: str, identity: str) -> str:
    """Store the finished rows and the changes of light; gives how many lights changed.

    `identity` is the placeholder of the first 24 hex digits of a UUIDv7: the changes are numbered after it in the order
    of the plan file, so that a plan of any size changes its lights without leaving the database.
    """
    columns = ", ".join(COLUMNS)
    kept = [name for name in COLUMNS if name not in ("plan", "target")]
    update = ", ".join(f"{name} = excluded.{name}" for name in ("as_of", "known_at", *kept))
    of_change = ", ".join(
        {"from_light": "g.light", "to_light": "f.light"}.get(name, f"f.{name}") for name in CHANGE_COLUMNS
    )
    return f"""
WITH fresh AS MATERIALIZED ({statement}), stored AS (
    INSERT INTO indicators.gap (region, as_of, known_at, {columns})
    SELECT {REGION}, {AS_OF}, {KNOWN_AT}, {columns} FROM fresh
    ON CONFLICT (region, plan, target) DO UPDATE SET {update}
), changed AS (
    INSERT INTO indicators.light_change (region, id, at, as_of, {", ".join(CHANGE_COLUMNS)})
    SELECT {REGION}, ({identity} || lpad(to_hex(row_number() OVER (ORDER BY f.plan, f.ordinal, f.target)), 8, '0'))::uuid,
           {KNOWN_AT}, {AS_OF}, {of_change}
    FROM fresh AS f
    LEFT JOIN indicators.gap AS g ON g.region = {REGION} AND g.plan = f.plan AND g.target = f.target
    WHERE g.light IS DISTINCT FROM f.light RETURNING 1
)
SELECT count(*) FROM changed"""


ENDED = "DELETE FROM indicators.gap WHERE region = $1 AND plan = $2 AND known_at <> $3"
"""After a whole evaluation at `$3`: what it did not write belongs to targets that are no longer in force."""


POLICIES = f"""
SELECT v.code, v.name, v.document::text FROM ({in_force("light_policy", "code", "v", where=f"AND v.code IN ({targets.used('policy')})")}) AS v
WHERE NOT v.withdrawn AND $2::date IS NOT NULL"""
"""The light policies of the chosen targets; parameters as for the statement."""

FORMULAS = f"""
SELECT i.code, i.formula FROM ({in_force("indicator", "code", "i", where=f"AND i.code IN ({targets.used('indicator')})")}) AS i
WHERE NOT i.withdrawn AND i.formula IS NOT NULL AND $2::date IS NOT NULL"""
"""The formulas of the indicators that the chosen targets stand on; parameters as for the statement."""
