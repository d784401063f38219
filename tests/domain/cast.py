"""The cast of every story: chair 林, secretary 周, representatives 赵 钱 孙 李 吴 of five parties, 冯 beside 吴.

Observer 郑 watches, stranger 王 has no business here. Seats are numbered in the order of the names.
"""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.pass_rule import PassRule
from server.domain.meeting.rules import SpeakingRules
from server.domain.meeting.state import FIVE_PARTY_RULE, Ballot

NOON = 1_775_200_000_000
MINUTE = 60_000

LIN = Actor("chair:lin", frozenset({Role.CHAIR}))
ZHOU = Actor("secretary:zhou", frozenset({Role.SECRETARY}))
ZHAO, QIAN, SUN, LI, WU, FENG = (
    Actor(f"seat:{seat}", frozenset({Role.REPRESENTATIVE}), seat) for seat in range(1, 7)
)
REPRESENTATIVES = (ZHAO, QIAN, SUN, LI, WU, FENG)
ZHENG = Actor("observer:zheng", frozenset({Role.OBSERVER}))
XU = Actor("account:xu", frozenset({Role.SUPERVISOR}))
WANG = Actor("account:wang", frozenset())
EVERYBODY = (LIN, ZHOU, *REPRESENTATIVES, ZHENG, XU, WANG)

PARTIES = (
    e.Party("estate", "小区管理单位", "管", 1),
    e.Party("property", "物业", "物", 2),
    e.Party("community", "社区", "社", 3),
    e.Party("steward", "邻长", "邻", 4),
    e.Party("owner", "业主", "业", 5),
)
SEATS = tuple(
    e.Seat(number, f"r{number}", party, f"{number:064x}")
    for number, party in enumerate(("estate", "property", "community", "steward", "owner", "owner"), 1)
)
ITEMS = (
    e.Item("i1", "健身设施放在哪里", 30),
    e.Item("i2", "下水道维修"),
    e.Item("i3", "车棚改建"),
)
# A procedure with questions and observers who speak, so that random histories get everywhere.
SPEAKING_RULES = SpeakingRules(question_seconds=60, observer_seconds=120)
CALLED = e.MeetingCalled(
    "council", "five_party.v1", FIVE_PARTY_RULE, 180, PARTIES, SEATS, ITEMS, SPEAKING_RULES
)
STANDARD = (c.Option("for", "赞成"), c.Option("against", "反对"), c.Option("abstain", "弃权"))


def arrived(*seats: int) -> tuple[e.Event, ...]:
    """The seats checked in."""
    return tuple(e.PresenceCheckedIn(seat, "self") for seat in seats)


ARRIVED = arrived(1, 2, 3, 4, 5)
OPENED: tuple[e.Event, ...] = (*ARRIVED, e.MeetingOpened())
BEGUN = (*OPENED, e.ItemBegun("i1"))
DEBATED = (*BEGUN, e.QueueOpened("i1"))
SPEAKING = (
    *DEBATED,
    e.FloorRequested(1, "for", False, "self"),
    e.FloorGranted(1, "for", False, NOON + 3 * MINUTE),
)


def poll_opened(
    number: int = 1,
    *,
    item: str = "i1",
    secrecy: c.Secrecy = "open",
    nature: c.Nature = "deliberative",
    rule: PassRule = FIVE_PARTY_RULE,
    options: tuple[c.Option, ...] = STANDARD,
    entitled: tuple[int, ...] = (1, 2, 3, 4, 5, 6),
    present: tuple[int, ...] = (1, 2, 3, 4, 5),
) -> e.PollOpened:
    """The meeting's n-th poll was opened."""
    return e.PollOpened(
        f"m1.p{number}", item, "是否放在3栋与4栋之间", options, secrecy, nature, rule, entitled, present
    )


POLLED = (*BEGUN, poll_opened())
POLLED_IN_SECRET = (*BEGUN, poll_opened(secrecy="secret"))


def ballot(
    seat: int,
    choice: str | None = "for",
    nonce: str = "",
    *,
    revision: int = 7,
    is_recorded: bool = False,
    is_counted: bool = True,
) -> Ballot:
    """A ballot in the box; the nonce is ``n`` and the seat unless named."""
    return Ballot(seat, choice, nonce or f"n{seat}", NOON, revision, is_recorded, is_counted)
