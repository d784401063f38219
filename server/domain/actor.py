"""Who acts: the roles a session holds towards one meeting or one council."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles in the room and in the office (GLOSSARY)."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    REPRESENTATIVE = "representative"
    OBSERVER = "observer"
    SUPERVISOR = "supervisor"
    ORGANISER = "organiser"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person towards one meeting.

    ``key`` names the person in the log and in idempotency keys, for instance ``seat:12``, ``chair:ticket-id`` or
    ``account:id``; it never holds a name. ``seat`` is the number of the seat a representative sits in.
    """

    key: str
    roles: frozenset[Role]
    seat: int | None = None

    def is_one_of(self, *roles: Role) -> bool:
        """Tell whether the person holds one of the roles."""
        return not self.roles.isdisjoint(roles)


def may_work_in_office(actor: Actor) -> bool:
    """Tell whether the person may screen topics, plan meetings and keep rosters."""
    return actor.is_one_of(Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY)


def may_administer(actor: Actor) -> bool:
    """Tell whether the person may keep areas, councils and accounts."""
    return actor.is_one_of(Role.ADMINISTRATOR)
