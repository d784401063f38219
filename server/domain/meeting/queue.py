"""The speaker queue's order: a pure function of who waits (R8). This release knows first-come (先后)."""

from server.domain.meeting.state import Waiting


def speaking_order(waiting: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """Return those who wait in speaking order: points of order first (R15), then by arrival.

    ``waiting`` stands in order of arrival; the sort is stable.
    """
    return tuple(sorted(waiting, key=lambda hand: not hand.point_of_order))
