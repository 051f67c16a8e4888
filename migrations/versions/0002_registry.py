"""The registry: its objects and all their versions, callers and keys."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE registry.version (
    region varchar NOT NULL,
    id uuid NOT NULL,
    kind varchar NOT NULL,
    object_id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    by varchar NOT NULL,
    content jsonb,
    position integer,
    CONSTRAINT version_pk PRIMARY KEY (region, id),
    CONSTRAINT version_region_object_id_version_uq UNIQUE (region, object_id, version)
)
""",
    """
CREATE TABLE registry.audit (
    region varchar NOT NULL,
    id uuid NOT NULL,
    position integer,
    at timestamptz NOT NULL,
    client_id varchar NOT NULL,
    act varchar NOT NULL,
    subject varchar,
    details jsonb NOT NULL,
    CONSTRAINT audit_pk PRIMARY KEY (region, id),
    CONSTRAINT audit_position_uq UNIQUE (position)
)
""",
    """
CREATE TABLE registry.unit (
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
    kind varchar NOT NULL,
    parent varchar,
    path ltree NOT NULL,
    valid_from date,
    valid_to date,
    CONSTRAINT unit_pk PRIMARY KEY (region, id),
    CONSTRAINT unit_region_code_uq UNIQUE (region, code),
    CONSTRAINT unit_region_parent_fk FOREIGN KEY(region, parent) REFERENCES registry.unit (region, code)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT unit_current_name_ex EXCLUDE USING btree (region WITH =, name WITH =) WHERE (ended_at IS NULL)
        DEFERRABLE INITIALLY DEFERRED
)
""",
    """
CREATE TABLE registry.contact (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    unit varchar NOT NULL,
    role varchar NOT NULL,
    CONSTRAINT contact_pk PRIMARY KEY (region, id),
    CONSTRAINT contact_region_unit_role_uq UNIQUE (region, unit, role),
    CONSTRAINT contact_region_code_uq UNIQUE (region, code),
    CONSTRAINT contact_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.client (
    region varchar NOT NULL,
    client_id varchar NOT NULL,
    unit varchar,
    created_at timestamptz NOT NULL,
    CONSTRAINT client_pk PRIMARY KEY (region, client_id)
)
""",
    """
CREATE TABLE registry.api_key (
    region varchar NOT NULL,
    id uuid NOT NULL,
    client_id varchar NOT NULL,
    prefix varchar NOT NULL,
    digest bytea NOT NULL,
    scopes text[] NOT NULL,
    fixed boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by varchar NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_key_pk PRIMARY KEY (region, id),
    CONSTRAINT api_key_region_client_id_fk FOREIGN KEY(region, client_id) REFERENCES registry.client (region, client_id),
    CONSTRAINT api_key_digest_uq UNIQUE (digest)
)
""",
    """
CREATE TABLE registry.calendar_year (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    year integer NOT NULL,
    published boolean NOT NULL,
    CONSTRAINT calendar_year_pk PRIMARY KEY (region, id),
    CONSTRAINT calendar_year_region_code_uq UNIQUE (region, code)
)
""",
    """
CREATE TABLE registry.plan (
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
    state varchar NOT NULL,
    known_from timestamptz NOT NULL,
    activated_at timestamptz,
    CONSTRAINT plan_pk PRIMARY KEY (region, id),
    CONSTRAINT plan_region_code_uq UNIQUE (region, code)
)
""",
    """
CREATE TABLE registry.plan_item (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    kind varchar NOT NULL,
    code varchar NOT NULL,
    CONSTRAINT plan_item_pk PRIMARY KEY (region, plan, kind, code),
    CONSTRAINT plan_item_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code)
)
""",
    """
CREATE TABLE registry.task (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    plan varchar NOT NULL,
    subject varchar NOT NULL,
    CONSTRAINT task_pk PRIMARY KEY (region, id),
    CONSTRAINT task_region_plan_code_uq UNIQUE (region, plan, code),
    CONSTRAINT task_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code)
)
""",
    """
CREATE TABLE registry.responsibility (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    plan varchar NOT NULL,
    subject varchar NOT NULL,
    lead varchar NOT NULL,
    units text[] NOT NULL,
    CONSTRAINT responsibility_pk PRIMARY KEY (region, id),
    CONSTRAINT responsibility_region_plan_code_uq UNIQUE (region, plan, code),
    CONSTRAINT responsibility_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT responsibility_region_lead_fk FOREIGN KEY(region, lead) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.industry (
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
    CONSTRAINT industry_pk PRIMARY KEY (region, id),
    CONSTRAINT industry_region_code_uq UNIQUE (region, code)
)
""",
    """
CREATE TABLE registry.carrier (
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
    industry varchar NOT NULL,
    industries text[] NOT NULL,
    CONSTRAINT carrier_pk PRIMARY KEY (region, id),
    CONSTRAINT carrier_region_code_uq UNIQUE (region, code),
    CONSTRAINT carrier_region_industry_fk FOREIGN KEY(region, industry) REFERENCES registry.industry (region, code)
)
""",
    """
CREATE TABLE registry.enterprise (
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
    industry varchar NOT NULL,
    CONSTRAINT enterprise_pk PRIMARY KEY (region, id),
    CONSTRAINT enterprise_region_code_uq UNIQUE (region, code),
    CONSTRAINT enterprise_region_industry_fk FOREIGN KEY(region, industry) REFERENCES registry.industry (region, code)
)
""",
    """
CREATE TABLE registry.project (
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
    plan varchar NOT NULL,
    industry varchar NOT NULL,
    enterprise varchar,
    carrier varchar,
    first_year integer NOT NULL,
    last_year integer NOT NULL,
    CONSTRAINT project_pk PRIMARY KEY (region, id),
    CONSTRAINT project_region_code_uq UNIQUE (region, code),
    CONSTRAINT project_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT project_region_industry_fk FOREIGN KEY(region, industry) REFERENCES registry.industry (region, code),
    CONSTRAINT project_region_enterprise_fk FOREIGN KEY(region, enterprise) REFERENCES registry.enterprise (region, code),
    CONSTRAINT project_region_carrier_fk FOREIGN KEY(region, carrier) REFERENCES registry.carrier (region, code)
)
""",
)

INDEXES = (
    "CREATE UNIQUE INDEX version_position_ix ON registry.version (position)",
    "CREATE INDEX version_unsealed_ix ON registry.version (id) WHERE position IS NULL",
    "CREATE INDEX unit_letters_ix ON registry.unit USING gin (letters)",
    "CREATE INDEX unit_path_ix ON registry.unit USING gist (path)",
    "CREATE INDEX unit_search_ix ON registry.unit USING gin (search gin_trgm_ops)",
    "CREATE INDEX api_key_prefix_ix ON registry.api_key (prefix)",
    "CREATE INDEX plan_letters_ix ON registry.plan USING gin (letters)",
    "CREATE INDEX plan_search_ix ON registry.plan USING gin (search gin_trgm_ops)",
    "CREATE INDEX plan_item_region_kind_code_ix ON registry.plan_item (region, kind, code)",
    "CREATE INDEX task_letters_ix ON registry.task USING gin (letters)",
    "CREATE INDEX task_region_subject_ix ON registry.task (region, subject)",
    "CREATE INDEX task_search_ix ON registry.task USING gin (search gin_trgm_ops)",
    "CREATE INDEX responsibility_region_subject_ix ON registry.responsibility (region, subject)",
    "CREATE INDEX responsibility_units_ix ON registry.responsibility USING gin (units)",
    "CREATE INDEX industry_letters_ix ON registry.industry USING gin (letters)",
    "CREATE INDEX industry_search_ix ON registry.industry USING gin (search gin_trgm_ops)",
    "CREATE INDEX carrier_industries_ix ON registry.carrier USING gin (industries)",
    "CREATE INDEX carrier_letters_ix ON registry.carrier USING gin (letters)",
    "CREATE INDEX carrier_search_ix ON registry.carrier USING gin (search gin_trgm_ops)",
    "CREATE INDEX enterprise_letters_ix ON registry.enterprise USING gin (letters)",
    "CREATE INDEX enterprise_region_industry_ix ON registry.enterprise (region, industry, code)",
    "CREATE INDEX enterprise_search_ix ON registry.enterprise USING gin (search gin_trgm_ops)",
    "CREATE INDEX project_letters_ix ON registry.project USING gin (letters)",
    "CREATE INDEX project_region_carrier_ix ON registry.project (region, carrier, code)",
    "CREATE INDEX project_region_industry_ix ON registry.project (region, industry, code)",
    "CREATE INDEX project_search_ix ON registry.project USING gin (search gin_trgm_ops)",
)

# A version is for ever; only the sealer may give it its position, once.
VERSIONS_STAY = (
    """
CREATE FUNCTION registry.versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed registry.version := OLD;
BEGIN
    sealed.position := NEW.position;
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND sealed IS NOT DISTINCT FROM NEW THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version is never changed';
END $$""",
    """
CREATE TRIGGER versions_stay BEFORE UPDATE OR DELETE ON registry.version
FOR EACH ROW EXECUTE FUNCTION registry.versions_stay()""",
)


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES, *VERSIONS_STAY):
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "project",
        "enterprise",
        "carrier",
        "industry",
        "responsibility",
        "task",
        "plan_item",
        "plan",
        "calendar_year",
        "api_key",
        "client",
        "contact",
        "unit",
        "audit",
        "version",
    ):
        op.execute(f"DROP TABLE registry.{table}")
    op.execute("DROP FUNCTION registry.versions_stay()")
