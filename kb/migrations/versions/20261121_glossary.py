"""The team's glossary: groups of words that mean the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_glossary"
down_revision = "20261121_first"


def upgrade() -> None:
    stamp = op.create_table(
        "glossary_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_stamp")),
    )
    op.bulk_insert(stamp, [{"id": 1, "stamp": "000000000000"}])
    op.create_table(
        "glossary_groups",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_glossary_groups_author_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_groups")),
    )
    op.create_table(
        "glossary_words",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_glossary_words_author_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["glossary_groups.id"],
            name=op.f("fk_glossary_words_group_id_glossary_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_words")),
        sa.UniqueConstraint("key", name=op.f("uq_glossary_words_key")),
    )
    with op.batch_alter_table("glossary_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_glossary_words_group_id"), ["group_id"], unique=False)
