"""What people do in a debate, for random histories."""

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting.rules import SpeakingOrder
from server.domain.meeting.state import Meeting
from tests.domain.cast import LIN, REPRESENTATIVES, SUN, ZHOU

ORDERS: tuple[SpeakingOrder, ...] = ("first_come", "alternating", "party_rotation", "least_spoken")
STANCES: tuple[c.Stance, ...] = ("talk", "for", "against", "question", "addition")

Step = tuple[c.RoomCommand, Actor]


def debate(state: Meeting) -> list[Step]:
    """Return what people may do while an item is debated."""
    item = state.current_item
    if item is None:
        return []
    if not state.queue_open:
        return [*[(c.OpenQueue(), LIN)] * 3, (c.WordMotion(item.id, "是否放在3栋与4栋之间"), ZHOU)]
    steps: list[Step] = [(c.CloseQueue(), LIN), (c.GrantFloor("r2"), LIN), (c.YieldFloor(), LIN)]
    for actor, stance in zip(REPRESENTATIVES, (*STANCES, "talk"), strict=True):
        steps += [(c.RequestFloor(stance, actor.seat == 3), actor), (c.WithdrawFloor(), actor)]
    steps += [(c.RequestFloor("talk", False, "r4"), ZHOU), (c.ReturnFloor(), LIN)]
    steps += [(c.RequestFloor("talk", True, reason="hearing", note="听不清"), SUN)]
    return [*steps, *_waiting(state), *_speaking(state)]


def chairs_hand(state: Meeting) -> list[Step]:
    """What a chair does with a turn that runs, or ended just now, and with hands that wait."""
    steps: list[Step] = []
    if state.last_speech is not None and state.queue_open:
        steps += [(c.ReturnFloor(), LIN)] * 4
    if state.speech is not None:
        clock: c.RoomCommand = c.ResumeFloor() if state.speech.is_held else c.PauseFloor()
        steps += [(clock, LIN)] * 3 + [(c.CancelFloor(), LIN)] * 3
        others = sorted(state.present - {state.speech.seat})[:1]
        steps += [(c.InterposeFloor(f"r{seat}"), LIN) for seat in others] * 2
    if state.interposed is not None:
        steps += [(c.YieldFloor(), LIN)] * 4
    ordinary = [hand.seat for hand in state.waiting if not hand.point_of_order]
    if ordinary:
        steps += [(c.ChangeFloor("against"), REPRESENTATIVES[ordinary[0] - 1])] * 2
    if len(ordinary) > 1:
        steps += [(c.MoveQueue(f"r{ordinary[-1]}", f"r{ordinary[0]}"), LIN)]
    if any(turn.point_of_order for turn in state.past_speeches) or (
        state.speech and state.speech.point_of_order
    ):
        steps += [(c.RecordRuling("upheld", "声音太小"), LIN)]
    return steps


def _waiting(state: Meeting) -> list[Step]:
    steps: list[Step] = [(c.OrderQueue(order), LIN) for order in ORDERS]
    ordinary = [hand.seat for hand in state.waiting if not hand.point_of_order]
    if state.waiting:
        steps += [(c.GrantFloor(), LIN)] * 8
    if ordinary:
        steps += [(c.ChangeFloor("against"), REPRESENTATIVES[ordinary[0] - 1])]
        steps += [
            (c.MoveQueue(f"r{ordinary[-1]}", f"r{ordinary[0]}"), LIN),
            (c.MoveQueue(f"r{ordinary[-1]}"), LIN),
        ]
    return steps


def _speaking(state: Meeting) -> list[Step]:
    ruling: Step = (c.RecordRuling("upheld", "声音太小"), LIN)
    if state.speech is None:
        return [ruling]
    speaker = REPRESENTATIVES[state.speech.seat - 1]
    steps: list[Step] = [(c.ExtendFloor(30), LIN), (c.YieldFloor(), speaker)] * 2
    steps += [(c.PauseFloor(), LIN), (c.ResumeFloor(), LIN), (c.CancelFloor(), LIN), ruling] * 2
    others = [seat for seat in state.present if seat != state.speech.seat]
    steps += [(c.InterposeFloor(f"r{seat}"), LIN) for seat in others]
    if state.interposed is not None:
        steps += [(c.YieldFloor(), REPRESENTATIVES[state.interposed.seat - 1])] * 4
    return steps
