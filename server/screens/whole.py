"""The three screens as lists of panels: a screen always has every one of its panels, null when empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.domain.meeting.presence import Presence, count_presence
from server.domain.meeting.state import Ballot, Meeting
from server.screens import ideas, motions, panels, speaking, voting
from server.screens.card import RoomCard
from server.screens.guide import Room, guide_panel
from server.screens.words import Words

ScreenKind = Literal["projector", "console", "phone"]
SCREENS: tuple[ScreenKind, ...] = ("projector", "console", "phone")
Screen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What screens are drawn from: committed state, the last poll's ballots, names, words.

    ``shown_cast`` is the turnout shown for an open secret poll (S38), None for the true one.
    """

    state: Meeting
    ballots: Mapping[int, Ballot]
    card: RoomCard
    words: Words
    shown_cast: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """All screens as drawn at one version; read from several threads, so it is never changed.

    ``presence`` is kept so that the next drawing need not count again what did not change.
    """

    version: int
    screens: dict[ScreenKind, Screen]
    view: View
    presence: Presence


def draw(view: View, version: int = 0, former: Drawn | None = None) -> Drawn:
    """Draw all three screens; panels they share are the same objects, made once.

    Panels over all seats are taken from the former drawing, but for those who came or went since: at 1,000 seats
    they cost five times as much as everything else together.
    """
    state = view.state
    if former is None or state.seats is not former.view.state.seats or view.card is not former.view.card:
        presence, roster = count_presence(state), panels.roster_panel(state, view.card)
    elif _same_people(state, former.view.state):
        presence, roster = former.presence, former.screens["console"]["roster"]
    else:
        presence = count_presence(state)
        roster = panels.roster_after(former.screens["console"]["roster"], former.view.state, state)
    return Drawn(
        version,
        _screens(view, presence, roster, _deciding(view, former), _board(view, former)),
        view,
        presence,
    )


def _same_people(state: Meeting, former: Meeting) -> bool:
    return (
        state.present is former.present
        and state.attended is former.attended
        and state.excused is former.excused
    )


def _deciding(view: View, former: Drawn | None) -> dict[ScreenKind, Screen]:
    """Return the panels ``poll`` and ``result``, the former ones where neither poll nor ballots changed.

    A closed poll of 5,000 names who chose what: drawing it anew for every tap took longer than the rest together.
    """
    if former is not None and _same_poll(view, former.view):
        return {kind: {name: former.screens[kind][name] for name in ("poll", "result")} for kind in SCREENS}
    state, card = view.state, view.card
    poll = voting.poll_panel(state, view.ballots, view.shown_cast)
    result = voting.result_panel(state, card, sees_closed=False)
    at_desk = None if poll is None else {**poll, **voting.desk_figures(state, view.ballots, card)}
    # Names beside choices belong to the members (R82), not to the wall.
    on_wall = None if result is None else {**result, "ballots": None}
    return {
        "projector": {"poll": poll, "result": on_wall},
        "console": {"poll": at_desk, "result": voting.result_panel(state, card, sees_closed=True)},
        "phone": {"poll": poll, "result": result},
    }


def _board(view: View, former: Drawn | None) -> dict[ScreenKind, Screen]:
    """Return the panel ``ideas``, the former one where the board did not change."""
    state, card = view.state, view.card
    if (
        former is not None
        and state.boards is former.view.state.boards
        and state.items is former.view.state.items
        and state.seats is former.view.state.seats
        and card is former.view.card
    ):
        return {kind: {"ideas": former.screens[kind]["ideas"]} for kind in SCREENS}
    shared = ideas.ideas_panel(state, card)
    at_desk = ideas.desk_ideas(state, card, shared)
    return {"projector": {"ideas": shared}, "console": {"ideas": at_desk}, "phone": {"ideas": shared}}


def _same_poll(view: View, former: View) -> bool:
    return (
        view.state.poll is former.state.poll
        and view.state.adoption is former.state.adoption
        and view.state.dissents is former.state.dissents
        and view.state.seats is former.state.seats
        and view.state.parties is former.state.parties
        and view.ballots is former.ballots
        and view.shown_cast == former.shown_cast
        and view.card is former.card
    )


def _screens(
    view: View,
    presence: Presence,
    roster: list[dict[str, Any]],
    deciding: dict[ScreenKind, Screen],
    board: dict[ScreenKind, Screen],
) -> dict[ScreenKind, Screen]:
    state, card = view.state, view.card
    shared: Screen = {
        "meeting": panels.meeting_panel(state, card),
        "agenda": panels.agenda_panel(state, card),
        "presence": panels.presence_panel(presence),
        "motion": motions.motion_panel(state, card),
        "consent": motions.consent_panel(state),
        "procedure": motions.procedure_panel(state, card),
        "ideas": board["phone"]["ideas"],
        "speaker_queue": speaking.speaker_queue_panel(state, card),
        "floor": speaking.floor_panel(state, card),
        **deciding["phone"],
        "may": panels.may_panel(state),
        "resolutions": voting.resolutions_panel(state),
        "minutes": panels.minutes_panel(state),
    }
    console = {**shared, **deciding["console"], **board["console"], "roster": roster}
    if shared["minutes"] is not None:
        # Who runs the meeting keeps its record; everybody else signs it.
        console["minutes"] = {**shared["minutes"], "url": f"/office/minutes/{state.id}"}
    cast = shared["poll"]["cast"] if shared["poll"] is not None else 0
    console["guide"] = guide_panel(Room(state, card, presence, view.ballots, view.words, cast))
    return {"projector": {**shared, **deciding["projector"]}, "console": console, "phone": shared}


def me(view: View, seat: int | None) -> dict[str, Any] | None:
    """Return the panel ``me`` of a seat, or None for an observer."""
    if seat is None:
        return None
    return voting.me_panel(view.state, view.card, seat, view.ballots)


def changes(before: Screen, after: Screen) -> Screen:
    """Return the panels that differ, each whole; screen(before) ⊕ changes = screen(after)."""
    return {
        name: panel
        for name, panel in after.items()
        if name not in before or (before[name] is not panel and before[name] != panel)
    }


def apply(screen: Screen, changed: Screen) -> Screen:
    """Return a screen after changes, as a phone does it."""
    return {**screen, **changed}
