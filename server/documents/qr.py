"""QR codes as inline SVG."""

import segno
from markupsafe import Markup, escape
from segno import helpers

from server.documents.failed import DocumentFailed

MAX_BYTES = 1_000  # level M still fits, and a phone still reads it from paper
QUIET_MODULES = 4


def qr_svg(text: str, label: str = "二维码") -> Markup:
    """Draws `text` as a QR of error level M with its quiet zone: inline SVG of class `qr`, without a size.

    label: what it leads to, for screen readers. Level M survives a fold better than L (S46).
    Raises DocumentFailed QR_TOO_LONG above 1,000 bytes.
    """
    if len(text.encode()) > MAX_BYTES:
        raise DocumentFailed("QR_TOO_LONG", "链接太长，放不进二维码。请检查访问地址的设置。")
    code = segno.make(text, error="m", micro=False, boost_error=False)
    size = code.symbol_size(border=QUIET_MODULES)[0]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" role="img" '
        'aria-label="{label}"><path fill="#FFFFFF" d="M0 0h{size}v{size}H0z"/><path fill="#000000" d="{path}"/></svg>'
    ).format(size=size, label=escape(label), path=_path(tuple(bytes(row) for row in code.matrix)))


def wifi_text(name: str, password: str) -> str:
    """Return what a phone's camera takes for an invitation into a Wi-Fi; an open one without a password."""
    return helpers.make_wifi_data(name, password or None, "WPA" if password else None)


def _path(rows: tuple[bytes, ...]) -> str:
    """One rectangle per run of dark modules, moved by the quiet zone."""
    parts: list[str] = []
    for y, row in enumerate(rows, QUIET_MODULES):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x] & 1 == row[start] & 1:
                x += 1
            if row[start] & 1:
                parts.append(f"M{start + QUIET_MODULES} {y}h{x - start}v1h-{x - start}z")
    return "".join(parts)
