"""Read a reflection: the snapshot file, or a folder as node-flickrapi caches Flickr's answers."""

from __future__ import annotations

import hashlib
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from compiler.reflect.entries import (
    Part,
    Unusable,
    as_error,
    as_list,
    as_method,
    as_object,
    as_text,
    decode_object,
)
from compiler.reflect.model import FIRST_SHARED_CODE, METHOD_NAME, Api, ApiError, Method
from compiler.reflect.problems import CompilerError, Problem, ReflectionError
from pyflickr_web.files import read_regular

SNAPSHOT = Path(__file__).parents[1] / "reflection" / "snapshot.json"
LISTING = "flickr.reflection.getMethods.json"
# A namespace of one of these names would hide a member that every client has.
_OF_PAGES = frozenset({"call", "methods", "options", "photoURL", "photo_url", "upload"})
_OF_SERVERS = frozenset(
    {"authenticate", "begin", "close", "download", "exchange", "proxy", "proxy_urls", "token_only"}
)
CLIENT_MEMBERS = _OF_PAGES | _OF_SERVERS
# Every object of JavaScript has these, a namespace too.
OBJECT_MEMBERS = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
# JavaScript calls these on any object that has them, by what is named beside: a client with `then` would
# be taken for a promise.
CALLED_BY_JAVASCRIPT = {"then": "await", "toJSON": "JSON.stringify"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read(path: Path) -> Api:
    """Read the reflection at `path`: a folder in node-flickrapi's layout, or a snapshot file.

    Raises `ReflectionError` with every problem found, `CompilerError` for a path that is missing, or
    neither a folder nor a file.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise CompilerError(
            f"no reflection at {path} ({error.strerror}): name a folder or a snapshot file that exists"
        ) from None
    if stat.S_ISDIR(mode):
        return _FolderReader(path).read()
    if stat.S_ISREG(mode):
        return read_snapshot(path)
    raise CompilerError(
        f"{path} is neither a folder nor a regular file: save the reflection as one"
    )


def read_snapshot(path: Path = SNAPSHOT) -> Api:
    """Read a snapshot file, in which shared texts of arguments and errors stand once."""
    whole = Part(path.name, [])
    api = whole.read(_snapshot, whole, path)
    if api is None or whole.problems:
        raise ReflectionError(whole.problems)
    return api


def _snapshot(whole: Part, path: Path) -> Api:
    data = _contents(path)
    raw = decode_object(data)
    entries = as_object(raw.get("methods"), "methods")
    if not entries:
        whole.note("holds no methods, so there is nothing to build")
    texts = whole.read(as_object, raw.get("arguments", {}), "arguments") or {}
    errors = whole.read(as_object, raw.get("errors", {}), "errors") or {}
    shared = whole.each(_shared_error, errors.items())
    parts = {name: whole.of(name) for name in filter(METHOD_NAME.fullmatch, entries)}
    methods = [
        found
        for name, part in parts.items()
        if (found := part.read(_read_entry, part, name, entries[name], texts))
    ]
    whole.problems.extend(_problems_of_names(entries, path.name))
    date = whole.read(_day, raw.get("reflected")) or ""
    digest = hashlib.sha256(data).hexdigest()
    return Api(_sort_by_name(methods), tuple(shared), date, digest, "Flickr's API")


def _read_entry(part: Part, name: str, entry: Any, texts: dict[str, Any]) -> Method:
    """Read a method of a snapshot as an answer of Flickr."""

    def argument(item: tuple[str, Any]) -> dict[str, Any]:
        facts = as_object(item[1], f"argument {item[0]!r}")
        text = facts.get("description", texts.get(item[0]))
        return {"name": item[0], "optional": facts.get("optional"), "_content": text}

    facts = as_object(entry, "the method")
    arguments = part.read(as_object, facts.get("arguments", {}), "arguments") or {}
    errors = part.read(as_object, facts.get("errors", {}), "errors") or {}
    return as_method(
        part,
        name,
        facts,
        part.each(argument, arguments.items()),
        [{"code": code, "message": message} for code, message in errors.items()],
    )


def _shared_error(item: tuple[str, Any]) -> ApiError:
    code, facts = item[0], as_object(item[1], f"error {item[0]!r}")
    return as_error(
        {"code": code, "message": facts.get("message"), "_content": facts.get("explanation")}
    )


def _day(value: Any) -> str:
    if value not in (None, "") and not _DAY.fullmatch(str(value)):
        raise Unusable(f"reflected is {value!r}, no day as 2024-02-13")
    return str(value or "")


class _FolderReader:
    """Reads a folder of answers to `flickr.reflection.getMethods` and `getMethodInfo`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def read(self) -> Api:
        listing = Part(LISTING, self.problems)
        names = listing.read(self._names, listing) or []
        self.problems += _problems_of_names(names, LISTING)
        usable = filter(METHOD_NAME.fullmatch, names)
        parts = {name: Part(f"methods/{name}.json", self.problems) for name in usable}
        methods = [
            found for name, part in parts.items() if (found := part.read(self._method, part, name))
        ]
        if self.problems:
            raise ReflectionError(self.problems)
        methods, shared = _share_errors(methods)
        source = f"a reflection of {len(methods)} methods"
        return Api(_sort_by_name(methods), shared, "", self.digest.hexdigest(), source)

    def _names(self, listing: Part) -> list[str]:
        """Return the names in the listing, each once."""
        entries = _entries(self._answer(LISTING), "methods", "method")
        if not entries:
            raise Unusable("lists no methods; fetch the reflection anew")
        names = Counter(listing.each(partial(as_text, what="a name"), entries))
        for name, times in names.items():
            if times > 1 and METHOD_NAME.fullmatch(name):
                listing.note(f"{name} is listed twice")
        return sorted(names)

    def _method(self, part: Part, name: str) -> Method:
        answer = self._answer(part.file)
        facts = as_object(answer.get("method"), "method")
        if facts.get("name") != name:
            raise Unusable(f"describes {facts.get('name')!r}, not {name}")
        arguments = part.read(_entries, answer, "arguments", "argument") or []
        errors = part.read(_entries, answer, "errors", "error") or []
        return as_method(part, name, facts, arguments, errors)

    def _answer(self, file: str) -> dict[str, Any]:
        data = _contents(self.folder / file)
        self.digest.update(b"%s %d\n" % (file.encode(), len(data)) + data)
        answer = decode_object(data)
        if answer.get("stat") == "fail":
            message = as_text(answer.get("message"), "the message")
            raise Unusable(f"holds a failure of Flickr's: {message}")
        return answer


def _contents(file: Path) -> bytes:
    try:
        return read_regular(file)
    except FileNotFoundError:
        raise Unusable("is missing; `python -m compiler fetch` brings it") from None
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from None


def _entries(answer: dict[str, Any], outer: str, inner: str) -> list[Any]:
    """Return the list in an answer, which Flickr wraps in an object and leaves out if it is empty."""
    return as_list(as_object(answer.get(outer, {}), outer).get(inner), f"{outer}.{inner}")


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


def _problems_of_names(given: Iterable[str], file: str) -> Iterator[Problem]:
    names = sorted(given)
    for name in names:
        if not METHOD_NAME.fullmatch(name):
            yield Problem(file, f"{name!r} is no method name")
            continue
        parts = name.split(".")[1:]
        if parts[0] in CLIENT_MEMBERS:
            yield Problem(file, f"{name} would hide the client's own `{parts[0]}`")
        for part in sorted(OBJECT_MEMBERS.intersection(parts)):
            yield Problem(file, f"{name} would hide JavaScript's own `{part}`")
        for part in sorted(CALLED_BY_JAVASCRIPT.keys() & parts):
            caller = CALLED_BY_JAVASCRIPT[part]
            yield Problem(file, f"{name}: `{part}` would be called by JavaScript's `{caller}`")
        if any(other.startswith(name + ".") for other in names):
            yield Problem(file, f"{name} is a method and a namespace at once")


def _sort_by_name(methods: Iterable[Method]) -> tuple[Method, ...]:
    return tuple(sorted(methods, key=lambda method: method.name))
