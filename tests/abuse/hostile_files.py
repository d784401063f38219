"""Sixty files somebody could send as a photo: bombs, broken ones, other things under a photo's name."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"
Maker = Callable[[], bytes]


def chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
    """Return a PNG chunk, with a wrong checksum on request."""
    checksum = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def head(width: int, height: int, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    """Return a PNG's first chunk."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def zeros(megabytes: int) -> bytes:
    """Return a deflate stream that becomes so many megabytes of nothing."""
    packer = zlib.compressobj(9)
    out = [packer.compress(bytes(2**20)) for _ in range(megabytes)]
    return b"".join(out) + packer.flush()


def picture(kind: str, size: tuple[int, int] = (64, 48), **how: object) -> bytes:
    """Return an honest picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#A33").save(out, kind, **how)
    return out.getvalue()


def png(*chunks: bytes, size: tuple[int, int] = (8, 8), depth: int = 8, colour: int = 2) -> bytes:
    """Return a PNG with odd chunks before its data."""
    rows = zlib.compress(bytes((1 + size[0] * 3) * size[1]))
    return PNG + head(*size, depth, colour) + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated(frames: int) -> bytes:
    """Return a PNG that says it has so many frames, and has them."""
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    rows = zlib.compress(bytes((1 + 8 * 3) * 8))
    body = [chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)), chunk(b"IDAT", rows)]
    number = 1
    for _ in range(frames - 1):
        body.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 8, 8, 0, 0, 1, 10, 0, 0)))
        body.append(chunk(b"fdAT", struct.pack(">I", number + 1) + rows))
        number += 2
    return PNG + head(8, 8) + control + b"".join(body) + chunk(b"IEND", b"")


def archive(entries: Mapping[str, bytes]) -> bytes:
    """Return a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in entries.items():
            packed.writestr(name, body)
    return out.getvalue()


def pdf(*objects: bytes) -> bytes:
    """Return something a PDF reader would open."""
    body = b"".join(b"%d 0 obj %s endobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


def exif_bomb() -> bytes:
    """Return a JPEG whose EXIF block points at itself and beyond its end."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 40) + entry * 40 + struct.pack("<I", 8)
    return picture("JPEG", exif=block)


def spliced(data: bytes, at: int, instead: bytes) -> bytes:
    """Return data with bytes replaced."""
    return data[:at] + instead + data[at + len(instead) :]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
ENTITIES = (
    b'<!DOCTYPE s [<!ENTITY a "' + b"x" * 1000 + b'">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, (b"&b%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9))
    + b']><svg xmlns="http://www.w3.org/2000/svg">&b8;</svg>'
)  # fmt: skip
HTML = b"<!doctype html><script>fetch('/office/accounts')</script>"

END = chunk(b"IEND", b"")

# What must be refused, by name: nothing of it is a complete PNG or JPEG of sensible size.
REFUSED: Mapping[str, Maker] = {
    "png 30,000 square": lambda: PNG + head(30_000, 30_000) + chunk(b"IDAT", zeros(4)) + chunk(b"IEND", b""),
    "png 65,535 square, one bit": lambda: PNG + head(65_535, 65_535, 1, 0) + chunk(b"IDAT", zeros(8)),
    "png 2**31 wide": lambda: PNG + head(2**31 - 1, 1) + chunk(b"IDAT", zeros(1)),
    "png 2**31 high": lambda: PNG + head(1, 2**31 - 1) + chunk(b"IDAT", zeros(1)),
    "png of no size": lambda: PNG + head(0, 0) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""),
    "png of 9 million pixels": lambda: picture("PNG", (3001, 3001)),
    "jpeg of 9 million pixels": lambda: picture("JPEG", (3001, 3001)),
    "jpeg that says 65,500 square": lambda: _resized(picture("JPEG"), 65_500),
    "png zTXt bomb": lambda: png(chunk(b"zTXt", b"k\0\0" + zeros(100))),
    "png iTXt bomb": lambda: png(chunk(b"iTXt", b"k\0\1\0\0\0" + zeros(100))),
    "png 200 zTXt": lambda: png(*[chunk(b"zTXt", b"k\0\0" + zeros(2))] * 200),
    "png iCCP bomb": lambda: png(chunk(b"iCCP", b"icc\0\0" + zeros(100))),
    "png wrong checksum": lambda: PNG + head(8, 8) + chunk(b"IDAT", b"x", crc=1) + chunk(b"IEND", b""),
    "png wrong head checksum": lambda: PNG + chunk(b"IHDR", b"\0\0\0\x08\0\0\0\x08\x08\2\0\0\0", crc=7),
    "png head alone": lambda: PNG,
    "png without data": lambda: PNG + head(8, 8) + chunk(b"IEND", b""),
    "png chunk longer than the file": lambda: PNG + head(8, 8) + struct.pack(">I", 2**31 - 1) + b"IDAT" + b"x",
    "png of a broken stream": lambda: PNG + head(800, 800) + chunk(b"IDAT", b"\x78\x9c" + b"\xff" * 99) + END,
    "png half": lambda: picture("PNG", (900, 900), compress_level=0)[:400_000],
    "png of unknown colour": lambda: PNG + head(8, 8, 7, 5) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "jpeg half": lambda: picture("JPEG", (900, 900), quality=100)[:5_000],
    "jpeg head alone": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "jpeg of markers": lambda: b"\xff\xd8" + b"\xff\xe1\xff\xff" * 20_000,
    "jpeg of fill bytes": lambda: b"\xff\xd8" + b"\xff" * 500_000,
    "jpeg without tables": lambda: bytes.fromhex("ffd8ffc00011080008000803012200021101031101ffd9"),
    "gif": lambda: picture("GIF"),
    "bmp": lambda: picture("BMP"),
    "tiff": lambda: picture("TIFF"),
    "webp": lambda: picture("WEBP"),
    "ico": lambda: picture("ICO"),
    "ppm": lambda: picture("PPM"),
    "pcx": lambda: picture("PCX"),
    "tga": lambda: picture("TGA"),
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
    "svg": lambda: SVG,
    "svg of entities": lambda: ENTITIES,
    "svg with an outside picture": lambda: SVG.replace(b"<script>", b'<image href="http://169.254.169.254/"/><script>'),
    "html": lambda: HTML,
    "html after a jpeg's first bytes": lambda: b"\xff\xd8\xff" + HTML,
    "html after a png's first bytes": lambda: PNG + HTML,
    "zip of four gigabytes": lambda: archive({"a": b""})[:20] + zeros(40),
    "zip in zip": lambda: archive({"in.zip": archive({"in.zip": archive({"a": bytes(10**6)})})}),
    "zip with ../": lambda: archive({"../../etc/cron.d/x": b"* * * * * root id", "/abs": b"x", "C:\\x": b"x"}),
    "zip of many": lambda: archive({f"{n}": b"" for n in range(20_000)}),
    "office document": lambda: archive({"word/document.xml": ENTITIES, "[Content_Types].xml": b"<Types/>"}),
    "pdf with a script": lambda: pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
    "pdf that starts a program": lambda: pdf(b"<< /OpenAction << /S /Launch /F (cmd.exe) >> >>"),
    "pdf that begins with itself": lambda: pdf(b"<< /Pages 1 0 R /Parent 1 0 R >>"),
    "nothing": lambda: b"",
    "one byte": lambda: b"\xff",
    "zeros": lambda: bytes(100_000),
    "text": lambda: "这是一张照片".encode(),
    "elf": lambda: b"\x7fELF" + bytes(200),
    "python pickle": lambda: b"\x80\x04cos\nsystem\n(S'id'\ntR.",
    "heic": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500),
    "jpeg 2000": lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(300),
    "mpo of nothing": lambda: b"\xff\xd8\xff\xe2\x00\x58MPF\0" + bytes(80),
}  # fmt: skip

# What is a photo after all: it is taken in, and nothing but the picture of it is kept.
HARMLESS: Mapping[str, Maker] = {
    "png of 10,000 frames": lambda: animated(10_000),
    "jpeg whose exif bites its tail": exif_bomb,
    "jpeg that is a zip as well": lambda: picture("JPEG") + archive({"evil.js": b"alert(1)"}),
    "jpeg that is a page as well": lambda: picture("JPEG", comment=b"<script>alert(1)</script>") + HTML,
    "png that is a page as well": lambda: png(chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")) + HTML,
    "jpeg with a position": lambda: picture("JPEG", exif=_position()),
    "png with a php comment": lambda: png(chunk(b"tEXt", b"k\0<?php system($_GET['c']); ?>")),
    "png of palette without palette": lambda: (
        PNG + head(8, 8, 8, 3) + chunk(b"IDAT", zlib.compress(bytes(72))) + chunk(b"IEND", b"")
    ),
    "jpeg of one pixel": lambda: picture("JPEG", (1, 1)),
    "png 8,000 by one": lambda: picture("PNG", (8_000, 1)),
}


def _resized(jpeg: bytes, side: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return spliced(jpeg, at, struct.pack(">HH", side, side))


def _position() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "29.3 N 113.1 E, 王小明家"
    exif.get_ifd(0x8825)[2] = (29.0, 18.0, 30.0)
    return exif.tobytes()


LABELS = (
    "photo.jpg", "照片\u202egpj.exe", "x" * 300 + ".jpg", "a\r\nSet-Cookie: sid=x.jpg", "../../etc/passwd", "C:\\x.jpg",
    "%00.jpg", "<script>alert(1)</script>.jpg", '"; filename="x.html', "\u200b.jpg", "con.jpg", ".htaccess", "💧.jpg",
)  # fmt: skip
