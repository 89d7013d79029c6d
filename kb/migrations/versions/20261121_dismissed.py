"""Searches that found only a part, their filters, and pairs of them that somebody dismissed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_dismissed"
down_revision = "20261121_searches"


def upgrade() -> None:
    op.add_column("searches", sa.Column("partial", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("searches", sa.Column("filters", sa.String(length=600), server_default="", nullable=False))
    op.create_table(
        "dismissed_pairs",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("missed", sa.String(length=200), nullable=False),
        sa.Column("found", sa.String(length=200), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=True),
        sa.Column("user_id", sa.String(length=12), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_dismissed_pairs_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_dismissed_pairs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_pairs")),
    )
    with op.batch_alter_table("dismissed_pairs", schema=None) as batch_op:
        batch_op.create_index("ix_dismissed_pairs_missed_found", ["missed", "found"], unique=False)
        batch_op.create_index(batch_op.f("ix_dismissed_pairs_handover_id"), ["handover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dismissed_pairs_user_id"), ["user_id"], unique=False)
