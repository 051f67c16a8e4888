"""Rosters: the named items behind a count, and the copy of them that indicators counts."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE registry.roster (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    name varchar NOT NULL,
    unit varchar NOT NULL,
    CONSTRAINT roster_pk PRIMARY KEY (region, id),
    CONSTRAINT roster_region_code_uq UNIQUE (region, code),
    CONSTRAINT roster_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.roster_item (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    roster varchar NOT NULL,
    subject varchar NOT NULL,
    state varchar NOT NULL,
    thing varchar,
    folded varchar NOT NULL,
    recognised_on date,
    withdrawn_on date,
    CONSTRAINT roster_item_pk PRIMARY KEY (region, id),
    CONSTRAINT roster_item_region_code_uq UNIQUE (region, code),
    CONSTRAINT roster_item_region_roster_fk FOREIGN KEY(region, roster) REFERENCES registry.roster (region, code)
)
""",
    """
CREATE TABLE indicators.directory_roster_item (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    roster varchar NOT NULL,
    subject varchar NOT NULL,
    since date,
    until date,
    CONSTRAINT directory_roster_item_pk PRIMARY KEY (region, code, recorded_at)
)
""",
)

COUNTED = (
    "ALTER TABLE indicators.indicator ADD COLUMN roster varchar",
    """
ALTER TABLE indicators.indicator ADD CONSTRAINT indicator_roster_ck
CHECK (roster IS NULL OR accumulation IN ('stock', 'cumulative'))""",
)

INDEXES = (
    "CREATE INDEX roster_letters_ix ON registry.roster USING gin (letters)",
    "CREATE INDEX roster_search_ix ON registry.roster USING gin (search gin_trgm_ops)",
    "CREATE INDEX roster_item_letters_ix ON registry.roster_item USING gin (letters)",
    "CREATE INDEX roster_item_search_ix ON registry.roster_item USING gin (search gin_trgm_ops)",
    """
CREATE UNIQUE INDEX roster_item_thing_uq ON registry.roster_item (region, roster, subject, thing)
WHERE ended_at IS NULL AND state <> 'withdrawn'""",
    """
CREATE UNIQUE INDEX roster_item_folded_uq ON registry.roster_item (region, roster, subject, folded)
WHERE ended_at IS NULL AND state <> 'withdrawn'""",
    "CREATE INDEX directory_roster_item_region_recorded_at_ix ON indicators.directory_roster_item (region, recorded_at)",
    """
CREATE INDEX directory_roster_item_region_roster_subject_ix
ON indicators.directory_roster_item (region, roster, subject)""",
)


def upgrade() -> None:
    for statement in (*TABLES, *COUNTED, *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE indicators.indicator DROP COLUMN roster")
    for table in ("indicators.directory_roster_item", "registry.roster_item", "registry.roster"):
        op.execute(f"DROP TABLE {table}")
