"""A procedure in plain words, one sentence a rule, as the office and the public read it."""

from server.domain.meeting.sentence import fraction_words, threshold_words
from server.domain.procedure.presets import Procedure


def procedure_sentences(procedure: Procedure) -> tuple[str, ...]:
    """Return what the procedure asks for, in the order in which a meeting meets it."""
    rule = procedure.rule
    minutes, seconds = divmod(procedure.speaking_seconds, 60)
    length = f"{minutes}分钟" if not seconds else f"{procedure.speaking_seconds}秒"
    return (
        f"议题提出以后，{procedure.answer_days}天以内答复。",
        f"会议通知至少提前{procedure.notice_days}天发出；没有写进通知的事项，会上只议不决。",
        f"应到代表的{fraction_words(rule.quorum.overall)}以上到会，而且每一方至少到{rule.quorum.per_party}人，才可以表决。",
        f"每次发言不超过{length}，主持人可以加时。",
        f"赞成票{threshold_words(rule)}，表决通过。",
        "表决以记名为主；一席一票，投出以后不能改。",
    )
