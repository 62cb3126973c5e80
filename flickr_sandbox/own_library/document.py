"""A document in YAML or JSON, with the lines of its values, and the problems that are found in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

LARGEST = 64_000_000
"""The size of the largest document, in bytes; a device may never end."""


class LibraryProblems(ValueError):
    """A document that is no library: each problem is a line with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Document:
    """The content of a document; `folder` is for paths in it that are relative.

    `name` is the file's name as given, or `library` for a mapping, whose values have no lines.
    """

    name: str
    content: Any
    folder: Path
    lines: dict[Place, int] = field(default_factory=dict)
    _problems: list[tuple[int, str]] = field(default_factory=list)

    def add_problem(self, place: Place, message: str, line: int = 0) -> None:
        """Note a problem of the value at a place, by default in the line of the value."""
        known = (self.lines[p] for p in _self_and_parents(place) if p in self.lines)
        line = line or next(known, 0)
        head = f"{self.name}:{line}: " if line else f"{self.name}: "
        where = _format_place(place)
        self._problems.append((line, head + (f"{where}: {message}" if where else message)))

    def check(self) -> None:
        """Raise `LibraryProblems` with all problems, in the order of the lines, if there are any."""
        if self._problems:
            raise LibraryProblems([text for _, text in sorted(self._problems, key=lambda p: p[0])])


def open_document(given: Path | Mapping[str, Any]) -> Document:
    """Read a file, or take a mapping. Raises `LibraryProblems` for a file that cannot be read."""
    if isinstance(given, Mapping):
        return Document("library", dict(given), Path())
    try:
        with given.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise LibraryProblems([f"{given}: not a text in UTF-8: save it as UTF-8"]) from None
    except OSError as error:
        raise LibraryProblems([f"{given}: cannot read the file ({error.strerror})"]) from None
    if len(content) > LARGEST:
        raise LibraryProblems([f"{given}: larger than {LARGEST:,} bytes: use a smaller file"])
    try:
        return _parse(given, text)
    except json.JSONDecodeError as error:
        raise LibraryProblems([f"{given}:{error.lineno}: invalid JSON: {error.msg}"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise LibraryProblems([f"{given}{line}: invalid YAML: {error.problem}"]) from None
    except (yaml.YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
        raise LibraryProblems([f"{given}: invalid YAML: {problem}"]) from None
    except RecursionError:
        raise LibraryProblems([f"{given}: nested too deeply"]) from None


def _parse(file: Path, text: str) -> Document:
    is_json = file.suffix.lower() == ".json"
    # JSON is YAML, except for tabs between its values.
    loader = yaml.SafeLoader(text.replace("\t", " ") if is_json else text)
    try:
        value = json.loads(text) if is_json else None
        node = loader.get_single_node()
        if not is_json and node is not None:
            value = loader.construct_document(node)
    finally:
        loader.dispose()
    document = Document(str(file), value, file.parent)
    for place, line, is_repeated in _walk((), node, set()) if node is not None else ():
        if is_repeated:
            document.add_problem(place, "the key is repeated: remove one", line)
        document.lines.setdefault(place, line)
    return document


def _walk(place: Place, node: Any, visited: set[Any]) -> Iterator[tuple[Place, int, bool]]:
    """Yield the place and the line of each value, and True for a key that is repeated.

    What an alias repeats has the line of the alias; aliases of aliases would grow without bounds.
    """
    if node in visited:
        return
    visited.add(node)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*place, index), item.start_mark.line + 1, False
            yield from _walk((*place, index), item, visited)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            yield (*place, name), key.start_mark.line + 1, name in keys
            keys.add(name)
            yield from _walk((*place, name), value, visited)


def _self_and_parents(place: Place) -> Iterator[Place]:
    for length in range(len(place), -1, -1):
        yield place[:length]


def _format_place(place: Place) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    # A problem is one line, whatever a key holds.
    text = text if text.isprintable() else repr(text)[1:-1]
    return text.removeprefix(".")
