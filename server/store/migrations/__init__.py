"""Alembic migrations, written by hand; each can run beside the program's previous version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from server.store.database import Database

HERE = Path(__file__).resolve().parent
ALEMBIC = "alembic_version"
# Several processes may start at once; a migration may take as long as it takes.
_ALONE = text(
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "
    "SELECT pg_advisory_xact_lock(20261)"
)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to the newest version, or to the one named, from empty or from any earlier one."""
    with database.writing.begin() as connection:
        if database.kind == "postgresql":
            connection.execute(_ALONE)
        upgrade(_config(), connection, revision)


def upgrade(config: Config, connection: Connection, revision: str = "head") -> None:
    """Run the migrations on an open connection."""
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """Return the version a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Return every version this program knows, the oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config
