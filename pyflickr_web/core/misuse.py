"""Errors that name the right form of a call: with valid types, names, `await` and `async for`.

The production bundle leaves out this module and the statements that call it.
"""

import json

from .details import load_details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def explain_type(message: str, value: "Any") -> str:
    """Return the message of an invalid value with its type and the valid ones."""
    kind = type(value).__name__
    valid = f"is an invalid {kind}: give a text, a number, a date or a list of them"
    return message.replace("is invalid", valid)


def require_names(method: "Any") -> None:
    """Make a method class raise `TypeError` for arguments without names, with the right form."""
    for name in ("__call__", "all", "pages"):
        _require_names_of(method, name, getattr(method, name))


def _require_names_of(method: "Any", name: str, function: "Any") -> None:
    suffix = "" if name == "__call__" else "." + name

    def call(self: "Any", *given: "Any", **values: "Any") -> "Any":
        if given:
            called = self.name.split(".")[-1] + suffix
            value = json.dumps(given[0]) if isinstance(given[0], (str, int)) else "…"
            example = f"{called}({_first_argument(self)}={value})"
            raise TypeError(f"{self.name}: give names to the arguments: {example}")
        return function(self, **values)

    _replace(method, name, function, call)


def _replace(method: "Any", name: str, function: "Any", replacement: "Any") -> None:
    """Replace a function of a method class by one with its description and its signature."""
    replacement.__doc__ = getattr(function, "__doc__", None)
    replacement.__wrapped__ = function
    setattr(method, name, replacement)


def _first_argument(method: "Any") -> str:
    details = load_details(method.client.table)
    declared = details and details.method(method.name)
    if not declared:
        return "name"
    required, optional = list(declared.required), list(declared.optional)
    return (required + ["text" for name in optional if name == "text"] + optional + ["name"])[0]


def require_async_for(listing: "Any") -> None:
    """Make a class of asynchronous iterators raise `TypeError` in a plain `for`."""

    def refuse(self: "Any") -> "Any":
        raise TypeError("a listing needs `async for`: async for item in flickr.….all(…)")

    listing.__iter__ = refuse


def require_await(method: "Any", client: "Any") -> None:
    """Make the calls of a class of clients name `await` where they are used as an answer.

    Other clients may share the method class.
    """
    call = method.__call__

    def start(self: "Any", *given: "Any", **values: "Any") -> "Any":
        answer = call(self, *given, **values)
        return _Call(answer, self.name) if isinstance(self.client, client) else answer

    _replace(method, "__call__", call, start)
    for name in ("call", "upload"):
        _require_await_of(client, name, getattr(client, name))


def _require_await_of(client: "Any", name: str, function: "Any") -> None:
    def start(self: "Any", *given: "Any", **values: "Any") -> "Any":
        return _Call(function(self, *given, **values), "flickr." + name)

    _replace(client, name, function, start)


class _Call:
    """The coroutine of a call; raises an error that names `await` if it is used as an answer."""

    def __init__(self, coroutine: "Any", name: str) -> None:
        self._coroutine = coroutine
        self._text = f"the answer needs `await`: await {name}(…)"

    def send(self, value: "Any") -> "Any":
        return self._coroutine.send(value)

    def throw(self, *error: "Any") -> "Any":
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> "Any":
        return self._coroutine.__await__()

    def __iter__(self) -> "Any":
        # MicroPython awaits by this function.
        if hasattr(self._coroutine, "__await__"):
            self._refuse()
        return self._coroutine

    def __getitem__(self, key: "Any") -> "Any":
        self._refuse()

    def __len__(self) -> int:
        self._refuse()
        return 0

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> "Any":
        raise AttributeError(self._text)

    def _refuse(self) -> None:
        # Without this, Python also warns that the coroutine was never awaited.
        self._coroutine.close()
        raise TypeError(self._text)
