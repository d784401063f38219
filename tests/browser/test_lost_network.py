"""A network that goes, a server that falls, a card used twice, a phone without WebSocket or script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, WebSocketRoute, expect

from tests.browser.hall import LAPTOP, WALL
from tests.browser.seeded import EVERYBODY, Sitting, choose, has_receipt, linked
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

pytestmark = pytest.mark.browser
BACK_AGAIN = 15  # seconds until every screen shows the same again by itself
NOT_SENT = "您的“投票”还没有送到。连上后会自动送出，不用再点。"
LIVE = re.compile(r"/socket\.io/")


def mark(page: Page) -> None:
    """From here on a reload would be noticed."""
    page.evaluate("() => { window.neverReloaded = true; }")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("() => window.neverReloaded === true"))


def count(sitting: Sitting, poll: str) -> dict[str, int]:
    """Close the poll and return what was counted."""
    version = sitting.wire.chair.do("poll.close", {"poll": poll})
    tally: dict[str, int] = sitting.wire.chair.until_version(version)["result"]["tally"]
    return tally


def kept(page: Page) -> list[str]:
    """The names of the wishes that wait on the device."""
    return [
        name
        for origin in page.context.storage_state()["origins"]
        for entry in origin["localStorage"]
        if entry["name"].startswith("outbox:")
        for name in re.findall(r'"name":"([\w.]+)"', entry["value"])
    ]


@pytest.mark.rule("R115")
def test_a_ballot_tapped_without_network_is_not_called_sent_and_arrives_once(sitting: Sitting) -> None:
    poll = sitting.poll()
    page = sitting.phone(0)
    linked(page)
    mark(page)
    page.context.set_offline(True)
    linked(page, "offline")
    choose(page)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_role("button", name="等待送出")).to_be_visible()
    expect(page.get_by_text("已收到")).to_have_count(0)
    assert kept(page) == ["ballot.cast"]
    page.context.set_offline(False)
    has_receipt(page, BACK_AGAIN)
    linked(page)
    assert is_marked(page)
    assert kept(page) == []
    assert count(sitting, poll) == {"for": 1, "against": 0, "abstain": 0}


@pytest.mark.rule("R114")
def test_a_wish_outlives_a_reload(sitting: Sitting) -> None:
    poll = sitting.poll()
    page = sitting.phone(0)
    linked(page)
    address = page.url
    page.context.set_offline(True)
    linked(page, "offline")
    choose(page, "反对")
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    assert kept(page) == ["ballot.cast"]
    # The page comes back before the way for commands does: it still says that nothing was sent.
    page.context.route("**/command", lambda route: route.abort())
    page.route_web_socket(LIVE, lambda route: route.close())
    page.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_role("button", name=re.compile("等待送出|正在送出"))).to_be_visible()
    expect(page.get_by_text("已收到")).to_have_count(0)
    assert kept(page) == ["ballot.cast"]
    page.context.unroute("**/command")
    has_receipt(page, BACK_AGAIN)
    assert count(sitting, poll) == {"for": 0, "against": 1, "abstain": 0}


def test_an_answer_that_is_lost_does_not_count_a_ballot_twice(sitting: Sitting) -> None:
    poll = sitting.poll()
    context = sitting.device()
    page = context.new_page()
    lost: list[str] = []

    def carry(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def down(packet: str | bytes) -> None:
            if str(packet).startswith("43/live,") and not lost and sent:
                lost.append(str(packet))
                route.close()
            elif not (sent and not lost):
                route.send(packet)

        def up(packet: str | bytes) -> None:
            sent.extend([1] if "ballot.cast" in str(packet) else [])
            server.send(packet)

        sent: list[int] = []
        route.on_message(up)
        server.on_message(down)

    page.route_web_socket(LIVE, carry)
    sitting.scan(page, 0)
    linked(page)
    choose(page)
    has_receipt(page, BACK_AGAIN)
    assert '"ok":true' in lost[0].replace(" ", "")
    assert kept(page) == []
    assert count(sitting, poll) == {"for": 1, "against": 0, "abstain": 0}


def test_a_connection_that_stays_silent_is_given_up_and_the_ballot_goes_another_way(sitting: Sitting) -> None:
    """Out of reach of the hall's radio no device says offline: packets just vanish."""
    poll = sitting.poll()
    page = sitting.device().new_page()
    is_silent: list[bool] = []
    calls: list[WebSocketRoute] = []

    def carry(route: WebSocketRoute) -> None:
        is_dead = not calls
        calls.append(route)
        server = route.connect_to_server()
        route.on_message(lambda packet: None if is_dead and is_silent else server.send(packet))
        server.on_message(lambda packet: None if is_dead and is_silent else route.send(packet))

    page.route_web_socket(LIVE, carry)
    sitting.scan(page, 0)
    linked(page)
    is_silent.append(True)
    choose(page)
    expect(page.get_by_role("button", name=re.compile("等待送出|正在送出"))).to_be_visible()
    has_receipt(page, BACK_AGAIN)
    assert len(calls) > 1
    assert count(sitting, poll) == {"for": 1, "against": 0, "abstain": 0}


@pytest.mark.rule("R111")
def test_pages_put_to_sleep_catch_up_by_themselves(sitting: Sitting) -> None:
    poll = sitting.poll()
    page = sitting.device().new_page()
    calls: list[WebSocketRoute] = []

    def carry(route: WebSocketRoute) -> None:
        calls.append(route)
        route.connect_to_server()

    page.route_web_socket(LIVE, carry)
    sitting.scan(page, 0)
    linked(page)
    mark(page)
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    for seat in (1, 2, 3, 4):
        assert sitting.wire.cast(seat, poll)["ok"]
    count(sitting, poll)
    sitting.wire.chair.do("poll.publish", {"poll": poll})
    calls[-1].close()  # the system ends the connections of a page that sleeps for long
    session.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.get_by_text("表决通过")).to_be_visible(timeout=BACK_AGAIN * 1000)
    linked(page)
    assert is_marked(page)


@pytest.mark.rule("R38")
def test_a_reloaded_projector_shows_the_same_view(sitting: Sitting) -> None:
    wire = sitting.wire
    page = sitting.show(wire.participant("observer"), "projector", WALL)
    shown: list[str] = []
    for begin, words in moments(wire):
        begin()
        expect(page.get_by_text(words).first).to_be_visible()
        before = settled(page)
        page.reload()
        linked(page)
        assert settled(page) == before, words
        shown.append(before)
    assert len(set(shown)) == len(shown) - 2  # the item and the verdict come back after debate and break


def moments(wire: Hall) -> Iterator[tuple[Callable[[], object], str]]:
    """Every kind of view, with words that tell it has come."""
    chair = wire.chair
    polls: list[str] = []

    def ask() -> None:
        polls.append(wire.ask(wire.item(0)))

    def debate() -> None:
        chair.do("queue.open")
        for seat, stance in ((0, "for"), (1, "against")):
            wire.phone(seat).do("floor.request", {"stance": stance})

    def vote() -> None:
        for seat in EVERYBODY:
            assert wire.cast(seat, polls[0])["ok"]
        chair.do("poll.close", {"poll": polls[0]})

    yield (lambda: wire.check_in(0, 1)), "总人数还差2人"
    yield (lambda: wire.begin(2, 3, 4)), "正在议"
    yield debate, "2人等候发言"
    yield (lambda: chair.do("floor.grant")), "正在发言"
    yield (lambda: chair.do("queue.close")), "正在议"
    yield ask, "是否放在凉亭边"
    yield vote, "截止"
    yield (lambda: chair.do("poll.publish", {"poll": polls[0]})), "表决通过"
    yield (lambda: chair.do("meeting.suspend")), "休会"
    yield (lambda: chair.do("meeting.resume")), "表决通过"
    yield (lambda: chair.do("meeting.close")), "今天定了"


def settled(page: Page) -> str:
    """The view when two broadcasts' time has passed without another."""
    words = view(page)
    page.wait_for_timeout(450)
    while words != view(page):
        words = view(page)
        page.wait_for_timeout(450)
    return words


def view(page: Page) -> str:
    """What everybody reads, without clocks that run."""
    return re.sub(r"\d+:\d\d", "0:00", page.locator("main").inner_text())


@pytest.mark.rule("R116")
def test_the_same_card_on_a_second_phone_ends_the_first(sitting: Sitting) -> None:
    poll = sitting.poll()
    first = sitting.phone(0)
    linked(first)
    second = sitting.phone(0)
    linked(second)
    expect(first.get_by_role("heading", name="这张代表证在另一部手机上用了")).to_be_visible()
    expect(first.get_by_role("link", name="重新入会")).to_be_visible()
    expect(first.get_by_role("button")).to_have_count(0)
    choose(second)
    has_receipt(second)
    assert count(sitting, poll) == {"for": 1, "against": 0, "abstain": 0}


THROWS = "window.WebSocket = function () { throw new Error('no WebSocket here'); };"


@pytest.mark.rule("R112")
@pytest.mark.parametrize("way", ["throws", "silent"])
def test_a_phone_without_websocket_follows_and_votes(sitting: Sitting, way: str) -> None:
    poll = sitting.poll()
    context = sitting.device()
    page = context.new_page()
    if way == "throws":
        page.add_init_script(THROWS)
    else:
        page.route_web_socket(LIVE, lambda route: None)
    sitting.scan(page, 0)
    linked(page, "polling", BACK_AGAIN)
    expect(page.get_by_text("在线（慢）")).to_be_visible()
    mark(page)
    choose(page)
    has_receipt(page, BACK_AGAIN)
    for seat in (1, 2, 3, 4):
        assert sitting.wire.cast(seat, poll)["ok"]
    assert count(sitting, poll) == {"for": 5, "against": 0, "abstain": 0}
    sitting.wire.chair.do("poll.publish", {"poll": poll})
    expect(page.get_by_text("表决通过")).to_be_visible(timeout=BACK_AGAIN * 1000)
    assert is_marked(page)


def test_a_phone_without_script_sees_the_meeting_and_votes_by_a_form(sitting: Sitting) -> None:
    poll = sitting.poll()
    page = sitting.device(scripts=False).new_page()
    page.goto(f"{sitting.server.url}/join")
    page.locator("[name=ticket]").fill(sitting.wire.seats[0]["ticket"])
    page.get_by_role("button", name="进入会议").click()
    page.wait_for_url("**/phone/plain")
    expect(page.get_by_text("是否放在凉亭边")).to_be_visible()
    expect(page.get_by_text("正在表决")).to_be_visible()
    page.get_by_role("button", name="反对").click()
    page.get_by_role("button", name="确认投票").click()
    expect(page.get_by_text("已收到您的选票")).to_be_visible()
    expect(page.get_by_role("button", name="赞成")).to_have_count(0)
    assert count(sitting, poll) == {"for": 0, "against": 1, "abstain": 0}
    sitting.wire.chair.do("poll.publish", {"poll": poll})
    page.reload()
    expect(page.get_by_text("赞成0票、反对1票")).to_be_visible()


def test_after_a_kill_every_screen_shows_the_same_again(chromium: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    printed = seed(data, 1, 5)
    server = RunningServer(data)
    sitting = Sitting(chromium, server, Hall(server.house, printed["meetings"][0]))
    try:
        poll = sitting.poll()
        screens = open_screens(sitting)
        phones = screens[2:]
        for page in phones[:2]:
            choose(page)
            has_receipt(page)
        for page in screens[:2]:
            expect(page.get_by_text(re.compile(r"^2\b|\b2 ?/ ?5")).first).to_be_visible()
        before = [view(page) for page in screens]
        server = fall_and_rise(server)
        everybody_is_back(screens, before)
        # The third taps while nobody answers.
        server.kill()
        choose(phones[2])
        expect(phones[2].get_by_role("button", name=re.compile("等待送出|正在送出"))).to_be_visible()
        server = RunningServer(data, port=server.port)
        has_receipt(phones[2], BACK_AGAIN)
        everybody_is_back(screens, [])
        sitting.wire.hang_up()
        sitting.wire = Hall(server.house, printed["meetings"][0])
        assert count(sitting, poll) == {"for": 3, "against": 0, "abstain": 0}
        assert not sitting.faults
    finally:
        sitting.leave()
        server.stop()


def open_screens(sitting: Sitting) -> list[Page]:
    """A projector, a console, three phones: all on line, none ever reloaded."""
    screens = [
        sitting.show(sitting.wire.participant("observer"), "projector", WALL),
        sitting.show(sitting.wire.participant("chair"), "console", LAPTOP),
        *(sitting.phone(seat) for seat in range(3)),
    ]
    for page in screens:
        linked(page)
        mark(page)
    return screens


def fall_and_rise(server: RunningServer) -> RunningServer:
    server.kill()
    return RunningServer(server.data, port=server.port)


def everybody_is_back(screens: list[Page], before: list[str]) -> None:
    """Within the time, counted from the server's first answer, and without a reload."""
    for page in screens:
        linked(page, seconds=BACK_AGAIN)
    for page, words in zip(screens, before, strict=False):
        assert view(page) == words
    assert all(is_marked(page) for page in screens)
