"""Behind HTTPS: the cookie nobody else can set, and a browser that does not come back without it (S75, S77, S78)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.documents.pool import DocumentPool
from server.settings import Choices, read_settings
from tests.pages.cast import PASSWORD, anonymous, gather
from tests.pages.house import Clock

ADDRESS = "https://yishi.example.cn"


@pytest.fixture
def behind_https(tmp_path: Path, documents: DocumentPool, clock: Clock) -> Iterator[Flask]:
    """The application as a proxy with a certificate serves it."""
    settings = read_settings({}, Choices(data=tmp_path, public_url=ADDRESS))
    application = create_app(settings, clock, documents=documents)
    gather(application.flask, application.services)
    yield application.flask
    application.services.writer.close()
    application.database.close()


@pytest.mark.rule("S78")
def test_the_cookie_is_secure_and_bound_to_the_host(behind_https: Flask) -> None:
    client = behind_https.test_client()
    page = client.get("/office/login", base_url=ADDRESS).get_data(as_text=True)
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    form = {"csrf": token[1], "name": "周敏", "password": PASSWORD}
    answer = client.post("/office/login", data=form, base_url=ADDRESS)
    assert answer.status_code == 303
    (cookie,) = [said for said in answer.headers.getlist("Set-Cookie") if said.startswith("__Host-sid=")]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not any(part.startswith("Domain") for part in parts)
    assert len(cookie.split(";")[0].split("=", 1)[1]) >= 22  # 128 bits
    assert all("Secure" in said for said in answer.headers.getlist("Set-Cookie"))


@pytest.mark.rule("S75", "S77")
def test_a_plain_cookie_is_not_taken_there_and_browsers_are_told_to_stay(behind_https: Flask) -> None:
    person = anonymous(behind_https)
    person.client.set_cookie("sid", "anything")
    answer = person.get("/office/account")
    assert answer.status_code == 303
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
