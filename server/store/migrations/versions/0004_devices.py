"""Sessions know their device and when they were last used."""

import sqlalchemy as sa
from alembic import op

revision = "0004_devices"
down_revision = "0003_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("device", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("session", sa.Column("seen_at", sa.BigInteger(), nullable=True))
