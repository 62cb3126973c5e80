"""Read the files of `reflection/answers/` as JSON, and report their faults by place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from compiler.errors import CompilerError

_KINDS = {dict: "an object", list: "a list", str: "a text"}


class InvalidAnswers(CompilerError):
    """Invalid data about answers; the message names the file, the place in it, and the fault."""


def parse_file(file: Path) -> dict[str, Any]:
    """Return the object in a file. Raises `InvalidAnswers`, also for a name that is listed twice."""

    def to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InvalidAnswers(f"{file.name}: {twice!r} is listed twice in an object: keep one")
        return result

    try:
        data = json.loads(file.read_text("utf-8"), object_pairs_hook=to_object)
    except json.JSONDecodeError as error:
        where = f"{file.name}: invalid JSON in line {error.lineno}"
        raise InvalidAnswers(f"{where}: {error.msg}") from None
    result: dict[str, Any] = require(dict, data, file.name, "the file")
    return result


def require(kind: Any, value: Any, place: str, what: str) -> Any:
    """Return `value` if it is a dict, list or str, as `kind` says. Raises `InvalidAnswers`."""
    if not isinstance(value, kind):
        raise InvalidAnswers(f"{place}: {what} is missing or not {_KINDS[kind]}")
    return value
