"""What happened in the room: one frozen class per fact, one table of stored types (GLOSSARY, grammar).

Only facts that someone could dispute are events. They hold seat numbers, never names; ``names`` in
``MeetingCalled`` are salted hashes, so that personal data can be erased while the log still verifies.
One file per subject; whoever speaks of events imports them from here.
"""

from server.domain.meeting.events.called import (
    CALLED_TYPES,
    Item,
    MeetingCalled,
    Party,
    Seat,
)
from server.domain.meeting.events.floor import (
    FLOOR_TYPES,
    FloorCancelled,
    FloorChanged,
    FloorEvent,
    FloorExtended,
    FloorGranted,
    FloorHandedBack,
    FloorInterposed,
    FloorPaused,
    FloorRequested,
    FloorResumed,
    FloorReturned,
    FloorWithdrawn,
    FloorYielded,
    QueueClosed,
    QueueMoved,
    QueueOpened,
    QueueOrdered,
    RulingRecorded,
)
from server.domain.meeting.events.idea import (
    IDEA_TYPES,
    BoardClosed,
    BoardOpened,
    IdeaApproved,
    IdeaEvent,
    IdeaGrouped,
    IdeaPosted,
    IdeaRaised,
    IdeaRemoved,
)
from server.domain.meeting.events.motion import (
    MOTION_TYPES,
    AmendmentCarried,
    AmendmentOrdered,
    AmendmentSettled,
    ItemReferred,
    MotionAmended,
    MotionEvent,
    MotionWorded,
    ProcedureDecided,
    ReconsiderationRequested,
    Settlement,
)
from server.domain.meeting.events.question import (
    QUESTION_TYPES,
    ConsentAsked,
    ConsentRecorded,
    NamedBallot,
    PartyTally,
    PollClosed,
    PollOpened,
    PollPublished,
    PollVoided,
    QuestionEvent,
)
from server.domain.meeting.events.record import (
    RECORD_TYPES,
    MinutesFinalised,
    MinutesPublished,
    MinutesReopened,
    MinutesSigned,
    RecordEvent,
    ResolutionAdopted,
    TaskDrafted,
)
from server.domain.meeting.events.sitting import (
    SITTING_TYPES,
    ItemAdded,
    ItemBegun,
    ItemFinished,
    MeetingClosed,
    MeetingOpened,
    MeetingResumed,
    MeetingSuspended,
    PresenceCheckedIn,
    PresenceExcused,
    PresenceLeft,
    SittingEvent,
)
from server.domain.meeting.events.ways import (
    WAYS_TYPES,
    DissentRecorded,
    HandsConfirmed,
    HandsCounted,
    HandsReturned,
    RecusalRecorded,
    RecusalWithdrawn,
    WaysEvent,
)

Event = (
    MeetingCalled
    | SittingEvent
    | FloorEvent
    | QuestionEvent
    | WaysEvent
    | MotionEvent
    | IdeaEvent
    | RecordEvent
)

# Stored type → class. A stored type is never renamed; an old shape is upcast when read (store/codec.py).
EVENT_TYPES: dict[str, type[Event]] = {
    **CALLED_TYPES,
    **SITTING_TYPES,
    **FLOOR_TYPES,
    **QUESTION_TYPES,
    **WAYS_TYPES,
    **MOTION_TYPES,
    **IDEA_TYPES,
    **RECORD_TYPES,
}

__all__ = [
    "EVENT_TYPES",
    "AmendmentCarried",
    "AmendmentOrdered",
    "AmendmentSettled",
    "BoardClosed",
    "BoardOpened",
    "ConsentAsked",
    "ConsentRecorded",
    "DissentRecorded",
    "Event",
    "FloorCancelled",
    "FloorChanged",
    "FloorEvent",
    "FloorExtended",
    "FloorGranted",
    "FloorHandedBack",
    "FloorInterposed",
    "FloorPaused",
    "FloorRequested",
    "FloorResumed",
    "FloorReturned",
    "FloorWithdrawn",
    "FloorYielded",
    "HandsConfirmed",
    "HandsCounted",
    "HandsReturned",
    "IdeaApproved",
    "IdeaEvent",
    "IdeaGrouped",
    "IdeaPosted",
    "IdeaRaised",
    "IdeaRemoved",
    "Item",
    "ItemAdded",
    "ItemBegun",
    "ItemFinished",
    "ItemReferred",
    "MeetingCalled",
    "MeetingClosed",
    "MeetingOpened",
    "MeetingResumed",
    "MeetingSuspended",
    "MinutesFinalised",
    "MinutesPublished",
    "MinutesReopened",
    "MinutesSigned",
    "MotionAmended",
    "MotionEvent",
    "MotionWorded",
    "NamedBallot",
    "Party",
    "PartyTally",
    "PollClosed",
    "PollOpened",
    "PollPublished",
    "PollVoided",
    "PresenceCheckedIn",
    "PresenceExcused",
    "PresenceLeft",
    "ProcedureDecided",
    "QuestionEvent",
    "QueueClosed",
    "QueueMoved",
    "QueueOpened",
    "QueueOrdered",
    "ReconsiderationRequested",
    "RecordEvent",
    "RecusalRecorded",
    "RecusalWithdrawn",
    "ResolutionAdopted",
    "RulingRecorded",
    "Seat",
    "Settlement",
    "SittingEvent",
    "TaskDrafted",
    "WaysEvent",
]
