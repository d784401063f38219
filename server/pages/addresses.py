"""Addresses nobody is given: those with control characters, which are no page and no key of any database (S84)."""

import re

from flask import Flask, request
from werkzeug.exceptions import NotFound

from server.domain.meeting.decide.text import is_storable
from server.pages.forms import showable

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def install_addresses(app: Flask) -> None:
    """Look at every address before any page does."""
    app.before_request(check_address)


def check_address() -> None:
    """Raise NotFound for a path with control characters, and for a query no page could show or look up."""
    if _CONTROL.search(request.path) or not all(map(_is_asked_soundly, request.args.values())):
        raise NotFound


def _is_asked_soundly(text: str) -> bool:
    return is_storable(text) and showable(text) == text
