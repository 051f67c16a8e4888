"""Carriers with areas and members, the life of tasks, instruments and payments, shared projects, successors,
prospects, and how targets are divided.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    """
CREATE TABLE registry.shared_project (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    plan varchar NOT NULL,
    CONSTRAINT shared_project_pk PRIMARY KEY (region, id),
    CONSTRAINT shared_project_region_plan_code_uq UNIQUE (region, plan, code),
    CONSTRAINT shared_project_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT shared_project_region_code_fk FOREIGN KEY(region, code) REFERENCES registry.project (region, code)
)
""",
    """
CREATE TABLE registry.succession (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    successor varchar NOT NULL,
    CONSTRAINT succession_pk PRIMARY KEY (region, id),
    CONSTRAINT succession_region_code_uq UNIQUE (region, code),
    CONSTRAINT succession_region_code_fk FOREIGN KEY(region, code) REFERENCES registry.plan (region, code),
    CONSTRAINT succession_region_successor_fk FOREIGN KEY(region, successor) REFERENCES registry.plan (region, code)
)
""",
    """
CREATE TABLE registry.task_entry (
    region varchar NOT NULL,
    id uuid NOT NULL,
    plan varchar NOT NULL,
    task varchar NOT NULL,
    kind varchar NOT NULL,
    from_state varchar,
    to_state varchar,
    day date NOT NULL,
    text varchar,
    evidence text[] NOT NULL,
    unit varchar,
    recorded_at timestamptz NOT NULL,
    by varchar NOT NULL,
    CONSTRAINT task_entry_pk PRIMARY KEY (region, id),
    CONSTRAINT task_entry_region_plan_task_fk FOREIGN KEY(region, plan, task) REFERENCES registry.task (region, plan, code),
    CONSTRAINT task_entry_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code),
    CONSTRAINT task_entry_step_ck CHECK ((kind = 'step') = (to_state IS NOT NULL))
)
""",
    """
CREATE TABLE registry.publicity (
    region varchar NOT NULL,
    id uuid NOT NULL,
    plan varchar NOT NULL,
    task varchar,
    day date NOT NULL,
    medium varchar NOT NULL,
    title varchar NOT NULL,
    link varchar,
    unit varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    by varchar NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by varchar,
    withdrawn_because varchar,
    CONSTRAINT publicity_pk PRIMARY KEY (region, id),
    CONSTRAINT publicity_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT publicity_region_plan_task_fk FOREIGN KEY(region, plan, task) REFERENCES registry.task (region, plan, code),
    CONSTRAINT publicity_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.instrument (
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
    task varchar,
    kind varchar NOT NULL,
    unit varchar,
    CONSTRAINT instrument_pk PRIMARY KEY (region, id),
    CONSTRAINT instrument_region_plan_code_uq UNIQUE (region, plan, code),
    CONSTRAINT instrument_region_plan_fk FOREIGN KEY(region, plan) REFERENCES registry.plan (region, code),
    CONSTRAINT instrument_region_plan_task_fk FOREIGN KEY(region, plan, task) REFERENCES registry.task (region, plan, code),
    CONSTRAINT instrument_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)
""",
    """
CREATE TABLE registry.payment (
    region varchar NOT NULL,
    id uuid NOT NULL,
    plan varchar NOT NULL,
    instrument varchar NOT NULL,
    day date NOT NULL,
    amount numeric NOT NULL,
    enterprise varchar,
    project varchar,
    receiver varchar,
    document varchar NOT NULL,
    note varchar,
    reverses uuid,
    recorded_at timestamptz NOT NULL,
    by varchar NOT NULL,
    CONSTRAINT payment_pk PRIMARY KEY (region, id),
    CONSTRAINT payment_region_plan_instrument_fk FOREIGN KEY(region, plan, instrument)
        REFERENCES registry.instrument (region, plan, code),
    CONSTRAINT payment_region_enterprise_fk FOREIGN KEY(region, enterprise) REFERENCES registry.enterprise (region, code),
    CONSTRAINT payment_region_project_fk FOREIGN KEY(region, project) REFERENCES registry.project (region, code),
    CONSTRAINT payment_region_reverses_fk FOREIGN KEY(region, reverses) REFERENCES registry.payment (region, id),
    CONSTRAINT payment_region_reverses_uq UNIQUE (region, reverses),
    CONSTRAINT payment_reversal_ck CHECK ((amount < 0) = (reverses IS NOT NULL)),
    CONSTRAINT payment_one_receiver_ck CHECK (num_nonnulls(enterprise, project, receiver) = 1)
)
""",
    """
CREATE TABLE registry.prospect (
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
    unit varchar NOT NULL,
    stage varchar NOT NULL,
    enterprise varchar,
    project varchar,
    CONSTRAINT prospect_pk PRIMARY KEY (region, id),
    CONSTRAINT prospect_region_code_uq UNIQUE (region, code),
    CONSTRAINT prospect_region_project_uq UNIQUE (region, project),
    CONSTRAINT prospect_region_industry_fk FOREIGN KEY(region, industry) REFERENCES registry.industry (region, code),
    CONSTRAINT prospect_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code),
    CONSTRAINT prospect_region_enterprise_fk FOREIGN KEY(region, enterprise) REFERENCES registry.enterprise (region, code),
    CONSTRAINT prospect_region_project_fk FOREIGN KEY(region, project) REFERENCES registry.project (region, code)
)
""",
    """
CREATE TABLE registry.prospect_step (
    region varchar NOT NULL,
    id uuid NOT NULL,
    prospect varchar NOT NULL,
    from_stage varchar,
    to_stage varchar NOT NULL,
    day date NOT NULL,
    text varchar,
    evidence text[] NOT NULL,
    recorded_at timestamptz NOT NULL,
    by varchar NOT NULL,
    CONSTRAINT prospect_step_pk PRIMARY KEY (region, id),
    CONSTRAINT prospect_step_region_prospect_fk FOREIGN KEY(region, prospect) REFERENCES registry.prospect (region, code)
)
""",
    """
CREATE TABLE registry.activity (
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
    day date NOT NULL,
    units text[] NOT NULL,
    met text[] NOT NULL,
    CONSTRAINT activity_pk PRIMARY KEY (region, id),
    CONSTRAINT activity_region_code_uq UNIQUE (region, code)
)
""",
    """
CREATE TABLE indicators.breakdown (
    region varchar NOT NULL,
    plan varchar NOT NULL,
    target varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    version integer NOT NULL,
    by varchar NOT NULL,
    parts jsonb NOT NULL,
    units text[] NOT NULL,
    document varchar,
    CONSTRAINT breakdown_pk PRIMARY KEY (region, plan, target, recorded_at),
    CONSTRAINT breakdown_region_plan_target_version_uq UNIQUE (region, plan, target, version)
)
""",
)

# What was there before: a carrier without parent, area and members, a task of which no step is known.
COLUMNS = (
    "ALTER TABLE registry.carrier ADD COLUMN parent varchar",
    "ALTER TABLE registry.carrier ADD COLUMN enterprises text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE registry.carrier ALTER COLUMN enterprises DROP DEFAULT",
    """ALTER TABLE registry.carrier ADD CONSTRAINT carrier_region_parent_fk FOREIGN KEY (region, parent)
       REFERENCES registry.carrier (region, code) DEFERRABLE INITIALLY DEFERRED""",
    "ALTER TABLE registry.task ADD COLUMN state varchar NOT NULL DEFAULT 'not_begun'",
    "ALTER TABLE registry.task ALTER COLUMN state DROP DEFAULT",
    """UPDATE registry.carrier
       SET content = '{"parent": null, "area": null, "members": [], "shares": []}'::jsonb || content""",
    """UPDATE registry.task SET content =
       '{"state": "not_begun", "state_since": null, "carried_from": null, "carried_to": null}'::jsonb || content""",
)

INDEXES = (
    "CREATE INDEX carrier_enterprises_ix ON registry.carrier USING gin (enterprises)",
    "CREATE INDEX carrier_region_parent_ix ON registry.carrier (region, parent)",
    "CREATE INDEX shared_project_region_code_ix ON registry.shared_project (region, code)",
    "CREATE INDEX task_entry_region_plan_task_ix ON registry.task_entry (region, plan, task, day)",
    "CREATE INDEX publicity_region_plan_ix ON registry.publicity (region, plan, day)",
    "CREATE INDEX instrument_letters_ix ON registry.instrument USING gin (letters)",
    "CREATE INDEX instrument_search_ix ON registry.instrument USING gin (search gin_trgm_ops)",
    "CREATE INDEX activity_letters_ix ON registry.activity USING gin (letters)",
    "CREATE INDEX activity_met_ix ON registry.activity USING gin (met)",
    "CREATE INDEX activity_region_day_ix ON registry.activity (region, day)",
    "CREATE INDEX activity_search_ix ON registry.activity USING gin (search gin_trgm_ops)",
    "CREATE INDEX activity_units_ix ON registry.activity USING gin (units)",
    "CREATE INDEX prospect_letters_ix ON registry.prospect USING gin (letters)",
    "CREATE INDEX prospect_region_stage_ix ON registry.prospect (region, stage, code)",
    "CREATE INDEX prospect_search_ix ON registry.prospect USING gin (search gin_trgm_ops)",
    "CREATE INDEX prospect_step_region_prospect_ix ON registry.prospect_step (region, prospect, day)",
    "CREATE INDEX payment_region_plan_instrument_ix ON registry.payment (region, plan, instrument, day)",
)

# What was reported stays as it was reported.
ENTRIES_STAY = (
    """
CREATE FUNCTION registry.log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry is never changed';
END $$""",
    *(
        f"""
CREATE TRIGGER log_stays BEFORE UPDATE OR DELETE ON registry.{table}
FOR EACH ROW EXECUTE FUNCTION registry.log_stays()"""
        for table in ("task_entry", "payment", "prospect_step")
    ),
)


def upgrade() -> None:
    for statement in (*TABLES, *COLUMNS, *INDEXES, *ENTRIES_STAY):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE indicators.breakdown")
    for table in (
        "activity",
        "prospect_step",
        "prospect",
        "payment",
        "instrument",
        "publicity",
        "task_entry",
        "succession",
        "shared_project",
    ):
        op.execute(f"DROP TABLE registry.{table}")
    op.execute("DROP FUNCTION registry.log_stays()")
    op.execute("UPDATE registry.carrier SET content = content - '{parent,area,members,shares}'::text[]")
    op.execute("UPDATE registry.task SET content = content - '{state,state_since,carried_from,carried_to}'::text[]")
    op.execute("ALTER TABLE registry.task DROP COLUMN state")
    op.execute("ALTER TABLE registry.carrier DROP COLUMN parent, DROP COLUMN enterprises")
