"""A page asked for under a stranger's name, reports of a broken policy, cookies of those who may do most."""

import logging

import pytest
from flask import Flask

from server.pages.hosts import is_ours
from tests.pages.cast import PASSWORD, Cast, anonymous, words_of

OURS = frozenset({"hall.test", "localhost"})


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("hall.test", True), ("HALL.test:8000", True), ("hall.test.", True), ("localhost:8000", True),
        ("192.168.1.5:8000", True), ("[::1]:8000", True), ("127.0.0.1", True),
        ("evil.test", False), ("hall.test.evil.test", False), ("", False), ("hall.test@evil.test", False),
        ("127.0.0.1.evil.test", False), ("hall.test:99999999", False), ("a b", False),
    ],
)  # fmt: skip
def test_addresses_and_our_names_are_ours(host: str, ours: bool) -> None:
    assert is_ours(host, OURS) is ours


@pytest.mark.rule("S79")
def test_a_page_is_not_given_under_a_strangers_name(house: Flask, cast: Cast) -> None:
    client = house.test_client()
    for path in ("/", "/office/login", "/join"):
        answer = client.get(path, headers={"Host": "evil.test"})
        assert answer.status_code == 400
        assert "HOST_UNKNOWN" in words_of(answer)
        assert "evil.test" not in answer.get_data(as_text=True)
    assert client.post("/join", data={"ticket": "x"}, headers={"Host": "evil.test"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "evil.test"}).status_code == 200
    assert client.get("/join", headers={"Host": "hall.test"}).status_code == 200


@pytest.mark.rule("S78")
@pytest.mark.parametrize(
    ("name", "site"),
    [("管理员", "Strict"), ("林主持", "Strict"), ("周敏", "Lax"), ("周记录", "Lax"), ("监督", "Lax")],
)
def test_who_may_do_most_is_not_carried_along_by_a_foreign_link(
    house: Flask, cast: Cast, name: str, site: str
) -> None:
    cookies = (
        anonymous(house)
        .post("/office/login", {"name": name, "password": PASSWORD})
        .headers.getlist("Set-Cookie")
    )
    kept = [cookie for cookie in cookies if cookie.startswith(("sid=", "csrf="))]
    assert len(kept) == 2
    assert all(f"SameSite={site}" in cookie for cookie in kept)


@pytest.mark.rule("S74")
def test_a_report_is_noted_by_its_directive_alone(house: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client = house.test_client()
    report = {
        "effective-directive": "script-src-elem",
        "document-uri": "http://hall.test/receipt?code=SECRET",
    }
    with caplog.at_level(logging.WARNING):
        assert client.post("/csp", json={"csp-report": report}).status_code == 204
        for odd in (
            b"",
            b"null",
            b"[[[[",
            b'{"csp-report": 7}',
            b'{"csp-report": {"violated-directive": [1]}}',
        ):
            assert client.post("/csp", data=odd).status_code == 204
        for _ in range(20):
            client.post("/csp", json={"csp-report": report})
    said = [record.getMessage() for record in caplog.records if "content policy" in record.getMessage()]
    assert len(said) == 10
    assert set(said) == {"a page broke its content policy: script-src-elem"}


@pytest.mark.rule("S76")
def test_logging_out_clears_what_the_browser_kept(cast: Cast) -> None:
    answer = cast.organiser.post("/office/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.rule("S76")
def test_pages_differ_by_cookie(cast: Cast) -> None:
    for path in ("/office/", "/", "/join"):
        assert "Cookie" in cast.organiser.get(path).headers["Vary"]
    assert cast.organiser.get("/office/").headers["Cache-Control"] == "no-store"
