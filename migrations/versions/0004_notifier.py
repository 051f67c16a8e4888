"""The notifier service: its directory, ladders, deliveries, notices, digests, schedules, and the embedded mailbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("audit_pk")),
        sa.UniqueConstraint("position", name=op.f("audit_position_uq")),
        schema="notifier",
    )
    op.create_table(
        "delivery",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipients", postgresql.JSONB(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('notice', 'digest')", name=op.f("delivery_kind_ck")),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'sending', 'accepted', 'confirmed', 'retry_wait', 'rejected', 'unknown', 'dead', 'cancelled')",
            name=op.f("delivery_state_ck"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("delivery_pk")),
        sa.UniqueConstraint("region", "dedupe_key", name=op.f("delivery_region_dedupe_key_uq")),
        schema="notifier",
    )
    op.create_index(
        "delivery_waiting_ix",
        "delivery",
        ["region", "due_at"],
        unique=False,
        schema="notifier",
        postgresql_where="state IN ('pending', 'leased', 'sending', 'retry_wait')",
    )
    op.create_table(
        "directory_calendar_year",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("exceptions", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("directory_calendar_year_pk")),
        schema="notifier",
    )
    op.create_table(
        "directory_contact",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "unit", "role", name=op.f("directory_contact_pk")),
        schema="notifier",
    )
    op.create_table(
        "directory_cursor",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("complete_to", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "feed", name=op.f("directory_cursor_pk")),
        schema="notifier",
    )
    op.create_table(
        "directory_light",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("directory_light_pk")),
        schema="notifier",
    )
    op.create_index(
        "directory_light_undecided_ix",
        "directory_light",
        ["region", "at", "position"],
        unique=False,
        schema="notifier",
        postgresql_where="NOT decided",
    )
    op.create_table(
        "directory_plan",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "code", name=op.f("directory_plan_pk")),
        schema="notifier",
    )
    op.create_table(
        "directory_responsibility",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("support", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", "plan", "matter", "recorded_at", name=op.f("directory_responsibility_pk")),
        schema="notifier",
    )
    op.create_index(
        op.f("directory_responsibility_object_id_ix"),
        "directory_responsibility",
        ["object_id"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "directory_unit",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", "code", name=op.f("directory_unit_pk")),
        schema="notifier",
    )
    op.create_table(
        "kept_mail",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("recipients", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("cc", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("kept_mail_pk")),
        schema="notifier",
    )
    op.create_index(op.f("kept_mail_message_id_ix"), "kept_mail", ["message_id"], unique=False, schema="notifier")
    op.create_table(
        "matter",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("light", postgresql.JSONB(), nullable=False),
        sa.Column("owner_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "plan", "code", name=op.f("matter_pk")),
        schema="notifier",
    )
    op.create_table(
        "schedule",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_to", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("schedule_weekday_ck")),
        sa.PrimaryKeyConstraint("region", "plan", "code", name=op.f("schedule_pk")),
        schema="notifier",
    )
    op.create_table(
        "supervision",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("header", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("region", "plan", name=op.f("supervision_pk")),
        schema="notifier",
    )
    op.create_table(
        "attempt",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("delivery", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.CheckConstraint("result IN ('accepted', 'retry', 'rejected', 'unknown')", name=op.f("attempt_result_ck")),
        sa.ForeignKeyConstraint(
            ["region", "delivery"],
            ["notifier.delivery.region", "notifier.delivery.id"],
            name=op.f("attempt_region_delivery_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "delivery", "number", name=op.f("attempt_pk")),
        schema="notifier",
    )
    op.create_table(
        "digest",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("cycle_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("delivery", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "delivery"],
            ["notifier.delivery.region", "notifier.delivery.id"],
            name=op.f("digest_region_delivery_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("digest_pk")),
        sa.UniqueConstraint(
            "region", "plan", "kind", "unit", "cycle_at", name=op.f("digest_region_plan_kind_unit_cycle_at_uq")
        ),
        schema="notifier",
    )
    op.create_table(
        "ladder",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_version", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "plan"],
            ["notifier.supervision.region", "notifier.supervision.plan"],
            name=op.f("ladder_region_plan_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "plan", "number", name=op.f("ladder_pk")),
        schema="notifier",
    )
    op.create_table(
        "schedule_fire",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.ARRAY(sa.Date()), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("digests", sa.Integer(), nullable=False),
        sa.Column("nothing_open", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "plan", "schedule"],
            ["notifier.schedule.region", "notifier.schedule.plan", "notifier.schedule.code"],
            name=op.f("schedule_fire_region_plan_schedule_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "plan", "schedule", "fire_at", name=op.f("schedule_fire_pk")),
        schema="notifier",
    )
    op.create_table(
        "notice",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("matter_name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("support", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ladder_number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("level_name", sa.String(), nullable=False),
        sa.Column("asks", sa.String(), nullable=False),
        sa.Column("to_roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("copy_units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("own_message", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("light", postgresql.JSONB(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_on", sa.Date(), nullable=True),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'awaiting_verification', 'closed')", name=op.f("notice_state_ck")
        ),
        sa.ForeignKeyConstraint(
            ["region", "plan", "ladder_number"],
            ["notifier.ladder.region", "notifier.ladder.plan", "notifier.ladder.number"],
            name=op.f("notice_region_plan_ladder_number_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("notice_pk")),
        schema="notifier",
    )
    op.create_index(
        "notice_one_running_uq",
        "notice",
        ["region", "plan", "origin", "matter", "unit"],
        unique=True,
        schema="notifier",
        postgresql_where="state <> 'closed'",
    )
    op.create_index(
        op.f("notice_region_unit_state_limit_at_ix"),
        "notice",
        ["region", "unit", "state", "limit_at"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "decision",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("notice", sa.Uuid(), nullable=True),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "notice"],
            ["notifier.notice.region", "notifier.notice.id"],
            name=op.f("decision_region_notice_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("decision_pk")),
        schema="notifier",
    )
    op.create_index(
        op.f("decision_region_plan_matter_at_ix"),
        "decision",
        ["region", "plan", "matter", "at"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "digest_line",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("digest", sa.Uuid(), nullable=False),
        sa.Column("notice", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("light", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "digest"],
            ["notifier.digest.region", "notifier.digest.id"],
            name=op.f("digest_line_region_digest_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "notice"],
            ["notifier.notice.region", "notifier.notice.id"],
            name=op.f("digest_line_region_notice_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "digest", "notice", name=op.f("digest_line_pk")),
        schema="notifier",
    )
    op.create_index(op.f("digest_line_notice_ix"), "digest_line", ["notice"], unique=False, schema="notifier")
    op.create_table(
        "notice_message",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("notice", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("delivery", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "delivery"],
            ["notifier.delivery.region", "notifier.delivery.id"],
            name=op.f("notice_message_region_delivery_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "notice"],
            ["notifier.notice.region", "notifier.notice.id"],
            name=op.f("notice_message_region_notice_fk"),
        ),
        sa.PrimaryKeyConstraint("region", "notice", "level", name=op.f("notice_message_pk")),
        sa.UniqueConstraint("delivery", name=op.f("notice_message_delivery_uq")),
        schema="notifier",
    )
    op.create_table(
        "step",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "notice"], ["notifier.notice.region", "notifier.notice.id"], name=op.f("step_region_notice_fk")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("step_pk")),
        schema="notifier",
    )
    op.create_index(
        op.f("step_region_notice_at_ix"), "step", ["region", "notice", "at"], unique=False, schema="notifier"
    )


def downgrade() -> None:
    op.drop_index(op.f("step_region_notice_at_ix"), table_name="step", schema="notifier")
    op.drop_table("step", schema="notifier")
    op.drop_table("notice_message", schema="notifier")
    op.drop_index(op.f("digest_line_notice_ix"), table_name="digest_line", schema="notifier")
    op.drop_table("digest_line", schema="notifier")
    op.drop_index(op.f("decision_region_plan_matter_at_ix"), table_name="decision", schema="notifier")
    op.drop_table("decision", schema="notifier")
    op.drop_index(op.f("notice_region_unit_state_limit_at_ix"), table_name="notice", schema="notifier")
    op.drop_index("notice_one_running_uq", table_name="notice", schema="notifier", postgresql_where="state <> 'closed'")
    op.drop_table("notice", schema="notifier")
    op.drop_table("schedule_fire", schema="notifier")
    op.drop_table("ladder", schema="notifier")
    op.drop_table("digest", schema="notifier")
    op.drop_table("attempt", schema="notifier")
    op.drop_table("supervision", schema="notifier")
    op.drop_table("schedule", schema="notifier")
    op.drop_table("matter", schema="notifier")
    op.drop_index(op.f("kept_mail_message_id_ix"), table_name="kept_mail", schema="notifier")
    op.drop_table("kept_mail", schema="notifier")
    op.drop_table("directory_unit", schema="notifier")
    op.drop_index(
        op.f("directory_responsibility_object_id_ix"), table_name="directory_responsibility", schema="notifier"
    )
    op.drop_table("directory_responsibility", schema="notifier")
    op.drop_table("directory_plan", schema="notifier")
    op.drop_index(
        "directory_light_undecided_ix", table_name="directory_light", schema="notifier", postgresql_where="NOT decided"
    )
    op.drop_table("directory_light", schema="notifier")
    op.drop_table("directory_cursor", schema="notifier")
    op.drop_table("directory_contact", schema="notifier")
    op.drop_table("directory_calendar_year", schema="notifier")
    op.drop_index(
        "delivery_waiting_ix",
        table_name="delivery",
        schema="notifier",
        postgresql_where="state IN ('pending', 'leased', 'sending', 'retry_wait')",
    )
    op.drop_table("delivery", schema="notifier")
    op.drop_table("audit", schema="notifier")
