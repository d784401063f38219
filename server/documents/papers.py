"""Everything a printed paper can say: the only input of the renderer.

Values are words as people read them (dates, answers of parties, natures are already Chinese), because a
paper must not change its meaning when a word list does. `None` means the line is left out.
"""

from dataclasses import dataclass
from typing import Literal

from server.documents.strokes import Strokes

Edition = Literal["archive", "public"]
Outcome = Literal["passed", "failed", "void", "sounding"]
Answer = Literal["signed", "signed_with_reservation", "refused", "absent", "unsigned"]


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person in the list of persons; `post` is printed in brackets behind the name."""

    name: str
    post: str | None = None


@dataclass(frozen=True, slots=True)
class PartyPresence:
    """Who came, was excused and stayed away of one party (方), in order of seats."""

    party: str
    present: tuple[Attendee, ...] = ()
    excused: tuple[Attendee, ...] = ()
    absent: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionCount:
    """One option of a poll and the ballots it received."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class PartyCount:
    """One party's row of a tally; `counts` follow the order of the result's options."""

    party: str
    entitled: int
    present: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BallotLine:
    """Who chose what in a named (记名) poll."""

    name: str
    party: str
    choice: str


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """A numbered resolution (决议) that a result led to; T63."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One verdict with its arithmetic; printed where the text holds the line `〔表决结果 n〕`, else after it.

    item: title of the agenda item. text: the words decided on. nature, secrecy: 「协商表决」「记名」.
    options: empty for adoption without objection (无异议). parties: None when they may not be shown (P13).
    sentence: the verdict sentence of the domain, printed as it stands. ballots: named polls only.
    note: e.g. 「无记名:保密性取决于服务器管理者」.
    """

    item: str
    text: str
    nature: str
    secrecy: str
    outcome: Outcome
    sentence: str
    entitled: int
    present: int
    options: tuple[OptionCount, ...] = ()
    parties: tuple[PartyCount, ...] | None = None
    ballots: tuple[BallotLine, ...] | None = None
    note: str | None = None
    resolution: ResolutionLine | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task (办理事项): number, words, accountable party, post of the person, due date, its resolution."""

    number: str
    text: str
    accountable: str
    post: str
    due: str
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signatory's answer (T89).

    party: the party, or 「主持人」「记录人」, whose name may be empty. answer: 「unsigned」 was there and did not
    answer before the publication; the desk calls somebody 「absent」. strokes: None prints the name and 「已签」
    instead of a drawing (public edition). text: reservation or reason of refusal. remark: 「受×××委托」「补签」 (P8,
    P9).
    """

    name: str
    party: str
    answer: Answer
    signed_at: str | None = None
    strokes: Strokes | None = None
    text: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """Minutes (会议纪要) laid out after GB/T 9704-2012 and T87–T111.

    organisation: 召集单位, stands beside the seal. doc_number: 文号, e.g. 「金穗议〔2026〕3号」.
    held_at: 「2026年3月20日19时至20时35分」. issued_on: date in the head.
    chair, secretary: "" leaves the line out (public edition).
    body_html: the Markdown text through `markdown.to_html`, nothing else. voided: note on signatures that an
    edit voided (T90). text_sha256: 64 hex digits of the signed text. root: 防改校验码 in base64url (43 characters).
    log_size: number of log entries under that root. check_url: printed as a QR on every page (S46).
    withheld: kinds of data the public edition leaves out (T105), e.g. 「手写签名」.
    """

    organisation: str
    council: str
    meeting: str
    title: str
    held_at: str
    issued_on: str
    place: str
    chair: str
    secretary: str
    body_html: str
    text_sha256: str
    root: str
    log_size: int
    check_url: str
    edition: Edition = "archive"
    doc_number: str | None = None
    presence: tuple[PartyPresence, ...] = ()
    observers: tuple[Attendee, ...] = ()
    results: tuple[ResultLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    voided: str | None = None
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One agenda item on a notice; kind: 「通报」「协商表决」「意向征询」; minutes: planned length."""

    title: str
    kind: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """The notice of a meeting (会议通知) for doors and notice boards, one A4 page or more (P28).

    organisation: signs as 「××社区居委会（章）」. title: what it is about, in large type; a line break is kept.
    held_at: 「4月17日 星期五 晚上7点」. invited: one entry per line. raise_matters: how to raise a matter.
    """

    organisation: str
    council: str
    meeting: str
    title: str
    held_at: str
    place: str
    invited: tuple[str, ...]
    items: tuple[NoticeItem, ...]
    raise_matters: str
    issued_on: str
    url: str
    telephone: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One representative's card; order 1..7 picks shape and colour of the party, mark is its character."""

    name: str
    party: str
    mark: str
    order: int
    seat: int
    term: str
    ticket_url: str


@dataclass(frozen=True, slots=True)
class CardsPaper:
    """Representatives' cards (议事代表证), eight on an A4 sheet with cut marks.

    steps: what to do, at most three short lines, the same on every card.
    """

    organisation: str
    council: str
    cards: tuple[Card, ...]
    steps: tuple[str, ...] = ("用微信“扫一扫”扫这个码", "核对姓名，点“签到”", "扫不开，把卡交给签到台")


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One seat of the sign-in sheet."""

    name: str
    party: str


@dataclass(frozen=True, slots=True)
class SignInPaper:
    """The sign-in sheet (签到表): 序号、姓名、所属方、时间、本人签名、备注, no telephone numbers (P25)."""

    organisation: str
    council: str
    meeting: str
    held_at: str
    place: str
    seats: tuple[SignInLine, ...]


Paper = MinutesPaper | NoticePaper | CardsPaper | SignInPaper
