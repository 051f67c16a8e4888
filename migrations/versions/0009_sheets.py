"""What a plan file said beside its content: which file was applied last, and the order of what it lists."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE registry.plan ADD COLUMN applied varchar NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE registry.plan ALTER COLUMN applied DROP DEFAULT")
    op.execute("UPDATE registry.plan SET applied = content->>'version'")
    for table in ("registry.plan", "indicators.plan"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN listed jsonb NOT NULL DEFAULT '{{}}'")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN listed DROP DEFAULT")


def downgrade() -> None:
    for table in ("indicators.plan", "registry.plan"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN listed")
    op.execute("ALTER TABLE registry.plan DROP COLUMN applied")
