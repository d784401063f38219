"""无异议: ask the room, record its answer; the gates are those of a deciding poll (P5)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.gates import refuse_question
from server.domain.meeting.decide.poll import LONGEST_TEXT, adopt
from server.domain.meeting.decide.text import is_sound_text
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
    if refusal is not None:
        return refusal
    return Decided((e.ConsentAsked(command.item, command.text),))


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
        asked.item, asked.text, command.objection, len(state.present), len(state.seats)
    )
    if command.objection:
        return Decided((recorded,))
    sentence = consent_sentence(Adoption(asked.item, asked.text, len(state.present), len(state.seats)))
    return Decided((recorded, adopt(state, asked.item, None, asked.text, sentence)))
