"""The indicators service: what sums stand on, in versions; what evaluations leave behind; stamp and horizon."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE indicators.plan (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    name varchar NOT NULL,
    known_from timestamptz NOT NULL,
    start date NOT NULL,
    ends_on date NOT NULL,
    time_zone varchar NOT NULL,
    state varchar NOT NULL,
    applied varchar NOT NULL,
    CONSTRAINT plan_pk PRIMARY KEY (region, code, recorded_at),
    CONSTRAINT plan_state_ck CHECK (state IN ('set-up', 'active', 'closed'))
)
""",
    """
CREATE TABLE indicators.indicator (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    plan varchar NOT NULL,
    name varchar NOT NULL,
    name_en varchar,
    unit_of_measure varchar NOT NULL,
    decimals smallint NOT NULL,
    whole boolean NOT NULL,
    direction varchar NOT NULL,
    frequency varchar NOT NULL,
    accumulation varchar NOT NULL,
    price_basis varchar,
    source varchar NOT NULL,
    bureau varchar,
    due_day smallint NOT NULL,
    unpublished_months smallint[] NOT NULL,
    formula varchar,
    withdrawn boolean NOT NULL,
    CONSTRAINT indicator_pk PRIMARY KEY (region, code, recorded_at),
    CONSTRAINT indicator_accumulation_ck CHECK (accumulation IN ('flow', 'ytd', 'stock', 'cumulative', 'rate', 'formula')),
    CONSTRAINT indicator_frequency_ck CHECK (frequency IN ('month', 'quarter', 'half', 'year')),
    CONSTRAINT indicator_direction_ck CHECK (direction IN ('increase', 'decrease', 'maintain')),
    CONSTRAINT indicator_due_day_ck CHECK (due_day BETWEEN 1 AND 31),
    CONSTRAINT indicator_decimals_ck CHECK (decimals BETWEEN 0 AND 6),
    CONSTRAINT indicator_formula_ck CHECK ((accumulation = 'formula') = (formula IS NOT NULL))
)
""",
    """
CREATE TABLE indicators.series (
    region varchar NOT NULL,
    id uuid NOT NULL,
    indicator varchar NOT NULL,
    subject varchar NOT NULL,
    bureau varchar,
    CONSTRAINT series_pk PRIMARY KEY (region, id),
    CONSTRAINT series_region_indicator_subject_uq UNIQUE (region, indicator, subject)
)
""",
    """
CREATE TABLE indicators.scope_break (
    region varchar NOT NULL,
    series uuid NOT NULL,
    first_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    note varchar NOT NULL,
    withdrawn boolean NOT NULL,
    CONSTRAINT scope_break_pk PRIMARY KEY (region, series, first_day, recorded_at),
    CONSTRAINT scope_break_region_series_fk FOREIGN KEY(region, series) REFERENCES indicators.series (region, id)
)
""",
    """
CREATE TABLE indicators.knowledge (
    region varchar NOT NULL,
    stamped_at timestamptz NOT NULL,
    CONSTRAINT knowledge_pk PRIMARY KEY (region)
)
""",
    """
CREATE TABLE indicators.observation (
    region varchar NOT NULL,
    series uuid NOT NULL,
    period_end date NOT NULL,
    recorded_at timestamptz NOT NULL,
    value numeric NOT NULL,
    comparable_base numeric,
    entered_value numeric NOT NULL,
    entered_unit varchar NOT NULL,
    class varchar NOT NULL,
    status varchar NOT NULL,
    reporter varchar NOT NULL,
    note varchar NOT NULL,
    recorded_by varchar NOT NULL,
    rejected_at timestamptz,
    rejected_by varchar,
    rejection_note varchar,
    CONSTRAINT observation_pk PRIMARY KEY (region, series, period_end, recorded_at) INCLUDE (value, comparable_base, rejected_at),
    CONSTRAINT observation_region_series_fk FOREIGN KEY(region, series) REFERENCES indicators.series (region, id),
    CONSTRAINT observation_class_ck CHECK (class IN ('flash', 'annual', 'audited')),
    CONSTRAINT observation_status_ck CHECK (status IN ('reported', 'verified', 'approved')),
    CONSTRAINT observation_rejected_at_ck CHECK (rejected_at >= recorded_at),
    CONSTRAINT observation_finite_ck CHECK (value <> 'NaN' AND abs(value) < 'Infinity')
)
""",
    "CREATE INDEX observation_region_recorded_at_ix ON indicators.observation (region, recorded_at)",
    "CREATE INDEX observation_region_rejected_at_ix ON indicators.observation (region, rejected_at) WHERE rejected_at IS NOT NULL",
    """
CREATE TABLE indicators.current (
    region varchar NOT NULL,
    series uuid NOT NULL,
    period_end date NOT NULL,
    value numeric NOT NULL,
    comparable_base numeric,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT current_pk PRIMARY KEY (region, series) INCLUDE (period_end, value, comparable_base, recorded_at),
    CONSTRAINT current_region_series_fk FOREIGN KEY(region, series) REFERENCES indicators.series (region, id)
)
""",
    """
CREATE TABLE indicators.current_to (
    region varchar NOT NULL,
    known_at timestamptz NOT NULL,
    CONSTRAINT current_to_pk PRIMARY KEY (region)
)
""",
    """
CREATE TABLE indicators.milestone_report (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    done_on date NOT NULL,
    evidence varchar NOT NULL,
    reporter varchar NOT NULL,
    note varchar NOT NULL,
    recorded_by varchar NOT NULL,
    rejected_at timestamptz,
    rejected_by varchar,
    rejection_note varchar,
    CONSTRAINT milestone_report_pk PRIMARY KEY (region, plan, target, recorded_at),
    CONSTRAINT milestone_report_rejected_at_ck CHECK (rejected_at >= recorded_at)
)
""",
    "CREATE INDEX milestone_report_region_recorded_at_ix ON indicators.milestone_report (region, recorded_at)",
    """
CREATE TABLE indicators.light_policy (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    plan varchar NOT NULL,
    name varchar NOT NULL,
    document JSONB NOT NULL,
    withdrawn boolean NOT NULL,
    CONSTRAINT light_policy_pk PRIMARY KEY (region, code, recorded_at)
)
""",
    """
CREATE TABLE indicators.target (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    ordinal integer NOT NULL,
    name varchar NOT NULL,
    name_en varchar,
    subject varchar NOT NULL,
    indicator varchar,
    series uuid,
    measure varchar NOT NULL,
    operator varchar,
    tolerance numeric,
    baseline numeric,
    baseline_basis varchar,
    baseline_confirmed_by varchar,
    start date NOT NULL,
    goal_on date NOT NULL,
    goal numeric,
    upper numeric,
    checkpoints smallint NOT NULL,
    trajectory varchar,
    policy varchar,
    weight numeric,
    nature varchar NOT NULL,
    clause varchar NOT NULL,
    phrase varchar NOT NULL,
    state varchar,
    withdrawn boolean NOT NULL,
    CONSTRAINT target_pk PRIMARY KEY (region, plan, code, recorded_at),
    CONSTRAINT target_region_series_fk FOREIGN KEY(region, series) REFERENCES indicators.series (region, id),
    CONSTRAINT target_measure_ck CHECK (measure IN ('level', 'annual', 'growth', 'mean_growth', 'multiple', 'cumulative', 'milestone')),
    CONSTRAINT target_trajectory_ck CHECK (trajectory IN ('linear', 'compound', 'hold', 'seasonal', 'schedule')),
    CONSTRAINT target_operator_ck CHECK (operator IN ('>=', '>', '<=', '<', '=', 'between')),
    CONSTRAINT target_series_ck CHECK ((measure = 'milestone') = (series IS NULL)),
    CONSTRAINT target_indicator_ck CHECK ((measure = 'milestone') = (indicator IS NULL)),
    CONSTRAINT target_operator_of_numbers_ck CHECK ((measure = 'milestone') = (operator IS NULL)),
    CONSTRAINT target_policy_ck CHECK ((measure = 'milestone') = (policy IS NULL)),
    CONSTRAINT target_goal_ck CHECK ((measure = 'milestone') = (goal IS NULL)),
    CONSTRAINT target_nature_ck CHECK (nature IN ('binding', 'indicative')),
    CONSTRAINT target_trajectory_of_numbers_ck CHECK ((measure = 'milestone') = (trajectory IS NULL)),
    CONSTRAINT target_upper_ck CHECK ((operator IS NOT DISTINCT FROM 'between') = (upper IS NOT NULL)),
    CONSTRAINT target_goal_on_ck CHECK (goal_on > start)
)
""",
    "CREATE INDEX target_region_recorded_at_ix ON indicators.target (region, recorded_at)",
    "CREATE INDEX target_region_series_ix ON indicators.target (region, series)",
    """
CREATE TABLE indicators.checkpoint (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    due_on date NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT checkpoint_pk PRIMARY KEY (region, plan, target, recorded_at, due_on),
    CONSTRAINT checkpoint_region_plan_target_recorded_at_fk FOREIGN KEY(region, plan, target, recorded_at) REFERENCES indicators.target (region, plan, code, recorded_at) ON DELETE CASCADE
)
""",
    """
CREATE TABLE indicators.scheduled_value (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    period_end date NOT NULL,
    value numeric NOT NULL,
    CONSTRAINT scheduled_value_pk PRIMARY KEY (region, plan, target, recorded_at, period_end),
    CONSTRAINT scheduled_value_region_plan_target_recorded_at_fk FOREIGN KEY(region, plan, target, recorded_at) REFERENCES indicators.target (region, plan, code, recorded_at) ON DELETE CASCADE
)
""",
    """
CREATE TABLE indicators.clock_stop (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    target varchar NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reason varchar NOT NULL,
    approved_by varchar NOT NULL,
    withdrawn boolean NOT NULL,
    CONSTRAINT clock_stop_pk PRIMARY KEY (region, plan, code, recorded_at),
    CONSTRAINT clock_stop_last_day_ck CHECK (last_day >= first_day)
)
""",
    "CREATE INDEX clock_stop_region_plan_target_ix ON indicators.clock_stop (region, plan, target)",
    "CREATE INDEX clock_stop_region_recorded_at_ix ON indicators.clock_stop (region, recorded_at)",
    """
CREATE TABLE indicators.gap (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    as_of date NOT NULL,
    known_at timestamptz NOT NULL,
    ordinal integer NOT NULL,
    subject varchar NOT NULL,
    measure varchar NOT NULL,
    coverage_date date,
    actual numeric,
    done_on date,
    scheduled numeric,
    goal numeric,
    upper numeric,
    goal_on date NOT NULL,
    gap numeric,
    lag_pp numeric,
    completion numeric,
    attainment numeric,
    lag_ratio numeric,
    time_progress numeric,
    days_behind integer,
    overdue_reports integer,
    base numeric,
    checkpoint_on date,
    missed_checkpoints date[] NOT NULL,
    light varchar NOT NULL,
    reason varchar,
    rule smallint NOT NULL,
    CONSTRAINT gap_pk PRIMARY KEY (region, plan, target)
)
""",
    """
CREATE TABLE indicators.light_change (
    region varchar NOT NULL,
    id uuid NOT NULL,
    position integer,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    subject varchar NOT NULL,
    from_light varchar,
    to_light varchar NOT NULL,
    reason varchar,
    at timestamptz NOT NULL,
    as_of date NOT NULL,
    coverage_date date,
    actual numeric,
    done_on date,
    scheduled numeric,
    goal numeric,
    upper numeric,
    goal_on date NOT NULL,
    gap numeric,
    lag_pp numeric,
    CONSTRAINT light_change_pk PRIMARY KEY (region, id)
)
""",
    "CREATE UNIQUE INDEX light_change_position_ix ON indicators.light_change (position)",
    "CREATE INDEX light_change_region_plan_target_at_ix ON indicators.light_change (region, plan, target, at)",
    "CREATE INDEX light_change_unsealed_ix ON indicators.light_change (id) WHERE position IS NULL",
    """
CREATE TABLE indicators.sweep (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    done_to timestamptz NOT NULL,
    CONSTRAINT sweep_pk PRIMARY KEY (region, plan)
)
""",
)

PRODUCT = """
CREATE AGGREGATE indicators.product(numeric) (
    SFUNC = numeric_mul, STYPE = numeric, COMBINEFUNC = numeric_mul, INITCOND = '1', PARALLEL = SAFE
)"""

STAMP = """
CREATE FUNCTION indicators.stamp(at_region text) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    INSERT INTO indicators.knowledge AS known (region, stamped_at) VALUES (at_region, platform.now())
    ON CONFLICT (region) DO UPDATE
    SET stamped_at = greatest(known.stamped_at + interval '1 microsecond', excluded.stamped_at)
    RETURNING stamped_at
$$"""

HORIZON = """
CREATE FUNCTION indicators.horizon(at_region text, lock bigint) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    instant constant interval := interval '1 microsecond';
    begun timestamptz;
    stamped timestamptz;
BEGIN
    FOR attempt IN 1..3 LOOP
        -- Free: whoever writes from here on stamps the business clock's instant or a later one.
        IF pg_try_advisory_lock_shared(lock) THEN
            stamped := platform.now() - instant;
            PERFORM pg_advisory_unlock_shared(lock);
            RETURN stamped;
        END IF;
        SELECT min(xact_start) INTO begun
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ExclusiveLock' AND granted
          AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND ((classid::bigint << 32) | objid::bigint) = lock;
        EXIT WHEN begun IS NOT NULL;
    END LOOP;
    -- An open writer stamps later than the last stamp, and not before its own beginning. The beginning is told in
    -- business time, which can be done only while the clock has not been moved since.
    SELECT stamped_at INTO stamped FROM indicators.knowledge WHERE region = at_region;
    SELECT greatest(
               stamped,
               CASE WHEN real_at <= begun
                    THEN CASE WHEN standing THEN business_at ELSE business_at + (begun - real_at) END - instant END)
    INTO stamped FROM platform.clock;
    RETURN coalesce(stamped, '-infinity');
END $$"""


NAMES = (
    "plan",
    "indicator",
    "series",
    "scope_break",
    "knowledge",
    "observation",
    "current",
    "current_to",
    "milestone_report",
    "light_policy",
    "target",
    "checkpoint",
    "scheduled_value",
    "clock_stop",
    "gap",
    "light_change",
    "sweep",
)

SET_CURRENT = """
CREATE FUNCTION indicators.set_current(at_region text, changed uuid[], at timestamptz) RETURNS void
LANGUAGE sql VOLATILE AS $$
    DELETE FROM indicators.current WHERE region = at_region AND series = ANY (changed);
    INSERT INTO indicators.current (region, series, period_end, value, comparable_base, recorded_at)
    SELECT at_region, one.series, latest.*
    FROM unnest(changed) AS one(series)
    CROSS JOIN LATERAL (
        SELECT o.period_end, o.value, o.comparable_base, o.recorded_at FROM indicators.observation AS o
        WHERE o.region = at_region AND o.series = one.series
          AND o.recorded_at <= at AND (o.rejected_at IS NULL OR o.rejected_at > at)
        ORDER BY o.period_end DESC, o.recorded_at DESC LIMIT 1
    ) AS latest
$$"""

ADVANCE_CURRENT = """
CREATE FUNCTION indicators.advance_current(at_region text, until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    since timestamptz;
    changed uuid[];
BEGIN
    INSERT INTO indicators.current_to VALUES (at_region, '-infinity') ON CONFLICT DO NOTHING;
    SELECT known_at INTO since FROM indicators.current_to WHERE region = at_region FOR UPDATE;
    IF since >= until THEN
        RETURN;
    END IF;
    SELECT array_agg(series) INTO changed FROM (
        SELECT series FROM indicators.observation
        WHERE region = at_region AND recorded_at > since AND recorded_at <= until
        UNION
        SELECT series FROM indicators.observation
        WHERE region = at_region AND rejected_at > since AND rejected_at <= until
    ) AS touched;
    PERFORM indicators.set_current(at_region, changed, until);
    UPDATE indicators.current_to SET known_at = until WHERE region = at_region;
END $$"""

KEEP_CURRENT = """
CREATE FUNCTION indicators.keep_current() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shown record;
BEGIN
    -- What is recorded behind the instant that is shown (history loaded late) changes what is shown.
    FOR shown IN
        SELECT region, known_at FROM indicators.current_to
        WHERE region IN (SELECT region FROM changed) FOR SHARE
    LOOP
        PERFORM indicators.set_current(shown.region, array_agg(DISTINCT series), shown.known_at)
        FROM changed WHERE region = shown.region AND recorded_at <= shown.known_at HAVING count(*) > 0;
    END LOOP;
    RETURN NULL;
END $$"""

KEEPERS = tuple(
    f"CREATE TRIGGER keep_current_{event.lower()} AFTER {event} ON indicators.observation "
    f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION indicators.keep_current()"
    for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
)


def upgrade() -> None:
    for statement in (*TABLES, PRODUCT, STAMP, HORIZON, SET_CURRENT, ADVANCE_CURRENT, KEEP_CURRENT, *KEEPERS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION indicators.horizon(text, bigint)")
    op.execute("DROP FUNCTION indicators.stamp(text)")
    op.execute("DROP AGGREGATE indicators.product(numeric)")
    for table in reversed(NAMES):
        op.execute(f"DROP TABLE indicators.{table}")
    op.execute("DROP FUNCTION indicators.keep_current()")
    op.execute("DROP FUNCTION indicators.advance_current(text, timestamptz)")
    op.execute("DROP FUNCTION indicators.set_current(text, uuid[], timestamptz)")
