"""Chained audit, answers kept for repeated requests."""

from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

SERVICES = ("registry", "indicators", "notifier")

# Entries are chained region by region. What was numbered before is numbered anew, with its hashes.
CHAINED = (
    "UPDATE {service}.audit SET position = NULL WHERE position IS NOT NULL",
    "ALTER TABLE {service}.audit DROP CONSTRAINT audit_position_uq",
    "ALTER TABLE {service}.audit ADD COLUMN hash bytea",
    "ALTER TABLE {service}.audit ADD CONSTRAINT audit_region_position_uq UNIQUE (region, position)",
    "ALTER TABLE {service}.audit ADD CONSTRAINT audit_sealed_whole_ck CHECK ((position IS NULL) = (hash IS NULL))",
    "CREATE INDEX audit_unsealed_ix ON {service}.audit (region, id) WHERE position IS NULL",
    "CREATE INDEX audit_region_client_id_ix ON {service}.audit (region, client_id, position)",
    "CREATE INDEX audit_region_subject_ix ON {service}.audit (region, subject, position)",
)

# An entry is for ever; only the sealer may give it its place and hash, once. The service's role cannot do more either.
ENTRIES_STAY = (
    """
CREATE FUNCTION {service}.entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed {service}.audit;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.position IS NULL AND NEW.hash IS NULL THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an audit entry is sealed after it was committed';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        sealed := OLD;
        sealed.position := NEW.position;
        sealed.hash := NEW.hash;
        IF OLD.position IS NULL AND sealed IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an audit entry is never changed';
END $$""",
    """
CREATE TRIGGER entries_stay BEFORE INSERT OR UPDATE OR DELETE ON {service}.audit
FOR EACH ROW EXECUTE FUNCTION {service}.entries_stay()""",
    """
CREATE TRIGGER entries_stay_all BEFORE TRUNCATE ON {service}.audit
FOR EACH STATEMENT EXECUTE FUNCTION {service}.entries_stay()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON {service}.audit FROM duban_{service}",
    "GRANT UPDATE (position, hash) ON {service}.audit TO duban_{service}",
)

ANSWERS = (
    """
CREATE TABLE {service}.answer (
    region varchar NOT NULL,
    client_id varchar NOT NULL,
    key varchar NOT NULL,
    operation varchar NOT NULL,
    digest bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT answer_pk PRIMARY KEY (region, client_id, key)
)""",
    "CREATE INDEX answer_answered_at_ix ON {service}.answer (answered_at)",
)

UNCHAINED = (
    "DROP TABLE {service}.answer",
    "DROP TRIGGER entries_stay ON {service}.audit",
    "DROP TRIGGER entries_stay_all ON {service}.audit",
    "DROP FUNCTION {service}.entries_stay()",
    "REVOKE UPDATE (position, hash) ON {service}.audit FROM duban_{service}",
    "GRANT UPDATE, DELETE, TRUNCATE ON {service}.audit TO duban_{service}",
    "DROP INDEX {service}.audit_region_subject_ix",
    "DROP INDEX {service}.audit_region_client_id_ix",
    "DROP INDEX {service}.audit_unsealed_ix",
    "ALTER TABLE {service}.audit DROP CONSTRAINT audit_sealed_whole_ck",
    "ALTER TABLE {service}.audit DROP CONSTRAINT audit_region_position_uq",
    "UPDATE {service}.audit SET position = NULL",
    "ALTER TABLE {service}.audit DROP COLUMN hash",
    "ALTER TABLE {service}.audit ADD CONSTRAINT audit_position_uq UNIQUE (position)",
)


def upgrade() -> None:
    for service in SERVICES:
        for statement in (*CHAINED, *ENTRIES_STAY, *ANSWERS):
            op.execute(statement.format(service=service))


def downgrade() -> None:
    for service in SERVICES:
        for statement in UNCHAINED:
            op.execute(statement.format(service=service))
