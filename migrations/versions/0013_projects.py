"""Evidence files, the life of projects, change requests, leaders' contact."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE registry.file (
    region varchar NOT NULL,
    sha256 varchar NOT NULL,
    size integer NOT NULL,
    media_type varchar NOT NULL,
    content bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT file_pk PRIMARY KEY (region, sha256)
)
""",
    # What is kept is compressed by its own format already.
    "ALTER TABLE registry.file ALTER COLUMN content SET STORAGE EXTERNAL",
    """
CREATE TABLE registry.file_upload (
    region varchar NOT NULL,
    id uuid NOT NULL,
    sha256 varchar NOT NULL,
    name varchar NOT NULL,
    client_id varchar NOT NULL,
    unit varchar,
    at timestamptz NOT NULL,
    CONSTRAINT file_upload_pk PRIMARY KEY (region, id),
    CONSTRAINT file_upload_region_sha256_fk FOREIGN KEY(region, sha256) REFERENCES registry.file (region, sha256),
    CONSTRAINT file_upload_region_sha256_client_id_name_uq UNIQUE (region, sha256, client_id, name)
)
""",
    """
CREATE TABLE registry.file_use (
    region varchar NOT NULL,
    id uuid NOT NULL,
    sha256 varchar NOT NULL,
    subject varchar NOT NULL,
    unit varchar,
    at timestamptz NOT NULL,
    CONSTRAINT file_use_pk PRIMARY KEY (region, id),
    CONSTRAINT file_use_region_sha256_fk FOREIGN KEY(region, sha256) REFERENCES registry.file (region, sha256),
    CONSTRAINT file_use_region_sha256_subject_unit_uq UNIQUE NULLS NOT DISTINCT (region, sha256, subject, unit)
)
""",
    """
CREATE TABLE registry.project_kind (
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
    CONSTRAINT project_kind_pk PRIMARY KEY (region, id),
    CONSTRAINT project_kind_region_code_uq UNIQUE (region, code)
)
""",
    "ALTER TABLE registry.project ADD national_code varchar, ADD kind varchar, ADD stage varchar",
    """
ALTER TABLE registry.project ADD CONSTRAINT project_region_kind_fk FOREIGN KEY(region, kind)
    REFERENCES registry.project_kind (region, code)
""",
    """
CREATE TABLE registry.project_step (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    project varchar NOT NULL,
    number integer NOT NULL,
    step varchar NOT NULL,
    to_stage varchar NOT NULL,
    happened_on date NOT NULL,
    state varchar NOT NULL,
    reviewers text[] NOT NULL,
    CONSTRAINT project_step_pk PRIMARY KEY (region, id),
    CONSTRAINT project_step_region_code_uq UNIQUE (region, code),
    CONSTRAINT project_step_region_project_number_uq UNIQUE (region, project, number),
    CONSTRAINT project_step_region_project_fk FOREIGN KEY(region, project) REFERENCES registry.project (region, code)
)
""",
    """
CREATE TABLE registry.suspension (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    project varchar NOT NULL,
    number integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    cause varchar NOT NULL,
    state varchar NOT NULL,
    CONSTRAINT suspension_pk PRIMARY KEY (region, id),
    CONSTRAINT suspension_region_code_uq UNIQUE (region, code),
    CONSTRAINT suspension_region_project_number_uq UNIQUE (region, project, number),
    CONSTRAINT suspension_region_project_fk FOREIGN KEY(region, project) REFERENCES registry.project (region, code),
    CONSTRAINT suspension_last_day_ck CHECK (last_day >= first_day)
)
""",
    """
CREATE TABLE registry.schedule (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    goal date NOT NULL,
    CONSTRAINT schedule_pk PRIMARY KEY (region, id),
    CONSTRAINT schedule_region_code_uq UNIQUE (region, code),
    CONSTRAINT schedule_region_code_fk FOREIGN KEY(region, code) REFERENCES registry.project (region, code)
)
""",
    """
CREATE TABLE registry.change_request (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    subject varchar NOT NULL,
    project varchar,
    plan varchar NOT NULL,
    target varchar,
    unit varchar NOT NULL,
    state varchar NOT NULL,
    CONSTRAINT change_request_pk PRIMARY KEY (region, id),
    CONSTRAINT change_request_region_code_uq UNIQUE (region, code),
    CONSTRAINT change_request_region_project_fk FOREIGN KEY(region, project) REFERENCES registry.project (region, code),
    CONSTRAINT change_request_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT change_request_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.milestone (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    subject varchar NOT NULL,
    due date NOT NULL,
    done_on date,
    CONSTRAINT milestone_pk PRIMARY KEY (region, id),
    CONSTRAINT milestone_region_code_uq UNIQUE (region, code)
)
""",
    """
CREATE TABLE registry.leader_contact (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    leader varchar NOT NULL,
    subject varchar NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT leader_contact_pk PRIMARY KEY (region, id),
    CONSTRAINT leader_contact_region_code_uq UNIQUE (region, code),
    CONSTRAINT leader_contact_region_leader_fk FOREIGN KEY(region, leader) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.visit (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    leader varchar NOT NULL,
    subject varchar NOT NULL,
    happened_on date NOT NULL,
    CONSTRAINT visit_pk PRIMARY KEY (region, id),
    CONSTRAINT visit_region_code_uq UNIQUE (region, code),
    CONSTRAINT visit_region_leader_fk FOREIGN KEY(region, leader) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.problem (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    leader varchar,
    subject varchar NOT NULL,
    visit varchar,
    unit varchar,
    state varchar NOT NULL,
    due date,
    settled_on date,
    units text[] NOT NULL,
    CONSTRAINT problem_pk PRIMARY KEY (region, id),
    CONSTRAINT problem_region_code_uq UNIQUE (region, code),
    CONSTRAINT problem_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code),
    CONSTRAINT problem_region_visit_fk FOREIGN KEY(region, visit) REFERENCES registry.visit (region, code),
    CONSTRAINT problem_region_leader_fk FOREIGN KEY(region, leader) REFERENCES registry.unit (region, code)
)
""",
)

INDEXES = (
    "CREATE INDEX file_use_region_subject_ix ON registry.file_use (region, subject)",
    "CREATE INDEX project_kind_letters_ix ON registry.project_kind USING gin (letters)",
    "CREATE INDEX project_kind_search_ix ON registry.project_kind USING gin (search gin_trgm_ops)",
    "CREATE INDEX project_region_stage_ix ON registry.project (region, stage, code)",
    """
CREATE UNIQUE INDEX project_current_national_code_ix ON registry.project (region, national_code)
WHERE ended_at IS NULL AND national_code IS NOT NULL
""",
    "CREATE UNIQUE INDEX project_step_open_ix ON registry.project_step (region, project) WHERE state = 'proposed'",
    "CREATE INDEX project_step_region_state_ix ON registry.project_step (region, state, id)",
    "CREATE INDEX change_request_region_state_ix ON registry.change_request (region, state, id)",
    "CREATE INDEX change_request_region_subject_ix ON registry.change_request (region, subject, id)",
    "CREATE INDEX milestone_letters_ix ON registry.milestone USING gin (letters)",
    "CREATE INDEX milestone_region_due_ix ON registry.milestone (region, due)",
    "CREATE INDEX milestone_region_subject_ix ON registry.milestone (region, subject)",
    "CREATE INDEX milestone_search_ix ON registry.milestone USING gin (search gin_trgm_ops)",
    "CREATE INDEX leader_contact_region_leader_ix ON registry.leader_contact (region, leader)",
    "CREATE INDEX leader_contact_region_subject_ix ON registry.leader_contact (region, subject)",
    "CREATE INDEX visit_letters_ix ON registry.visit USING gin (letters)",
    "CREATE INDEX visit_region_leader_ix ON registry.visit (region, leader, happened_on)",
    "CREATE INDEX visit_region_subject_ix ON registry.visit (region, subject, happened_on)",
    "CREATE INDEX visit_search_ix ON registry.visit USING gin (search gin_trgm_ops)",
    "CREATE INDEX problem_letters_ix ON registry.problem USING gin (letters)",
    "CREATE INDEX problem_region_state_ix ON registry.problem (region, state, due)",
    "CREATE INDEX problem_region_subject_ix ON registry.problem (region, subject)",
    "CREATE INDEX problem_search_ix ON registry.problem USING gin (search gin_trgm_ops)",
    "CREATE INDEX problem_units_ix ON registry.problem USING gin (units)",
)

APPEND_ONLY = ("file", "file_upload", "file_use")
"""Tables whose rows are facts of their instant: nothing of them is changed or taken away."""

ROWS_STAY = """
CREATE FUNCTION registry.rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME;
END $$"""


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES, ROWS_STAY):
        op.execute(statement)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON registry.{table} "
            "FOR EACH ROW EXECUTE FUNCTION registry.rows_stay()"
        )


def downgrade() -> None:
    op.execute("ALTER TABLE registry.project DROP national_code, DROP kind, DROP stage")
    for table in (
        "problem",
        "visit",
        "leader_contact",
        "milestone",
        "change_request",
        "schedule",
        "suspension",
        "project_step",
        "project_kind",
        "file_use",
        "file_upload",
        "file",
    ):
        op.execute(f"DROP TABLE registry.{table}")
    op.execute("DROP FUNCTION registry.rows_stay()")
