"""Whether the database answers, for probes and the doctor."""

import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.store.database import Database

log = logging.getLogger(__name__)


def database_answers(database: Database) -> bool:
    """Tell whether a read comes back within a second; the reason of a failure goes to the log only."""
    try:
        with database.reader(1.0) as session:
            return bool(session.scalar(text("SELECT 1")))
    except SQLAlchemyError as error:
        log.error("the database does not answer: %s", type(error).__name__)
        return False
