"""The ground: a schema per service and its role, extensions, and the business clock."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICES = ("registry", "indicators", "notifier")


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS ltree SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    for service in SERVICES:
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {service}")
        op.execute(f"GRANT USAGE ON SCHEMA {service}, platform TO duban_{service}")
        op.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO duban_{service}"
        )
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} GRANT USAGE, SELECT ON SEQUENCES TO duban_{service}")
    op.execute(
        """
CREATE TABLE platform.clock (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    business_at timestamptz NOT NULL,
    real_at timestamptz NOT NULL,
    standing boolean NOT NULL DEFAULT false,
    moving_to timestamptz CHECK (moving_to >= business_at)
)"""
    )
    op.execute(
        """
COMMENT ON TABLE platform.clock IS
'The business clock: at the real instant real_at it showed business_at; it ticks unless it is standing or being moved. '
'The same instant twice means the clock is the real one. Written by the registry, read by every service.'"""
    )
    op.execute("INSERT INTO platform.clock (business_at, real_at) SELECT at, at FROM clock_timestamp() AS at")
    # While it is being moved it stands at the instant visited; `standing` then says what it does afterwards.
    op.execute(
        """
CREATE FUNCTION platform.shown(business_at timestamptz, real_at timestamptz, stands boolean, at timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN stands THEN business_at ELSE business_at + (at - real_at) END $$"""
    )
    op.execute(
        """
CREATE FUNCTION platform.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT platform.shown(business_at, real_at, standing OR moving_to IS NOT NULL, clock_timestamp()) FROM platform.clock $$"""
    )
    op.execute(
        """
CREATE FUNCTION platform.clock_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Against what was last written, not what it would show now: a platform that was stopped goes on from there.
    IF platform.shown(NEW.business_at, NEW.real_at, NEW.standing OR NEW.moving_to IS NOT NULL, clock_timestamp())
     < OLD.business_at THEN
        RAISE EXCEPTION 'the business clock never goes back';
    END IF;
    RETURN NEW;
END $$"""
    )
    op.execute(
        "CREATE TRIGGER clock_only_forward BEFORE UPDATE ON platform.clock "
        "FOR EACH ROW EXECUTE FUNCTION platform.clock_only_forward()"
    )
    for service in SERVICES:
        op.execute(f"GRANT SELECT ON platform.clock TO duban_{service}")
        op.execute(f"GRANT EXECUTE ON FUNCTION platform.now() TO duban_{service}")
    op.execute("GRANT UPDATE ON platform.clock TO duban_registry")


def downgrade() -> None:
    for service in reversed(SERVICES):
        op.execute(f"DROP SCHEMA {service}")
        op.execute(f"REVOKE USAGE ON SCHEMA platform FROM duban_{service}")
    op.execute("DROP TABLE platform.clock")
    op.execute("DROP FUNCTION platform.now()")
    op.execute("DROP FUNCTION platform.clock_only_forward()")
    op.execute("DROP FUNCTION platform.shown(timestamptz, timestamptz, boolean, timestamptz)")
    op.execute("DROP EXTENSION pg_trgm")
    op.execute("DROP EXTENSION ltree")
