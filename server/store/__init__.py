"""SQLAlchemy only: database, tables, log, codec, migrations."""
