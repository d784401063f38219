"""Files under Chinese names: a header holds ASCII alone, so the name travels encoded (RFC 6266)."""

from urllib.parse import quote

from flask import Response, make_response


def send_pdf(pdf: bytes, name: str, *, as_file: bool = True) -> Response:
    """Answer with a PDF under a Chinese name, to be saved or to be shown in the browser."""
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = disposition(name, as_file=as_file)
    response.headers["Cache-Control"] = "no-store"
    return response


def disposition(name: str, *, as_file: bool) -> str:
    """Return the header that names a file; old browsers see ``document`` with the name's ending."""
    ending = name.rpartition(".")[2]
    kind = "attachment" if as_file else "inline"
    return f"{kind}; filename=document.{ending}; filename*=UTF-8''{quote(name, safe='')}"
