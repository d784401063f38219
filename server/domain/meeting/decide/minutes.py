"""The minutes' milestones in the log: finalised, signed, reopened, published (P8, T87–T90)."""

import re

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_REMARK = 300
_DIGEST = re.compile(r"[0-9a-f]{64}")


def decide_minutes(command: c.MinutesCommand, state: Meeting, actor: Actor) -> Decision:
    """Decide a milestone; only a closed meeting has minutes to sign."""
    match command:
        case c.SignMinutes():
            return _sign(command, state, actor)
        case c.FinaliseMinutes():
            return _finalise(command, state, actor)
        case c.ReopenMinutes():
            return _reopen(command, state, actor)
        case c.PublishMinutes():
            return _publish(command, state, actor)


def signatories_of(state: Meeting) -> tuple[str, ...]:
    """Return who has to answer: chair, secretary and every seat that was there (T87, P8)."""
    return ("chair", "secretary", *(str(seat) for seat in sorted(state.attended)))


def _keeper(state: Meeting, actor: Actor) -> Refusal | None:
    if not actor.is_one_of(Role.SECRETARY, Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "closed":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.state)
    return None


def _finalise(command: c.FinaliseMinutes, state: Meeting, actor: Actor) -> Decision:
    if not _DIGEST.fullmatch(command.sha256):
        return refuse(RefusalCode.BAD_DATA, field="sha256")
    refusal = _keeper(state, actor)
    if refusal is not None:
        return refusal
    if state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.minutes.state)
    return Decided((e.MinutesFinalised(command.sha256, signatories_of(state)),))


def _sign(command: c.SignMinutes, state: Meeting, actor: Actor) -> Decision:
    if command.text and not is_sound_text(command.text, LONGEST_REMARK):
        return refuse(RefusalCode.BAD_DATA, field="text")
    if command.signatory not in state.minutes.signatories and state.minutes.state == "signing":
        return refuse(RefusalCode.NOT_FOUND, what="signatory")
    by = _signs_as(command.signatory, actor)
    if by is None:
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.minutes.state != "signing":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.minutes.state)
    if command.sha256 != state.minutes.sha256:
        return refuse(RefusalCode.TEXT_CHANGED)
    if any(signature.signatory == command.signatory for signature in state.minutes.signatures):
        return refuse(RefusalCode.ALREADY_SIGNED)
    if command.answer in ("signed_with_reservation", "refused") and not command.text.strip():
        return refuse(RefusalCode.REASON_MISSING)
    if not _is_drawing(command):
        return refuse(RefusalCode.BAD_DATA, field="drawing")
    if command.manner == "typed" and by == "desk":
        return refuse(
            RefusalCode.NOT_ALLOWED
        )  # the desk's device takes handwriting: nobody types for another
    if command.answer == "absent" and by != "desk":
        return refuse(RefusalCode.NOT_ALLOWED)
    signed = e.MinutesSigned(
        command.signatory, command.answer, command.sha256, command.text, command.drawing, by, command.manner
    )
    return Decided((signed,))


def _is_drawing(command: c.SignMinutes) -> bool:
    """Tell whether a signature names its strokes; who refuses, is absent or typed the name has drawn none."""
    if command.manner == "typed":
        return command.drawing == ""
    needed = command.answer in ("signed", "signed_with_reservation")
    return _DIGEST.fullmatch(command.drawing) is not None or (not needed and command.drawing == "")


def _signs_as(signatory: str, actor: Actor) -> str | None:
    """Return ``self`` or ``desk``, or None: nobody signs for another (P10); the desk's device is handed over."""
    if signatory in ("chair", "secretary"):
        if actor.is_one_of(Role(signatory)):
            return "self"
        return "desk" if actor.is_one_of(Role.SECRETARY) else None
    if actor.seat is not None and str(actor.seat) == signatory:
        return "self"
    return "desk" if actor.is_one_of(Role.SECRETARY) else None


def _reopen(command: c.ReopenMinutes, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.reason, LONGEST_REMARK):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    refusal = _keeper(state, actor)
    if refusal is not None:
        return refusal
    if state.minutes.state != "signing":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.minutes.state)
    voided = tuple(signature.signatory for signature in state.minutes.signatures)
    return Decided((e.MinutesReopened(command.reason, voided),))


def _publish(command: c.PublishMinutes, state: Meeting, actor: Actor) -> Decision:
    refusal = _keeper(state, actor)
    if refusal is not None:
        return refusal
    if state.minutes.state != "signing":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.minutes.state)
    answered = {signature.signatory for signature in state.minutes.signatures}
    unanswered = tuple(name for name in state.minutes.signatories if name not in answered)
    # Who led the meeting and who kept its record answer for it themselves; others may be missing, visibly.
    if {"chair", "secretary"} & set(unanswered) or (unanswered and not command.confirmed):
        return refuse(RefusalCode.SIGNATURES_MISSING, count=len(unanswered))
    return Decided((e.MinutesPublished(state.minutes.sha256, unanswered),))
