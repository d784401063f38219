"""What follows from an event in ordinary tables, written in the event's own transaction."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.domain.meeting import events as e
from server.domain.meeting.state import Meeting
from server.domain.topic.life_cycle import Channel
from server.service.access.devices import shorten_after_meeting
from server.service.matters.tasks import create_task
from server.service.matters.topics import (
    LONGEST_BODY,
    LONGEST_TITLE,
    mark_discussed,
    mark_doing,
    raise_topic,
)
from server.store.tables.meetings import MeetingRow, ResolutionRow
from server.store.writer import Unit


def project(unit: Unit, meeting: Meeting, event: e.Event, now: int) -> None:
    """Keep lists in step with the log; ``meeting`` already stands after the event."""
    session = unit.session
    match event:
        case e.MeetingCalled():
            _note(session, meeting, state="called", called_at=now)
        case e.MeetingOpened():
            _note(session, meeting, state="open", opened_at=now)
        case e.MeetingSuspended():
            _note(session, meeting, state="suspended")
        case e.MeetingResumed():
            _note(session, meeting, state="open")
        case e.MeetingClosed():
            _note(session, meeting, state="closed", closed_at=now)
            shorten_after_meeting(session, meeting.id, now)
            _discuss_topics(unit, meeting, now)
        case e.ResolutionAdopted():
            session.add(_resolution(meeting, event, now))
        case e.PollVoided():
            for resolution in meeting.resolutions:
                if resolution.poll == event.poll:
                    _void(session, resolution.id)
        case e.IdeaRaised():
            _raise_ideas(unit, meeting, event, now)
        case e.ItemReferred():
            _raise_referred(unit, meeting, event, now)
        case e.MinutesPublished():
            _note(session, meeting, published_at=now)
            _create_tasks(unit, meeting, now)
        case _:
            return


def _raise_ideas(unit: Unit, meeting: Meeting, event: e.IdeaRaised, now: int) -> None:
    """A group of ideas waits in the pool like any other topic, with the meeting as its origin."""
    texts = "\n".join(f"· {text}" for text in event.texts)
    body = f"议事会上征集的意见，归为“{event.group}”一类，共{len(event.texts)}条：\n{texts}"
    _raise(unit, meeting, event.title, body, now)


def _raise_referred(unit: Unit, meeting: Meeting, event: e.ItemReferred, now: int) -> None:
    """What was handed over without a decision is reported to the next meeting: it waits in the pool (P18)."""
    item = meeting.item(event.item)
    title = f"听取处置情况报告：{item.title if item is not None else ''}"
    body = f"议事会上临时提出，只议不决，已交{event.to}先行处置：{event.text}\n请下次会议听取处置情况报告。"
    _raise(unit, meeting, title, body, now)


def _raise(unit: Unit, meeting: Meeting, title: str, body: str, now: int) -> None:
    raise_topic(
        unit,
        now,
        council_id=meeting.council,
        title=title[:LONGEST_TITLE],
        body=body[:LONGEST_BODY],
        channel=Channel.MEETING,
        by="meeting",
    )


def _note(session: Session, meeting: Meeting, **values: object) -> None:
    session.execute(
        update(MeetingRow)
        .where(MeetingRow.id == meeting.id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def _void(session: Session, resolution: str) -> None:
    session.flush()
    row = session.get(ResolutionRow, resolution)
    if row is not None:
        row.is_void = True


def _discuss_topics(unit: Unit, meeting: Meeting, now: int) -> None:
    """Topics that were settled are discussed; those nothing was settled about go back to the pool (T52)."""
    for item in meeting.items:
        if item.topic is not None:
            mark_discussed(unit, now, item.topic, was_taken_up=item.outcome in ("passed", "failed"))


def _resolution(meeting: Meeting, event: e.ResolutionAdopted, now: int) -> ResolutionRow:
    item = meeting.item(event.item)
    return ResolutionRow(
        id=event.resolution,
        meeting_id=meeting.id,
        council_id=meeting.council,
        number=event.number,
        item_title=item.title if item is not None else "",
        topic_id=item.topic if item is not None else None,
        text=event.text,
        sentence=event.sentence,
        adopted_at=now,
        is_void=False,
    )


def _create_tasks(unit: Unit, meeting: Meeting, now: int) -> None:
    """What was said in the room becomes a public task once the minutes stand."""
    names = {party.id: party.name for party in meeting.parties}
    for resolution in meeting.resolutions:
        item = meeting.item(resolution.item)
        for task in () if resolution.void else resolution.tasks:
            create_task(
                unit,
                now,
                council_id=meeting.council,
                text=task.text,
                accountable=names.get(task.accountable, task.accountable),
                post=task.post,
                due=task.due,
                topic_id=item.topic if item is not None else None,
                meeting_id=meeting.id,
                resolution_id=resolution.id,
                by="minutes",
            )
            if item is not None and item.topic is not None:
                mark_doing(unit, now, item.topic)
