"""The server's key: made once, its owner's alone, rotated without breaking what a former one signed."""

import stat
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.documents.pool import DocumentPool
from server.settings import Choices, read_settings
from server.store.server_keys import read_server_keys, rotate_server_key
from tests.pages.cast import anonymous


@pytest.mark.rule("S83")
def test_a_key_is_random_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    (key,) = read_server_keys(tmp_path / "secret")
    assert len(key) == 32
    assert read_server_keys(tmp_path / "secret") == [key]
    assert read_server_keys(tmp_path / "another")[0] != key
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_two_former_keys_are_kept(tmp_path: Path) -> None:
    path, made = tmp_path / "secret", list[bytes]()
    for _ in range(4):
        made.insert(0, read_server_keys(path)[0])
        rotate_server_key(path)
    assert read_server_keys(path)[1:] == made[:2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.rule("S83")
def test_a_form_shown_before_a_rotation_may_be_sent_after_it(tmp_path: Path) -> None:
    settings = read_settings({}, Choices(data=tmp_path))

    class NoPress(DocumentPool):
        def __init__(self) -> None:
            """No workers: nothing is printed here."""

        def close(self) -> None:
            """Nothing to end."""

    def open_house() -> tuple[Flask, object]:
        application = create_app(settings, lambda: 1_775_610_000_000, documents=NoPress())
        return application.flask, application

    flask, first = open_house()
    person = anonymous(flask)
    cookie = person.client.get_cookie("form")
    first.close()  # type: ignore[attr-defined]
    rotate_server_key(settings.secret_file)
    flask, second = open_house()
    client = flask.test_client()
    client.set_cookie("form", cookie.value if cookie else "")
    sent = {"csrf": person.csrf, "name": "x", "password": "wrong horse"}
    assert client.post("/office/login", data=sent).status_code == 422  # a wrong password, not a stale form
    second.close()  # type: ignore[attr-defined]
