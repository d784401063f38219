"""Posts from native threads: in order, all of them, whatever one of them does."""

import threading
from functools import partial
from typing import Any

import gevent
import pytest
from gevent.event import Event
from gevent.hub import get_hub

from server.live.wakeup import LoopPost
from tests.live.conftest import Hall


def test_posts_of_many_threads_all_run_in_the_loop_and_each_threads_order_holds() -> None:
    post, done = LoopPost(), Event()
    ran: list[tuple[int, int]] = []
    places = set()

    def note(thread: int, number: int) -> None:
        places.add((threading.get_ident(), gevent.getcurrent() is not get_hub()))
        ran.append((thread, number))
        if len(ran) == 2_000:
            done.set()

    def work(thread: int) -> None:
        for number in range(500):
            post.post(partial(note, thread, number))

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for native in threads:
        native.start()
    assert done.wait(5)
    post.close()
    assert places == {(threading.get_ident(), True)}
    for thread in range(4):
        assert [number for of, number in ran if of == thread] == list(range(500))
    for native in threads:
        native.join()


def test_a_failing_post_is_logged_and_the_next_one_runs(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.post.post(lambda: 1 / 0)
    assert hall.call(lambda: "next") == "next"
    assert "ZeroDivisionError" in caplog.text


def test_a_post_may_wait_without_stopping_the_loop(hall: Hall) -> None:
    order: list[Any] = []

    def slow() -> None:
        gevent.spawn(order.append, "loop goes on")
        gevent.sleep(0.05)
        order.append("slow done")

    hall.post.post(slow)
    hall.call(lambda: order.append("next post"))
    assert order == ["loop goes on", "slow done", "next post"]


def test_after_closing_nothing_is_run() -> None:
    post = LoopPost()
    ran: list[int] = []
    post.close()
    post.post(lambda: ran.append(1))
    gevent.sleep(0.02)
    assert ran == []
