"""F4: a disk that is full: nothing is acknowledged, everything can be read, and it goes on when there is space."""

import io
import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from tests.contract.client import Answer, new_id
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed
from tests.faults.oracle import check_database, check_record, recorded
from tests.faults.small_disk import SmallDisk, small_disk

SEATS = 10
TASK = quote("/office/tasks/办-2026-001")
SERVER = (str(Path(__file__).with_name("small_disk_server.py")),)
CHINESE = re.compile("[\u4e00-\u9fff]")
_LINE = "--line"


class FullHouse:
    """A house whose database, log and temporary files lie on one small disk."""

    def __init__(self, disk: SmallDisk, meetings: int) -> None:
        self.disk, self.data = disk, disk.folder / "data"
        printed = seed(self.data, meetings, SEATS)
        self.meetings: list[Any] = printed["meetings"]
        self.server = RunningServer(self.data, program=SERVER, environment={"TMPDIR": str(disk.folder)})
        self.house = self.server.house
        self.cookies: dict[str, str] = {}
        self._log_in(printed["account"])

    def _log_in(self, account: dict[str, str]) -> None:
        page = self.house.ask("GET", "/office/login")
        answer = self.house.post_form("/office/login", {**account, "csrf": token_of(page)}, page.cookies)
        assert answer.status == 303, answer.text
        self.cookies = dict(answer.cookies)

    def get(self, path: str) -> Answer:
        return self.house.ask("GET", path, cookies=self.cookies)

    def upload(self, photo: bytes) -> Answer:
        """Report progress of the sample's task with one photo."""
        fields = {"csrf": token_of(self.get(TASK)), "act": "progress", "text": "已经装好"}
        parts = [
            f'{_LINE}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
        ]
        file = f'{_LINE}\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\n\r\n'
        body = "".join(parts).encode() + file.encode() + photo + f"\r\n{_LINE}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={_LINE[2:]}"}
        return self.house.ask("POST", TASK, body, self.cookies, kind)

    def photos(self) -> int:
        return int(self._ask("SELECT count(*) FROM photo"))

    def empty_wal(self) -> None:
        """Nothing is left in the journal that a write could go into without new space."""
        assert self._ask("PRAGMA wal_checkpoint(TRUNCATE)") == 0

    def _ask(self, sql: str) -> Any:
        with closing(sqlite3.connect(self.data / "council.sqlite", timeout=10)) as connection:
            return connection.execute(sql).fetchone()[0]

    def command(self, hall: Hall, seat: int, name: str, data: dict[str, Any]) -> Answer:
        """A command over HTTP, as a phone without a WebSocket sends it."""
        participant = hall.participant(seat)
        message = {"id": new_id(), "name": name, "data": data}
        path, token = f"/meetings/{hall.id}/command", participant.cookies["csrf"]
        return self.house.post_json(path, message, participant.cookies, X_CSRF_Token=token)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, cycles: Callable[[int, int], int]) -> Iterator[FullHouse]:
    with small_disk(tmp_path_factory.mktemp("disk")) as disk:
        ours = FullHouse(disk, cycles(2, 20) * 3)
        yield ours
        disk.empty()
        ours.server.stop()
        assert "Traceback" not in ours.server.printed()
        check_database(ours.data)


@pytest.fixture
def hall(full: FullHouse) -> Iterator[Callable[[], Hall]]:
    """Give meetings one after the other; whatever happens, the disk has space again afterwards."""
    halls: list[Hall] = []

    def another() -> Hall:
        halls.append(Hall(full.house, full.meetings.pop()))
        for seat in range(SEATS):  # to come in is a write as well
            halls[-1].phone(seat)
        return halls[-1]

    yield another
    full.disk.empty()
    for one in halls:
        one.hang_up()


def token_of(page: Answer) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def noise(size: int) -> bytes:
    """A picture that does not shrink when it is encoded."""
    chance = random.Random(size)
    out = io.BytesIO()
    Image.frombytes("RGB", (size, size), chance.randbytes(size * size * 3)).save(out, "PNG")
    return out.getvalue()


def assert_full(answer: Answer) -> None:
    """507, a Chinese sentence and the code; no trace of the program."""
    assert answer.status == 507, answer.text
    assert "DISK_FULL" in answer.text
    is_json = answer.headers["content-type"] == "application/json"
    assert CHINESE.search(answer.json["refusal"]["sentence"] if is_json else answer.text)
    assert "Traceback" not in answer.text
    assert "SQL" not in answer.text


def test_no_ballot_is_acknowledged_that_does_not_fit(
    full: FullHouse, hall: Callable[[], Hall], cycles: Callable[[int, int], int]
) -> None:
    """The journal (WAL) cannot grow."""
    for _ in range(cycles(2, 20)):
        ours = hall()
        poll = ours.poll(*range(SEATS))
        full.empty_wal()
        full.disk.fill()
        for seat in range(5):
            answer = ours.cast(seat, poll)
            assert answer["refusal"]["code"] == "DISK_FULL", answer
            assert CHINESE.search(answer["refusal"]["sentence"])
        ballot = {"poll": poll, "choice": "for", "nonce": "nonce-5"}
        by_http = full.command(ours, 5, "ballot.cast", ballot)
        assert_full(by_http)
        assert json.loads(by_http.body)["ok"] is False
        assert_full(full.house.post_json("/join", {"ticket": ours.seats[6]["ticket"]}))
        assert recorded(full.data, poll) == []
        assert_readable(full, ours)
        full.disk.empty()
        assert full.command(ours, 5, "ballot.cast", ballot).json["ok"]
        assert [ours.cast(seat, poll)["ok"] for seat in range(5)] == [True] * 5
        version = ours.chair.do("poll.close", {"poll": poll})
        assert ours.chair.until_version(version)["result"]["tally"]["for"] == 6
        assert check_record(full.data, [ours.id]) == 1


def assert_readable(full: FullHouse, ours: Hall) -> None:
    """Screens, pages and probes answer as ever."""
    again = ours.participant("chair").show(ours.id, "console")
    assert again.panels["poll"]["state"] == "open"
    again.close()
    for path in ("/healthz", "/", "/office/tasks"):
        assert full.get(path).status == 200, path
    state = ours.participant(0).get(f"/meetings/{ours.id}/state?screen=phone")
    assert state.json["ok"]


def test_what_fits_into_the_journal_is_kept_though_the_database_cannot_grow(
    full: FullHouse, hall: Callable[[], Hall], cycles: Callable[[int, int], int]
) -> None:
    """The database file itself: commits go on while the journal has room, and none of them is lost."""
    photo = noise(300)
    for _ in range(cycles(2, 20)):
        ours = hall()
        poll = ours.poll(*range(SEATS))
        assert full.upload(photo).status == 303  # the journal grows by as much,
        full._ask("PRAGMA wal_checkpoint(PASSIVE)")  # is carried over, and begins anew with all its space
        before = full.photos()
        full.disk.fill()
        assert full.upload(photo).status == 303
        acknowledged = [seat for seat in range(SEATS) if ours.cast(seat, poll)["ok"]]
        with pytest.raises(sqlite3.OperationalError, match="full"):
            full._ask("PRAGMA wal_checkpoint(PASSIVE)")
        assert full.photos() == before + 1
        assert [seat - 1 for seat, _ in recorded(full.data, poll)] == acknowledged
        assert_readable(full, ours)
        full.disk.empty()
        full.empty_wal()
        assert [seat - 1 for seat, _ in recorded(full.data, poll)] == acknowledged
        assert full.photos() == before + 1
        assert [ours.cast(seat, poll)["ok"] for seat in range(SEATS)] == [True] * SEATS
        assert check_record(full.data, [ours.id]) == 0


def test_a_log_that_cannot_be_written_stops_nobody(
    full: FullHouse, hall: Callable[[], Hall], cycles: Callable[[int, int], int]
) -> None:
    """Every failed wish wants a line in the log, which lies on the same disk."""
    for _ in range(cycles(2, 20)):
        ours = hall()
        poll = ours.poll(*range(SEATS))
        full.empty_wal()
        full.disk.fill()
        for _ in range(15):
            assert ours.cast(1, poll)["refusal"]["code"] == "DISK_FULL"
        assert_readable(full, ours)
        full.disk.empty()
        assert ours.cast(1, poll)["ok"]
        assert full.server.process.poll() is None


def test_an_upload_that_does_not_fit_is_refused_whole(
    full: FullHouse, cycles: Callable[[int, int], int]
) -> None:
    """Also when the file is so large that it is put aside on the disk while it is read."""
    for photo in (noise(120), noise(550)):
        for _ in range(cycles(1, 10)):
            full.empty_wal()
            before = full.photos()
            full.disk.fill()
            assert_full(full.upload(photo))
            assert full.photos() == before
            assert full.get(TASK).status == 200
            full.disk.empty()
            assert full.upload(photo).status == 303
            assert full.photos() == before + 1


def test_papers_are_printed_from_memory(full: FullHouse, cycles: Callable[[int, int], int]) -> None:
    """A PDF needs no space of its own."""
    meeting = full._ask("SELECT id FROM meeting WHERE published_at IS NOT NULL")
    for _ in range(cycles(2, 20)):
        full.empty_wal()
        full.disk.fill()
        paper = full.get(f"/minutes/{meeting}.pdf")
        assert paper.status == 200, paper.text[:500]
        assert paper.body.startswith(b"%PDF")
        full.disk.empty()
