"""操作记录: every act that matters to the installation's safety, written in the act's own transaction (S91, S92)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from sqlalchemy import delete, insert

from server.service.clock import DAY_MS
from server.store.tables.audit import AuditRow
from server.store.tables.registry import plain
from server.store.writer import Unit

KEPT_DAYS = 184
_NOTED = insert(plain(AuditRow))
# Who acts where nobody is signed in: the owner of the machine, and the program by itself.
COMMAND_LINE, PROGRAM, STRANGER = "command", "program", ""

Result = Literal["done", "refused", "locked"]


class Act(StrEnum):
    """Kinds of acts; the words are in the word list under ``audit_acts``."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    SET_UP = "set_up"
    JOIN = "join"
    ROOM_ENTERED = "room_entered"
    SESSION_ENDED = "session_ended"
    ACCESS = "access"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 a kind of act
    PASSWORD_RESET = "password_reset"  # noqa: S105 a kind of act
    TWO_STEP = "two_step"
    TWO_STEP_ON = "two_step_on"
    TWO_STEP_OFF = "two_step_off"
    TWO_STEP_RESET = "two_step_reset"
    RECOVERY_USED = "recovery_used"
    RECOVERY_RENEWED = "recovery_renewed"
    POLICY_CHANGED = "policy_changed"
    ENTRY_ISSUED = "entry_issued"
    ENTRY_REVOKED = "entry_revoked"
    CARDS_PRINTED = "cards_printed"
    CARD_REVOKED = "card_revoked"
    REPRESENTATIVES_ADDED = "representatives_added"
    REPRESENTATIVE_LEFT = "representative_left"
    AREA_CHANGED = "area_changed"
    COUNCIL_CHANGED = "council_changed"
    BACKUP_MADE = "backup_made"
    DATA_GIVEN = "data_given"
    DATA_ERASED = "data_erased"


# How the page gathers kinds, in the order of its list.
GROUPS: Mapping[str, tuple[Act, ...]] = {
    "entering": (
        Act.LOG_IN,
        Act.TWO_STEP,
        Act.RECOVERY_USED,
        Act.LOG_OUT,
        Act.SET_UP,
        Act.JOIN,
        Act.ROOM_ENTERED,
        Act.SESSION_ENDED,
        Act.ACCESS,
    ),
    "accounts": (
        Act.ACCOUNT_CREATED,
        Act.ACCOUNT_DISABLED,
        Act.ACCOUNT_ENABLED,
        Act.PASSWORD_CHANGED,
        Act.PASSWORD_RESET,
        Act.TWO_STEP_ON,
        Act.TWO_STEP_OFF,
        Act.TWO_STEP_RESET,
        Act.RECOVERY_RENEWED,
    ),
    "cards": (
        Act.ENTRY_ISSUED,
        Act.ENTRY_REVOKED,
        Act.CARDS_PRINTED,
        Act.CARD_REVOKED,
        Act.REPRESENTATIVES_ADDED,
        Act.REPRESENTATIVE_LEFT,
    ),
    "settings": (Act.POLICY_CHANGED, Act.AREA_CHANGED, Act.COUNCIL_CHANGED),
    "data": (Act.DATA_GIVEN, Act.DATA_ERASED, Act.BACKUP_MADE),
}


def note(unit: Unit, now: int, who: str, act: Act, about: str = "", result: Result = "done") -> None:
    """Write one row; ``who`` and ``about`` are keys (``account:…``), never a name, a text or a secret.

    Cost: one insert by Core, as a hall that comes in together writes one for each phone.
    """
    unit.session.connection().execute(
        _NOTED,
        {"at": now, "who": who, "act": act.value, "result": result, "about": about},
    )


def prune(unit: Unit, now: int) -> int:
    """Forget what is older than 184 days and return how many rows went."""
    gone = unit.session.connection().execute(
        delete(plain(AuditRow)).where(plain(AuditRow).c.at < now - KEPT_DAYS * DAY_MS)
    )
    return gone.rowcount
