"""Random histories: a number becomes a command somebody may well send at this point of the meeting.

Numbers shrink well, and most of the chosen commands are granted, so that a history gets somewhere; the rest are
commands from anybody about anything.
"""

from collections.abc import Sequence
from itertools import product

from hypothesis import strategies as st

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting.decide.dissent import has_dissented
from server.domain.meeting.pass_rule import PartyCondition, PassRule, Quorum
from server.domain.meeting.state import Meeting, Poll
from tests.domain.cast import EVERYBODY, LIN, REPRESENTATIVES, ZHOU
from tests.laws.debating import chairs_hand, debate

# Half of the meetings begin in the pavilion before anybody came, half with a quorum at the first item.
PRELUDE: Sequence[tuple[c.RoomCommand, Actor]] = (
    *((c.CheckIn(), actor) for actor in REPRESENTATIVES[:5]),
    (c.OpenMeeting(), LIN),
    (c.BeginItem("i1"), LIN),
)
# A third of these have a motion, one amendment adopted and one carried over, and a board with two ideas on it.
AMENDING: Sequence[tuple[c.RoomCommand, Actor]] = (
    (c.WordMotion("i1", "是否放在3栋与4栋之间"), ZHOU),
    (c.AmendMotion("i1", "是否放在3栋与4栋之间，五月完工", "r2"), ZHOU),
    (c.AmendMotion("i1", "先试一年，是否放在3栋与4栋之间", "r3"), ZHOU),
    (c.OpenBoard("i1", "车棚还能怎么用"), ZHOU),
    (c.PostIdea("装灯"), REPRESENTATIVES[0]),
    (c.PostIdea("画线"), REPRESENTATIVES[1]),
    (c.PostIdea("老张家别占道"), REPRESENTATIVES[2]),
    (c.RemoveIdea("m1.d3", "说到了人"), ZHOU),
    (c.ApproveIdea(("m1.d2",)), ZHOU),
    (c.GroupIdea(("m1.d1",), "照明"), ZHOU),
    (c.RaiseIdea("照明", "车棚照明"), ZHOU),
    (c.CloseBoard(), ZHOU),
    (c.OrderAmendment("i1", ("m1.a2", "m1.a1")), LIN),
    (c.AskConsent("i1", "先试一年，是否放在3栋与4栋之间", amendment="m1.a2"), LIN),
    (c.RecordConsent("i1", False), LIN),
)
DECIDING: Sequence[tuple[c.RoomCommand, Actor]] = (
    (c.WithdrawAmendment("m1.a1", "提出人收回"), LIN),
    (c.AskConsent("i1", "先试一年，是否放在3栋与4栋之间"), LIN),
    (c.RecordConsent("i1", False), LIN),
)
# Uniform numbers: bytes are drawn without a liking for nought, so that a history wanders.
NUMBERS = st.tuples(st.booleans(), st.lists(st.binary(min_size=3, max_size=3), min_size=20, max_size=90))
Numbers = tuple[bool, list[bytes]]
TEXT = "是否放在3栋与4栋之间"
RULES = (
    None,
    None,
    PassRule("cast", "1/2", True, Quorum("1/2", 0)),
    PassRule("entitled", "1/2", False, Quorum("1/3", 0)),
    PassRule("valid", "1/2", True, Quorum("1/2", 1), PartyCondition("at_least", count=2)),
)
SECRECIES: tuple[c.Secrecy, ...] = ("open", "secret")
NATURES: tuple[c.Nature, ...] = ("deliberative", "sounding", "assembly")
GROUNDS: tuple[c.ReconsiderGround, ...] = ("seats", "facts")
CHOICES = ("for", "against", "abstain")

Step = tuple[c.RoomCommand, Actor]


def prelude(numbers: Numbers) -> Sequence[Step]:
    """Return what happens before the random steps."""
    if not numbers[0]:
        return ()
    chance = numbers[1][0][0] % 3 if numbers[1] else 2
    return (PRELUDE, (*PRELUDE, *AMENDING), (*PRELUDE, *AMENDING, *DECIDING))[chance - 2]


def step(state: Meeting, drawn: bytes) -> Step:
    """Return what the number stands for: in seven of eight cases something sensible."""
    number, kind = divmod(int.from_bytes(drawn), 8)
    if kind == 0:
        return anything(number)
    groups = [group for group in _sensible(state) if group]
    number, which = divmod(number, len(groups))
    return groups[which][number % len(groups[which])]


def _sensible(state: Meeting) -> Sequence[Sequence[Step]]:
    if state.state == "called":
        return (_presence(state), _presence(state), [(c.OpenMeeting(), LIN)])
    if state.state == "suspended":
        return (_presence(state), [(c.ResumeMeeting(), LIN)])
    if state.state == "closed":
        return ([*_publishing(state), (c.CheckIn(), REPRESENTATIVES[0])],)
    # Most of the time nobody thinks of a break or of going home.
    sitting: list[Step] = (
        [(c.BeginItem("i1"), LIN)] * 15 + [(c.SuspendMeeting(), LIN)] * 4 + [(c.CloseMeeting(), LIN)]
    )
    return (
        _presence(state),
        _agenda(state),
        debate(state),
        debate(state),
        [*_amending(state) * 3, *_ideas(state), *_procedure(state)],
        *[chairs_hand(state)] * 3,
        *_poll(state),
        _publishing(state),
        _aside(state),
        _dissent(state),
        sitting,
    )


def _presence(state: Meeting) -> list[Step]:
    steps: list[Step] = []
    for actor in REPRESENTATIVES:
        if actor.seat in state.present:
            steps += [(c.Leave(), actor)]
        else:
            steps += [(c.CheckIn(), actor), (c.CheckIn(), actor), (c.CheckIn(f"r{actor.seat}"), ZHOU)]
        if actor.seat not in state.attended:
            steps += [(c.Excuse(f"r{actor.seat}", actor.seat not in state.excused), ZHOU)]
    # Arrivals outnumber departures, or there would hardly ever be a quorum.
    return [*[one for one in steps if isinstance(one[0], c.CheckIn)] * 3, *steps]


def _agenda(state: Meeting) -> list[Step]:
    pending = [item.id for item in state.items if item.state == "pending"]
    steps: list[Step] = [(c.BeginItem(item), LIN) for item in pending]
    current = state.current_item
    if current is not None:
        steps += [(c.FinishItem(current.id), LIN)]
    if len(state.items) < 8:
        steps += [(c.AddItem("临时议题"), LIN)]
    return steps


def _amending(state: Meeting) -> list[Step]:
    item = state.current_item
    if item is None or not item.stands:
        return []
    waiting = state.pending_amendments(item.id)
    steps: list[Step] = [
        (c.AmendMotion(item.id, text, f"r{seat}"), ZHOU)
        for seat, text in enumerate(
            (f"{item.motion}，五月完工", TEXT.replace("4", "5"), f"先试一年，{item.motion}"), 1
        )
    ]
    if len(waiting) > 1:
        steps += [(c.OrderAmendment(item.id, tuple(one.id for one in reversed(waiting))), LIN)]
    for one in waiting[:1]:
        put = c.OpenPoll(item.id, one.text, "open", confirmed=True, amendment=one.id)
        steps += [(put, LIN)] * 4
        steps += [(c.AskConsent(item.id, one.text, True, one.id), LIN)] * 4
        steps += [(c.WithdrawAmendment(one.id, "提出人收回"), LIN)]
    return steps


def _ideas(state: Meeting) -> list[Step]:
    item, board = state.current_item, state.board
    if item is None:
        return []
    if board is None or not board.is_open:
        return [(c.OpenBoard(item.id, "车棚还能怎么用"), ZHOU)]
    steps: list[Step] = [(c.PostIdea(text), actor) for actor in REPRESENTATIVES for text in ("装灯", "画线")]
    steps += [(c.PostIdea("修顶棚", "r4"), ZHOU), (c.CloseBoard(), ZHOU)]
    for idea in board.ideas:
        steps += [(c.ApproveIdea((idea.id,)), ZHOU), (c.GroupIdea((idea.id,), "照明"), ZHOU)] * 3
        steps += [(c.RemoveIdea(idea.id, "说到了人"), ZHOU)]
    return [*steps, (c.RaiseIdea("照明", "车棚照明"), ZHOU)]


def _procedure(state: Meeting) -> list[Step]:
    item = state.current_item
    steps: list[Step] = [
        (c.DecideProcedure("recess", "休息十分钟", True), LIN),
        (c.DecideProcedure("close_debate", "结束讨论", False, 3, 1, 1, "r2"), LIN),
    ]
    steps += [
        (c.RequestReconsideration(one.id, ground, 2, "出现新情况"), ZHOU)
        for one in state.resolutions
        for ground in GROUNDS
    ]
    if item is not None:
        steps += [] if item.announced else [(c.ReferItem(item.id, "物业公司", "先抢修，再报告"), ZHOU)] * 40
        steps += [
            (c.ReferItem(item.id, "物业公司", "先抢修，再报告"), ZHOU),
            (c.WordMotion(item.id, "先", True), ZHOU),
        ]
    return steps


def _poll(state: Meeting) -> Sequence[Sequence[Step]]:
    current, poll = state.current_item, state.poll
    if current is None:
        return ()
    if state.consent is not None:
        answers: list[Step] = [(c.RecordConsent(current.id, objection), LIN) for objection in (True, False)]
        return (answers,)
    if poll is not None and poll.state == "open" and poll.method == "hands":
        return (_hands(poll), [(c.ConfirmHands(poll.id), LIN)] * 3, [(c.ReturnHands(poll.id), LIN)])
    if poll is not None and poll.state == "open":
        ballots = [
            step for step in _ballots(poll.id) if step[1].seat is None or step[1].seat in state.present
        ]
        ending: list[Step] = [
            *[(c.ClosePoll(poll.id), LIN)] * 3,
            *[(c.ClosePoll(poll.id, confirmed=True), LIN)] * 3,
            (c.VoidPoll(poll.id, "念错了"), LIN),
        ]
        back: list[Step] = [(c.TakeBackPaper(poll.id, f"r{seat}"), ZHOU) for seat in sorted(poll.paper)]
        return (*[ballots] * 8, ending, back)
    opening: list[Step] = [
        (c.OpenPoll(current.id, TEXT, secrecy, None, nature, rule, confirmed=True), LIN)
        for secrecy, nature, rule in product(SECRECIES, NATURES, RULES)
    ]
    opening += [
        (c.OpenPoll(current.id, TEXT, "open", None, nature, None, True, "hands", len(state.present)), LIN)
        for nature in NATURES
    ] * 4
    asking: list[Step] = [(c.AskConsent(current.id, TEXT, confirmed=True), LIN)]
    return (opening, opening, asking)


def _aside(state: Meeting) -> list[Step]:
    """Recusals now and then."""
    steps: list[Step] = []
    for item in state.items[:2]:
        steps += [
            (c.RecordRecusal(item.id, reason="亲属"), REPRESENTATIVES[4]),
            (c.WithdrawRecusal(item.id), REPRESENTATIVES[4]),
        ]
        steps += [(c.RecordRecusal(item.id, "r5", "亲属"), ZHOU), (c.WithdrawRecusal(item.id, "r5"), LIN)]
    return steps


def _dissent(state: Meeting) -> list[Step]:
    return [
        (c.RecordDissent(poll.id, "费用没有算清楚"), actor)
        for poll in state.polls
        if poll.state == "published"
        for actor in REPRESENTATIVES
        if actor.seat is not None and has_dissented(poll, actor.seat)
    ]


def _hands(poll: Poll) -> list[Step]:
    """Counts as two people may report them, some of them of more hands than there are people."""
    return [
        (c.RecordHands(poll.id, counts, "r1", "r2"), ZHOU)
        for figures in ((3, 1, 0), (1, 0, 0), (0, 0, 0), (4, 0, 1), (2, 2, 2), (9, 0, 0))
        for counts in [tuple(c.HandCount(o, n) for o, n in zip(CHOICES, figures, strict=True))]
    ]


def _ballots(poll: str) -> list[Step]:
    cast: list[Step] = [
        (c.CastBallot(poll, choice, f"n{actor.seat}"), actor)
        for actor, choice in product(REPRESENTATIVES, CHOICES)
    ]
    again: list[Step] = [(c.CastBallot(poll, "for", "other"), actor) for actor in REPRESENTATIVES]
    desk: list[Step] = [
        step
        for seat in (4, 5, 6)
        for step in (
            (c.RecordBallot(poll, f"r{seat}", "against", f"d{seat}"), ZHOU),
            (c.ConfirmBallot(poll, f"r{seat}"), LIN),
            (c.DiscardBallot(poll, f"r{seat}"), LIN),
        )
    ]
    papers: list[Step] = [
        step
        for seat in (3, 4)
        for step in (
            (c.HandOutPaper(poll, f"r{seat}"), ZHOU),
            (c.TakeBackPaper(poll, f"r{seat}"), ZHOU),
        )
    ]
    back: list[Step] = [(c.WithdrawBallot(poll), actor) for actor in REPRESENTATIVES[:2]]
    return cast + again + desk + papers + papers + back


def _publishing(state: Meeting) -> list[Step]:
    steps: list[Step] = [(c.PublishPoll(poll.id), LIN) for poll in state.polls if poll.state == "closed"]
    steps *= 4
    steps += [
        (c.VoidPoll(poll.id, "重新表决"), LIN)
        for poll in state.polls
        if poll.state in ("closed", "published")
    ]
    steps += [
        (c.DraftTask(resolution.id, "更换楼道灯", "property", "物业经理", "2026-04-30"), ZHOU)
        for resolution in state.resolutions
    ] * 4
    return steps


_ANYTHING: tuple[c.RoomCommand, ...] = (
    c.OpenMeeting(),
    c.CloseMeeting(),
    c.CheckIn("r1"),
    c.Leave(),
    c.Excuse("r6"),
    c.Excuse("r9", False),
    c.BeginItem("i1"),
    c.BeginItem("i9"),
    c.FinishItem("i2"),
    c.AddItem(""),
    c.OpenQueue(),
    c.RequestFloor("for", False, "r9"),
    c.WithdrawFloor("r1"),
    c.GrantFloor("r1"),
    c.YieldFloor(),
    c.ExtendFloor(0),
    c.WordMotion("i1", ""),
    c.WordMotion("i2", TEXT),
    c.OpenPoll("i1", "", "open"),
    c.OpenPoll("i1", TEXT, "open"),
    c.ClosePoll("m1.p1"),
    c.PublishPoll("m1.p2"),
    c.VoidPoll("m1.p1", ""),
    c.CastBallot("m1.p1", "maybe", "n1"),
    c.CastBallot("m1.p1", "for", ""),
    c.CastBallot("m1.p9", "for", "n1"),
    c.RecordBallot("m1.p1", "r1", "for", "n1"),
    c.ConfirmBallot("m1.p1", "r1"),
    c.DiscardBallot("m1.p1", "r1"),
    c.AskConsent("i2", TEXT),
    c.OpenPoll("i1", TEXT, "secret", method="hands", counted=5),
    c.RecordRecusal("i9"),
    c.WithdrawRecusal("i3"),
    c.RecordHands("m1.p1", (c.HandCount("for", 1),), "r1", "r1"),
    c.ConfirmHands("m1.p1"),
    c.ReturnHands("m1.p9"),
    c.RecordDissent("m1.p1", ""),
    c.AmendMotion("i1", TEXT, "r9"),
    c.WithdrawAmendment("m1.a1", ""),
    c.OrderAmendment("i1", ("m1.a1", "m1.a1")),
    c.OpenPoll("i1", TEXT, "open", amendment="m1.a1"),
    c.DecideProcedure("other", "", False),
    c.ReferItem("i1", "", TEXT),
    c.RequestReconsideration("m1.r1", "seats", 0, ""),
    c.PostIdea("一" * 61),
    c.ApproveIdea(()),
    c.RemoveIdea("m1.d1", ""),
    c.GroupIdea(("m1.d1", "m1.d1"), "照明"),
    c.RaiseIdea("", "车棚"),
    c.RecordConsent("i1", False),
    c.DraftTask("m1.r1", "x", "nobody", "y", "2026-13-01"),
)


def anything(number: int) -> Step:
    """Return any command from anybody, most often to be refused."""
    number, which = divmod(number, len(_ANYTHING))
    return _ANYTHING[which], EVERYBODY[number % len(EVERYBODY)]
