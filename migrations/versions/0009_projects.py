"""Evidence files, the life of projects, change requests, leaders' contact."""

from alembic import op

revision = "0009"
down_revision = "0005"
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
)

INDEXES = ("CREATE INDEX file_use_region_subject_ix ON registry.file_use (region, subject)",)

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
    for table in ("file_use", "file_upload", "file"):
        op.execute(f"DROP TABLE registry.{table}")
    op.execute("DROP FUNCTION registry.rows_stay()")
