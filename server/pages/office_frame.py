"""The frame of every office page: menu with counts, who is signed in, the day."""

from typing import Any

from flask import render_template

from server.domain.actor import Role
from server.pages.context import reading, services
from server.pages.guards import OFFICE, office_person
from server.service.access.sessions import SignedIn
from server.service.office import Counts, count_work
from server.service.spoken import spoken_short_date, spoken_weekday

Entry = dict[str, Any]


def render_office(template: str, current: str, **values: Any) -> str:
    """Return an office page; ``current`` is the menu entry it belongs to (home, topics, pool, meetings, minutes,
    tasks, roster, procedure, areas, accounts, audit, policy, privacy, account)."""
    person = office_person()
    now = services().clock()
    with reading() as session:
        counts = count_work(session, person.area, now)
    frame = {
        "office_name": "议事办公",
        "office_url": "/office/",
        "today": f"{spoken_short_date(now)} {spoken_weekday(now)}",
        "person": person.name,
        "logout_url": "/office/logout",
        "csrf": person.csrf,
        "menu": _menu(person, counts, current),
        "counts": counts,
        "now": now,
    }
    return render_template(template, **{**values, **frame})


def _menu(person: SignedIn, counts: Counts, current: str) -> list[Entry]:
    entries: list[Entry] = [{"name": "今天", "url": "/office/", "key": "home"}]
    if person.role in OFFICE:
        entries += [
            {"name": "议题收件", "url": "/office/topics", "key": "topics", "count": counts.unanswered},
            {"name": "议题库", "url": "/office/pool", "key": "pool", "count": counts.pool},
        ]
    entries.append({"name": "会议", "url": "/office/meetings", "key": "meetings"})
    if person.role in OFFICE:
        entries += [
            {"name": "纪要", "url": "/office/minutes", "key": "minutes", "count": counts.minutes},
            {"name": "办理事项", "url": "/office/tasks", "key": "tasks", "count": counts.tasks},
            {"group": "基础资料"},
            {"name": "代表名册", "url": "/office/roster", "key": "roster"},
            {"name": "议事规则", "url": "/office/procedure", "key": "procedure"},
        ]
    if person.role is Role.ADMINISTRATOR:
        entries += [
            {"name": "辖区和议事会", "url": "/office/areas", "key": "areas"},
            {"name": "账号", "url": "/office/accounts", "key": "accounts"},
            {"name": "个人信息", "url": "/office/privacy", "key": "privacy"},
        ]
    if person.role is Role.ADMINISTRATOR and person.area is None:
        entries += [
            {"name": "操作记录", "url": "/office/audit", "key": "audit"},
            {"name": "安全设置", "url": "/office/policy", "key": "policy"},
        ]
    entries += [{"group": "本人"}, {"name": "我的账号", "url": "/office/account", "key": "account"}]
    return [{**entry, "current": entry.get("key") == current} for entry in entries]
