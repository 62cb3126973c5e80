"""Read the entries of one method in a reflection, and note each unusable one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from compiler.reflect.model import ApiError, Argument, Method, Security
from compiler.reflect.problems import Problem
from compiler.reflect.supplement import load_supplement

FLAGS: dict[object, bool] = {0: False, 1: True, "0": False, "1": True}
LEVELS: dict[object, int] = {0: 0, 1: 1, 2: 2, 3: 3, "0": 0, "1": 1, "2": 2, "3": 3}
_HALF = re.compile("[\ud800-\udfff]")
_Read = TypeVar("_Read")


class Unusable(Exception):
    """A fault of one file or entry; becomes a `Problem`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a method in one: unusable entries are noted, and all the rest is read."""

    file: str
    problems: list[Problem]

    def of(self, name: str) -> Part:
        """Return the part of a file that is about one method."""
        return Part(f"{self.file}, {name}", self.problems)

    def note(self, what: str) -> None:
        self.problems.append(Problem(self.file, what))

    def read(self, how: Callable[..., _Read], *given: Any) -> _Read | None:
        """Return the result of `how`, or None, with a note, if it finds the input unusable."""
        try:
            return how(*given)
        except Unusable as unusable:
            self.note(str(unusable))
            return None

    def each(self, how: Callable[[Any], _Read | None], entries: Iterable[Any]) -> list[_Read]:
        """Return the results of `how` for each entry, without those that are None."""
        read = (self.read(how, entry) for entry in entries)
        return [value for value in read if value is not None]


def as_method(
    part: Part, name: str, facts: dict[str, Any], arguments: Iterable[Any], errors: Iterable[Any]
) -> Method:
    """Read a method from entries in the form of `getMethodInfo`'s, without the unusable ones."""
    security = Security(
        part.read(_flag, facts, "needslogin") or False,
        part.read(_flag, facts, "needssigning") or False,
        part.read(_level, facts) or 0,
    )
    used = _drop_known_doubles(name, part.each(partial(_argument, part), arguments))
    for argument, times in Counter(argument.name for argument in used).items():
        if times > 1:
            part.note(f"argument {argument!r} is there {times} times")
    texts = [
        part.read(as_text, facts.get(key), key) or ""
        for key in ("description", "explanation", "response")
    ]
    return Method(name, security, tuple(used), tuple(part.each(as_error, errors)), *texts)


def _argument(part: Part, entry: Any) -> Argument | None:
    """Read an argument; None for `api_key`."""
    if as_object(entry, "an argument").get("name") == "api_key":
        return None
    name = as_text(entry.get("name"), "an argument's name")
    if not name.isidentifier():
        part.note(f"{name!r} is no argument name")
    optional = part.read(_flag, entry, "optional")
    description = part.read(as_text, entry, f"argument {name!r}")
    return Argument(name, optional or False, description or "")


def _drop_known_doubles(name: str, arguments: list[Argument]) -> list[Argument]:
    """Keep the last of an argument that Flickr itself lists twice."""
    doubles: list[str] = load_supplement()["told_twice"].get(name, [])
    last = {argument.name: argument for argument in arguments}
    return [a for a in arguments if a.name not in doubles or a is last[a.name]]


def as_error(entry: Any) -> ApiError:
    """Read an error of a method, or of all methods."""
    code: Any = as_object(entry, "an error").get("code")
    try:
        number = int(code)
    except (TypeError, ValueError, OverflowError):
        raise Unusable(f"error code {code!r} is no number") from None
    what = f"error {number}"
    return ApiError(number, as_text(entry.get("message"), what), as_text(entry, what))


def decode_object(data: bytes) -> dict[str, Any]:
    """Return the JSON object in a file's bytes."""
    if not data.strip():
        raise Unusable("is empty")
    try:
        return as_object(json.loads(data), "the file")
    except UnicodeDecodeError:
        raise Unusable("is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unusable(f"is broken JSON{where}") from None


def as_object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unusable(f"{what} is missing or no object")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unusable(f"{what} is no list")
    return value


def as_text(value: Any, what: str) -> str:
    """Read a text as Flickr sends it: plain, or as the `_content` of an object."""
    if isinstance(value, dict):
        value = value.get("_content")
    text = "" if value is None else str(value)
    if half := _HALF.search(text):
        raise Unusable(f"{what} has {half[0]!r}, half of a character: take it out")
    return text


def _flag(entry: dict[str, Any], key: str) -> bool:
    value = entry.get(key)
    if isinstance(value, (str, int)) and value in FLAGS:
        return FLAGS[value]
    whose = f" of {entry['name']!r}" if "name" in entry else ""
    raise Unusable(f"{key}{whose} is {value!r}, not 0 or 1")


def _level(entry: dict[str, Any]) -> int:
    level = entry.get("requiredperms")
    if isinstance(level, (str, int)) and level in LEVELS:
        return LEVELS[level]
    raise Unusable(f"unknown permission level {level!r}; 0 to 3 are known")
