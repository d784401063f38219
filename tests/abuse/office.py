"""Somebody at the office pages of a running server: logs in, sends forms, reads the token from each page."""

import re
from urllib.parse import quote

from tests.contract.client import Answer, House


class OfficeDesk:
    """One browser with an account's session."""

    def __init__(self, house: House, name: str, password: str) -> None:
        self.house = house
        self.cookies: dict[str, str] = {}
        answer = self.post("/office/login", {"name": name, "password": password}, page="/office/login")
        assert answer.status == 303, answer.text

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._kept(self.house.ask("GET", path, cookies=self.cookies))

    def post(self, path: str, fields: dict[str, str], page: str = "/office/password") -> Answer:
        """Send a form with the token of a page that has one."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert found is not None, page
        return self._kept(self.house.post_form(path, {"csrf": found[1], **fields}, self.cookies))

    def open_account(self, name: str, role: str) -> "OfficeDesk":
        """Make an account and log in with it."""
        form = {"name": name, "display_name": name, "role": role, "area": ""}
        page = self.post("/office/accounts", form).text
        password = re.search(r"密码</dt><dd[^>]*>([^<]+)<", page)
        assert password is not None, page
        return OfficeDesk(self.house, name, password[1])

    def account(self, name: str) -> str:
        """Return an account's id from the list of accounts."""
        page = self.get("/office/accounts").text
        row = re.search(rf"<td[^>]*>{re.escape(name)}<.*?/office/accounts/([^/]+)/", page, re.DOTALL)
        assert row is not None, quote(name)
        return row[1]

    def _kept(self, answer: Answer) -> Answer:
        self.cookies.update({name: value for name, value in answer.cookies.items() if value})
        return answer
