"""The public list of tasks with its lights, one task with its entries, and its photos."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from server.domain.actor import Actor, Role
from server.pages.context import Services
from server.service.clock import local_date
from server.service.matters import progress, tasks
from tests.pages.cast import Cast, words_of
from tests.pages.hostile import MARKUP, RARE, is_plain
from tests.pages.house import Clock

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def write(services: Services, run: Any) -> Any:
    return services.writer.submit(run).result(10)


def add(services: Services, cast: Cast, text: str, days: int, **more: str) -> str:
    due = (local_date(services.clock()) + timedelta(days=days)).isoformat()
    how = {"accountable": "物业", "post": "工程部", "due": due, **more}
    return str(
        write(
            services,
            lambda unit: tasks.create_task(
                unit, services.clock(), council_id=cast.council, text=text, by="account:office", **how
            ),
        )
    )


def test_lights_are_said_in_words_and_grouped(cast: Cast, services: Services) -> None:
    add(services, cast, "换灯", -1)
    add(services, cast, "贴公约", 0)
    add(services, cast, "装器材", 3)
    add(services, cast, "修路面", 4)
    done = add(services, cast, "放线", 9)
    write(services, lambda unit: progress.mark_done(unit, services.clock(), done, OFFICE, text="已放线"))
    page = words_of(cast.stranger.get(f"/c/{cast.council}/tasks"))
    for words in ("逾期1天", "今天到期", "还有3天", "正常 4月12日", "4月8日办结", "今年共5件，办结1件"):
        assert words in page
    order = [page.index(text) for text in ("换灯", "贴公约", "装器材", "修路面", "放线")]
    assert order == sorted(order)


@pytest.mark.rule("R32")
def test_the_light_turns_at_midnight_in_shanghai(cast: Cast, services: Services, clock: Clock) -> None:
    number = add(services, cast, "换灯", 0)
    clock.now = 1_775_663_999_000  # 8 April, 23:59:59 in Shanghai
    assert "今天到期" in words_of(cast.stranger.get(f"/tasks/{number}"))
    clock.now += 1000
    assert "逾期1天" in words_of(cast.stranger.get(f"/tasks/{number}"))


@pytest.mark.rule("P12")
def test_a_task_shows_unit_and_post_and_its_entries(cast: Cast, services: Services) -> None:
    number = add(services, cast, "换灯", 9, accountable=cast.parties["邻长"], post="3栋邻长")
    assert number == "办-2026-001"
    write(
        services,
        lambda unit: progress.add_progress(
            unit, services.clock(), number, OFFICE, text="已换7盏", cost=56_000
        ),
    )
    page = words_of(cast.stranger.get(f"/tasks/{number}"))
    for words in ("办-2026-001", "邻 邻长 3栋邻长", "已换7盏", "花费560元", "2026年4月17日"):
        assert words in page
    assert "李桂香" not in page
    assert "account:" not in page
    assert cast.stranger.get("/tasks/2026-001").status_code == 200


def test_a_void_task_stays_visible_with_its_reason(cast: Cast, services: Services) -> None:
    number = add(services, cast, "换灯", 9)
    write(
        services, lambda unit: progress.void_task(unit, services.clock(), number, OFFICE, reason="重复登记")
    )
    page = words_of(cast.stranger.get(f"/tasks/{number}"))
    assert "已作废" in page
    assert "重复登记" in page


@pytest.mark.rule("S65")
def test_a_photo_is_served_as_a_picture_and_nothing_else(cast: Cast, services: Services) -> None:
    number = add(services, cast, "换灯", 9)
    photo = progress.NewPhoto(JPEG, JPEG[:5], 800, 600, "换好的灯")
    write(
        services,
        lambda unit: progress.add_progress(
            unit, services.clock(), number, OFFICE, text="已换", photos=(photo,)
        ),
    )
    with services.database.reader() as session:
        shown = tasks.read_entries(session, number)[0].photos[0]
    assert f'src="/photos/{shown.id}-small.jpg"' in cast.stranger.get(f"/tasks/{number}").get_data(
        as_text=True
    )
    for path, body in ((f"/photos/{shown.id}.jpg", JPEG), (f"/photos/{shown.id}-small.jpg", JPEG[:5])):
        answer = cast.stranger.get(path)
        assert (answer.mimetype, answer.data) == ("image/jpeg", body)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert cast.stranger.get("/photos/none.jpg").status_code == 404


@pytest.mark.parametrize("text", [*MARKUP, RARE])
def test_hostile_and_rare_text_stays_text(cast: Cast, services: Services, text: str) -> None:
    number = add(services, cast, text, 9, accountable=text[:40], post=text[:40])
    write(services, lambda unit: progress.add_progress(unit, services.clock(), number, OFFICE, text=text))
    for path in (f"/tasks/{number}", f"/c/{cast.council}/tasks", f"/c/{cast.council}/"):
        page = cast.stranger.get(path)
        assert page.status_code == 200
        assert is_plain(page.get_data(as_text=True))
        assert text in words_of(page)


def test_what_does_not_exist_is_404(house: Flask, cast: Cast) -> None:
    for path in ("/c/none/tasks", "/tasks/办-2026-999", "/tasks/%00", "/photos/a/b.jpg"):
        assert cast.stranger.get(path).status_code == 404


def test_an_empty_list_says_so(cast: Cast) -> None:
    page = cast.stranger.get(f"/c/{cast.council}/tasks")
    assert page.status_code == 200
    assert "没有逾期的事项" in words_of(page)
