"""The gap (差距) of many targets in one statement: semantics.md 4, its named metrics and its order of judgement.

What is printed is rounded once; everything else is derived from the rounded pair of `actual` and `scheduled` in one step.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from services.indicators.lights.metrics import Bind, light_by_bands
from services.indicators.observations.metrics import AS_OF, KNOWN_AT, REGION, known
from services.indicators.targets.measures import TOLERANCE_MISSING, measure_fault, measures
from services.indicators.targets.metrics import checkpoint_periods, in_force, latest_periods, statement
from services.indicators.targets.rules import COUNTED_MEASURES, Shape
from services.indicators.targets.schedules import days_outside_stops, schedule_fault, schedules
from services.kit.layers import Rows
from services.plan_file.measuring import Policy

NEAR_DAYS = 30
"""A milestone due in so many days or fewer is yellow."""
INVERTIBLE = ("linear", "compound")
"""Trajectories of which it can be told on which day they take a value."""
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


def fault(shape: Shape) -> str:
    """Why there are no numbers for P, the first reason that holds; 左右 without a tolerance cannot be assessed."""
    without = f"CASE WHEN q.operator = '=' AND q.tolerance IS NULL THEN {TOLERANCE_MISSING} END"
    faults = [measure_fault(shape), schedule_fault(shape), without if "=" in shape.operators else None]
    found = ", ".join(each for each in faults if each is not None)
    return f"least({found})" if found else "NULL::int"


def computed(shape: Shape) -> str:
    """Whether there are numbers; where a missing one alone tells that, without looking for the reason."""
    if shape.trajectory == "seasonal" or measure_fault(shape) is not None:
        return "q.p_end IS NOT NULL AND q.fault IS NULL"
    assessable = " AND (q.operator <> '=' OR q.tolerance IS NOT NULL)" if "=" in shape.operators else ""
    return f"q.raw_scheduled IS NOT NULL{assessable}"


OVERDUE_REPORTS = """CASE WHEN q.until > q.start THEN
    CASE WHEN coalesce(q.p_end, q.start) >= q.last_late THEN 0
         ELSE width_bucket(q.until, q.late) - width_bucket(coalesce(q.p_end, q.start), q.late) END END"""
"""Published periods after the coverage date that could have been P and whose report was due before `known_at`."""


def behind(shape: Shape) -> str:
    """How far behind the schedule, whichever way is better."""
    if shape.directions == {"decrease"}:
        return "(q.actual - q.scheduled)"
    if "decrease" not in shape.directions:
        return "(q.scheduled - q.actual)"
    return "CASE q.direction WHEN 'decrease' THEN q.actual - q.scheduled ELSE q.scheduled - q.actual END"


def reached(shape: Shape, value: str = "q.actual", wanted: str = "q.goal") -> str:
    """Whether a rounded value meets what is wanted by the target's operator; `between` at its lower bound."""
    meets = {
        operator: f"abs({value} - {wanted}) <= q.tolerance"
        if operator == "="
        else f"{value} {'>=' if operator == 'between' else operator} {wanted}"
        for operator in sorted(shape.operators)
    }
    if len(meets) == 1:
        return next(iter(meets.values()))
    by_operator = " ".join(f"WHEN '{operator}' THEN {met}" for operator, met in meets.items())
    return f"CASE q.operator {by_operator} END"


def lag_pp(shape: Shape) -> str:
    """`lag_pp` (滞后百分点): share of the way from base to goal; without a baseline the distance itself."""
    return f"""round(CASE WHEN q.base IS NULL THEN {behind(shape)}
        ELSE (q.scheduled - q.actual) * 100 / (q.goal - q.base) END, 2)"""


COMPLETION = "round((q.actual - q.base) * 100 / (q.goal - q.base), 2)"
"""`completion` (目标完成率, percent); empty where there is no baseline."""

ATTAINMENT = "round(q.actual / nullif(q.scheduled, 0), 4)"
"""`attainment` (序时完成率); empty where nothing is scheduled."""


def lag_ratio(shape: Shape) -> str:
    """`lag_ratio`: how far behind, over what is scheduled."""
    return f"round({behind(shape)} / nullif(abs(q.scheduled), 0), 4)"


def time_progress(shape: Shape) -> str:
    """`time_progress` (序时进度): share of the target's days gone at the coverage date."""
    share = "round(q.days_gone::numeric / q.days, 4)"
    if shape.stops:
        share = f"CASE q.days WHEN 0 THEN 1.0000 ELSE {share} END"
    return f"CASE WHEN q.scheduled IS NOT NULL THEN {share} END"


MET = f"""
LEFT JOIN LATERAL (
    SELECT s.d0, s.v0, s.d1, s.v1
    FROM (SELECT lag(c.due_on, 1, q.start) OVER w AS d0, lag(c.value, 1, q.origin) OVER w AS v0,
                 c.due_on AS d1, c.value AS v1
          FROM indicators.checkpoint AS c
          WHERE c.region = {REGION} AND c.plan = q.plan AND c.target = q.code AND c.recorded_at = q.version
          WINDOW w AS (ORDER BY c.due_on)) AS s
    WHERE q.scheduled <> q.actual AND s.v0 <> s.v1
      AND q.actual BETWEEN least(s.v0, s.v1) AND greatest(s.v0, s.v1)
    ORDER BY s.d1 LIMIT 1
) AS met ON true"""
"""Of several segments the first in which the trajectory takes the actual value; nothing on schedule."""


def days_behind(shape: Shape) -> str:
    """`days_behind`: the day compared less the day at which the trajectory equals the actual value, stops left out."""
    if shape.trajectory not in INVERTIBLE:
        return "CASE WHEN q.actual = q.scheduled THEN 0 END"
    if shape.several:
        met, d0, v0, d1, v1 = "q.m0 IS NOT NULL", "q.m0", "q.w0", "q.m1", "q.w1"
    else:
        met = "q.actual BETWEEN least(q.base, q.goal) AND greatest(q.base, q.goal)"
        d0, v0, d1, v1 = "q.start", "q.base", "q.goal_on", "q.goal"
    length = days_outside_stops(shape, d0, d1)
    share = f"(q.actual - {v0}) * {length} / ({v1} - {v0})"
    if shape.trajectory == "compound":
        met += f" AND {v0} > 0 AND {v1} > 0"
        share = f"(ln(q.actual::float8 / {v0}::float8) / ln({v1}::float8 / {v0}::float8) * {length})::numeric"
    day = f"q.compared_on - {d0} - round({share})::int"
    if shape.stops:
        stopped = days_outside_stops(shape, d0, "day::date")
        day = f"""CASE WHEN q.stops IS NULL THEN {day}
            ELSE q.compared_on - (SELECT day::date FROM generate_series({d0}, {d1}, interval '1 day') AS day
                                  WHERE {stopped} >= round({share})::int ORDER BY day LIMIT 1) END"""
    return f"CASE WHEN q.actual = q.scheduled THEN 0 WHEN {met} THEN {day} END"


def rule(shape: Shape) -> str:
    """Which rule of the order of judgement decides."""
    by_policy = f"WHEN q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW} THEN 6 ELSE 5"
    final = (
        f"{reached(shape)} OR q.p_end >= q.goal_on THEN 4"
        if shape.measure == "cumulative"
        else "q.p_end = q.goal_on THEN 3"
    )
    return f"CASE WHEN {AS_OF} <= q.start THEN 1 WHEN q.scheduled IS NULL THEN 2 WHEN {final} {by_policy} END"


def light(shape: Shape, by_bands: str) -> str:
    """The light that the rule gives; rules 5 and 6 ask the policy, and a policy that says nothing is grey."""
    return f"""CASE q.rule WHEN 1 THEN 'grey'
        WHEN 2 THEN CASE WHEN q.p_end IS NULL AND q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW}
                         THEN 'yellow' ELSE 'grey' END
        WHEN 3 THEN CASE WHEN {reached(shape)} AND q.missed_checkpoints = '{{}}' THEN 'done' ELSE 'red' END
        WHEN 4 THEN CASE WHEN {reached(shape)} THEN 'done' ELSE 'red' END
        WHEN 5 THEN coalesce({by_bands}, 'grey')
        WHEN 6 THEN CASE {by_bands} WHEN 'red' THEN 'red' ELSE 'yellow' END END"""


def reason(shape: Shape) -> str:
    """Why the light is what it is, where the policy alone does not say it."""
    return f"""CASE q.rule WHEN 1 THEN 'not_started'
        WHEN 2 THEN CASE WHEN q.p_end IS NULL THEN
                CASE WHEN q.overdue_reports >= {OVERDUE_AT_LEAST_YELLOW} THEN 'report_overdue' ELSE 'no_data' END
            ELSE (ARRAY['incomplete', 'zero_base', 'scope_break', 'tolerance_missing'])[q.fault] END
        WHEN 3 THEN CASE WHEN {reached(shape)} AND q.missed_checkpoints <> '{{}}' THEN 'checkpoint_missed' END
        WHEN 5 THEN CASE WHEN {AS_OF} >= q.goal_on THEN 'final_report_missing' END
        WHEN 6 THEN 'report_overdue' END"""


def missed_checkpoints(shape: Shape) -> str:
    """Earlier checkpoints whose own period has a value that does not meet them; a period without one is unknown."""
    own = measures(checkpoint_periods(shape), shape).having(
        {"missed": f"({reached(shape, rounded('q.raw_actual'), 'q.checkpoint_value')}) IS NOT TRUE"}
    )
    asked = own.select(
        {
            "plan": "q.plan",
            "code": "q.code",
            "day": "q.checkpoint_on",
            "missed": "q.missed",
            "fault": measure_fault(shape) or "NULL",
        }
    )
    return f"""(SELECT own.plan, own.code, array_agg(own.day ORDER BY own.day) AS days FROM ({asked}) AS own
        WHERE own.missed AND own.fault IS NULL GROUP BY own.plan, own.code)"""


def compared(shape: Shape, what_if: str | None) -> Rows:
    """Every target of a shape, with the numbers of section 4.

    `what_if` is the placeholder of values that one after the other stand in for the actual one (nothing: itself).
    Where the goal is no different from the measure's value at the start there is no way to go, so no baseline.
    """
    rows = latest_periods(shape, what_if)
    missed = "'{}'::date[]"
    if shape.several:
        rows = rows.joined(
            f"{missed_checkpoints(shape)} AS missed ON missed.plan = t.plan AND missed.code = t.code",
            {"missed": "missed.days"},
        )
        missed = f"""CASE WHEN {computed(shape)} AND q.missed IS NOT NULL
            THEN ARRAY(SELECT d FROM unnest(q.missed) AS d WHERE d <= q.p_end ORDER BY d) ELSE {missed} END"""
    scheduled = rounded("q.raw_scheduled")
    if shape.measure in COUNTED_MEASURES:
        scheduled = f"CASE WHEN q.counts THEN {rounded_down('q.raw_scheduled')} ELSE {scheduled} END"
    actual = rounded("q.raw_actual") if what_if is None else f"coalesce(q.what_if, {rounded('q.raw_actual')})"
    return schedules(measures(rows, shape), shape).having(
        {
            "fault": fault(shape),
            "overdue_reports": OVERDUE_REPORTS,
            "base": "nullif(q.origin, q.goal)",
            "actual": f"CASE WHEN {computed(shape)} THEN {actual} END",
            "scheduled": f"CASE WHEN {computed(shape)} THEN {scheduled} END",
            "missed_checkpoints": missed,
            "reached": reached(shape),
            "behind": behind(shape),
            "gap": f"-{behind(shape)}",
            "lag_pp": lag_pp(shape),
            "completion": COMPLETION,
            "attainment": ATTAINMENT,
            "lag_ratio": lag_ratio(shape),
            "time_progress": time_progress(shape),
            "rule": rule(shape),
            "m0": "met.d0",
            "w0": "met.v0",
            "m1": "met.d1",
            "w1": "met.v1",
        },
        {"met": MET},
    )


def judged(shape: Shape, by_bands: str, what_if: str | None = None) -> Rows:
    """Every target of a shape, judged; all intermediate columns are there for an explanation."""
    return compared(shape, what_if).having(
        {
            "target": "q.code",
            "coverage_date": "q.p_end",
            "done_on": "NULL::date",
            "days_behind": days_behind(shape),
            "light": light(shape, by_bands),
            "reason": reason(shape),
        }
    )


BLANK = {
    "base": "CASE WHEN q.rule > 2 THEN q.base END",
    "checkpoint_on": "CASE WHEN q.rule > 2 THEN q.d1 END",
    "light": "q.light::varchar",
    "reason": "q.reason::varchar",
    "rule": "q.rule::smallint",
}
CELLS = {name: BLANK.get(name, f"q.{name}") for name in COLUMNS}
"""The finished row of a judged target; what does not apply is empty."""


def days_left(day: str) -> str:
    """Days from a day to a milestone's due date, negative after it; the stopped days after the start up to it are given
    back.
    """
    return f"""(t.goal_on - {day} + CASE WHEN stopped.days IS NULL THEN 0 ELSE (
        SELECT coalesce(sum(upper(d.days) - lower(d.days)), 0)::int
        FROM unnest(stopped.days * datemultirange(daterange(t.start, greatest({day}, t.start), '(]'))) AS d(days)) END)"""


def milestones() -> str:
    """Milestones (里程碑): done, with minus the days late; red after the due date; yellow when due soon; else green.

    In force is the latest report recorded and not rejected; its day counts once `as_of` has reached it. Days are those
    on which the clock ran: what a clock stop (中止计时) takes out neither brings the due date nearer nor makes late.
    """
    started, done = f"{AS_OF} > t.start", f"m.done_on <= {AS_OF}"
    left, left_when_done = days_left(AS_OF), days_left("m.done_on")
    values = {
        "target": "t.code",
        "coverage_date": f"CASE WHEN {started} THEN {AS_OF} END",
        "done_on": f"CASE WHEN {started} AND {done} THEN m.done_on END",
        "goal": "NULL::numeric",
        "upper": "NULL::numeric",
        "gap": f"CASE WHEN {started} THEN CASE WHEN {done} THEN least({left_when_done}, 0) "
        f"WHEN {left} < 0 THEN {left} END END::numeric",
        "missed_checkpoints": "'{}'::date[]",
        "light": f"(CASE WHEN NOT ({started}) THEN 'grey' WHEN {done} THEN 'done' WHEN {left} < 0 THEN 'red' "
        f"WHEN {left} <= {NEAR_DAYS} THEN 'yellow' ELSE 'green' END)::varchar",
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
LEFT JOIN stopped ON stopped.subject = t.subject
WHERE t.measure = 'milestone'"""


@lru_cache(maxsize=512)
def _branch(shape: Shape, by_bands: str) -> str:
    return judged(shape, by_bands).select(CELLS)


def finished(shapes: Iterable[Shape], policies: Mapping[str, Policy], bind: Bind) -> str:
    """The one statement: the finished row of every target chosen, as of `$2`, known at `$3`; a branch for each shape."""
    branches = [_branch(shape, light_by_bands(policies, shape.policies, bind)) for shape in shapes]
    return statement(" " + " UNION ALL ".join([*branches, milestones()]))


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
SELECT v.code, v.name, v.document::text
FROM ({in_force("light_policy", "code", "v", where="AND v.code = ANY ($2::text[])")}) AS v WHERE NOT v.withdrawn"""
"""The light policies named in `$2`; region and known_at as for the statement."""
