"""无异议: ask the room, record its answer; the gates are those of a deciding poll (P5)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.amending import amendment_question
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.gates import refuse_question
from server.domain.meeting.decide.motion import refuse_order, settle_amendment
from server.domain.meeting.decide.poll import adopt
from server.domain.meeting.decide.text import LONGEST_TEXT, is_sound_text
from server.domain.meeting.sentence import consent_sentence
from server.domain.meeting.state import Adoption, Meeting
from server.domain.refusal import RefusalCode, refuse


def ask_consent(command: c.AskConsent, state: Meeting, actor: Actor) -> Decision:
    """Put the question whether anybody objects."""
    if not is_sound_text(command.text, LONGEST_TEXT):
        return refuse(RefusalCode.BAD_DATA, field="text")
    refusal = refuse_question(
        state, actor, command.item, decides=True, quorum=state.rule.quorum, confirmed=command.confirmed
    )
    refusal = refusal or refuse_order(state, command.item, command.amendment, command.text)
    if refusal is not None:
        return refusal
    amendment = state.find_amendment(command.amendment) if command.amendment is not None else None
    text = command.text if amendment is None else amendment_question(amendment)
    return Decided((e.ConsentAsked(command.item, text, command.amendment),))


def record_consent(command: c.RecordConsent, state: Meeting, actor: Actor) -> Decision:
    """Record the answer: without objection the text is adopted, an objection decides nothing."""
    if state.item(command.item) is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    asked = state.consent
    if asked is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="not_asked")
    if asked.item != command.item:
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    recorded = e.ConsentRecorded(
        asked.item, asked.text, command.objection, len(state.present), len(state.seats), asked.amendment
    )
    if command.objection:
        return Decided((recorded,))
    if asked.amendment is not None:
        return Decided((recorded, *settle_amendment(state, asked.amendment, adopted=True)))
    sentence = consent_sentence(Adoption(asked.item, asked.text, len(state.present), len(state.seats)))
    return Decided((recorded, adopt(state, asked.item, None, asked.text, sentence)))
