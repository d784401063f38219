import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from server.documents.failed import DocumentFailed
from server.documents.pool import DocumentPool

GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head announces more than its body holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.rule("S63", "S88")
def test_a_photo_is_turned_upright_shrunk_and_stripped(pool: DocumentPool) -> None:
    picture = Image.new("RGB", (2400, 1200), "#336699")
    picture.paste("#FFFFFF", (0, 0, 200, 200))  # upper left as stored
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6  # to be turned clockwise
    exif.get_ifd(GPS_TAG)[1] = "N"
    photo = pool.reencode_photo(encoded(picture, exif=exif.tobytes(), comment=b"0731-55550100"))
    result, small = opened(photo.jpeg), opened(photo.thumbnail)
    assert (photo.width, photo.height) == result.size == (800, 1600)
    assert (photo.thumbnail_width, photo.thumbnail_height) == small.size == (160, 320)
    assert result.format == small.format == "JPEG"
    assert not result.getexif()
    assert b"0731" not in photo.jpeg
    corner = result.getpixel((790, 10))
    assert isinstance(corner, tuple)
    assert min(corner) > 240  # the white corner is now at the upper right


def test_what_was_transparent_becomes_white(pool: DocumentPool) -> None:
    photo = pool.reencode_photo(encoded(Image.new("RGBA", (40, 20), (0, 0, 0, 0)), "PNG"))
    assert opened(photo.jpeg).getpixel((20, 10)) == (255, 255, 255)
    assert (photo.width, photo.height) == (40, 20)


@pytest.mark.parametrize("mode", ["L", "1", "P", "I;16", "LA"])
def test_every_kind_of_png_is_taken(pool: DocumentPool, mode: str) -> None:
    photo = pool.reencode_photo(encoded(Image.new(mode, (30, 30)), "PNG"))
    assert opened(photo.jpeg).mode == "RGB"


def test_a_print_shops_jpeg_is_taken(pool: DocumentPool) -> None:
    assert opened(pool.reencode_photo(encoded(Image.new("CMYK", (30, 30)))).jpeg).mode == "RGB"


@pytest.mark.rule("S62")
def test_eight_million_pixels_are_the_limit(pool: DocumentPool) -> None:
    assert pool.reencode_photo(encoded(Image.new("RGB", (4000, 2000)))).width == 1600
    with pytest.raises(DocumentFailed) as caught:
        pool.reencode_photo(encoded(Image.new("RGB", (4000, 2001))))
    assert caught.value.code == "PHOTO_TOO_LARGE"


@pytest.mark.rule("S62")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(30_000, 30_000), "PHOTO_TOO_LARGE"),
        (bomb(2_000, 2_000), "PHOTO_UNREADABLE"),
        (b"\0" * (10 * 1024 * 1024 + 1), "PHOTO_TOO_LARGE"),
        (b"", "PHOTO_UNREADABLE"),
        (b"\xff\xd8\xff\xe0", "PHOTO_UNREADABLE"),
        (encoded(Image.new("RGB", (300, 300), "#884422"), "JPEG")[:-200], "PHOTO_UNREADABLE"),
        (encoded(Image.new("RGB", (30, 30)), "GIF"), "PHOTO_UNREADABLE"),
        (encoded(Image.new("RGB", (30, 30)), "WEBP"), "PHOTO_UNREADABLE"),
        (encoded(Image.new("RGB", (30, 30)), "TIFF"), "PHOTO_UNREADABLE"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "PHOTO_UNREADABLE"),
        (b"%PDF-1.7\n", "PHOTO_UNREADABLE"),
        (b"PK\x03\x04" + bytes(40), "PHOTO_UNREADABLE"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_the_worker_lives_on(pool: DocumentPool, data: bytes, code: str) -> None:
    with pytest.raises(DocumentFailed) as caught:
        pool.reencode_photo(data)
    assert caught.value.code == code
    assert pool.reencode_photo(encoded(Image.new("RGB", (10, 10)))).width == 10


def test_script_hidden_behind_a_picture_does_not_survive(pool: DocumentPool) -> None:
    photo = pool.reencode_photo(encoded(Image.new("RGB", (50, 50))) + b"<script>alert(1)</script>")
    assert b"<script" not in photo.jpeg + photo.thumbnail
