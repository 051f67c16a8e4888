"""Chained audit, answers kept for repeated requests, people, roles, sessions, outside accounts."""

from alembic import op

revision = "0008"
down_revision = "0007"
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

PEOPLE = (
    "ALTER TABLE registry.api_key ADD COLUMN last_used_at timestamptz",
    """
CREATE TABLE registry.person (
    region varchar NOT NULL,
    id uuid NOT NULL,
    name varchar NOT NULL,
    display_name varchar NOT NULL,
    unit varchar,
    password varchar,
    must_change boolean NOT NULL,
    password_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by varchar NOT NULL,
    disabled_at timestamptz,
    CONSTRAINT person_pk PRIMARY KEY (region, id),
    CONSTRAINT person_region_name_uq UNIQUE (region, name)
)""",
    """
CREATE TABLE registry.role_grant (
    region varchar NOT NULL,
    id uuid NOT NULL,
    holder varchar NOT NULL,
    role varchar NOT NULL,
    unit varchar,
    valid_from date NOT NULL,
    valid_to date,
    granted_at timestamptz NOT NULL,
    granted_by varchar NOT NULL,
    revoked_at timestamptz,
    revoked_by varchar,
    CONSTRAINT role_grant_pk PRIMARY KEY (region, id)
)""",
    "CREATE INDEX role_grant_region_holder_ix ON registry.role_grant (region, holder)",
    """
CREATE TABLE registry.login_failure (
    region varchar NOT NULL,
    id uuid NOT NULL,
    name bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT login_failure_pk PRIMARY KEY (region, id)
)""",
    "CREATE INDEX login_failure_region_name_ix ON registry.login_failure (region, name, at)",
    "CREATE INDEX login_failure_at_ix ON registry.login_failure (at)",
    """
CREATE TABLE registry.person_session (
    region varchar NOT NULL,
    id uuid NOT NULL,
    person uuid NOT NULL,
    unit varchar,
    way varchar NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason varchar,
    CONSTRAINT person_session_pk PRIMARY KEY (region, id),
    CONSTRAINT person_session_region_person_fk FOREIGN KEY(region, person) REFERENCES registry.person (region, id)
)""",
    "CREATE INDEX person_session_region_person_ix ON registry.person_session (region, person)",
    """
CREATE TABLE registry.refresh_token (
    region varchar NOT NULL,
    digest bytea NOT NULL,
    session uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT refresh_token_pk PRIMARY KEY (region, digest),
    CONSTRAINT refresh_token_region_session_fk FOREIGN KEY(region, session)
        REFERENCES registry.person_session (region, id)
)""",
    "CREATE INDEX refresh_token_region_session_ix ON registry.refresh_token (region, session)",
    """
CREATE TABLE registry.outside_account (
    region varchar NOT NULL,
    id uuid NOT NULL,
    provider varchar NOT NULL,
    outside_id varchar NOT NULL,
    shown_name varchar,
    person uuid,
    unit varchar,
    seen_at timestamptz NOT NULL,
    linked_at timestamptz,
    linked_by varchar,
    CONSTRAINT outside_account_pk PRIMARY KEY (region, id),
    CONSTRAINT outside_account_region_provider_outside_id_uq UNIQUE (region, provider, outside_id),
    CONSTRAINT outside_account_region_person_fk FOREIGN KEY(region, person) REFERENCES registry.person (region, id),
    CONSTRAINT outside_account_of_one_ck CHECK (person IS NULL OR unit IS NULL)
)""",
    """
CREATE TABLE registry.login_flow (
    region varchar NOT NULL,
    id bytea NOT NULL,
    provider varchar NOT NULL,
    state bytea NOT NULL,
    nonce varchar NOT NULL,
    verifier varchar NOT NULL,
    redirect_uri varchar NOT NULL,
    started_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT login_flow_pk PRIMARY KEY (region, id)
)""",
    "CREATE INDEX login_flow_started_at_ix ON registry.login_flow (started_at)",
)

NOBODY = (
    "DROP TABLE registry.login_flow",
    "DROP TABLE registry.outside_account",
    "DROP TABLE registry.refresh_token",
    "DROP TABLE registry.person_session",
    "DROP TABLE registry.login_failure",
    "DROP TABLE registry.role_grant",
    "DROP TABLE registry.person",
    "ALTER TABLE registry.api_key DROP COLUMN last_used_at",
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
    for statement in PEOPLE:
        op.execute(statement)


def downgrade() -> None:
    for statement in NOBODY:
        op.execute(statement)
    for service in SERVICES:
        for statement in UNCHAINED:
            op.execute(statement.format(service=service))
