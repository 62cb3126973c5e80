"""Read a reflection: a snapshot file, or a folder of Flickr's answers in node-flickrapi's layout."""

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

from compiler.errors import CompilerError, Problem, ReflectionError
from compiler.reflect.entries import (
    InvalidEntry,
    Reader,
    parse_object,
    read_error,
    read_method,
    require_list,
    require_object,
    to_text,
)
from compiler.reflect.model import FIRST_SHARED_CODE, METHOD_NAME, Api, ApiError, Method
from pyflickr_web.transports.files import read_regular

SNAPSHOT = Path(__file__).parents[1] / "reflection" / "snapshot.json"
LISTING = "flickr.reflection.getMethods.json"
# A namespace of one of these names would hide a member that every client has.
_PAGE_MEMBERS = frozenset(
    {"call", "methods", "options", "photoURL", "photo_url", "upload", "with_options"}
)
_SERVER_MEMBERS = frozenset(
    {
        "authenticate",
        "begin",
        "close",
        "download",
        "downsync",
        "exchange",
        "load_locally",
        "proxy",
        "proxy_urls",
        "replace",
        "token_only",
        "verify",
    }
)
# Members of Python's clients that only the package itself uses.
_PACKAGE_MEMBERS = frozenset(
    {
        "credentials",
        "flow",
        "flow_as",
        "make_error",
        "own_arguments",
        "pace",
        "retries",
        "run",
        "table",
        "use_credentials",
        "walk",
        "warn",
    }
)
CLIENT_MEMBERS = _PAGE_MEMBERS | _SERVER_MEMBERS | _PACKAGE_MEMBERS
# Every object in JavaScript has these members, and so does a namespace.
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
# JavaScript calls these members of any object, by the operation beside each: it would take a client with
# `then` for a promise.
CALLED_BY_JAVASCRIPT = {"then": "await", "toJSON": "JSON.stringify"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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
    """Read a snapshot file, which has the shared texts of arguments and errors once."""
    reader = Reader(path.name, [])
    api = reader.try_read(_read_methods, reader, path)
    if api is None or reader.problems:
        raise ReflectionError(reader.problems)
    return api


def _read_methods(reader: Reader, path: Path) -> Api:
    data = _read_contents(path)
    raw = parse_object(data)
    entries = require_object(raw.get("methods"), "methods")
    if not entries:
        reader.report("contains no methods: nothing to build")
    texts = reader.try_read(require_object, raw.get("arguments", {}), "arguments") or {}
    errors = reader.try_read(require_object, raw.get("errors", {}), "errors") or {}
    shared = reader.read_all(_read_shared_error, errors.items())
    readers = {name: reader.for_method(name) for name in filter(METHOD_NAME.fullmatch, entries)}
    methods = [
        found
        for name, part in readers.items()
        if (found := part.try_read(_read_entry, part, name, entries[name], texts))
    ]
    reader.problems.extend(_check_names(entries, path.name))
    date = reader.try_read(_read_day, raw.get("reflected")) or ""
    digest = hashlib.sha256(data).hexdigest()
    return Api(_sort_by_name(methods), tuple(shared), date, digest, "Flickr's API")


def _read_entry(reader: Reader, name: str, entry: Any, texts: dict[str, Any]) -> Method:
    """Read a method of a snapshot, after conversion to the form of Flickr's answers."""

    def argument(item: tuple[str, Any]) -> dict[str, Any]:
        facts = require_object(item[1], f"argument {item[0]!r}")
        text = facts.get("description", texts.get(item[0]))
        return {"name": item[0], "optional": facts.get("optional"), "_content": text}

    facts = require_object(entry, "the method")
    arguments = reader.try_read(require_object, facts.get("arguments", {}), "arguments") or {}
    errors = reader.try_read(require_object, facts.get("errors", {}), "errors") or {}
    return read_method(
        reader,
        name,
        facts,
        reader.read_all(argument, arguments.items()),
        [{"code": code, "message": message} for code, message in errors.items()],
    )


def _read_shared_error(item: tuple[str, Any]) -> ApiError:
    code, facts = item[0], require_object(item[1], f"error {item[0]!r}")
    return read_error(
        {"code": code, "message": facts.get("message"), "_content": facts.get("explanation")}
    )


def _read_day(value: Any) -> str:
    if value not in (None, "") and not _DATE.fullmatch(str(value)):
        raise InvalidEntry(f"invalid date {value!r} in 'reflected': use e.g. 2024-02-13")
    return str(value or "")


class _FolderReader:
    """A reader of a folder with answers to `flickr.reflection.getMethods` and `getMethodInfo`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def read(self) -> Api:
        listing = Reader(LISTING, self.problems)
        names = listing.try_read(self._read_names, listing) or []
        self.problems += _check_names(names, LISTING)
        usable = filter(METHOD_NAME.fullmatch, names)
        readers = {name: Reader(f"methods/{name}.json", self.problems) for name in usable}
        methods = [
            found
            for name, reader in readers.items()
            if (found := reader.try_read(self._read_method, reader, name))
        ]
        if self.problems:
            raise ReflectionError(self.problems)
        methods, shared = _split_off_shared_errors(methods)
        source = f"a reflection of {len(methods)} methods"
        return Api(_sort_by_name(methods), shared, "", self.digest.hexdigest(), source)

    def _read_names(self, listing: Reader) -> list[str]:
        """Return the names in the listing, without duplicates."""
        entries = _list_entries(self._read_answer(LISTING), "methods", "method")
        if not entries:
            raise InvalidEntry("lists no methods: fetch the reflection again")
        names = Counter(listing.read_all(partial(to_text, what="a name"), entries))
        for name, times in names.items():
            if times > 1 and METHOD_NAME.fullmatch(name):
                listing.report(f"{name} is listed twice")
        return sorted(names)

    def _read_method(self, reader: Reader, name: str) -> Method:
        answer = self._read_answer(reader.file)
        facts = require_object(answer.get("method"), "method")
        if facts.get("name") != name:
            raise InvalidEntry(f"describes {facts.get('name')!r}, not {name}")
        arguments = reader.try_read(_list_entries, answer, "arguments", "argument") or []
        errors = reader.try_read(_list_entries, answer, "errors", "error") or []
        return read_method(reader, name, facts, arguments, errors)

    def _read_answer(self, file: str) -> dict[str, Any]:
        data = _read_contents(self.folder / file)
        self.digest.update(b"%s %d\n" % (file.encode(), len(data)) + data)
        answer = parse_object(data)
        if answer.get("stat") == "fail":
            message = to_text(answer.get("message"), "the message")
            raise InvalidEntry(f"contains an error of Flickr: {message}")
        return answer


def _read_contents(file: Path) -> bytes:
    try:
        return read_regular(file)
    except FileNotFoundError:
        raise InvalidEntry("is missing: run `python -m compiler fetch`") from None
    except OSError as error:
        raise InvalidEntry(f"cannot be read ({error.strerror})") from None


def _list_entries(answer: dict[str, Any], outer: str, inner: str) -> list[Any]:
    """Return a list in an answer; Flickr wraps it in an object, and omits it if it is empty."""
    return require_list(require_object(answer.get(outer, {}), outer).get(inner), f"{outer}.{inner}")


def _split_off_shared_errors(methods: list[Method]) -> tuple[list[Method], tuple[ApiError, ...]]:
    """Split off the errors that methods share; a method keeps an error that it words differently."""
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


def _check_names(unsorted: Iterable[str], file: str) -> Iterator[Problem]:
    names = sorted(unsorted)
    for name in names:
        if not METHOD_NAME.fullmatch(name):
            yield Problem(file, f"invalid method name {name!r}")
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
            yield Problem(file, f"{name} is both a method and a namespace")


def _sort_by_name(methods: Iterable[Method]) -> tuple[Method, ...]:
    return tuple(sorted(methods, key=lambda method: method.name))
