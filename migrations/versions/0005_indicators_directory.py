"""The indicators service's copy of the registry, its audit, and how far its due work is done."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SCHEMA = "indicators"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("audit_pk")),
        sa.UniqueConstraint("position", name=op.f("audit_position_uq")),
        schema=SCHEMA,
    )
    op.create_table(
        "directory_feed",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "feed", name=op.f("directory_feed_pk")),
        schema=SCHEMA,
    )
    op.create_table(
        "directory_plan",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("activated_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("region", "code", name=op.f("directory_plan_pk")),
        schema=SCHEMA,
    )
    op.create_table(
        "directory_subject",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("industries", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region", "kind", "code", "recorded_at", name=op.f("directory_subject_pk")),
        schema=SCHEMA,
    )
    op.create_index(
        "directory_subject_region_kind_name_ix", "directory_subject", ["region", "kind", "name"], schema=SCHEMA
    )
    op.create_table(
        "directory_owner",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("support", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("region", "plan", "matter", "recorded_at", name=op.f("directory_owner_pk")),
        schema=SCHEMA,
    )
    op.create_table(
        "work",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("done_to", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("work_pk")),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("work", "directory_owner", "directory_subject", "directory_plan", "directory_feed", "audit"):
        op.drop_table(table, schema=SCHEMA)
