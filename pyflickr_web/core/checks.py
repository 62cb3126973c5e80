"""Check a call's arguments before it is sent, and the names of members.

The production bundle leaves out this module and the statements that call it.
"""

import json

from .details import load_details
from .nearest import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .client import Client
    from .details import MethodDetails

# The settings of `with_options`, which are not arguments.
SETTINGS = ("headers", "retries", "timeout")
# It takes any argument; a proxy also takes `authenticated`.
_ECHO = "flickr.test.echo"


def refuse_settings(client: "Client", method: str, values: "dict[str, Any]", checked: bool) -> None:
    """Raise `FlickrError` for settings of calls among the arguments, if these are `checked`."""
    if not checked or method == _ECHO:
        return
    path = method.replace("flickr.", "")
    for name in sorted(values):
        text = ""
        if name in SETTINGS:
            text = f"{name} is a setting: with_options({name}=…).{path}(…)"
        elif name == "signal":
            text = "signal is not an argument: cancel the task of the call"
        if text:
            raise client.make_error(f"{method}: {text}", method)


def check_arguments(
    client: "Client", method: str, values: "dict[str, Any]", checked: bool = True
) -> None:
    """Raise `FlickrError` if required arguments are missing; warn of unknown ones and invalid values.

    Does nothing unless `checked`.
    """
    details = load_details(client.table)
    if not details or not checked:
        return
    declared = details.method(method)
    if not declared:
        client.warn(f"unknown method {method}" + suggest(method, client.table.levels))
        return
    given = [name for name in sorted(values) if values[name] is not None]
    missing = [name for name in sorted(declared.required) if name not in given]
    if missing:
        raise client.make_error(method + ": missing " + ", ".join(missing), method)
    for name in given:
        if name in declared.required or name in declared.optional:
            _check_value(client, declared, name, values[name])
        elif method != _ECHO and not (name == "authenticated" and client.options.get("endpoint")):
            near = suggest(name, list(declared.required) + list(declared.optional))
            client.warn(f"{method} takes no argument {name}{near}")


def warn_of_limit(client: "Client", method: str) -> None:
    """Warn that a listing ends at Flickr's limit."""
    limit = client.table.limits[method]
    client.warn(
        f"{method} stops here: Flickr gives the first {limit} results of a query; narrow it down"
    )


def warn_of_repeat(
    client: "Client", method: str, requested_page: int, reported_page: "int | None"
) -> None:
    """Warn that a listing ends because Flickr repeated a page."""
    place = "the same continuation again"
    if requested_page:
        place = f"page {reported_page} when asked for page {requested_page}"
    client.warn(f"{method} stops here: Flickr answered {place}")


def check_name(name: str, key: str, owner: "Any") -> None:
    """Raise `AttributeError` for an unknown name of `owner`, with the nearest known one."""
    raise AttributeError(_UnknownName(name, key, owner))


class _UnknownName:
    """The text of an error, made when it is shown: MicroPython's `dir()` tries thousands of names."""

    def __init__(self, name: str, key: str, owner: "Any") -> None:
        self._name = name
        self._key = key
        self._owner = owner

    def __repr__(self) -> str:
        names = list(self._owner.__dict__) + dir(type(self._owner))
        near = suggest(self._key, [name for name in names if name[0] != "_"])
        return f"{self._name} has no {self._key}{near}"


def refuse_unknown_names(client: "Any") -> None:
    """Make a class of clients raise `AttributeError` for an unknown name, with the nearest known one."""
    client.__getattr__ = _refuse_name


def _refuse_name(client: "Any", key: str) -> None:
    # Python itself looks for special names, some before the client has attributes.
    if key[0] == "_":
        raise AttributeError(key)
    check_name("flickr", key, client)


def _check_value(client: "Client", method: "MethodDetails", name: str, value: "Any") -> None:
    rule = method.rules[name]
    wanted = rule and not hasattr(value, "toordinal") and _find_violation(value, rule)
    if wanted:
        text = json.dumps(value) if isinstance(value, (str, list, tuple)) else str(value)
        client.warn(f"{method.name}: {name} is {text}, but Flickr takes {wanted}")


def _find_violation(value: "Any", rule: str) -> str:
    """Describe the values that a rule allows if `value` breaks it; return "" if it does not.

    A rule starts with its kind: `#1,500` means the whole numbers from 1 to 500, `.` other numbers, `=`
    one of the values that follow, `,` a list of them, `@` Unix seconds.
    """
    items = value if isinstance(value, (list, tuple, set)) else [value]
    texts = [str(int(item)) if isinstance(item, bool) else str(item) for item in items]
    plain = ",".join(texts)
    kind = rule[0]
    allowed = rule[1:].split(",")
    if kind == "@":
        return "Unix seconds, not milliseconds" if _to_number(plain) > 1e11 else ""
    if kind in "#.":
        least, most = allowed
        whole = "whole " if kind == "#" else ""
        end = "to " + most if most else "on"
        return "" if _is_within(plain, allowed, kind) else f"a {whole}number from {least} {end}"
    given = plain.split(",") if kind == "," else [plain]
    return "" if all(item in allowed for item in given) else "one of " + ", ".join(allowed)


def _to_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def _is_within(text: str, span: "list[str]", kind: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    least, most = span
    inside = number >= float(least) and (not most or number <= float(most))
    return inside and (kind == "." or number % 1 == 0)
