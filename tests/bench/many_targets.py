"""Many targets with 36 months of figures, made by Postgres itself: the mix of the sample plan, one series for each."""

from datetime import UTC, date, datetime

import asyncpg
import orjson

REGION, PLAN = "330109", "bench"
NOW = (date(2020, 1, 31), datetime(2020, 2, 1, tzinfo=UTC))
"""as_of and known_at of current knowledge: everything is recorded."""
LONG_AGO = (date(2018, 6, 30), datetime(2018, 7, 15, 10, tzinfo=UTC))
"""as_of and known_at of an old answer: half of the figures are not known yet."""

INDICATORS = """
INSERT INTO indicators.indicator (region, code, recorded_at, plan, name, unit_of_measure, decimals, whole, direction,
                                  frequency, accumulation, source, due_day, unpublished_months, formula, withdrawn)
SELECT $1, code, '2016-01-01Z', $2, '', unit, decimals, whole, 'increase', 'month', accumulation, 'bureau', 12,
       unpublished, formula, false
FROM (VALUES ('money', '万元', 0, false, 'cumulative', '{}'::smallint[], NULL), ('things', '个', 0, true, 'cumulative', '{}', NULL),
             ('rate', '%', 1, false, 'rate', '{1}', NULL), ('volume', '亿元', 2, false, 'ytd', '{1}', NULL),
             ('whole_volume', '亿元', 2, false, 'ytd', '{1}', NULL),
             ('share', '%', 1, false, 'formula', '{1}', 'volume / whole_volume * 100'))
     AS i(code, unit, decimals, whole, accumulation, unpublished, formula)"""

KINDS = """
CREATE TEMP TABLE kind AS
SELECT * FROM (VALUES
    (0, 9, 'money', 'cumulative', 'linear', 0, 60000), (10, 14, 'things', 'cumulative', 'linear', 0, 60),
    (15, 15, 'rate', 'growth', 'hold', NULL, 15), (16, 16, 'rate', 'mean_growth', 'hold', NULL, 15),
    (17, 17, 'rate', 'multiple', 'compound', 1, 2), (18, 18, 'volume', 'annual', 'linear', 18, 50),
    (19, 19, 'share', 'level', 'linear', 21, 30))
    AS k(low, high, indicator, measure, trajectory, baseline, goal)"""

SERIES = """
INSERT INTO indicators.series (region, id, indicator, subject)
SELECT $1, ('00000000-0000-7000-8000-' || lpad(to_hex(row_number() OVER (ORDER BY n, part)), 12, '0'))::uuid, part,
       'project:P' || lpad(n::text, 7, '0')
FROM generate_series(1, $2::int) AS n JOIN kind AS k ON n % 20 BETWEEN k.low AND k.high
CROSS JOIN LATERAL unnest(CASE k.indicator WHEN 'share' THEN ARRAY['share', 'volume', 'whole_volume'] ELSE ARRAY[k.indicator] END) AS part"""

TARGETS = """
INSERT INTO indicators.target (region, plan, code, recorded_at, ordinal, name, subject, indicator, series, measure,
    operator, baseline, start, goal_on, goal, checkpoints, trajectory, policy, nature, clause, phrase, withdrawn)
SELECT $1, $2, 'P' || lpad(n::text, 7, '0'), '2016-01-01Z', n, 'target', s.subject, k.indicator, s.id, k.measure, '>=',
       k.baseline, '2016-12-31', '2020-12-31', k.goal, 1, k.trajectory, 'standard', 'indicative', 'clause', 'phrase', false
FROM generate_series(1, $3::int) AS n JOIN kind AS k ON n % 20 BETWEEN k.low AND k.high
JOIN indicators.series AS s ON s.region = $1 AND s.indicator = k.indicator AND s.subject = 'project:P' || lpad(n::text, 7, '0')"""

FIGURES = """
INSERT INTO indicators.observation (region, series, period_end, recorded_at, value, entered_value, entered_unit, class,
    status, reporter, note, recorded_by, rejected_at)
SELECT $1, s.id, m.ended, m.ended + interval '12 days 2 hours' + v.version * interval '20 days', f.value, f.value, '', 'flash',
       'approved', '', '', 'bench',
       CASE WHEN v.version = 1 AND (hashtext(s.subject) + m.n) % 3 = 0 THEN m.ended + interval '40 days' END
FROM indicators.series AS s
CROSS JOIN (SELECT n, ('2017-01-01'::date + (n + 1) * interval '1 month')::date - 1 AS ended FROM generate_series(-1, 35) AS n) AS m
CROSS JOIN LATERAL generate_series(0, CASE WHEN (hashtext(s.subject) + m.n) % 50 = 0 THEN 1 ELSE 0 END) AS v(version)
CROSS JOIN LATERAL (SELECT CASE s.indicator
    WHEN 'money' THEN round((m.n + 1) * 1250 * (0.7 + abs(hashtext(s.subject)) % 60 / 100.0))
    WHEN 'things' THEN round((m.n + 1) * 1.25 * (0.7 + abs(hashtext(s.subject)) % 60 / 100.0))
    WHEN 'rate' THEN round(9 + abs(hashtext(s.subject) % 120) / 10.0 + m.n % 7 * 0.3, 1)
    WHEN 'volume' THEN round((1.5 + m.n / 24.0) * (m.n % 12 + 1) * (0.7 + abs(hashtext(s.subject)) % 60 / 100.0), 2)
    ELSE round((6 + m.n / 24.0) * (m.n % 12 + 1), 2) END AS value) AS f
WHERE s.indicator <> 'share' AND (s.indicator IN ('money', 'things') OR date_part('month', m.ended) > 1)
ORDER BY s.id, m.ended, v.version"""

POLICY = {
    "bands": [
        {"light": "green", "when": [{"metric": "whole", "op": "=", "value": True}, {"metric": "gap", "op": ">=", "value": "0"}]},
        {"light": "yellow", "when": [{"metric": "whole", "op": "=", "value": True}, {"metric": "gap", "op": ">=", "value": "-1"}]},
        {"light": "yellow", "when": [{"metric": "whole", "op": "=", "value": True}, {"metric": "lag_pp", "op": "<=", "value": "10"}]},
        {"light": "red", "when": [{"metric": "whole", "op": "=", "value": True}]},
        {"light": "green", "when": [{"metric": "has_baseline", "op": "=", "value": False}, {"metric": "lag_ratio", "op": "<=", "value": "0"}]},
        {"light": "yellow", "when": [{"metric": "has_baseline", "op": "=", "value": False}, {"metric": "lag_ratio", "op": "<=", "value": "0.1"}]},
        {"light": "red", "when": [{"metric": "has_baseline", "op": "=", "value": False}]},
        {"light": "green", "when": [{"metric": "lag_pp", "op": "<=", "value": "0"}]},
        {"light": "yellow", "when": [{"metric": "lag_pp", "op": "<=", "value": "10"}]},
        {"light": "red", "when": []},
    ]
}  # fmt: skip
"""The sample's standard policy."""


async def fill(connection: asyncpg.Connection, targets: int) -> None:
    """Fill an empty database. Foreign keys are left out: checking them is not what is measured."""
    await connection.execute(
        "ALTER TABLE indicators.observation DROP CONSTRAINT IF EXISTS observation_region_series_fk"
    )
    await connection.execute(KINDS)
    await connection.execute(
        "INSERT INTO indicators.plan (region, code, recorded_at, name, known_from, start, ends_on, time_zone, state, applied, "
        "listed) "
        "VALUES ($1, $2, '2016-01-01Z', '', '2016-01-01Z', '2016-12-31', '2020-12-31', 'Asia/Shanghai', 'active', '', '{}')",
        REGION,
        PLAN,
    )
    await connection.execute(
        "INSERT INTO indicators.light_policy (region, code, recorded_at, plan, name, document, withdrawn) "
        "VALUES ($1, 'standard', '2016-01-01Z', $2, 'standard', $3, false)",
        REGION,
        PLAN,
        orjson.dumps(POLICY).decode(),
    )
    await connection.execute(INDICATORS, REGION, PLAN)
    await connection.execute(SERIES, REGION, targets)
    await connection.execute(TARGETS, REGION, PLAN, targets)
    await connection.execute(FIGURES, REGION)
    await connection.execute("VACUUM (ANALYZE)")
