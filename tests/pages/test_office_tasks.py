"""Progress, photos and the end of a task, entered in the office."""

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from server.domain.actor import Actor, Role
from server.pages.context import Services
from server.service.access.accounts import create_account
from server.service.access.sessions import NewSession, open_session
from server.service.community import councils
from server.service.matters import tasks, topics
from server.store.tables.access import AccountRow
from server.store.writer import Unit
from tests.pages.cast import HASH, PASSWORD, Cast, Person, browser_of, words_of
from tests.pages.hostile import MARKUP, UNSOUND, is_plain

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
REPORT = {"act": "progress", "text": "已换7盏，余下4盏等配件。"}


def write(services: Services, run: Any) -> Any:
    return services.writer.submit(run).result(10)


@pytest.fixture
def number(cast: Cast, services: Services) -> str:
    return str(
        write(
            services,
            lambda unit: tasks.create_task(
                unit,
                services.clock(),
                council_id=cast.council,
                text="更换楼道灯",
                accountable="物业",
                post="维修班",
                due="2026-04-30",
                by="account:office",
            ),
        )
    )


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 180, 90)).save(file, "PNG")
    return file.getvalue()


def entries(services: Services, number: str) -> tuple[tasks.Entry, ...]:
    with services.database.reader() as session:
        return tasks.read_entries(session, number)


def test_the_list_shows_the_tasks_of_the_area(cast: Cast, number: str) -> None:
    page = words_of(cast.organiser.get("/office/tasks"))
    assert "更换楼道灯" in page
    assert "1件在办" in page


def test_progress_with_a_photo_is_public_at_once(cast: Cast, services: Services, number: str) -> None:
    data = {**REPORT, "cost": "560", "caption": "2栋", "photos": (io.BytesIO(picture()), "lamp.png")}
    answer = cast.organiser.post(f"/office/tasks/{number}", data, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert cast.organiser.get(answer.headers["Location"]).status_code == 200
    entry = entries(services, number)[0]
    assert (entry.text, entry.cost, entry.photos[0].caption) == (REPORT["text"], 56_000, "2栋")
    photo = cast.stranger.get(f"/photos/{entry.photos[0].id}.jpg")
    assert Image.open(io.BytesIO(photo.data)).format == "JPEG"
    assert "已换7盏" in words_of(cast.stranger.get(f"/tasks/{number}"))


def test_done_closes_the_task_and_its_topic(cast: Cast, services: Services) -> None:
    now = services.clock()
    raised = write(
        services,
        lambda unit: topics.raise_topic(
            unit, now, council_id=cast.council, title="楼道灯", body="坏了", channel="box"
        ),
    )
    number = write(
        services,
        lambda unit: topics.refer(
            unit,
            now,
            raised.topic_id,
            OFFICE,
            text="换灯",
            accountable="物业",
            post="维修班",
            due="2026-04-30",
            sentence="直接办理",
        ),
    )
    assert cast.organiser.post(f"/office/tasks/{number}", REPORT).status_code == 303
    assert "办理中" in words_of(cast.stranger.get(f"/topics/{raised.number}"))
    done = cast.organiser.post(f"/office/tasks/{number}", {"act": "done", "text": "11盏全部换好。"})
    assert done.status_code == 303
    page = words_of(cast.stranger.get(f"/topics/{raised.number}"))
    assert "1件办理事项，办结1件" in page
    assert "11盏全部换好。" in page
    later = cast.organiser.post(f"/office/tasks/{number}", REPORT)
    assert later.status_code == 422
    assert len(entries(services, number)) == 3


def test_void_needs_its_reason_and_stays_visible(cast: Cast, services: Services, number: str) -> None:
    without = cast.secretary.post(f"/office/tasks/{number}", {"act": "void", "text": "  "})
    assert without.status_code == 422
    assert "这一栏要填" in words_of(without)
    assert (
        cast.secretary.post(f"/office/tasks/{number}", {"act": "void", "text": "重复登记"}).status_code == 303
    )
    assert "这件事已经作废" in words_of(cast.secretary.get(f"/office/tasks/{number}"))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("act", "burn", "请选一项"),
        ("text", "长" * 601, "最多600个字"),
        ("cost", "-5", "请填0到"),
        ("cost", "一百", "请填0到"),
        *(("text", text, "特殊字符") for text in UNSOUND),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    cast: Cast, services: Services, number: str, field: str, value: str, sentence: str
) -> None:
    data = {**REPORT, "caption": "二单元门口", field: value}
    answer = cast.organiser.post(f"/office/tasks/{number}", data)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert 'value="二单元门口"' in answer.get_data(as_text=True)
    assert len(entries(services, number)) == 1


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, picture()[:45]])
def test_a_file_that_is_no_photo_changes_nothing(
    cast: Cast, services: Services, number: str, data: bytes
) -> None:
    form = {**REPORT, "photos": (io.BytesIO(data), "photo.png")}
    answer = cast.organiser.post(f"/office/tasks/{number}", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "照片" in words_of(answer)
    assert REPORT["text"] in answer.get_data(as_text=True)
    assert len(entries(services, number)) == 1


def test_too_many_photos_are_refused(cast: Cast, services: Services, number: str) -> None:
    photos = [(io.BytesIO(picture()), f"{place}.png") for place in range(4)]
    answer = cast.organiser.post(
        f"/office/tasks/{number}", {**REPORT, "photos": photos}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "一次最多3张" in words_of(answer)
    assert len(entries(services, number)) == 1


@pytest.mark.parametrize("text", MARKUP)
def test_hostile_text_stays_text(cast: Cast, number: str, text: str) -> None:
    assert cast.organiser.post(f"/office/tasks/{number}", {**REPORT, "text": text}).status_code == 303
    for path in (f"/office/tasks/{number}", "/office/tasks"):
        assert is_plain(cast.organiser.get(path).get_data(as_text=True))


def test_the_office_alone_may_come_in(cast: Cast, services: Services, number: str) -> None:
    path = f"/office/tasks/{number}"
    asked = cast.stranger.get(path)
    assert (asked.status_code, asked.location.startswith("/office/login?next=")) == (303, True)
    for person in (cast.chair, cast.supervisor, cast.representative):
        assert person.get(path).status_code == 403
        assert person.post(path, REPORT).status_code == 403
    assert cast.organiser.client.post(path, data=REPORT).status_code == 403
    assert cast.stranger.post(path, REPORT).status_code in (303, 403)
    assert len(entries(services, number)) == 1


def test_another_area_s_office_may_not(house: Flask, cast: Cast, services: Services, number: str) -> None:
    def run(unit: Unit) -> NewSession:
        area = councils.add_area(unit, parent_id=None, level="community", name="邻社区")
        made = create_account(
            unit, 1, name="邻居", role=Role.ORGANISER, area_id=area, password=PASSWORD, password_hash=HASH
        )
        return open_session(unit, services.clock(), account=unit.session.get(AccountRow, made.account_id))

    neighbour: Person = browser_of(house, write(services, run))
    assert neighbour.get(f"/office/tasks/{number}").status_code == 403
    assert neighbour.post(f"/office/tasks/{number}", REPORT).status_code == 403
    assert "更换楼道灯" not in words_of(neighbour.get("/office/tasks"))


def test_a_task_that_does_not_exist_is_404(cast: Cast) -> None:
    assert cast.organiser.get("/office/tasks/办-2026-999").status_code == 404
    assert cast.organiser.post("/office/tasks/办-2026-999", REPORT).status_code == 404
