"""A phone's first view goes over the wire compressed; pages with typed words do not."""

import gzip

from flask import Flask

from tests.pages.cast import Cast

ACCEPT = {"Accept-Encoding": "gzip, br"}


def test_a_file_is_compressed_for_those_who_accept_it(house: Flask) -> None:
    client = house.test_client()
    plain = client.get("/static/css/ground.css")
    small = client.get("/static/css/ground.css", headers=ACCEPT)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert gzip.decompress(small.data) == plain.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2


def test_an_unchanged_file_is_not_sent_again(house: Flask) -> None:
    client = house.test_client()
    first = client.get("/static/live/kernel/room.js", headers=ACCEPT)
    again = client.get(
        "/static/live/kernel/room.js", headers={**ACCEPT, "If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""


def test_fonts_and_pictures_stay_as_they_are(house: Flask) -> None:
    answer = house.test_client().get("/static/fonts/NotoSansSC-Regular.ttf", headers=ACCEPT)
    assert "Content-Encoding" not in answer.headers


def test_a_page_that_repeats_typed_words_beside_a_secret_is_left_alone(house: Flask, cast: Cast) -> None:
    del cast
    for path in ("/join", "/"):
        answer = house.test_client().get(path, headers=ACCEPT)
        assert answer.status_code in (200, 303)
        assert "Content-Encoding" not in answer.headers
