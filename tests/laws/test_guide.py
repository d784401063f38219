"""The guide never leads astray: every button it offers is one the rules grant at that moment."""

from hypothesis import given

from server.domain.meeting.commands import ROOM_COMMANDS
from server.domain.meeting.decide import Decided, decide
from server.domain.meeting.state import BallotBox
from server.live.protocol import Envelope, read_envelope
from server.screens import whole
from tests.domain.cast import LIN, NOON
from tests.laws.history import NUMBERS, Numbers
from tests.laws.test_screens import views_of

LATER = NOON * 2


@given(NUMBERS)
def test_every_button_of_the_guide_would_be_granted(numbers: Numbers) -> None:
    for view in views_of(numbers):
        guide = whole.draw(view).screens["console"]["guide"]
        for action in guide["actions"]:
            if action["blocked"] is not None or action["name"] not in ROOM_COMMANDS:
                assert action["name"] in ROOM_COMMANDS or action["name"].startswith("form."), action
                continue
            envelope = read_envelope({"id": "x", "name": action["name"], "data": action["data"]})
            assert isinstance(envelope, Envelope), action
            decision = decide(envelope.command, view.state, LIN, LATER, BallotBox(view.ballots))
            assert isinstance(decision, Decided), (action, decision)


@given(NUMBERS)
def test_there_is_always_one_next_step_with_words_to_say(numbers: Numbers) -> None:
    for view in views_of(numbers):
        guide = whole.draw(view).screens["console"]["guide"]
        assert guide["step"]
        assert guide["say"]
        assert "{" not in guide["step"] + guide["say"]
        primary = [action for action in guide["actions"] if action["weight"] == "primary"]
        assert len(primary) <= 1
        assert guide["actions"] or view.state.state == "closed"
