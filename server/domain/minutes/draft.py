"""The first text of the minutes (纪要草稿), written from the record as an office would write it (T61–T63).

Nothing is invented: what only people can know stays a marked place for the secretary, and the figures of a result
go in by reference, so that they cannot be typed over. It is Chinese in code on purpose, like the verdict sentence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from server.domain.meeting.commands import Stance
from server.domain.meeting.pass_rule import party_needed, quorum_needed
from server.domain.meeting.state import Meeting, Resolution
from server.domain.minutes.course import collected_ideas, course_of, plain, reconsidered
from server.domain.minutes.record import (
    ConsentRecord,
    ItemRecord,
    MeetingRecord,
    PollRecord,
    Question,
    SpeechRecord,
)

TO_FILL = "（请记录人补写"
_DIGITS = "零一二三四五六七八九"
_STANCES: dict[Stance, str] = {
    "for": "赞成",
    "against": "反对",
    "question": "提问",
    "addition": "补充",
    "talk": "漫谈",
}
_VIEWS: dict[Stance, str] = {
    "for": "赞成的代表认为",
    "against": "反对的代表认为",
    "question": "代表提问及有关方面的答复",
    "addition": "代表补充的意见",
    "talk": "代表们谈到",
}


@dataclass(frozen=True, slots=True)
class DraftNames:
    """Words the log does not hold: ``number`` is 2026年第3次会议, ``held_at`` the time from opening to close."""

    council: str
    number: str
    place: str
    held_at: str
    chair: str
    secretary: str


def draft_markdown(record: MeetingRecord, names: DraftNames) -> str:
    """Return the draft as Markdown; a result stands alone on its line as ``〔表决结果 n〕``."""
    order = tuple(task for item in record.items for r in _valid(item.resolutions) for task in r.tasks)
    places = {task.id: place for place, task in enumerate(order, 1)}
    paragraphs = [_opening(record, names)]
    for item in record.items:
        paragraphs += _item(item, record, places)
    paragraphs += _next_steps(record, len(places))
    return "\n\n".join(paragraphs) + "\n"


def places_to_fill(markdown: str) -> int:
    """Count the marked places the secretary has not filled yet."""
    return markdown.count(TO_FILL)


def ordinal(number: int) -> str:
    """Return 1…99 in Chinese numerals (二十三); larger numbers as they are."""
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def due_words(due: str) -> str:
    """Return a local date ``YYYY-MM-DD`` as 2026年4月3日."""
    day = date.fromisoformat(due)
    return f"{day.year}年{day.month}月{day.day}日"


def _valid(resolutions: Sequence[Resolution]) -> tuple[Resolution, ...]:
    return tuple(r for r in resolutions if not r.void)


def _opening(record: MeetingRecord, names: DraftNames) -> str:
    meeting = record.meeting
    chair = f"会议由{plain(names.chair or '主持人')}主持"
    secretary = f"，{plain(names.secretary)}记录。" if names.secretary else "。"
    sentences = [
        f"{plain(names.held_at)}，{plain(names.council)}在{plain(names.place)}召开{plain(names.number)}。",
        chair + secretary,
        _presence(meeting),
        _comings_and_goings(record),
        _agenda(record),
        "现将会议情况和议定事项纪要如下：",
    ]
    return "".join(sentences)


def _presence(meeting: Meeting) -> str:
    """Who was there at any time of the sitting; each result names its own figures."""
    entitled, attended = len(meeting.seats), len(meeting.attended)
    head = f"应到议事代表{entitled}人，实到{attended}人"
    if meeting.excused:
        head += f"，请假{len(meeting.excused)}人"
    needed = quorum_needed(meeting.rule.quorum, entitled)
    if attended < needed:
        return f"{head}，未达到规定的{needed}人。"
    seats = Counter(seat.party for seat in meeting.seats)
    there = Counter(meeting.seat(number).party for number in meeting.attended)
    short = [
        party.name
        for party in meeting.parties
        if there[party.id] < party_needed(meeting.rule.quorum, seats[party.id])
    ]
    if short:
        return f"{head}，{'、'.join(short)}到会人数未达到规定。"
    return f"{head}，{ordinal(len(meeting.parties))}方均达到法定人数。"


def _comings_and_goings(record: MeetingRecord) -> str:
    late = sum(seat.was_late for seat in record.seats)
    early = sum(seat.left_early for seat in record.seats)
    parts = [
        f"{late}人在开会后到会" if late else "",
        f"{early}人提前离会" if early else "",
        f"会议中途休会{record.suspensions}次" if record.suspensions else "",
    ]
    said = [part for part in parts if part]
    return f"其间，{'，'.join(said)}。" if said else ""


def _agenda(record: MeetingRecord) -> str:
    announced = sum(item.item.announced for item in record.items)
    added = len(record.items) - announced
    taken_up = sum(item.began_at is not None for item in record.items)
    head = f"会议通知列入议程{announced}项"
    if added:
        head += f"，会上临时增加{added}项"
    return f"{head}，实际进行{taken_up}项。"


def _item(item: ItemRecord, record: MeetingRecord, places: dict[str, int]) -> list[str]:
    heading = f"## {ordinal(item.position)}、{plain(item.item.title)}"
    if item.began_at is None:
        return [heading, f"本项没有进行。{TO_FILL}原因和后续安排）"]
    paragraphs = [heading]
    if not item.item.announced:
        paragraphs.append("本项为会议通知发出后增加的议题，只议不决。")
        if item.item.referred is not None:
            to, text = item.item.referred
            paragraphs.append(
                f"会议议定先交{plain(to)}处置：{plain(text)}。处置情况向下次会议报告。".replace("。。", "。")
            )
    sections: list[tuple[str, list[str]]] = []
    resolved = _resolved(item, record.meeting, places)
    if item.questions or item.speeches:
        sections.append(("协商情况", _discussed(item, record)))
    ideas = collected_ideas(record.meeting, item.item.id)
    if ideas:
        sections.append(("征集到的意见", ideas))
    course = course_of(record.meeting, item.item.id)
    if course:
        sections.append(("修改意见和程序性动议", course))
    if item.questions:
        asked = [_question(question) for question in item.questions]
        sections.append(("表决和议定情况" if resolved else "表决情况", [*asked, *resolved]))
    if not sections:
        paragraphs.append(f"会议听取了本项情况，没有人申请发言，没有进行表决。{TO_FILL}听取的内容）")
    for place, (title, texts) in enumerate(sections, 1):
        paragraphs += [f"### （{ordinal(place)}）{title}", *texts]
    return paragraphs


def _discussed(item: ItemRecord, record: MeetingRecord) -> list[str]:
    ordinary = [speech for speech in item.speeches if not speech.point_of_order]
    rulings = len(item.speeches) - len(ordinary)
    if not item.speeches:
        return ["本项没有人申请发言。"]
    seconds = sum(speech.seconds for speech in item.speeches)
    head = f"{len(item.speeches)}人次发言，{_minutes(seconds)}。"
    stances: list[Stance] = [s for s in _STANCES if any(speech.stance == s for speech in ordinary)]
    if stances:
        counts = [_by_party(stance, ordinary, record.meeting) for stance in stances]
        head += f"其中{'，'.join(counts)}。"
    if rulings:
        head += f"另有程序性发言{rulings}人次。{TO_FILL}主持人的处理）"
    return [head, *(f"{_VIEWS[stance]}：{TO_FILL}意见要点）" for stance in stances)]


def _minutes(seconds: int) -> str:
    if seconds < 60:
        return "共用时不到1分钟"
    return f"共用时约{(seconds + 30) // 60}分钟"


def _by_party(stance: Stance, speeches: Sequence[SpeechRecord], meeting: Meeting) -> str:
    """Say how often a stance was spoken for, by party and never by name."""
    parties = Counter(speech.party for speech in speeches if speech.stance == stance)
    there = [party for party in meeting.parties if parties[party.id]]
    if len(there) == 1:
        return f"{_STANCES[stance]}{parties.total()}人次（{there[0].name}）"
    shares = "、".join(f"{party.name}{parties[party.id]}人次" for party in there)
    return f"{_STANCES[stance]}{parties.total()}人次（{shares}）"


def _question(question: Question) -> str:
    if question.number is not None:
        return f"〔表决结果 {question.number}〕"
    if isinstance(question, ConsentRecord):
        return f"主持人询问大家对“{plain(question.text)}”有无异议，有代表提出异议，没有形成决议。"
    return _unfinished(question)


def _unfinished(question: PollRecord) -> str:
    text = plain(question.poll.text)
    if question.poll.state == "open":
        return f"对“{text}”的表决正在进行。"
    return f"对“{text}”的表决已经截止，主持人没有公布结果。"


def _resolved(item: ItemRecord, meeting: Meeting, places: dict[str, int]) -> list[str]:
    paragraphs = []
    for resolution in _valid(item.resolutions):
        numbers = "、".join(str(places[task.id]) for task in resolution.tasks)
        if numbers:
            paragraphs.append(f"第{resolution.number}号决议的办理分工见办理事项表第{numbers}项。")
        else:
            paragraphs.append(f"第{resolution.number}号决议{TO_FILL}由谁办、何时办完，或者写明无须办理）")
        paragraphs += reconsidered(meeting, resolution.id)
    return paragraphs


def _next_steps(record: MeetingRecord, tasks: int) -> list[str]:
    heading = f"## {ordinal(len(record.items) + 1)}、下一步安排"
    if not tasks:
        return [heading, f"{TO_FILL}下一步安排和下次会议的时间）"]
    text = f"会议议定的办理事项共{tasks}项，由各责任方按期办理，办理进展在议事公开页公布。"
    return [heading, f"{text}{TO_FILL}下次会议的时间）"]
