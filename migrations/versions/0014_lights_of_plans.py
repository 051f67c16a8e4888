"""Up to when the lights of each plan are complete: a plan's first digest waits for its first lights."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE notifier.directory_cursor ADD COLUMN plans jsonb NOT NULL DEFAULT '{}'")
    # Where a platform runs already, its plans were looked at: their lights are as complete as the region's.
    op.execute("""
UPDATE notifier.directory_cursor AS c
   SET plans = (SELECT coalesce(jsonb_object_agg(p.code, c.complete_to), '{}') FROM notifier.directory_plan AS p
                 WHERE p.region = c.region AND p.state = 'active')
 WHERE c.complete_to IS NOT NULL""")
    op.execute("ALTER TABLE notifier.directory_cursor ALTER COLUMN plans DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE notifier.directory_cursor DROP COLUMN plans")
