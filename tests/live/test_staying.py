"""Sockets whose session ended by time go within a minute; a screen in a running meeting keeps its session in use."""

from pathlib import Path

import pytest

from server.domain.actor import Role
from server.live.staying import Staying
from server.service.access import accounts
from server.service.access.sessions import open_session, read_sessions
from server.store.database import Database, open_database
from server.store.migrations import migrate
from server.store.tables.access import AccountRow
from server.store.writer import Unit, Writer
from tests.pages.cast import HASH, PASSWORD
from tests.pages.house import Clock

MINUTE = 60_000


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = open_database(f"sqlite:///{tmp_path / 'council.sqlite'}")
    migrate(opened)
    return opened


@pytest.mark.rule("S11")
def test_a_session_that_is_over_goes_and_a_shown_meeting_keeps_one(database: Database) -> None:
    clock, retired = Clock(1_775_610_000_000), list[str]()
    writer = Writer(database, lambda unit, wishes: [], lambda committed: None)
    writer.start()

    def sign_in(unit: Unit) -> list[str]:
        made = accounts.create_account(
            unit, clock(), name="林主持", role=Role.CHAIR, password=PASSWORD, password_hash=HASH
        )
        row = unit.session.get_one(AccountRow, made.account_id)
        return [open_session(unit, clock(), account=row).signed_in.session for _ in range(2)]

    shows_meeting, idle = writer.submit(sign_in).result(10)
    staying = Staying(
        database,
        writer,
        clock,
        lambda: {shows_meeting: True, idle: False, "never-there": False},
        retired.append,
    )
    staying.look()
    assert retired == ["never-there"]
    for _ in range(9):  # three quarters of an hour
        clock.now += 5 * MINUTE
        staying.look()
        writer.submit(lambda unit: None).result(10)
    with database.reader() as session:
        assert set(read_sessions(session, [shows_meeting, idle], clock())) == {shows_meeting}
    assert set(retired) == {"never-there", idle}
    writer.close()
    database.close()
