"""What the secretary sees beside the text: results so far, what is still missing, who has signed."""

from dataclasses import dataclass

from server.documents.papers import ResultLine
from server.domain.meeting.state import Signature
from server.domain.minutes.draft import places_to_fill
from server.domain.minutes.record import PollRecord
from server.service.minutes.cycle import MinutesView
from server.service.minutes.paper import in_order, signatory_words
from server.service.minutes.text import text_of


@dataclass(frozen=True, slots=True)
class SignatoryLine:
    """One signatory; ``given`` is None while the answer is missing."""

    signatory: str
    name: str
    party: str
    given: Signature | None


def draft_results(view: MinutesView) -> tuple[ResultLine, ...]:
    """Return the results the log holds so far, as they will be printed."""
    text = text_of(
        view.record, view.card, view.organisation, view.document_sign, view.text.markdown, view.card.starts_at
    )
    return text.results


def warnings_of(view: MinutesView) -> tuple[str, ...]:
    """Return what ought to be put right before the text is frozen (T63); nothing here forbids it."""
    text = view.text.markdown
    places = places_to_fill(text)
    # The marked place itself suggests these words; only the secretary's own count.
    is_settled = "无须办理" in text.replace("或者写明无须办理", "")
    unpublished = [
        item.item.title
        for item in view.record.items
        for question in item.questions
        if isinstance(question, PollRecord) and question.poll.state == "closed"
    ]
    taskless = [
        resolution.number
        for item in view.record.items
        for resolution in item.resolutions
        if not resolution.void and not resolution.tasks and not is_settled
    ]
    numbers = range(1, len(view.record.results) + 1)
    unplaced = [n for n in numbers if f"〔表决结果{n}〕" not in text.replace("结果 ", "结果")]
    return (
        *([f"还有{places}处写着“请记录人补写”"] if places else []),
        *(f"“{title}”的表决已经截止，主持人还没有公布结果" for title in unpublished),
        *(f"第{number}号决议还没有办理事项" for number in taskless),
        *(f"正文里没有〔表决结果 {number}〕，它会印在正文后面" for number in unplaced),
    )


def overview_of(view: MinutesView) -> tuple[SignatoryLine, ...]:
    """Return every signatory with the answer given, seats first."""
    if view.frozen_text is None:
        return ()
    milestones = view.record.meeting.minutes
    given = {signature.signatory: signature for signature in milestones.signatures}
    lines = []
    for signatory in in_order(milestones.signatories):
        name, party = signatory_words(signatory, view.frozen_text)
        lines.append(SignatoryLine(signatory, name, party, given.get(signatory)))
    return tuple(lines)
