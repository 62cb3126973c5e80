"""Flickr's methods, from `_generated/reflection.json`, which the compiler writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, with its description."""

    name: str
    optional: bool
    text: str


@dataclass(frozen=True, slots=True)
class Error:
    """An error that a method declares."""

    code: int
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method; `perms` is 0 none, 1 read, 2 write, 3 delete.

    `not_required` are arguments that Flickr flags as required and does not need.
    """

    name: str
    needslogin: bool
    needssigning: bool
    perms: int
    text: str
    arguments: tuple[Argument, ...]
    not_required: frozenset[str]
    errors: tuple[Error, ...]

    def message(self, code: int) -> str:
        """Return the message of an error that the method declares or shares, as failures spell it."""
        messages = {error.code: error.message for error in (*shared_errors(), *self.errors)}
        return messages[code].rstrip(".")


UNDOCUMENTED = {
    "flickr.video.getStreamInfo": Method(
        name="flickr.video.getStreamInfo",
        needslogin=False,
        needssigning=False,
        perms=0,
        text="",
        arguments=(Argument("photo_id", False, ""), Argument("secret", False, "")),
        not_required=frozenset(),
        errors=(Error(1, "Photo not found", ""),),
    )
}
"""Methods that Flickr answers without documenting them."""


@cache
def methods() -> dict[str, Method]:
    """Return all methods, by name."""
    return {row["name"]: _method(row) for row in _content()["methods"]}


@cache
def find_method(name: str) -> Method | None:
    """Return a method, even if Flickr answers it without documenting it; None for an unknown name."""
    return methods().get(name) or UNDOCUMENTED.get(name)


@cache
def shared_errors() -> tuple[Error, ...]:
    """Return the errors that all methods share."""
    return _errors(_content()["errors"])


@cache
def samples() -> dict[str, str]:
    """Return a sample answer, in XML, of each method whose answers have content."""
    found: dict[str, str] = json.loads(
        files("flickr_sandbox").joinpath("samples.json").read_text("utf-8")
    )
    return found


@cache
def _content() -> Any:
    return json.loads(
        files("flickr_sandbox").joinpath("_generated", "reflection.json").read_text("utf-8")
    )


def _method(row: dict[str, Any]) -> Method:
    return Method(
        name=row["name"],
        needslogin=row["needslogin"],
        needssigning=row["needssigning"],
        perms=row["requiredperms"],
        text=row["description"],
        arguments=tuple(Argument(*argument) for argument in row["arguments"]),
        not_required=frozenset(row.get("not_required", ())),
        errors=_errors(row["errors"]),
    )


def _errors(rows: list[list[Any]]) -> tuple[Error, ...]:
    return tuple(Error(*row) for row in rows)
