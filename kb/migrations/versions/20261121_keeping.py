"""Drafts on the server, attachments, why and by whom a revision was proposed, freshness, marks that were lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_keeping"
down_revision = "20261121_dismissed"


def _add_person(table: str, column: str) -> None:
    """As a statement that both databases read: Alembic would copy the whole table on SQLite."""
    constraint = f"CONSTRAINT fk_{table}_{column}_users REFERENCES users (id) ON DELETE SET NULL"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(12) {constraint}")


def upgrade() -> None:
    op.add_column("notes", sa.Column("check_by", sa.Date(), nullable=True))
    op.add_column("notes", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    _add_person("notes", "checked_by_id")
    op.add_column("revisions", sa.Column("reason", sa.String(length=300), server_default="", nullable=False))
    op.add_column("revisions", sa.Column("minor", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add_person("revisions", "proposed_by_id")
    for column in (
        sa.Column("accepted_revision", sa.Integer(), nullable=True),
        sa.Column("lost_revision", sa.Integer(), nullable=True),
        sa.Column("lost_start", sa.Integer(), nullable=True),
        sa.Column("confirmed_exact", sa.Text(), nullable=True),
        sa.Column("last_prefix", sa.Text(), nullable=True),
        sa.Column("last_suffix", sa.Text(), nullable=True),
    ):
        op.add_column("annotations", column)
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("note_id", sa.String(length=12), nullable=True),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_drafts_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_drafts_note_id_notes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("user_id", "place", name=op.f("uq_drafts_user_id_place")),
    )
    op.create_index(op.f("ix_drafts_handover_id"), "drafts", ["handover_id"])
    op.create_index(op.f("ix_drafts_note_id"), "drafts", ["note_id"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("note_id", sa.String(length=12), nullable=True),
        sa.Column("uploader_id", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_attachments_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_attachments_note_id_notes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["users.id"], name=op.f("fk_attachments_uploader_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_handover_id"), "attachments", ["handover_id"])
    op.create_index(op.f("ix_attachments_note_id"), "attachments", ["note_id"])
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"])
