"""Ballots that were changed or withdrawn, kept for the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0007_superseded"
down_revision = "0006_allowance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "superseded_ballot",
        sa.Column("poll", sa.String(length=60), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("poll", "seat", "nonce", name=op.f("pk_superseded_ballot")),
        sqlite_with_rowid=False,
    )
