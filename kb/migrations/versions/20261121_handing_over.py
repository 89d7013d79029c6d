"""The handover itself: slots, register, meetings, practice, stages, transfers, sign-off, retrospective, mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_handing_over"
down_revision = "20261121_keeping"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_jobs_handover_id_handovers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_jobs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_table(
        "mail_choices",
        sa.Column("user_id", sa.String(length=12), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mail_choices_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_choices")),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mails_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    op.create_index(op.f("ix_mails_next_try_at"), "mails", ["next_try_at"])

    op.create_table(
        "template_versions",
        sa.Column("template_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("saved_by_id", sa.String(length=12), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"],
            ["users.id"],
            name=op.f("fk_template_versions_saved_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("template_id", "version", name=op.f("pk_template_versions")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_calendar_feeds_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handover_id", "user_id", name=op.f("pk_calendar_feeds")),
    )
    op.create_table(
        "coverage_days",
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_coverage_days_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("handover_id", "day", name=op.f("pk_coverage_days")),
    )
    op.create_table(
        "retrospective_answers",
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=False),
        sa.Column("question", sa.String(length=30), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_retrospective_answers_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_retrospective_answers_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handover_id", "user_id", "question", name=op.f("pk_retrospective_answers")),
    )
    op.create_table(
        "signoffs",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_signoffs_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signoffs")),
        sa.UniqueConstraint("handover_id", "number", name=op.f("uq_signoffs_handover_id_number")),
    )
    op.create_table(
        "stage_changes",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=12), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("unmet", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_stage_changes_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_stage_changes_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_changes")),
    )
    op.create_index(op.f("ix_stage_changes_handover_id"), "stage_changes", ["handover_id"])

    op.create_table(
        "template_proposals",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("template_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=30), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=True),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_by_id", sa.String(length=12), nullable=True),
        sa.Column("decided_by_id", sa.String(length=12), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_template_proposals_decided_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_template_proposals_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["users.id"],
            name=op.f("fk_template_proposals_proposed_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_proposals")),
    )
    op.create_index(op.f("ix_template_proposals_handover_id"), "template_proposals", ["handover_id"])

    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("from_id", sa.String(length=12), nullable=True),
        sa.Column("to_id", sa.String(length=12), nullable=True),
        sa.Column("offered_by_id", sa.String(length=12), nullable=True),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_id"], ["users.id"], name=op.f("fk_transfers_from_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_transfers_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"],
            ["users.id"],
            name=op.f("fk_transfers_offered_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["users.id"], name=op.f("fk_transfers_to_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_handover_id"), "transfers", ["handover_id"])
    op.create_index(op.f("ix_transfers_to_id"), "transfers", ["to_id"])

    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("recording", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=12), nullable=True),
        sa.Column("note_id", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_meetings_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_meetings_note_id_notes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["users.id"],
            name=op.f("fk_meetings_recorded_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index(op.f("ix_meetings_handover_id"), "meetings", ["handover_id"])

    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("signoff_id", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("reservations", sa.JSON(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["signoff_id"],
            ["signoffs.id"],
            name=op.f("fk_signatures_signoff_id_signoffs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_signatures_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("signoff_id", "role", name=op.f("uq_signatures_signoff_id_role")),
    )
    op.create_table(
        "meeting_items",
        sa.Column("meeting_id", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.String(length=12), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_meeting_items_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_meeting_items_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "item_id", name=op.f("pk_meeting_items")),
    )
    op.create_index(op.f("ix_meeting_items_item_id"), "meeting_items", ["item_id"])

    op.create_table(
        "practice_runs",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.String(length=12), nullable=False),
        sa.Column("successor_id", sa.String(length=12), nullable=True),
        sa.Column("recorded_by_id", sa.String(length=12), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("note_id", sa.String(length=12), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_practice_runs_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_practice_runs_note_id_notes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["users.id"],
            name=op.f("fk_practice_runs_recorded_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["users.id"],
            name=op.f("fk_practice_runs_successor_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_runs")),
    )
    op.create_index(op.f("ix_practice_runs_item_id"), "practice_runs", ["item_id"])

    op.create_table(
        "register_entries",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.String(length=12), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=500), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.String(length=12), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("new_holder_id", sa.String(length=12), nullable=True),
        sa.Column("new_holder_name", sa.String(length=200), nullable=False),
        sa.Column("vault_ref", sa.String(length=300), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("importance", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_register_entries_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["users.id"], name=op.f("fk_register_entries_holder_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_register_entries_item_id_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["new_holder_id"],
            ["users.id"],
            name=op.f("fk_register_entries_new_holder_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entries")),
    )
    op.create_index(op.f("ix_register_entries_handover_id"), "register_entries", ["handover_id"])

    op.create_table(
        "slot_marks",
        sa.Column("item_id", sa.String(length=12), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("note_id", sa.String(length=12), nullable=True),
        sa.Column("heading", sa.String(length=300), nullable=True),
        sa.Column("passage_sha256", sa.String(length=64), nullable=True),
        sa.Column("pointed_by_id", sa.String(length=12), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.String(length=12), nullable=True),
        sa.Column("stale_revision", sa.Integer(), nullable=True),
        sa.Column("waived_because", sa.String(length=500), nullable=True),
        sa.Column("waived_by_id", sa.String(length=12), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["users.id"],
            name=op.f("fk_slot_marks_accepted_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_slot_marks_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_slot_marks_note_id_notes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pointed_by_id"],
            ["users.id"],
            name=op.f("fk_slot_marks_pointed_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"], ["users.id"], name=op.f("fk_slot_marks_waived_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("item_id", "slot", name=op.f("pk_slot_marks")),
    )
    op.create_index(op.f("ix_slot_marks_note_id"), "slot_marks", ["note_id"])

    op.create_table(
        "register_steps",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("entry_id", sa.String(length=12), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.String(length=12), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_register_steps_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name=op.f("fk_register_steps_entry_id_register_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_steps")),
    )
    op.create_index(op.f("ix_register_steps_entry_id"), "register_steps", ["entry_id"])

    op.add_column("handovers", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handovers", sa.Column("announcement", sa.Text(), server_default="", nullable=False))
    # As a statement that both databases read: Alembic would copy the whole table on SQLite.
    constraint = "CONSTRAINT fk_handovers_announced_by_id_users REFERENCES users (id) ON DELETE SET NULL"
    op.execute(f"ALTER TABLE handovers ADD COLUMN announced_by_id VARCHAR(12) {constraint}")
    op.add_column("items", sa.Column("next_on", sa.Date(), nullable=True))
    op.add_column("items", sa.Column("required_level", sa.String(length=20), nullable=True))
    op.add_column("items", sa.Column("required_runs", sa.Integer(), server_default="0", nullable=False))
