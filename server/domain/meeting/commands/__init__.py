"""The wishes of the room: one frozen class per command, one table of wire names (CONTRACT, live protocol 1).

One file per subject; whoever speaks of commands imports them from here.
"""

from server.domain.meeting.commands.floor import (
    FLOOR_COMMANDS,
    CloseQueue,
    ExtendFloor,
    FloorCommand,
    GrantFloor,
    OpenQueue,
    RequestFloor,
    WithdrawFloor,
    YieldFloor,
)
from server.domain.meeting.commands.question import (
    QUESTION_COMMANDS,
    AskConsent,
    CastBallot,
    ClosePoll,
    ConfirmBallot,
    DiscardBallot,
    OpenPoll,
    PublishPoll,
    QuestionCommand,
    RecordBallot,
    RecordConsent,
    VoidPoll,
    WordMotion,
)
from server.domain.meeting.commands.record import (
    RECORD_COMMANDS,
    DraftTask,
    FinaliseMinutes,
    MinutesCommand,
    PublishMinutes,
    ReopenMinutes,
    SignMinutes,
)
from server.domain.meeting.commands.sitting import (
    SITTING_COMMANDS,
    AddItem,
    BeginItem,
    CheckIn,
    CloseMeeting,
    Excuse,
    FinishItem,
    Leave,
    OpenMeeting,
    ResumeMeeting,
    SittingCommand,
    SuspendMeeting,
)
from server.domain.meeting.commands.ways import (
    WAYS_COMMANDS,
    ConfirmHands,
    RecordDissent,
    RecordHands,
    RecordRecusal,
    ReturnHands,
    WaysCommand,
    WithdrawRecusal,
)
from server.domain.meeting.commands.words import HandCount, Method, Nature, Option, Secrecy, Stance

RoomCommand = SittingCommand | FloorCommand | QuestionCommand | WaysCommand | DraftTask
Command = RoomCommand | MinutesCommand

# Wire name → class; the only registration of a command that sockets and forms may send.
ROOM_COMMANDS: dict[str, type[RoomCommand]] = {
    **SITTING_COMMANDS,
    **FLOOR_COMMANDS,
    **QUESTION_COMMANDS,
    **WAYS_COMMANDS,
    **RECORD_COMMANDS,
}

__all__ = [
    "ROOM_COMMANDS",
    "AddItem",
    "AskConsent",
    "BeginItem",
    "CastBallot",
    "CheckIn",
    "CloseMeeting",
    "ClosePoll",
    "CloseQueue",
    "Command",
    "ConfirmBallot",
    "ConfirmHands",
    "DiscardBallot",
    "DraftTask",
    "Excuse",
    "ExtendFloor",
    "FinaliseMinutes",
    "FinishItem",
    "FloorCommand",
    "GrantFloor",
    "HandCount",
    "Leave",
    "Method",
    "MinutesCommand",
    "Nature",
    "OpenMeeting",
    "OpenPoll",
    "OpenQueue",
    "Option",
    "PublishMinutes",
    "PublishPoll",
    "QuestionCommand",
    "RecordBallot",
    "RecordConsent",
    "RecordDissent",
    "RecordHands",
    "RecordRecusal",
    "ReopenMinutes",
    "RequestFloor",
    "ResumeMeeting",
    "ReturnHands",
    "RoomCommand",
    "Secrecy",
    "SignMinutes",
    "SittingCommand",
    "Stance",
    "SuspendMeeting",
    "VoidPoll",
    "WaysCommand",
    "WithdrawFloor",
    "WithdrawRecusal",
    "WordMotion",
    "YieldFloor",
]
