"""Clock stops (中止计时) are those of subjects, copied from the registry's suspensions."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_SUBJECTS = (
    """
CREATE TABLE indicators.clock_stop (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    subject varchar NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    cause varchar NOT NULL,
    reason varchar NOT NULL,
    approved_by varchar NOT NULL,
    withdrawn boolean NOT NULL,
    CONSTRAINT clock_stop_pk PRIMARY KEY (region, code, recorded_at),
    CONSTRAINT clock_stop_last_day_ck CHECK (last_day >= first_day)
)
""",
    "CREATE INDEX clock_stop_region_subject_ix ON indicators.clock_stop (region, subject)",
    "CREATE INDEX clock_stop_region_recorded_at_ix ON indicators.clock_stop (region, recorded_at)",
)

OF_TARGETS = (
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
)


def upgrade() -> None:
    # Nothing ever wrote the table of before.
    op.execute("DROP TABLE indicators.clock_stop")
    for statement in OF_SUBJECTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE indicators.clock_stop")
    for statement in OF_TARGETS:
        op.execute(statement)
