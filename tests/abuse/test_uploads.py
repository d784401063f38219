"""A3: every hostile file to every place that takes files: a sentence, bounded time and memory, nothing kept."""

import inspect
import io
import threading
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import Client, TestResponse

from server.documents.pool import DocumentPool
from server.pages.register import PAGES
from server.store.tables.tasks import PhotoRow, TaskEntryRow
from tests.abuse import hostile_files
from tests.abuse.conftest import NOON, Count
from tests.abuse.hostile_files import HARMLESS, HTML, LABELS, REFUSED, picture
from tests.abuse.world import World, build_world
from tests.pages.house import Clock, build_house

# A form's parser that gives up in the middle, and the test client, leave temporary files to the collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
# Each place that takes files: module, path, field, who, and the fields that go with them.
UPLOADS = {"office_tasks": ("/office/tasks/{task}", "photos", {"act": "progress", "text": "现场"})}
SECONDS = 12.0
BOUNDARY = "x-boundary-x"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both communities, with the real press."""
    clock, press = Clock(NOON), DocumentPool(workers=1)
    app, close = build_house(tmp_path_factory.mktemp("uploads"), press, clock)
    yield build_world(app, app.extensions["council"], clock)
    close()
    press.close()


def send(world: World, data: bytes, label: str = "photo.jpg", client: Client | None = None) -> TestResponse:
    path, field, fields = UPLOADS["office_tasks"]
    cookies, csrf = world.principals["organiser"]
    form = {"csrf": csrf, **fields, field: (io.BytesIO(data), label, "image/jpeg")}
    client = client or world.flask.test_client(use_cookies=False)
    return client.post(path.format_map(world.own.things), data=form, headers={"Cookie": cookies})


def send_raw(
    world: World, body: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}"
) -> TestResponse:
    path = UPLOADS["office_tasks"][0].format_map(world.own.things)
    cookies, csrf = world.principals["organiser"]
    headers = {"Cookie": cookies, "X-CSRF-Token": csrf}
    client = world.flask.test_client(use_cookies=False)
    return client.post(path, data=body, content_type=kind, headers=headers)


def directly(world: World) -> Client:
    """A client of Flask's own application: the loop's thread pool is for one thread alone."""

    return Client(partial(Flask.wsgi_app, world.flask), use_cookies=False)


def kept(world: World) -> tuple[int, int]:
    """How many entries and photos there are."""
    with world.services.database.reader(5) as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (TaskEntryRow, PhotoRow)
        ]
    return counts[0] or 0, counts[1] or 0


def workers_memory(world: World) -> int:
    """The most memory the press's process ever held, in bytes."""
    pool: Any = world.services.documents
    status = Path(f"/proc/{pool._seats[0].process.pid}/status").read_text("utf-8")
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def test_every_place_that_takes_files_is_tried_here() -> None:
    taking = {
        name for name in PAGES if "request.files" in inspect.getsource(import_module(f"server.pages.{name}"))
    }
    assert taking == set(UPLOADS)
    assert len(REFUSED) + len(HARMLESS) >= 60


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_with_a_sentence(world: World, name: str) -> None:
    data, before = REFUSED[name](), kept(world)
    began = time.monotonic()
    answer = send(world, data)
    assert answer.status_code == 422, name
    page = answer.get_data(as_text=True)
    assert any(words in page for words in ("不是完整的照片", "超过800万像素", "超过10兆", "没有做成")), name
    assert time.monotonic() - began < SECONDS
    assert kept(world) == before


@pytest.mark.parametrize("name", HARMLESS)
def test_of_a_photo_the_picture_alone_is_kept(world: World, name: str) -> None:
    entries, photos = kept(world)
    answer = send(world, HARMLESS[name]())
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    assert kept(world) == (entries + 1, photos + 1)
    with world.services.database.reader(5) as session:
        row = session.scalars(select(PhotoRow).order_by(PhotoRow.task_entry_id.desc())).first()
    assert row is not None
    served = world.flask.test_client().get(f"/photos/{row.id}.jpg")
    assert served.mimetype == "image/jpeg"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    for word in (b"script", b"alert", b"php", b"evil", b"Exif", b"PK\x03\x04", HTML, "王小明".encode()):
        assert word not in served.data, word
    with Image.open(io.BytesIO(served.data)) as shown:
        assert shown.format == "JPEG"
        assert max(shown.size) <= 1600
        assert not shown.getexif()


def test_the_press_never_held_more_than_its_bound(world: World) -> None:
    """Runs after the bombs above: the process that met them is watched by its own high-water mark."""
    send(world, REFUSED["png zTXt bomb"]())
    assert workers_memory(world) < 700 * 2**20


@pytest.mark.parametrize("label", LABELS)
def test_a_files_name_is_a_label_that_goes_nowhere(world: World, label: str) -> None:
    answer = send(world, picture("JPEG"), label)
    assert answer.status_code in (303, 400, 422)
    assert "Set-Cookie" not in answer.headers or "sid=x" not in answer.headers["Set-Cookie"]
    page = world.flask.test_client().get(f"/tasks/{world.own.things['task']}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert label.strip() not in page or label == "photo.jpg"


def part(name: str, body: bytes, more: bytes = b"") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
    return head + more + b"\r\n\r\n" + body + b"\r\n"


FILE = b'; filename="a.jpg"\r\nContent-Type: image/jpeg'
END = f"--{BOUNDARY}--\r\n".encode()
ODD = {
    "1,001 fields": b"".join(part(f"f{n}", b"x") for n in range(1_001)) + END,
    "1,001 files": b"".join(part("photos", b"x", FILE) for _ in range(1_001)) + END,
    "a field of 300 KiB": part("text", b"x" * 300_000) + END,
    "10 MB that begin with CR LF": part("photos", b"\r\n" + b"a" * 9_900_000, FILE) + END,
    "10 MB of CR LF": part("photos", b"\r\n" * 4_900_000, FILE) + END,
    "without an end": part("photos", b"x" * 1_000, FILE),
    "without a beginning": b"x" * 10_000,
    "a head without body": f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photos\"".encode() + FILE,
    "a head of 1 MB": part("text", b"x", b"\r\nX: " + b"y" * 10**6) + END,
    "10,000 heads": part("text", b"x", b"\r\nX: y" * 10_000) + END,
    "no name": f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n".encode() + END,
    "nested": part("photos", part("a", b"x"), b"\r\nContent-Type: multipart/mixed; boundary=y") + END,
    "only dashes": b"--" * 200_000,
    "another charset": part("text", "现场".encode("utf-16"), b"\r\nContent-Type: text/plain; charset=utf-7") + END,
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_form_is_refused_and_quickly(world: World, name: str) -> None:
    before, began = kept(world), time.monotonic()
    answer = send_raw(world, ODD[name])
    assert answer.status_code in (400, 413, 422), answer.status_code
    assert any("\u4e00" <= char <= "\u9fff" for char in answer.get_data(as_text=True))
    assert time.monotonic() - began < SECONDS
    assert kept(world) == before


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 5_000,
        'multipart/form-data; boundary="\r\n"', "multipart/mixed; boundary=y", "text/xml", "application/octet-stream",
        "application/json", "application/x-www-form-urlencoded; charset=utf-7", "image/jpeg", "",
    ],
)  # fmt: skip
def test_an_odd_content_type_is_no_way_in(world: World, kind: str) -> None:
    before = kept(world)
    if "\r" in kind:
        kind = kind.replace("\r\n", "%0d%0a")
    answer = send_raw(world, part("photos", picture("JPEG"), FILE) + END, kind)
    assert answer.status_code in (400, 403, 413, 415, 422), answer.status_code
    assert kept(world) == before


@pytest.mark.rule("S64")
def test_more_than_ten_megabytes_are_not_even_read(world: World) -> None:
    before = kept(world)
    answer = send(world, picture("JPEG") + bytes(11 * 2**20), client=directly(world))
    assert answer.status_code == 413
    assert "太大" in answer.get_data(as_text=True)
    assert kept(world) == before


def test_a_hundred_at_once_are_all_answered(world: World, count: Count) -> None:
    """Photos and bombs together: each gets its own answer, pages are served meanwhile."""
    before, answers = kept(world), []
    bomb, photo = hostile_files.REFUSED["png zTXt bomb"](), picture("JPEG", (800, 600))
    lock = threading.Lock()

    def one(number: int) -> None:
        status = send(world, photo if number % 2 else bomb, client=directly(world)).status_code
        with lock:
            answers.append((number % 2, status))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count(12, 100))]
    for thread in threads:
        thread.start()
    assert world.flask.test_client().get("/").status_code == 200
    for thread in threads:
        thread.join()
    assert {status for is_photo, status in answers if is_photo} == {303}
    assert {status for is_photo, status in answers if not is_photo} == {422}
    assert kept(world)[1] - before[1] == len(threads) // 2
