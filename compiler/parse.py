"""Read a reflection: the snapshot file, or a folder as node-flickrapi caches Flickr's answers."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from compiler.model import (
    FIRST_SHARED_CODE,
    METHOD_NAME,
    Api,
    ApiError,
    Argument,
    Method,
    Security,
)
from compiler.problems import CompilerError, Problem, ReflectionError
from compiler.supplement import supplement

SNAPSHOT = Path(__file__).parent / "reflection" / "snapshot.json"
LISTING = "flickr.reflection.getMethods.json"
# A namespace of one of these names would hide a member that every client has.
_OF_PAGES = frozenset({"call", "methods", "options", "photoURL", "photo_url", "upload"})
_OF_SERVERS = frozenset(
    {"authenticate", "begin", "close", "download", "exchange", "proxy", "proxy_urls", "token_only"}
)
CLIENT_MEMBERS = _OF_PAGES | _OF_SERVERS
FLAGS: dict[object, bool] = {0: False, 1: True, "0": False, "1": True}
LEVELS: dict[object, int] = {0: 0, 1: 1, 2: 2, 3: 3, "0": 0, "1": 1, "2": 2, "3": 3}


class _Unusable(Exception):
    """What is wrong with one file or entry; becomes a `Problem`."""


def read(path: Path) -> Api:
    """Read the reflection at `path`: a folder in node-flickrapi's layout, or a snapshot file.

    Raises `ReflectionError` with every problem found, `CompilerError` when there is no such path.
    """
    if path.is_dir():
        return _FolderReader(path).read()
    if path.is_file():
        return read_snapshot(path)
    raise CompilerError(f"no reflection at {path}: name a folder or a snapshot file that exists")


def read_snapshot(path: Path = SNAPSHOT) -> Api:
    """Read a snapshot file, in which shared texts of arguments and errors stand once."""
    data = path.read_bytes()
    problems: list[Problem] = []
    methods: list[Method] = []
    shared: tuple[ApiError, ...] = ()
    date = ""
    try:
        raw = _object(_decode(data), "the file")
        date = str(raw.get("reflected", ""))
        texts = _object(raw.get("arguments", {}), "arguments")
        shared = tuple(
            ApiError(_code(code), _text(error.get("message")), _text(error.get("explanation")))
            for code, error in _object(raw.get("errors", {}), "errors").items()
        )
        for name, entry in _object(raw.get("methods"), "methods").items():
            try:
                methods.append(_snapshot_method(name, _object(entry, "the method"), texts))
            except _Unusable as unusable:
                problems.append(Problem(f"{path.name}, {name}", str(unusable)))
    except _Unusable as unusable:
        problems.append(Problem(path.name, str(unusable)))
    problems += _problems_of_names(methods, path.name)
    if problems:
        raise ReflectionError(problems)
    digest = hashlib.sha256(data).hexdigest()
    return Api(_sorted(methods), shared, date, digest, "Flickr's API")


def _snapshot_method(name: str, entry: dict[str, Any], texts: dict[str, Any]) -> Method:
    arguments = tuple(
        Argument(
            argument,
            _flag(facts, "optional"),
            _text(facts.get("description", texts.get(argument))),
        )
        for argument, facts in _object(entry.get("arguments", {}), "arguments").items()
    )
    errors = tuple(
        ApiError(_code(code), _text(message))
        for code, message in _object(entry.get("errors", {}), "errors").items()
    )
    return Method(_name(name), _security(entry), arguments, errors, _text(entry.get("description")))


class _FolderReader:
    """Reads a folder of answers to `flickr.reflection.getMethods` and `getMethodInfo`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def read(self) -> Api:
        methods = [method for name in self._names() if (method := self._method(name))]
        self.problems += _problems_of_names(methods, LISTING)
        if self.problems:
            raise ReflectionError(self.problems)
        methods, shared = _share_errors(methods)
        source = f"a reflection of {len(methods)} methods"
        return Api(_sorted(methods), shared, "", self.digest.hexdigest(), source)

    def _names(self) -> list[str]:
        """The listed names that are names, each once."""
        names: dict[str, None] = {}
        try:
            listing = _object(self._json(LISTING).get("methods"), "methods")
            entries = _list(listing.get("method"), "methods.method")
            if not entries:
                raise _Unusable("lists no methods; fetch the reflection anew")
            for entry in entries:
                name = _text(entry)
                if not METHOD_NAME.fullmatch(name):
                    self.problems.append(Problem(LISTING, f"{name!r} is no method name"))
                elif name in names:
                    self.problems.append(Problem(LISTING, f"{name} is listed twice"))
                names[name] = None
        except _Unusable as unusable:
            self.problems.append(Problem(LISTING, str(unusable)))
        return sorted(name for name in names if METHOD_NAME.fullmatch(name))

    def _method(self, name: str) -> Method | None:
        file = f"methods/{name}.json"
        try:
            return _folder_method(name, self._json(file))
        except _Unusable as unusable:
            self.problems.append(Problem(file, str(unusable)))
            return None

    def _json(self, file: str) -> dict[str, Any]:
        try:
            data = (self.folder / file).read_bytes()
        except FileNotFoundError:
            raise _Unusable("is missing; `python -m compiler fetch` brings it") from None
        except OSError as error:
            raise _Unusable(f"cannot be read ({error.strerror})") from None
        self.digest.update(b"%s %d\n" % (file.encode(), len(data)) + data)
        answer = _object(_decode(data), "the answer")
        if answer.get("stat") == "fail":
            raise _Unusable(f"holds a failure of Flickr's: {_text(answer.get('message'))}")
        return answer


def _folder_method(name: str, answer: dict[str, Any]) -> Method:
    method = _object(answer.get("method"), "method")
    if method.get("name") != name:
        raise _Unusable(f"describes {method.get('name')!r}, not {name}")
    entries = _list(_object(answer.get("arguments", {}), "arguments").get("argument"), "arguments")
    arguments = tuple(
        Argument(_text(entry.get("name")), _flag(entry, "optional"), _text(entry))
        for entry in (_object(entry, "an argument") for entry in entries)
        if entry.get("name") != "api_key"
    )
    arguments = _without_known_doubles(name, arguments)
    for argument, times in Counter(argument.name for argument in arguments).items():
        if times > 1:
            raise _Unusable(f"argument {argument!r} is there {times} times")
        if not argument.isidentifier():
            raise _Unusable(f"{argument!r} is no argument name")
    entries = _list(_object(answer.get("errors", {}), "errors").get("error"), "errors")
    errors = tuple(
        ApiError(_code(entry.get("code")), _text(entry.get("message")), _text(entry))
        for entry in (_object(entry, "an error") for entry in entries)
    )
    return Method(
        _name(name),
        _security(method),
        arguments,
        errors,
        *(_text(method.get(key)) for key in ("description", "explanation", "response")),
    )


def _without_known_doubles(name: str, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Where Flickr itself is known to tell an argument twice, the last one counts."""
    known: list[str] = supplement()["told_twice"].get(name, [])
    last = {argument.name: argument for argument in arguments}
    return tuple(a for a in arguments if a.name not in known or a is last[a.name])


def _share_errors(methods: list[Method]) -> tuple[list[Method], tuple[ApiError, ...]]:
    """Take the errors of codes that all methods share out of the methods, where the text agrees."""
    seen: defaultdict[int, Counter[ApiError]] = defaultdict(Counter)
    for method in methods:
        for error in method.errors:
            if error.code >= FIRST_SHARED_CODE:
                seen[error.code][error] += 1
    shared = {code: counts.most_common(1)[0][0] for code, counts in sorted(seen.items())}
    own = [
        replace(method, errors=tuple(e for e in method.errors if shared.get(e.code) != e))
        for method in methods
    ]
    return own, tuple(shared.values())


def _problems_of_names(methods: Iterable[Method], file: str) -> Iterator[Problem]:
    names = {method.name for method in methods}
    for name in sorted(names):
        top = name.split(".")[1]
        if top in CLIENT_MEMBERS:
            yield Problem(file, f"{name} would hide the client's own `{top}`")
        if any(other.startswith(name + ".") for other in names):
            yield Problem(file, f"{name} is a method and a namespace at once")


def _sorted(methods: Iterable[Method]) -> tuple[Method, ...]:
    return tuple(sorted(methods, key=lambda method: method.name))


def _decode(data: bytes) -> Any:
    if not data.strip():
        raise _Unusable("is empty")
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise _Unusable("is not UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise _Unusable(f"is broken JSON{where}") from None


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unusable(f"{what} is missing or no object")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Unusable(f"{what} is no list")
    return value


def _text(value: Any) -> str:
    """A text as Flickr sends it: plain, or as the `_content` of an object."""
    if isinstance(value, dict):
        value = value.get("_content")
    return "" if value is None else str(value)


def _name(name: str) -> str:
    if not METHOD_NAME.fullmatch(name):
        raise _Unusable(f"{name!r} is no method name")
    return name


def _flag(entry: Any, key: str) -> bool:
    value = _object(entry, "an entry").get(key)
    if isinstance(value, (str, int)) and value in FLAGS:
        return FLAGS[value]
    raise _Unusable(f"{key} of {entry.get('name', 'an entry')!r} is {value!r}, not 0 or 1")


def _security(entry: dict[str, Any]) -> Security:
    level = entry.get("requiredperms")
    if not isinstance(level, (str, int)) or level not in LEVELS:
        raise _Unusable(f"unknown permission level {level!r}; 0 to 3 are known")
    return Security(_flag(entry, "needslogin"), _flag(entry, "needssigning"), LEVELS[level])


def _code(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _Unusable(f"error code {value!r} is no number") from None
