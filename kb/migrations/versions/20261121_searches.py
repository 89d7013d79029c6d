"""Searches that are kept: what was asked, and in which handovers it counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_searches"
down_revision = "20261121_glossary"


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=12), nullable=True),
        sa.Column("handover_id", sa.String(length=12), nullable=True),
        sa.Column("then_id", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_searches_handover_id_handovers"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["then_id"], ["searches.id"], name=op.f("fk_searches_then_id_searches"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_searches_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("ix_searches_user_id_at", ["user_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_searches_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_searches_then_id"), ["then_id"], unique=False)

    op.create_table(
        "search_places",
        sa.Column("search_id", sa.String(length=12), nullable=False),
        sa.Column("handover_id", sa.String(length=12), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("searcher", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_search_places_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["searches.id"],
            name=op.f("fk_search_places_search_id_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "handover_id", name=op.f("pk_search_places")),
    )
    with op.batch_alter_table("search_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_places_handover_id"), ["handover_id"], unique=False)
