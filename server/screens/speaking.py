"""The panels of speaking: speaker_queue and floor (CONTRACT, panels)."""

from typing import Any

from server.domain.meeting.queue import is_extra, speaking_order
from server.domain.meeting.state import Meeting, Speech, Waiting
from server.screens.card import RoomCard
from server.screens.panels import Panel, person_in_seat

MOST_WAITING_SHOWN = 20


def speaker_queue_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``speaker_queue``: whole order as seat numbers, the first twenty with names.

    ``mode`` is how the order comes about (R9), ``limit`` the turns of a person on an item, null without one.
    """
    order = speaking_order(state)
    return {
        "open": state.queue_open,
        "mode": state.order_of_queue,
        "limit": state.speaking_rules.turns_per_item,
        "length": len(order),
        "order": [hand.seat for hand in order],
        "waiting": [_hand(state, card, hand) for hand in order[:MOST_WAITING_SHOWN]],
    }


def _hand(state: Meeting, card: RoomCard, hand: Waiting) -> dict[str, Any]:
    """Return a waiting hand; ``turns`` on this item, ``spoken_seconds`` today, ``extra`` above the limit (R14)."""
    item = state.current_item
    return {
        **person_in_seat(state, card, hand.seat),
        "stance": hand.stance,
        "point_of_order": hand.point_of_order,
        "reason": hand.reason,
        "note": hand.note,
        "turns": len(state.speeches_on(item.id, hand.seat)) if item is not None else 0,
        "spoken_seconds": state.spoken_ms(hand.seat) // 1000,
        "extra": not hand.point_of_order and is_extra(state, hand.seat),
    }


def floor_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``floor``: who speaks, until when; ``paused`` while the clock stands.

    ``held`` when the chair stopped it, ``interposed`` the question put meanwhile, ``may_return`` who spoke last and
    could go on.
    """
    speech, item, last = state.speech, state.current_item, state.last_speech
    shared = {
        "item": item.id if item is not None else None,
        "interposed": _clock(state, card, state.interposed) if state.interposed is not None else None,
        "questions": state.speaking_rules.question_seconds is not None,
    }
    if speech is None:
        can_return = last is not None and state.queue_open and last.seat in state.present
        return {
            "speaker": None,
            "deadline": None,
            "paused": False,
            "held": False,
            "allowance_seconds": state.speaking_seconds,
            "began_at": None,
            "may_return": person_in_seat(state, card, last.seat) if last is not None and can_return else None,
            **shared,
        }
    return {
        **_clock(state, card, speech),
        "paused": speech.deadline is None,
        "held": speech.is_held,
        "may_return": None,
        **shared,
    }


def _clock(state: Meeting, card: RoomCard, speech: Speech) -> dict[str, Any]:
    speaker = person_in_seat(state, card, speech.seat)
    return {
        "speaker": {
            **speaker,
            "stance": speech.stance,
            "point_of_order": speech.point_of_order,
            "by_name": speech.by_name,
        },
        "deadline": speech.deadline,
        "remaining_ms": speech.remaining_ms,
        "allowance_seconds": speech.allowance_seconds,
        "began_at": speech.began_at,
    }
