"""What the command line's tests borrow from the pages': the application on a fresh database, with its people."""

from tests.pages.conftest import cast, clock, documents, house, services

__all__ = ["cast", "clock", "documents", "house", "services"]
