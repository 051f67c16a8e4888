"""Staged figures against what there is: one set-based check for every way in, then one insert. Speaks SQL."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, text

from services.indicators.definitions.versions import series_of
from services.indicators.directory import metrics as directory
from services.indicators.observations.intake.metrics import CLASS, NEW, SAME
from services.indicators.observations.intake.rules import Row, Wrong
from services.indicators.observations.tables import MilestoneReport
from services.kit.auth import Caller
from services.kit.db import Session, copy_rows, give_time

COLUMNS: Final = (
    "line",
    "indicator",
    "subject",
    "frequency",
    "period_end",
    "value",
    "comparable_base",
    "unit",
    "recorded_at",
    "class",
    "status",
    "rejected",
    "reporter",
    "note",
    "dated",
    "shown",
    "stated",
)

STAGED: Final = """
CREATE TEMP TABLE staged (
    line int NOT NULL, indicator text NOT NULL, subject text NOT NULL, frequency text, period_end date, value numeric,
    comparable_base numeric, unit text NOT NULL, recorded_at timestamptz, class text NOT NULL, status text NOT NULL,
    rejected boolean NOT NULL, reporter text NOT NULL, note text NOT NULL, dated boolean NOT NULL,
    shown timestamptz, stated boolean NOT NULL
) ON COMMIT DROP"""

VERIFY: Final = "observations:verify"
"""The scope of who says more of a figure than that it was reported."""
STATEMENT_SECONDS: Final = 600
"""A request's statements have 5 s; those of an import work on its whole file."""
MONEY: Final = "(VALUES ('元', 0), ('万元', 4), ('亿元', 8))"
"""Units of one dimension and their powers of ten; multiplied by a power of ten a number stays exact."""

OWN_UNIT: Final = f"""
UPDATE staged SET unit = '' FROM (
    SELECT DISTINCT ON (code) code, unit_of_measure FROM indicators.indicator
    WHERE region = :region ORDER BY code, recorded_at DESC
) AS i
WHERE staged.stated AND i.code = staged.indicator AND i.unit_of_measure NOT IN (SELECT unit FROM {MONEY} AS money (unit, power))"""
"""Money that a line above the table states is no unit of what is kept in %, or counted."""

JUDGED: Final = f"""
CREATE TEMP TABLE judged ON COMMIT DROP AS
WITH indicator AS (
    SELECT DISTINCT ON (code) * FROM indicators.indicator WHERE region = :region ORDER BY code, recorded_at DESC
), plan AS (
    SELECT DISTINCT ON (p.code) p.code, p.time_zone, coalesce(d.state, 'set-up') <> 'set-up' AS stands
    FROM indicators.plan AS p LEFT JOIN indicators.directory_plan AS d USING (region, code)
    WHERE p.region = :region ORDER BY p.code, p.recorded_at DESC
), subject AS MATERIALIZED (
    SELECT kind || ':' || code AS subject FROM ({directory.subjects(":region")}) AS known WHERE NOT ended
    UNION ALL SELECT 'plan:' || code FROM plan
), unit AS MATERIALIZED (
    SELECT * FROM ({directory.units(":region")}) AS known WHERE NOT ended
), named AS MATERIALIZED (
    {directory.named(":region")}
), heirs AS MATERIALIZED (
    SELECT old, array_agg(heir::text) AS heirs FROM ({directory.heirs(":region")}) AS line WHERE old <> heir GROUP BY old
), merged AS MATERIALIZED (
    {directory.merged(":region")}
), mine AS MATERIALIZED (
    SELECT coalesce(array_agg(code::text), '{{}}') AS codes FROM unit WHERE {directory.below("path", "CAST(:unit_path AS text)")}
), led AS MATERIALIZED (
    SELECT 'unit:' || code AS subject FROM unit, mine WHERE code = ANY (mine.codes)
    UNION SELECT coalesce(t.subject, 'project:' || owner.matter) FROM ({directory.owners(":region")}) AS owner
    CROSS JOIN mine LEFT JOIN (
        SELECT DISTINCT ON (plan, code) plan, code, subject, withdrawn FROM indicators.target
        WHERE region = :region ORDER BY plan, code, recorded_at DESC
    ) AS t ON t.plan = owner.plan AND t.code = owner.matter
    WHERE (owner.lead = ANY (mine.codes) OR owner.support::text[] && mine.codes)
      AND t.withdrawn IS NOT TRUE AND (t.subject IS NULL OR starts_with(t.subject, 'project:'))
), resolved AS (
    SELECT s.*, i.code AS known_indicator, i.formula, i.roster, i.frequency AS expected, i.unit_of_measure, i.bureau,
           i.source,
           p.time_zone, coalesce(p.stands, false) AS stands,
           CASE s.subject WHEN 'plan' THEN 'plan:' || coalesce(CAST(:plan AS text), i.plan)
                          ELSE coalesce(merged.heir, s.subject) END AS of_subject,
           CASE WHEN s.dated THEN coalesce(s.recorded_at, CAST(:now AS timestamptz)) END AS at,
           CASE WHEN s.unit IN ('', i.unit_of_measure) THEN 1
                ELSE ('1e' || (given.power - kept.power))::numeric END AS factor
    FROM staged AS s
    LEFT JOIN indicator AS i ON i.code = s.indicator AND NOT i.withdrawn
    LEFT JOIN plan AS p ON p.code = i.plan
    LEFT JOIN merged ON merged.old = s.subject
    LEFT JOIN {MONEY} AS given (unit, power) ON given.unit = s.unit
    LEFT JOIN {MONEY} AS kept (unit, power) ON kept.unit = i.unit_of_measure
)
SELECT r.*, (r.at AT TIME ZONE coalesce(r.time_zone, 'Asia/Shanghai'))::date AS on_day, series.id AS series, coalesce(series.bureau, r.bureau) AS of_bureau,
       trim_scale(r.value * r.factor) AS kept_value, trim_scale(r.comparable_base * r.factor) AS kept_base,
       coalesce(subject.subject IS NOT NULL OR r.of_subject ~ '^region:[0-9]{{6,12}}$', false) AS known_subject,
       CASE WHEN r.reporter <> '' THEN reporter.code
            ELSE coalesce(nullif(CAST(:unit AS text), ''), series.bureau, r.bureau) END AS of_reporter,
       reporter.path AS reporter_path, coalesce(heirs.heirs, '{{}}') AS heirs,
       CAST(:unit_path AS text) = '' OR coalesce(
           coalesce(series.bureau, r.bureau) = ANY (mine.codes) OR coalesce(heirs.heirs && mine.codes, false)
           OR (r.source <> 'statistics' AND r.of_subject IN (SELECT led.subject FROM led)), false) AS theirs,
       there.value AS there_value, there.comparable_base AS there_base, there.recorded_at AS there_at,
       there.status AS there_status, there.class AS there_class,
       min(r.line) OVER (PARTITION BY r.indicator, r.of_subject, r.period_end, r.at) AS first_line
FROM resolved AS r CROSS JOIN mine
LEFT JOIN subject ON subject.subject = r.of_subject
LEFT JOIN indicators.series AS series
       ON series.region = :region AND series.indicator = r.indicator AND series.subject = r.of_subject
LEFT JOIN LATERAL (SELECT code, path FROM named WHERE named.named = r.reporter ORDER BY rank LIMIT 1)
       AS reporter ON true
LEFT JOIN heirs ON heirs.old = coalesce(series.bureau, r.bureau)
LEFT JOIN LATERAL (
    SELECT o.value, o.comparable_base, o.recorded_at, o.status, o.class FROM indicators.observation AS o
    WHERE o.region = :region AND o.series = series.id AND o.period_end = r.period_end
      AND CASE WHEN r.recorded_at IS NULL THEN o.rejected_at IS NULL AND o.recorded_at <= CAST(:now AS timestamptz)
               ELSE o.recorded_at = r.recorded_at END
    ORDER BY o.recorded_at DESC LIMIT 1
) AS there ON true"""

TOLD_NEW: Final = f"(NOT theirs OR {NEW})"
"""What is wrong of new rows only is said of all rows of others' series, else it would say what is recorded there."""
TAKEN: Final = "known_indicator IS NOT NULL AND formula IS NULL AND roster IS NULL"
"""Figures are reported of the indicator at all."""
BUREAU: Final = f"""coalesce((SELECT string_agg(unit.name, '、' ORDER BY unit.code) FROM ({directory.units(":region")}) AS unit
              WHERE unit.successors = '{{}}' AND NOT unit.ended AND (unit.code = of_bureau OR unit.code = ANY (heirs))), of_bureau)"""
"""Who reports the series today."""

WRONG: Final = f"""
SELECT line, checks.field, code, coalesce(checks.given, '') AS given, coalesce("right", '') AS "right"
FROM judged
LEFT JOIN called AS i_called ON i_called.field = 'indicator' AND i_called.given = indicator
LEFT JOIN called AS s_called ON s_called.field = 'subject' AND s_called.given = subject
CROSS JOIN LATERAL (VALUES
    (known_indicator IS NULL AND i_called.codes IS NULL, 'indicator', 'unknown-indicator', indicator, ''),
    (known_indicator IS NULL AND i_called.codes IS NOT NULL,
     'indicator', 'ambiguous-name', indicator, array_to_string(i_called.codes, '、')),
    (formula IS NOT NULL, 'indicator', 'computed-indicator', indicator, formula),
    (roster IS NOT NULL, 'indicator', 'counted-indicator', indicator, roster),
    (NOT known_subject AND s_called.codes IS NULL AND (known_indicator IS NOT NULL OR subject <> 'plan'),
     'subject', 'unknown-subject', subject, ''),
    (NOT known_subject AND s_called.codes IS NOT NULL,
     'subject', 'ambiguous-name', subject, array_to_string(s_called.codes, '、')),
    (known_indicator IS NOT NULL AND factor IS NULL, 'unit', 'unit-of-another-dimension', unit, unit_of_measure),
    (frequency <> expected, 'period', 'period-of-wrong-frequency', frequency, expected),
    (period_end > on_day AND frequency IS NOT DISTINCT FROM coalesce(expected, frequency), 'period', 'period-not-ended', period_end::text, on_day::text),
    (period_end IS NOT NULL AND at IS NOT NULL AND line > first_line,
     'recorded_at', 'reported-twice', recorded_at::text, first_line::text),
    (theirs AND line = first_line AND recorded_at IS NOT NULL AND there_at IS NOT NULL AND kept_value IS NOT NULL AND NOT {SAME},
     'recorded_at', 'reported-twice', recorded_at::text, 'database'),
    (recorded_at IS NOT NULL AND stands AND (NOT theirs OR there_at IS NULL), 'recorded_at', 'recorded-at-not-allowed', '', ''),
    ({TOLD_NEW} AND {TAKEN} AND CAST(:unit_path AS text) = ''
     AND of_reporter IS DISTINCT FROM of_bureau AND NOT coalesce(of_reporter = ANY (heirs), false),
     'reporter', 'not-the-reporter', reporter, {BUREAU}),
    ({TAKEN} AND known_subject AND NOT theirs, 'indicator', 'not-your-series', indicator || ' · ' || of_subject, {BUREAU}),
    ({TOLD_NEW} AND NOT CAST(:verifies AS boolean) AND (rejected OR status <> 'reported'),
     'status', 'verified-by-others', CASE WHEN rejected THEN 'rejected' ELSE status END, 'reported'),
    ({TOLD_NEW} AND NOT CAST(:verifies AS boolean) AND class = 'audited',
     'class', 'verified-by-others', class, 'flash, annual'),
    ({TOLD_NEW} AND {TAKEN} AND CAST(:unit_path AS text) <> ''
     AND NOT coalesce(of_reporter = CAST(:unit AS text), false)
     AND NOT coalesce(starts_with(reporter_path || '.', CAST(:unit_path AS text) || '.'), false),
     'reporter', 'not-your-reporter', reporter, '')
) AS checks (bad, field, code, given, "right")
WHERE bad ORDER BY line, checks.field, code LIMIT :limit"""

PERIOD: Final = """CASE frequency
    WHEN 'month' THEN to_char(period_end, 'YYYY-MM') WHEN 'quarter' THEN to_char(period_end, 'YYYY-"Q"Q')
    WHEN 'half' THEN to_char(period_end, 'YYYY-"H"') || (extract(month FROM period_end)::int / 6)
    ELSE to_char(period_end, 'YYYY') END"""

INSERTED: Final = f"""
INSERT INTO indicators.observation (region, series, period_end, recorded_at, value, comparable_base, entered_value,
                                    entered_unit, class, status, reporter, note, recorded_by, rejected_at, rejected_by)
SELECT :region, s.id, period_end, at, kept_value, kept_base, value,
       coalesce(nullif(unit, ''), unit_of_measure), {CLASS}, status, coalesce(of_reporter, ''), note, CAST(:client AS text),
       CASE WHEN rejected THEN at END, CASE WHEN rejected THEN CAST(:client AS text) END
FROM judged
JOIN indicators.series AS s ON s.region = :region AND s.indicator = judged.indicator AND s.subject = judged.of_subject
WHERE {NEW}"""


INSTANT: Final = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
RECORDED: Final = f"""
WITH fresh AS NOT MATERIALIZED (
    SELECT indicator || '/' || of_subject AS series, {PERIOD} AS period, {INSTANT} AS recorded_at,
           there_value::text AS was, kept_value::text AS value, there_base::text AS base_was, kept_base::text AS base,
           there_status AS status_was, status, there_class AS class_was, {CLASS} AS class
    FROM judged WHERE {NEW}
), counted AS (SELECT count(*) AS figures FROM judged WHERE {NEW})
SELECT figures,
       (SELECT count(*) FROM (SELECT DISTINCT indicator, of_subject FROM judged WHERE {NEW}) AS one) AS series,
       (SELECT array_agg(indicator) FROM (SELECT DISTINCT indicator FROM judged WHERE {NEW}) AS one) AS indicators,
       CASE WHEN :digested THEN (
           SELECT encode(sha256(convert_to(string_agg(concat_ws(' ', series, period, recorded_at, value, base), E'\\n'
                  ORDER BY series, period, recorded_at), 'UTF8')), 'hex') FROM fresh) ELSE '' END AS digest,
       CASE WHEN figures <= :limit THEN (
           SELECT jsonb_agg(jsonb_build_object('series', series, 'period', period, 'recorded_at', recorded_at,
                  'changes', CASE WHEN value IS DISTINCT FROM was
                                  THEN jsonb_build_object('value', jsonb_build_array(was, value)) ELSE '{{}}' END ||
                             CASE WHEN base IS DISTINCT FROM base_was
                                  THEN jsonb_build_object('comparable_base', jsonb_build_array(base_was, base))
                                  ELSE '{{}}' END ||
                             CASE WHEN status <> status_was
                                  THEN jsonb_build_object('status', jsonb_build_array(status_was, status))
                                  ELSE '{{}}' END ||
                             CASE WHEN class <> class_was
                                  THEN jsonb_build_object('class', jsonb_build_array(class_was, class))
                                  ELSE '{{}}' END)
                  ORDER BY series, period, recorded_at) FROM fresh) END AS named
FROM counted"""


async def open_staging(session: Session) -> None:
    """A place for rows that lasts as long as the transaction; a long file gets the time that it needs."""
    await give_time(session, STATEMENT_SECONDS)
    await session.execute(text("SET LOCAL lock_timeout = '30s'"))
    await session.execute(text(STAGED))


async def stage(session: Session, rows: Iterable[Row]) -> None:
    """COPY rows into the staging table."""
    await copy_rows(session, "staged", COLUMNS, [_record(row) for row in rows])


def _record(row: Row) -> Sequence[object]:
    return (
        row.line,
        row.indicator,
        row.subject,
        row.frequency,
        row.period_end,
        row.value,
        row.comparable_base,
        row.unit,
        row.recorded_at,
        row.class_,
        row.status,
        row.rejected,
        row.reporter,
        row.note,
        row.dated,
        row.shown,
        row.stated,
    )


async def judge(session: Session, caller: Caller, *, plan: str | None, now: datetime, limit: int) -> list[Wrong]:
    """Compare every staged row with what there is; what is wrong with them, at most `limit` faults in order of line.

    The names in them are settled before.
    """
    values: dict[str, Any] = {"region": caller.region, "unit": caller.unit or "", "unit_path": caller.unit_path}
    await session.execute(text(OWN_UNIT), values)
    await session.execute(text(JUDGED), values | {"plan": plan, "now": now})
    found = await session.execute(text(WRONG), values | {"limit": limit, "verifies": VERIFY in caller.scopes})
    return [Wrong(*row) for row in found]


async def load(session: Session, region: str, *, client: str) -> int:
    """Record every judged row that says something new; how many that were."""
    missing = await session.execute(text("SELECT DISTINCT indicator, of_subject FROM judged WHERE series IS NULL"))
    pairs = [tuple(row) for row in missing]
    for start in range(0, len(pairs), 5000):  # as many as one statement can take values
        await series_of(session, region, {(indicator, subject) for indicator, subject in pairs[start : start + 5000]})
    inserted = await session.execute(text(INSERTED), {"region": region, "client": client})
    return int(inserted.rowcount)  # type: ignore[attr-defined]  # a statement that writes has it


class Recorded(NamedTuple):
    """What `load` records, as the trail says it: each figure where they are few, and a digest of all."""

    figures: int
    indicators: list[str]
    digest: str
    said: dict[str, Any]


async def told(session: Session, *, limit: int, digested: bool) -> Recorded:
    """What `load` records; more than `limit` figures are not named. Those of a file need no digest: the file has one."""
    found = (await session.execute(text(RECORDED), {"limit": limit, "digested": digested})).one()
    named = {} if found.named is None else {"figures": found.named}
    return Recorded(found.figures, found.indicators, found.digest, {"series": found.series, **named})


async def new_rows(session: Session) -> int:
    """How many judged rows say something new."""
    return int((await session.execute(text(f"SELECT count(*) FROM judged WHERE {NEW}"))).scalar_one())


class PlanOfMilestone(NamedTuple):
    """A plan that has the milestone."""

    code: str
    time_zone: str
    stands: bool
    theirs: bool
    """Whether the caller's unit, or one below it, leads or supports it."""
    lead: str


class MilestoneRow(NamedTuple):
    """A milestone reached, as it is recorded."""

    plan: str
    target: str
    recorded_at: datetime
    done_on: date
    evidence: str
    reporter: str
    note: str


async def reporters(session: Session, region: str, *, unit_path: str) -> dict[str, str]:
    """The codes of the units for which a caller may report, by name and by code."""
    found = await session.execute(
        text(f"""
SELECT code, named FROM ({directory.named(":region")}) AS unit
WHERE {directory.below("path", "CAST(:unit_path AS text)")} ORDER BY rank DESC, code"""),
        {"region": region, "unit_path": unit_path},
    )
    return {str(name): str(code) for code, name in found}


async def milestones(session: Session, region: str, *, unit_path: str) -> dict[str, list[PlanOfMilestone]]:
    """The milestones in force, and the plans that have them."""
    found = await session.execute(
        text(f"""
SELECT t.code AS target, p.code, p.time_zone, coalesce(d.state, 'set-up') <> 'set-up' AS stands,
       CAST(:unit_path AS text) = '' OR EXISTS (
           SELECT FROM ({directory.units(":region")}) AS unit
           WHERE (unit.code = owner.lead OR unit.code = ANY (owner.support))
           AND {directory.below("unit.path", "CAST(:unit_path AS text)")}) AS theirs,
       coalesce((SELECT name FROM ({directory.units(":region")}) AS unit WHERE unit.code = owner.lead), '—') AS lead
FROM (SELECT DISTINCT ON (plan, code) * FROM indicators.target WHERE region = :region
      ORDER BY plan, code, recorded_at DESC) AS t
JOIN (SELECT DISTINCT ON (code) * FROM indicators.plan WHERE region = :region ORDER BY code, recorded_at DESC) AS p
  ON p.code = t.plan
LEFT JOIN indicators.directory_plan AS d ON d.region = :region AND d.code = p.code
LEFT JOIN ({directory.owners(":region")}) AS owner ON owner.plan = t.plan AND owner.matter = t.code
WHERE t.measure = 'milestone' AND NOT t.withdrawn"""),
        {"region": region, "unit_path": unit_path},
    )
    known: dict[str, list[PlanOfMilestone]] = {}
    for target, *plan in found:
        known.setdefault(target, []).append(PlanOfMilestone(*plan))
    return known


async def milestone_reports(session: Session, region: str) -> dict[tuple[str, str, datetime | None], date]:
    """The day reported by each version, and by the one in force under the instant None."""
    found = await session.execute(
        text("""
SELECT plan, target, recorded_at, done_on, rejected_at IS NULL FROM indicators.milestone_report
WHERE region = :region ORDER BY recorded_at"""),
        {"region": region},
    )
    there: dict[tuple[str, str, datetime | None], date] = {}
    for plan, target, recorded_at, done_on, counts in found:
        there[plan, target, recorded_at] = done_on
        if counts:
            there[plan, target, None] = done_on
    return there


async def load_milestones(session: Session, region: str, fresh: Sequence[MilestoneRow], *, client: str) -> None:
    """Record milestones reached."""
    if fresh:
        rows = [each._asdict() | {"region": region, "recorded_by": client} for each in fresh]
        await session.execute(insert(MilestoneReport), rows)
