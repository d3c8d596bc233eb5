"""The keys of files, apart from them: a key that is deleted here opens no copy of its file any more."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_key",
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    raise RuntimeError("the record is never taken apart: restore a backup instead")
