"""An OpenAPI description of every route, made from the URL map and from the fields the pages' own source reads."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import ModuleType
from typing import Any

from flask import Flask

from server.domain.meeting.commands import ROOM_COMMANDS

# How a page asks for what was sent: the name of the call, and the place it stands in.
FORM_READERS = {"text", "choice", "number", "day", "flag"}
ANYTHING = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
LARGE_FORM = {"minLength": 0, "maxLength": 400, "type": "string"}


def describe(app: Flask, known: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the description; ``known`` gives real values for a path parameter, so that some requests arrive."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        module = inspect.getmodule(app.view_functions[rule.endpoint])
        read = fields_of(module) if module is not None and module.__name__.startswith("server.pages") else {}
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule.arguments, method, read, known, path)
    return {"openapi": "3.1.0", "info": {"title": "议事厅", "version": "1"}, "paths": paths}


def fields_of(module: ModuleType) -> dict[str, set[str]]:
    """Return the names a module of pages reads: from the address (``args``), from forms, and of files."""
    found: dict[str, set[str]] = {"args": set(), "form": set(), "files": set()}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, owner = node.func.attr, ast.unparse(node.func.value)
        if name in FORM_READERS and owner.endswith("entered"):
            found["form"] |= set(_words(node.args[0]))
        elif name == "moment":
            found["form"] |= {word for argument in node.args for word in _words(argument)}
        elif name in ("get", "getlist") and owner.startswith("request."):
            where = owner.removeprefix("request.")
            if where in found:
                found[where] |= set(_words(node.args[0]))
    return found


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):  # party1 … party7
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)


def _operation(
    arguments: set[str], method: str, read: Mapping[str, set[str]], known: Mapping[str, list[str]], path: str
) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _known(known, path, name)}
        for name in sorted(arguments)
    ]
    parameters += [
        {"name": name, "in": "query", "schema": ANYTHING}
        for name in sorted(read.get("args", ()))
        if method == "GET"
    ]
    answers = {"default": {"description": "a page, a paper, a redirect or a refusal with a sentence"}}
    operation: dict[str, Any] = {"parameters": parameters, "responses": answers}
    if method == "POST":
        operation["requestBody"] = {"content": _bodies(read, path)}
    return operation


def _known(known: Mapping[str, list[str]], path: str, name: str) -> dict[str, Any]:
    values = known.get(f"{path} {name}") or known.get(name)
    return (
        {"anyOf": [{"enum": values}, {**ANYTHING, "minLength": 1}]}
        if values
        else {**ANYTHING, "minLength": 1}
    )


def _bodies(read: Mapping[str, set[str]], path: str) -> dict[str, Any]:
    if path.endswith("/command"):
        return {"application/json": {"schema": _commands()}}
    properties: dict[str, Any] = dict.fromkeys(sorted(read.get("form", ())), LARGE_FORM)
    if read.get("files"):
        properties |= {name: {"type": "array", "items": FILE} for name in sorted(read["files"])}
        return {"multipart/form-data": {"schema": {"type": "object", "properties": properties}}}
    content = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": properties}}}
    if path == "/join":
        body = {"type": "object", "properties": {"ticket": {}}}
        return content | {"application/json": {"schema": body}}
    return content


def _commands() -> dict[str, Any]:
    """Return the envelope of every command, its fields of any type at all."""
    one_of = [
        {
            "type": "object",
            "required": ["id", "name", "data"],
            "properties": {
                "id": {"type": "string", "minLength": 1, "maxLength": 64},
                "name": {"const": name},
                "data": {
                    "type": "object",
                    "properties": {field.name: {} for field in fields(command)},
                },
            },
        }
        for name, command in ROOM_COMMANDS.items()
    ]
    return {"anyOf": [*one_of, {}]}
