"""A refusal on its way out of a transaction: raising it rolls the transaction back, so nothing is changed."""

from server.domain.refusal import Fact, Refusal, RefusalCode


class Refused(Exception):
    """Carries the refusal to the page that shows its sentence."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code.value)
        self.refusal = refusal


def refused(code: RefusalCode, **facts: Fact) -> Refused:
    """Return a refusal to raise."""
    return Refused(Refusal(code, facts))
