"""Papers as JSON and back, for the pipe to the worker."""

from dataclasses import asdict, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from server.documents.papers import CardsPaper, MinutesPaper, NoticePaper, Paper, SignInPaper

KINDS: dict[str, type[Paper]] = {
    kind.__name__: kind for kind in (MinutesPaper, NoticePaper, CardsPaper, SignInPaper)
}


def encode_paper(paper: Paper) -> dict[str, object]:
    """Gives `{"kind": class name, "fields": …}`, ready for json.dumps."""
    return {"kind": type(paper).__name__, "fields": asdict(paper)}


def decode_paper(data: dict[str, Any]) -> Paper:
    """Rebuilds the paper that `encode_paper` took apart; KeyError or TypeError when the two sides differ."""
    paper: Paper = _build(KINDS[data["kind"]], data["fields"])
    return paper


def _build(kind: Any, fields: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in fields.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        return _build(kind, value)
    if get_origin(kind) in (Union, UnionType):  # only `X | None` occurs
        return None if value is None else _value(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if kinds[-1] is Ellipsis:
            return tuple(_value(kinds[0], entry) for entry in value)
        return tuple(_value(one, entry) for one, entry in zip(kinds, value, strict=True))
    return value
