"""Acts of signed-in people that are noted in the audit log, in the transaction that carries them out (S91)."""

from collections.abc import Callable
from typing import TypeVar

from server.pages.context import carry_out, services, signed_in
from server.pages.limits import allowance
from server.service.access.audit import STRANGER, Act, Result, note
from server.store.writer import Unit

T = TypeVar("T")
# A guesser must not fill the disk: what goes beyond this is not noted one by one.
REFUSALS_NOTED, MINUTE_MS = 60, 60_000


def carry_out_noted(run: Callable[[Unit], T], act: Act, about: str | Callable[[T], str] = "") -> T:
    """Carry out office work and note it with who asked; ``about`` is a key, or makes one from the result."""
    now, who = services().clock(), asker()

    def run_and_note(unit: Unit) -> T:
        result = run(unit)
        note(unit, now, who, act, about if isinstance(about, str) else about(result))
        return result

    return carry_out(run_and_note)


def note_refusal(act: Act, about: str = "", result: Result = "refused") -> None:
    """Note what somebody tried in vain; without waiting for the commit, at most REFUSALS_NOTED a minute."""
    now, who = services().clock(), asker()
    if allowance("refusals noted", REFUSALS_NOTED, MINUTE_MS).count("", now):
        services().writer.submit(lambda unit: note(unit, now, who, act, about, result))


def asker() -> str:
    """Return the key of who asks, empty for nobody."""
    person = signed_in()
    return person.key if person is not None else STRANGER
