"""What stands around every public page of a council: its names, its sections, its telephone."""

from typing import Any

from flask import Response, make_response, render_template

from server.domain.refusal import RefusalCode
from server.pages.context import reading
from server.pages.headers import keep_briefly
from server.service.publishing import PublicCouncil, read_council
from server.service.refused import refused

_SECTIONS = (
    ("home", "首页", ""),
    ("topics", "议题", "topics"),
    ("meetings", "会议", "meetings"),
    ("tasks", "办理", "tasks"),
)


def find_council(council_id: str) -> PublicCouncil:
    """Return a council or refuse with NOT_FOUND."""
    with reading() as session:
        council = read_council(session, council_id)
    if council is None:
        raise refused(RefusalCode.NOT_FOUND, what="council")
    return council


def masthead(council: PublicCouncil, current: str = "") -> dict[str, Any]:
    """Return the variables ``_layout_public.html`` needs for a page of this council."""
    home = f"/c/{council.id}/"
    return {
        "council": council,
        "place": council.place,
        "under": " · ".join(council.under),
        "home_url": home,
        "sections": [
            {"name": name, "url": home + path, "current": key == current} for key, name, path in _SECTIONS
        ],
        "footer_links": [
            {"name": "我要提议题", "url": f"{home}topics/new"},
            {"name": "全部社区", "url": "/?all=1"},
        ],
        "contact": " ".join(part for part in (council.organisation, council.telephone) if part),
    }


def public_page(template: str, council: PublicCouncil, current: str = "", **values: Any) -> Response:
    """Return a page of a council that browsers may keep briefly."""
    return keep_briefly(make_response(render_template(template, **masthead(council, current), **values)))
