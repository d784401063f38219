"""Migrations lead from an empty database to exactly the tables the program knows, and may be run again."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from server.store.database import open_database
from server.store.migrations import migrate
from server.store.tables import metadata


def test_from_empty_to_the_tables_the_program_knows(url: str) -> None:
    database = open_database(url)
    migrate(database)
    migrate(database)
    with database.writing.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    database.close()
