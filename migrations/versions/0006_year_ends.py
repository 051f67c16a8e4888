"""The side table of current figures keeps the figures of the years' ends before its own: growth is chained from them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KNOWN = "o.recorded_at <= at AND (o.rejected_at IS NULL OR o.rejected_at > at)"
OF_SERIES = f"FROM indicators.observation AS o WHERE o.region = at_region AND o.series = one.series AND {KNOWN}"

YEAR_ENDS = f"""
    CROSS JOIN LATERAL (
        SELECT array_agg((SELECT o.value {OF_SERIES} AND o.period_end = make_date(year, 12, 31)
                          ORDER BY o.recorded_at DESC LIMIT 1) ORDER BY year DESC) AS of_years
        FROM generate_series(
            (SELECT date_part('year', o.period_end)::int {OF_SERIES} ORDER BY o.period_end LIMIT 1),
            date_part('year', latest.period_end)::int - 1) AS year
    ) AS ends"""


def set_current(column: str, value: str, ends: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION indicators.set_current(at_region text, changed uuid[], at timestamptz) RETURNS void
LANGUAGE sql VOLATILE AS $$
    DELETE FROM indicators.current WHERE region = at_region AND series = ANY (changed);
    INSERT INTO indicators.current (region, series, period_end, value, comparable_base, recorded_at{column})
    SELECT at_region, one.series, latest.*{value}
    FROM unnest(changed) AS one(series)
    CROSS JOIN LATERAL (
        SELECT o.period_end, o.value, o.comparable_base, o.recorded_at {OF_SERIES}
        ORDER BY o.period_end DESC, o.recorded_at DESC LIMIT 1
    ) AS latest{ends}
$$"""


def upgrade() -> None:
    op.execute("ALTER TABLE indicators.current ADD COLUMN year_ends numeric[]")
    op.execute(set_current(", year_ends", ", ends.of_years", YEAR_ENDS))
    op.execute("""
SELECT indicators.set_current(k.region, array_agg(c.series), k.known_at)
FROM indicators.current_to AS k JOIN indicators.current AS c ON c.region = k.region GROUP BY k.region, k.known_at""")


def downgrade() -> None:
    op.execute(set_current("", "", ""))
    op.execute("ALTER TABLE indicators.current DROP COLUMN year_ends")
