"""Reorganisations, members of collective names, names of before; in the notifier who stands in and what units were called."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWN = """'{"members": null, "successors": [], "former_names": [], "superseded": {}}'::jsonb"""
OF_CONTACTS = """'{"since": null, "next": [], "stand_ins": [], "superseded": {}}'::jsonb"""
OF_RESPONSIBILITIES = """'{"superseded": {}}'::jsonb"""
NAMES = "CONSTRAINT unit_current_name_ex EXCLUDE USING btree (region WITH =, name WITH =)"

UP = (
    "ALTER TABLE registry.unit ADD COLUMN successors text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE registry.unit ADD COLUMN names text[] NOT NULL DEFAULT '{}'",
    f"UPDATE registry.unit SET names = ARRAY[name], content = {OWN} || content",
    "ALTER TABLE registry.unit ALTER COLUMN successors DROP DEFAULT, ALTER COLUMN names DROP DEFAULT",
    "ALTER TABLE registry.unit DROP CONSTRAINT unit_current_name_ex",
    f"ALTER TABLE registry.unit ADD {NAMES} WHERE (ended_at IS NULL AND successors = '{{}}') DEFERRABLE INITIALLY DEFERRED",
    "CREATE INDEX unit_names_ix ON registry.unit USING gin (names)",
    f"UPDATE registry.contact SET content = {OF_CONTACTS} || content",
    f"UPDATE registry.responsibility SET content = {OF_RESPONSIBILITIES} || content",
    """
CREATE TABLE registry.unit_member (
    region varchar NOT NULL,
    collective varchar NOT NULL,
    unit varchar NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    CONSTRAINT unit_member_pk PRIMARY KEY (region, collective, unit, first),
    CONSTRAINT unit_member_region_collective_fk FOREIGN KEY(region, collective) REFERENCES registry.unit (region, code),
    CONSTRAINT unit_member_region_unit_fk FOREIGN KEY(region, unit) REFERENCES registry.unit (region, code)
)""",
    "CREATE INDEX unit_member_unit_ix ON registry.unit_member (region, unit, collective)",
    """
CREATE TABLE registry.reorganisation (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    effective_on date NOT NULL,
    units text[] NOT NULL,
    CONSTRAINT reorganisation_pk PRIMARY KEY (region, id),
    CONSTRAINT reorganisation_region_code_uq UNIQUE (region, code)
)""",
    "CREATE INDEX reorganisation_letters_ix ON registry.reorganisation USING gin (letters)",
    "CREATE INDEX reorganisation_search_ix ON registry.reorganisation USING gin (search gin_trgm_ops)",
    "CREATE INDEX reorganisation_units_ix ON registry.reorganisation USING gin (units)",
    "ALTER TABLE indicators.directory_subject ADD COLUMN successors text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE indicators.directory_subject ALTER COLUMN successors DROP DEFAULT",
    "ALTER TABLE notifier.directory_unit ADD COLUMN successors text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE notifier.directory_unit ALTER COLUMN successors DROP DEFAULT",
    """
CREATE TABLE notifier.directory_unit_name (
    region varchar NOT NULL,
    code varchar NOT NULL,
    recorded_at timestamptz NOT NULL,
    name varchar NOT NULL,
    CONSTRAINT directory_unit_name_pk PRIMARY KEY (region, code, recorded_at)
)""",
    "CREATE INDEX directory_unit_name_region_name_ix ON notifier.directory_unit_name (region, name)",
    "INSERT INTO notifier.directory_unit_name SELECT region, code, '1900-01-01T00:00:00Z', name FROM notifier.directory_unit",
    """
CREATE TABLE notifier.directory_stead (
    region varchar NOT NULL,
    unit varchar NOT NULL,
    role varchar NOT NULL,
    stands_in boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    person varchar NOT NULL,
    address bytea NOT NULL,
    CONSTRAINT directory_stead_pk PRIMARY KEY (region, unit, role, stands_in, valid_from),
    CONSTRAINT directory_stead_region_unit_role_fk FOREIGN KEY(region, unit, role)
        REFERENCES notifier.directory_contact (region, unit, role)
)""",
    "ALTER TABLE notifier.directory_calendar_year ADD COLUMN document varchar",
    "ALTER TABLE notifier.directory_calendar_year ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT '1900-01-01T00:00:00Z'",
    "ALTER TABLE notifier.directory_calendar_year ADD COLUMN applied boolean NOT NULL DEFAULT true",
    "ALTER TABLE notifier.directory_calendar_year ALTER COLUMN recorded_at DROP DEFAULT, ALTER COLUMN applied DROP DEFAULT",
    "ALTER TABLE notifier.notice ADD COLUMN written_for varchar",
    "ALTER TABLE notifier.notice ADD COLUMN limit_provisional boolean NOT NULL DEFAULT false",
    "ALTER TABLE notifier.notice ALTER COLUMN limit_provisional DROP DEFAULT",
    "ALTER TABLE notifier.attempt ADD COLUMN addressed jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE notifier.attempt ALTER COLUMN addressed DROP DEFAULT",
)

DOWN = (
    "ALTER TABLE indicators.directory_subject DROP COLUMN successors",
    "ALTER TABLE notifier.attempt DROP COLUMN addressed",
    "ALTER TABLE notifier.notice DROP COLUMN limit_provisional, DROP COLUMN written_for",
    "ALTER TABLE notifier.directory_calendar_year DROP COLUMN applied, DROP COLUMN recorded_at, DROP COLUMN document",
    "DROP TABLE notifier.directory_stead",
    "DROP TABLE notifier.directory_unit_name",
    "ALTER TABLE notifier.directory_unit DROP COLUMN successors",
    "DROP TABLE registry.reorganisation",
    "DROP TABLE registry.unit_member",
    "UPDATE registry.responsibility SET content = content - 'superseded'",
    "UPDATE registry.contact SET content = content - 'since' - 'next' - 'stand_ins' - 'superseded'",
    "DROP INDEX registry.unit_names_ix",
    "ALTER TABLE registry.unit DROP CONSTRAINT unit_current_name_ex",
    f"ALTER TABLE registry.unit ADD {NAMES} WHERE (ended_at IS NULL) DEFERRABLE INITIALLY DEFERRED",
    "UPDATE registry.unit SET content = content - 'members' - 'successors' - 'former_names' - 'superseded'",
    "ALTER TABLE registry.unit DROP COLUMN names, DROP COLUMN successors",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
