"""The installation's condition as pages show it, and uploads refused where the disk is full."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask, Response, request

from server.pages.context import services
from server.pages.failures import Words, show_failure
from server.service.upkeep.condition import Concern
from server.service.upkeep.space import LEAST_FREE, free_bytes


def install_condition(app: Flask) -> None:
    """Ask for room before a file is taken in."""
    app.before_request(refuse_upload_without_room)


def refuse_upload_without_room() -> Response | None:
    """Answer 507 to a form with files when what is left on the disk is needed for the record."""
    if request.method != "POST" or request.mimetype != "multipart/form-data":
        return None
    if free_bytes(services().upkeep.place.data) >= LEAST_FREE:
        return None
    advice = "请告诉管理员腾出空间，过后再传；只填文字、不选照片，现在就能保存。"
    return show_failure(507, Words("服务器的磁盘快满了，照片没有收下", advice, Concern.DISK_FULL.value))


class ConcernWords(NamedTuple):
    """What a banner says."""

    sentence: str
    advice: str
    code: str


def concern_words(concern: Concern, facts: Mapping[str, str]) -> ConcernWords:
    """Return the words of a concern, filled with its facts."""
    entry = services().words["concerns"][concern.value]
    sentence: str = entry["sentence"]
    for name, value in facts.items():
        sentence = sentence.replace("{" + name + "}", value)
    return ConcernWords(sentence, entry["advice"], concern.value)
