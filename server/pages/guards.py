"""Who may see an office page: people with an account, in the roles the page names."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response

from server.domain.actor import Actor, Role
from server.domain.refusal import RefusalCode
from server.pages.context import reading, signed_in
from server.pages.noting import note_refusal
from server.service.access.audit import Act
from server.service.access.sessions import SignedIn
from server.service.community.reach import may_reach
from server.service.refused import refused

P = ParamSpec("P")
R = TypeVar("R")

OFFICE = (Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY)


def office_only(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only office accounts pass, in one of the roles (by default those who work in the office).

    Nobody signed in: 303 to the log-in page, which leads back. Another role, or a ticket: 403.
    """
    allowed = roles or OFFICE

    def guard(page: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(page)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            person = signed_in()
            if person is None:
                return redirect(login_url(), 303)
            if person.account is None or person.role not in allowed:
                note_refusal(Act.ACCESS)
                raise refused(RefusalCode.NOT_ALLOWED)
            return page(*args, **kwargs)

        return guarded

    return guard


def whole_house_only() -> None:
    """Refuse an administrator of one area: what concerns the whole installation is not theirs to see (S80)."""
    if office_person().area is not None:
        raise refused(RefusalCode.NOT_ALLOWED)


def login_url() -> str:
    """Return the log-in page that leads back to this request's page."""
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return "/office/login" + (f"?{urlencode({'next': back})}" if back else "")


def office_person() -> SignedIn:
    """Return the account behind a guarded page."""
    person = signed_in()
    if person is None or person.account is None:
        raise refused(RefusalCode.NOT_SIGNED_IN)
    return person


def office_actor() -> Actor:
    """Return the person behind a guarded page as the rules know them."""
    person = office_person()
    return Actor(person.key, frozenset({person.role}))


def reach(council_id: str) -> None:
    """Refuse a council outside the person's area; NOT_FOUND when there is no such council (S80)."""
    if "reached" not in g:
        g.reached = set()
    if council_id in g.reached:
        return
    with reading() as session:
        if not may_reach(session, office_person().area, council_id):
            raise refused(RefusalCode.NOT_ALLOWED)
    g.reached.add(council_id)
