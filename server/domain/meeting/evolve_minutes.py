"""How the minutes' milestones follow from their events."""

from dataclasses import replace

from server.domain.meeting import events as e
from server.domain.meeting.state import Meeting, MinutesMilestones, Signature


def evolve_minutes(
    meeting: Meeting,
    event: e.MinutesFinalised | e.MinutesSigned | e.MinutesReopened | e.MinutesPublished,
    at: int,
) -> Meeting:
    """Return the meeting after a milestone of its minutes."""
    return replace(meeting, minutes=_milestones(meeting.minutes, event, at))


def _milestones(
    minutes: MinutesMilestones,
    event: e.MinutesFinalised | e.MinutesSigned | e.MinutesReopened | e.MinutesPublished,
    at: int,
) -> MinutesMilestones:
    match event:
        case e.MinutesFinalised():
            return MinutesMilestones("signing", event.sha256, event.signatories)
        case e.MinutesSigned():
            signature = Signature(
                event.signatory,
                event.answer,
                event.sha256,
                event.text,
                event.drawing,
                event.by,
                at,
                event.manner,
            )
            return replace(minutes, signatures=(*minutes.signatures, signature))
        case e.MinutesReopened():
            return MinutesMilestones()
        case e.MinutesPublished():
            return replace(minutes, state="published", published_at=at)
