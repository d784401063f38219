"""A sample meeting held from opening to published minutes, every step by the rules (CONTRACT, seed: ``minutes``)."""

import json
import re
from collections.abc import Iterator

from server.documents.pool import DocumentPool
from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.state import Meeting
from server.service.minutes import cycle
from server.service.minutes.paper import public_paper
from server.service.room.keeper import RoomKeeper
from server.service.samples.halls import add_sample_meeting
from server.store.database import Database
from server.store.writer import Unit, Writer

CHAIR = Actor("chair:sample", frozenset({Role.CHAIR}))
SECRETARY = Actor("secretary:sample", frozenset({Role.SECRETARY}))
SEATS = 10
MINUTE_MS = 60_000
TEXT = "同意在3栋与4栋之间的空地放置新增健身器材6件，由物业公司安装养护，2026年12月31日前完成。"
# Places the draft leaves to the secretary.
_GAP = re.compile(r"（请记录人补写[^）]*）")
STROKES = json.dumps([[[300, 1200], [900, 700], [1500, 1500], [2100, 800]], [[2400, 600], [2500, 1600]]])


def representative(seat: int) -> Actor:
    """Return the holder of a seat as the rules know them."""
    return Actor(f"seat:{seat}", frozenset({Role.REPRESENTATIVE}), seat)


def hold_past_meeting(
    database: Database, writer: Writer, rooms: RoomKeeper, documents: DocumentPool, now: int, area: str
) -> bytes:
    """Hold a meeting that ended two hours ago and return the PDF of its published minutes."""
    began = now - 180 * MINUTE_MS
    sample = writer.submit(lambda unit: add_sample_meeting(unit, rooms, began, area, 9999, SEATS)).result()
    writer.submit(lambda unit: _hold(unit, rooms, sample.id, began)).result()
    writer.submit(lambda unit: _keep_minutes(unit, rooms, sample.id, began + 70 * MINUTE_MS)).result()
    with database.reader(limit_seconds=5) as session:
        paper = public_paper(session, sample.id, "http://127.0.0.1:8000")
    return documents.render(paper)


def _hold(unit: Unit, rooms: RoomKeeper, meeting: str, began: int) -> None:
    state = rooms.read(unit.session, meeting)
    if state is None:
        raise LookupError(meeting)
    for minute, (actor, command) in enumerate(_sitting(state), 1):
        rooms.decide(unit, meeting, actor, command, began + minute * MINUTE_MS)


def _sitting(state: Meeting) -> Iterator[tuple[Actor, c.Command]]:
    """Yield who says what, in order: a debate with a named poll, one adoption without objection."""
    first, second = state.items[0].id, state.items[1].id
    poll = f"{state.id}.p1"
    for seat in state.seats:
        yield representative(seat.number), c.CheckIn()
    yield CHAIR, c.OpenMeeting()
    yield CHAIR, c.BeginItem(first)
    yield CHAIR, c.OpenQueue()
    yield representative(4), c.RequestFloor("talk")
    yield representative(5), c.RequestFloor("talk")
    yield CHAIR, c.GrantFloor()
    yield CHAIR, c.GrantFloor()
    yield CHAIR, c.CloseQueue()
    yield CHAIR, c.OpenPoll(first, TEXT, "open")
    for seat in state.seats:
        choice = "against" if seat.number == 5 else "abstain" if seat.number == 9 else "for"
        yield representative(seat.number), c.CastBallot(poll, choice, f"nonce-{seat.number}")
    yield CHAIR, c.ClosePoll(poll)
    yield CHAIR, c.PublishPoll(poll)
    yield (
        SECRETARY,
        c.DraftTask(f"{state.id}.r1", "采购并安装健身器材6件", state.parties[1].id, "物业经理", "2026-12-31"),
    )
    yield CHAIR, c.BeginItem(second)
    yield CHAIR, c.AskConsent(second, "楼道灯由物业公司每月巡查一次，坏灯三日内更换。")
    yield CHAIR, c.RecordConsent(second, objection=False)
    yield CHAIR, c.CloseMeeting()


def _keep_minutes(unit: Unit, rooms: RoomKeeper, meeting: str, at: int) -> None:
    draft = cycle.open_draft(unit, rooms, meeting, at)
    text = _GAP.sub("代表们同意按议定事项办理。", draft.markdown)
    cycle.save_text(
        unit, rooms, meeting, SECRETARY, text, by=SECRETARY.key, base_version=draft.version, now=at
    )
    digest = cycle.finalise(unit, rooms, meeting, SECRETARY, at)
    signatories = ["chair", "secretary", *(str(seat) for seat in range(1, SEATS + 1))]
    for number, signatory in enumerate(signatories, 1):
        actor = {"chair": CHAIR, "secretary": SECRETARY}.get(signatory) or representative(int(signatory))
        answer = cycle.Answer(signatory, "signed", digest, "", STROKES)
        cycle.sign(unit, rooms, meeting, actor, answer, at + number * MINUTE_MS // 4)
    cycle.publish(unit, rooms, meeting, SECRETARY, False, at + 5 * MINUTE_MS)
