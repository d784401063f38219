"""``decide(command, state, actor, now, box) → Decided | Refusal``: one file per subject, dispatched here."""

from typing import assert_never

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting.decide.agenda import decide_agenda
from server.domain.meeting.decide.ballot import cast_ballot, confirm_ballot, record_ballot, withdraw_ballot
from server.domain.meeting.decide.consent import ask_consent, record_consent
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.dissent import record_dissent
from server.domain.meeting.decide.floor import decide_floor
from server.domain.meeting.decide.hands import record_hands, settle_hands
from server.domain.meeting.decide.idea import decide_idea
from server.domain.meeting.decide.minutes import decide_minutes
from server.domain.meeting.decide.motion import decide_motion
from server.domain.meeting.decide.paper import decide_paper
from server.domain.meeting.decide.poll import close_poll, open_poll, publish_poll, void_poll
from server.domain.meeting.decide.presence import check_in, excuse, leave
from server.domain.meeting.decide.procedure import decide_procedure, refer_item, request_reconsideration
from server.domain.meeting.decide.recusal import decide_recusal
from server.domain.meeting.decide.sitting import decide_sitting
from server.domain.meeting.decide.task import draft_task
from server.domain.meeting.state import EMPTY_BOX, BallotBox, Meeting

__all__ = ["Decided", "Decision", "decide"]


def decide(
    command: c.Command, state: Meeting, actor: Actor, now: int, box: BallotBox = EMPTY_BOX
) -> Decision:
    """Decide one command at ``now`` (ms UTC) against the state and the box of the poll it names.

    Authority and rule are checked together, in the contract's order of refusals. Nothing is changed here.
    """
    if isinstance(command, c.CastBallot):  # first: they come by the thousand
        return cast_ballot(command, state, actor, now, box)
    if isinstance(command, c.FloorCommand):
        return decide_floor(command, state, actor, now)
    if isinstance(command, c.QuestionCommand):
        return _decide_question(command, state, actor, now, box)
    if isinstance(command, c.WaysCommand):
        return _decide_way(command, state, actor, box)
    if isinstance(command, c.IdeaCommand):
        return decide_idea(command, state, actor)
    if isinstance(command, c.MotionCommand):
        return _decide_motion(command, state, actor)
    match command:
        case c.OpenMeeting() | c.SuspendMeeting() | c.ResumeMeeting() | c.CloseMeeting():
            return decide_sitting(command, state, actor, now)
        case c.CheckIn():
            return check_in(command, state, actor)
        case c.Leave():
            return leave(command, state, actor, now)
        case c.Excuse():
            return excuse(command, state, actor)
        case c.BeginItem() | c.FinishItem() | c.AddItem():
            return decide_agenda(command, state, actor, now)
        case c.DraftTask():
            return draft_task(command, state, actor)
        case c.FinaliseMinutes() | c.SignMinutes() | c.ReopenMinutes() | c.PublishMinutes():
            return decide_minutes(command, state, actor)
        case _:
            assert_never(command)


def _decide_motion(command: c.MotionCommand, state: Meeting, actor: Actor) -> Decision:
    """Decide what lies before the room, and what is handed on from it."""
    match command:
        case c.WordMotion() | c.AmendMotion() | c.WithdrawAmendment() | c.OrderAmendment():
            return decide_motion(command, state, actor)
        case c.DecideProcedure():
            return decide_procedure(command, state, actor)
        case c.ReferItem():
            return refer_item(command, state, actor)
        case c.RequestReconsideration():
            return request_reconsideration(command, state, actor)
        case _:
            assert_never(command)


def _decide_question(
    command: c.QuestionCommand, state: Meeting, actor: Actor, now: int, box: BallotBox
) -> Decision:
    """Decide what is asked of the room and what it answers."""
    match command:
        case c.CastBallot():
            return cast_ballot(command, state, actor, now, box)
        case c.OpenPoll():
            return open_poll(command, state, actor)
        case c.ClosePoll():
            return close_poll(command, state, actor, box)
        case c.PublishPoll():
            return publish_poll(command, state, actor)
        case c.VoidPoll():
            return void_poll(command, state, actor)
        case c.RecordBallot():
            return record_ballot(command, state, actor, now, box)
        case c.ConfirmBallot() | c.DiscardBallot():
            return confirm_ballot(command, state, actor, box)
        case c.WithdrawBallot():
            return withdraw_ballot(command, state, actor, box)
        case c.AskConsent():
            return ask_consent(command, state, actor)
        case c.RecordConsent():
            return record_consent(command, state, actor)
        case _:
            assert_never(command)


def _decide_way(command: c.WaysCommand, state: Meeting, actor: Actor, box: BallotBox) -> Decision:
    """Decide a wish about voting without a phone."""
    match command:
        case c.RecordRecusal() | c.WithdrawRecusal():
            return decide_recusal(command, state, actor)
        case c.RecordHands():
            return record_hands(command, state, actor)
        case c.ConfirmHands() | c.ReturnHands():
            return settle_hands(command, state, actor)
        case c.RecordDissent():
            return record_dissent(command, state, actor)
        case c.HandOutPaper() | c.TakeBackPaper():
            return decide_paper(command, state, actor, box)
        case _:
            assert_never(command)
