"""Security headers on every kind of answer, caching, and the remembered 长辈版."""

import pytest
from flask import Flask

from server.pages.headers import content_policy

PATHS = (
    "/",
    "/join",
    "/healthz",
    "/receipt",
    "/office/login",
    "/no/such/page",
    "/static/fonts/VENDORED.json",
)


@pytest.mark.rule("S74", "S75")
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(house: Flask, path: str) -> None:
    headers = house.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Strict-Transport-Security" not in headers  # plain HTTP in a LAN


@pytest.mark.parametrize(
    "path", ["/static/css/tokens.css", "/static/live/phone/main.js", "/static/img/seal.svg"]
)
def test_a_part_of_a_page_says_little_and_may_do_nothing_by_itself(house: Flask, path: str) -> None:
    headers = house.test_client().get(path).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Permissions-Policy" not in headers
    assert "Last-Modified" not in headers


@pytest.mark.rule("S74")
def test_a_host_that_is_none_does_not_reach_the_policy() -> None:
    assert "ws://hall.example:8000" in content_policy("hall.example:8000")
    assert "ws://[::1]:8000" in content_policy("[::1]:8000")
    for host in ("a; script-src *", "a b", "", "x" * 300, "a\nb"):
        assert "connect-src 'self';" in content_policy(host)
        assert content_policy(host).count("script-src") == 1


@pytest.mark.rule("S76")
def test_pages_are_not_stored_but_hashed_files_are(house: Flask) -> None:
    client = house.test_client()
    assert client.get("/join").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    assert "immutable" in client.get("/static/css/tokens.css?v=1").headers["Cache-Control"]
    assert client.get("/static/css/tokens.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/none.css?v=1").headers["Cache-Control"] == "no-cache"


def test_the_elder_mode_is_remembered_until_taken_back(house: Flask) -> None:
    client = house.test_client()
    assert 'data-mode="elder"' not in client.get("/join").get_data(as_text=True)
    answer = client.get("/join?mode=elder")
    assert "mode=elder" in answer.headers["Set-Cookie"]
    assert 'data-mode="elder"' in answer.get_data(as_text=True)
    assert 'data-mode="elder"' in client.get("/join").get_data(as_text=True)
    client.get("/join?mode=ordinary")
    assert 'data-mode="elder"' not in client.get("/join").get_data(as_text=True)
    assert "Set-Cookie" not in client.get('/join?mode="><script>').headers
