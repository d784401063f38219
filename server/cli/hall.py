"""Pavilion mode at the terminal: which address, which code, and whether a phone got through."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import segno

from server.cli.unable import CannotServe
from server.service.hall.addresses import lan_addresses
from server.service.hall.watch import HallState, HallWatch
from server.settings import Settings

LOOK_SECONDS = 3.0
HELP = (
    "两分钟了还没有手机连通，请逐条看：",
    "  1. 手机连的 Wi-Fi 要和这台电脑是同一个{network}。",
    "  2. 路由器要关掉“AP 隔离”，不要用“访客网络”；或者改用这台电脑的热点。",
    "  3. 防火墙要让 {port} 端口通过，例如：sudo ufw allow {port}/tcp",
    "  4. 手机关掉移动数据和 VPN 再试。",
)


def check_address(settings: Settings) -> None:
    """Refuse an address this machine does not have, and name those it has."""
    found = lan_addresses()
    if settings.address and settings.address not in [lan.address for lan in found]:
        known = (
            "、".join(f"{lan.address}（{lan.interface}）" for lan in found) or "没有，请先连 Wi-Fi 或开热点"
        )
        raise CannotServe(f"这台电脑没有 {settings.address} 这个地址。现有的地址：{known}")


@contextmanager
def followed(
    watch: HallWatch | None, settings: Settings, url: Callable[[], str], say: Callable[[str], None]
) -> Iterator[None]:
    """Tell the terminal about the address, every change of it and the first phone, for as long as the block runs."""
    if watch is None:
        yield
        return
    over = threading.Event()

    def follow(watch: HallWatch) -> None:
        told: HallState | None = None
        while not over.wait(LOOK_SECONDS if told else 0.1):
            state = watch.look()
            for line in news(told, state, settings, url()):
                say(line)
            told = state

    thread = threading.Thread(target=follow, args=(watch,), name="hall", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)


def news(told: HallState | None, state: HallState, settings: Settings, url: str) -> Iterator[str]:
    """Return what the terminal has not been told yet."""
    if told is None or told.address != state.address:
        yield from _way_in(state, settings, url)
    elif state.phones and not told.phones:
        yield "已有手机连通。"
    elif state.needs_help and not told.needs_help:
        network = f"（{state.network}）" if state.network else ""
        yield from (line.format(network=network, port=settings.port) for line in HELP)


def _way_in(state: HallState, settings: Settings, url: str) -> Iterator[str]:
    if state.address is None:
        yield "这台电脑还没有连上网络，手机进不来：请连 Wi-Fi，或者打开热点。连上以后这里会显示二维码。"
        return
    others = [f"{lan.address}（{lan.interface}）" for lan in lan_addresses() if lan.address != state.address]
    yield f"凉亭模式：手机打开 {url}/join"
    yield f"大屏打开  http://127.0.0.1:{settings.port}/hall  ，上面有手机要扫的码"
    if others:
        yield f"这台电脑还有别的地址：{'、'.join(others)}；要换用，请加 --address"
    if sys.stdout.isatty():
        segno.make(f"{url}/join").terminal(out=sys.stdout, compact=True)
