"""Read the entries of one method in a reflection, and report each invalid one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from compiler.errors import Problem
from compiler.reflect.model import ApiError, Argument, Method, Security
from compiler.reflect.supplement import load_supplement

_FLAGS: dict[object, bool] = {0: False, 1: True, "0": False, "1": True}
_LEVELS: dict[object, int] = {0: 0, 1: 1, 2: 2, 3: 3, "0": 0, "1": 1, "2": 2, "3": 3}
_SURROGATE = re.compile("[\ud800-\udfff]")
_Result = TypeVar("_Result")


class InvalidEntry(Exception):
    """An invalid file or entry; a `Reader` reports it as a `Problem`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of the entries in a file, or of one method in it, that collects problems and goes on."""

    file: str
    problems: list[Problem]

    def for_method(self, name: str) -> Reader:
        """Return a reader whose problems name a method of the file."""
        return Reader(f"{self.file}, {name}", self.problems)

    def report(self, what: str) -> None:
        """Add a problem of the file."""
        self.problems.append(Problem(self.file, what))

    def try_read(self, read: Callable[..., _Result], *arguments: Any) -> _Result | None:
        """Return the result of `read`; report an invalid entry, and return None."""
        try:
            return read(*arguments)
        except InvalidEntry as error:
            self.report(str(error))
            return None

    def read_all(
        self, read: Callable[[Any], _Result | None], entries: Iterable[Any]
    ) -> list[_Result]:
        """Return the results of `read` for all entries that are valid and not skipped with None."""
        results = (self.try_read(read, entry) for entry in entries)
        return [result for result in results if result is not None]


def read_method(
    reader: Reader,
    name: str,
    facts: dict[str, Any],
    arguments: Iterable[Any],
    errors: Iterable[Any],
) -> Method:
    """Read a method from entries in the form of `getMethodInfo`'s; skip and report invalid ones."""
    security = Security(
        reader.try_read(_read_flag, facts, "needslogin") or False,
        reader.try_read(_read_flag, facts, "needssigning") or False,
        reader.try_read(_read_level, facts) or 0,
    )
    valid = _drop_duplicates(name, reader.read_all(partial(_read_argument, reader), arguments))
    for argument, times in Counter(argument.name for argument in valid).items():
        if times > 1:
            reader.report(f"argument {argument!r} is listed {times} times: keep one")
    texts = [
        reader.try_read(to_text, facts.get(key), key) or ""
        for key in ("description", "explanation", "response")
    ]
    return Method(name, security, tuple(valid), tuple(reader.read_all(read_error, errors)), *texts)


def _read_argument(reader: Reader, entry: Any) -> Argument | None:
    """Read an argument; None for `api_key`."""
    if require_object(entry, "an argument").get("name") == "api_key":
        return None
    name = to_text(entry.get("name"), "an argument's name")
    if not name.isidentifier():
        reader.report(f"invalid argument name {name!r}")
    optional = reader.try_read(_read_flag, entry, "optional")
    description = reader.try_read(to_text, entry, f"argument {name!r}")
    return Argument(name, optional or False, description or "")


def _drop_duplicates(name: str, arguments: list[Argument]) -> list[Argument]:
    """Drop all but the last of an argument that Flickr itself lists twice."""
    duplicates: list[str] = load_supplement()["duplicate_arguments"].get(name, [])
    last = {argument.name: argument for argument in arguments}
    return [a for a in arguments if a.name not in duplicates or a is last[a.name]]


def read_error(entry: Any) -> ApiError:
    """Read an error of a method, or of all methods."""
    code: Any = require_object(entry, "an error").get("code")
    try:
        number = int(code)
    except (TypeError, ValueError, OverflowError):
        raise InvalidEntry(f"error code {code!r} is not a number") from None
    what = f"error {number}"
    return ApiError(number, to_text(entry.get("message"), what), to_text(entry, what))


def parse_object(data: bytes) -> dict[str, Any]:
    """Parse a file as a JSON object."""
    if not data.strip():
        raise InvalidEntry("is empty")
    try:
        return require_object(json.loads(data), "the file")
    except UnicodeDecodeError:
        raise InvalidEntry("is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidEntry(f"is not valid JSON{place}") from None


def require_object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidEntry(f"{what} is missing or not an object")
    return value


def require_list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidEntry(f"{what} is not a list")
    return value


def to_text(value: Any, what: str) -> str:
    """Return a text, which Flickr sends plain or as the `_content` of an object."""
    if isinstance(value, dict):
        value = value.get("_content")
    text = "" if value is None else str(value)
    if half := _SURROGATE.search(text):
        raise InvalidEntry(f"{what} contains {half[0]!r}, half of a surrogate pair: remove it")
    return text


def _read_flag(entry: dict[str, Any], key: str) -> bool:
    value = entry.get(key)
    if isinstance(value, (str, int)) and value in _FLAGS:
        return _FLAGS[value]
    owner = f" of {entry['name']!r}" if "name" in entry else ""
    raise InvalidEntry(f"{key}{owner} is {value!r}, not 0 or 1")


def _read_level(entry: dict[str, Any]) -> int:
    level = entry.get("requiredperms")
    if isinstance(level, (str, int)) and level in _LEVELS:
        return _LEVELS[level]
    raise InvalidEntry(f"unknown permission level {level!r}: use 0 to 3")
