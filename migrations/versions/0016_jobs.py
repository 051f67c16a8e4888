"""Jobs: imports that are done later, their files in pieces until they have ended; what became of a sheet's rows."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SERVICES = ("registry", "indicators")


def upgrade() -> None:
    for service in SERVICES:
        op.execute(f"""
CREATE TABLE {service}.job (
    region varchar NOT NULL,
    id uuid NOT NULL,
    operation varchar NOT NULL,
    arguments jsonb NOT NULL,
    client_id varchar NOT NULL,
    unit varchar,
    unit_path varchar NOT NULL,
    scopes text[] NOT NULL,
    state varchar NOT NULL,
    media varchar NOT NULL,
    bytes bigint NOT NULL,
    read_bytes bigint NOT NULL,
    read_rows integer NOT NULL,
    sha256 varchar NOT NULL,
    attempts integer NOT NULL,
    received_at timestamptz NOT NULL,
    submitted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    result jsonb,
    problem jsonb,
    CONSTRAINT job_pk PRIMARY KEY (region, id),
    CONSTRAINT job_state_known_ck CHECK (state IN ('receiving', 'waiting', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT job_ended_whole_ck CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
)""")
        op.execute(f"""
CREATE INDEX job_open_ix ON {service}.job (submitted_at, id) WHERE state IN ('receiving', 'waiting', 'running')""")
        op.execute(f"CREATE INDEX job_region_client_id_ix ON {service}.job (region, client_id, submitted_at)")
        op.execute(f"""
CREATE TABLE {service}.job_part (
    region varchar NOT NULL,
    job uuid NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT job_part_pk PRIMARY KEY (region, job, number),
    CONSTRAINT job_part_region_job_fk FOREIGN KEY (region, job) REFERENCES {service}.job (region, id) ON DELETE CASCADE
)""")
        # Pieces are written once and read once: packing them would cost more than it saves.
        op.execute(f"ALTER TABLE {service}.job_part ALTER COLUMN content SET STORAGE EXTERNAL")
    op.execute("""
CREATE TABLE registry.sheet_row (
    region varchar NOT NULL,
    job uuid NOT NULL,
    line integer NOT NULL,
    code varchar NOT NULL,
    change varchar NOT NULL,
    CONSTRAINT sheet_row_pk PRIMARY KEY (region, job, line),
    CONSTRAINT sheet_row_region_job_fk FOREIGN KEY (region, job) REFERENCES registry.job (region, id) ON DELETE CASCADE
)""")
    op.execute("CREATE INDEX sheet_row_region_job_change_line_ix ON registry.sheet_row (region, job, change, line)")


def downgrade() -> None:
    op.execute("DROP TABLE registry.sheet_row")
    for service in SERVICES:
        op.execute(f"DROP TABLE {service}.job_part")
        op.execute(f"DROP TABLE {service}.job")
