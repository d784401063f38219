"""Alembic migrations, written by hand; each can run beside the program's previous version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from server.store.database import Database

HERE = Path(__file__).resolve().parent


def migrate(database: Database) -> None:
    """Bring the database to the newest version, from empty or from any earlier one."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    with database.writing.begin() as connection:
        upgrade(config, connection)


def upgrade(config: Config, connection: Connection) -> None:
    """Run the migrations on an open connection."""
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
