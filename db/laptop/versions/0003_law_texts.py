"""Full texts of laws that stay on this laptop."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_text",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.UniqueConstraint("title", "version", name="uq_law_text_title_version"),
    )
    op.create_table(
        "law_passage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("law", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_law_passage_law_place", "law_passage", ["law", "place"])


def downgrade() -> None:
    raise RuntimeError("the record is never taken apart: restore a backup instead")
