"""Databases of both kinds, with a writer for every process that takes part."""

from tests.store.conftest import postgres, sqlite_url, url

__all__ = ["postgres", "sqlite_url", "url"]
