"""Descriptions of methods and errors for checks, messages and `help()`.

The production bundle leaves out this module and the statements that call it.
"""

import json

from .nearest import suggest

METHOD_NOT_FOUND = 112
METHOD_INFO = "flickr.reflection.getMethodInfo"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from inspect import Signature
    from typing import Any

    from .flow import Request, Response
    from .table import Table


class MethodDetails:
    """A method's description, its arguments and their rules by name, and its own errors by code."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.required: dict[str, str] = {}
        self.optional: dict[str, str] = {}
        self.rules: dict[str, str] = {}
        self.errors: dict[int, str] = {}
        self.url = "https://www.flickr.com/services/api/" + name + ".html"

    def __str__(self) -> str:
        lines = [self.description, ""]
        for title, arguments in (("Required", self.required), ("Optional", self.optional)):
            if arguments:
                lines.append(title + ":")
                lines += [f"  {name}: {arguments[name]}" for name in sorted(arguments)]
        lines.append("See " + self.url)
        return "\n".join(lines)


class Details:
    """The texts of a reflection, unpacked at their first use.

    `tables` are those of the compiler's `pack_details`. `required`, `optional` and `failures` have one
    word for each method. Each character of a word, from `!` to `~` and then from `À` on, stands for a
    row of `arguments` (name, text, rule) or of `errors` (code, message, text). An empty first field
    repeats that of the row before.
    """

    def __init__(self, tables: "dict[str, str]") -> None:
        self._row, self._field = list(tables["separators"])
        self._descriptions = tables["descriptions"].split(self._row)
        self._arguments = self._unpack(tables["arguments"])
        self._errors = self._unpack(tables["errors"])
        self._words = [tables[kind].split(" ") for kind in ("required", "optional", "failures")]
        names = tables["names"].split(" ")
        self._methods: dict[str, MethodDetails] = {}
        self._places = {name: place for place, name in enumerate(names)}
        self.errors = {int(row[0]): row[-1] for row in _pick_rows(tables["shared"], self._errors)}

    def method(self, name: str) -> "MethodDetails | None":
        """Return the texts of a method, unpacking them at their first use; None if it is unknown."""
        if name not in self._methods and name in self._places:
            self._methods[name] = self._unpack_method(name)
        return self._methods.get(name)

    def _unpack_method(self, name: str) -> MethodDetails:
        place = self._places[name]
        method = MethodDetails(name, self._descriptions[place].split(self._field)[0])
        required, optional, failures = [words[place] for words in self._words]
        for word, arguments in ((required, method.required), (optional, method.optional)):
            for row in _pick_rows(word, self._arguments):
                arguments[row[0]] = row[1] if len(row) > 1 else ""
                method.rules[row[0]] = row[2] if len(row) > 2 else ""
        for row in _pick_rows(failures, self._errors):
            method.errors[int(row[0])] = row[-1]
        return method

    def _unpack(self, table: str) -> "list[list[str]]":
        rows = [text.split(self._field) for text in table.split(self._row)]
        first = ""
        for row in rows:
            first = row[0] = row[0] or first
        return rows


def _pick_rows(word: str, rows: "list[list[str]]") -> "list[list[str]]":
    """Return the rows that the characters of a word stand for."""
    return [rows[ord(code) - (33 if code < "\x7f" else 98)] for code in word]


def load_details(table: "Table") -> "Details | None":
    """Return the table's details, unpacking them at their first use; None if it has no details."""
    details = getattr(table, "details", None)
    if details and not isinstance(details, Details):
        details = table.details = details()
    return details


def find_unknown_method(name: str, code: "int | None", request: "Request | None") -> "str | None":
    """Return the name of the method that Flickr does not know; None for other errors.

    It is the method called (code 112), or the one whose description was requested.
    """
    if code == METHOD_NOT_FOUND:
        return name
    if name != METHOD_INFO or code != 1 or not request:
        return None
    sent = request.fields or json.loads(request.body or "{}")
    return str(sent.get("method_name"))


def explain(
    message: str,
    table: "Table",
    name: str,
    code: "int | None",
    request: "Request | None" = None,
    response: "Response | None" = None,
) -> str:
    """Return an error's message with the meaning of its code and a link to the method's page.

    A proxy's refusal explains itself. An error without an answer names the requested address.
    """
    details = load_details(table)
    if not details:
        return message
    unknown = find_unknown_method(name, code, request)
    if unknown and unknown not in table.levels:
        return message + suggest(unknown, table.levels)
    method = details.method(name)
    # A server, whose requests have other options, has errors of its own.
    if request and response and code is None and isinstance(request.options, dict):
        return _name_address(message, name, request, response)
    # An HTTP status is of a proxy's refusal.
    if not method or (response and response.status >= 400):
        return message
    text = method.errors.get(code or 0) or details.errors.get(code or 0)
    # Most errors have no text besides the answer's message.
    more = ": " + text if text and text.rstrip(".") not in message else "."
    return message + more + " See " + method.url


def _name_address(message: str, name: str, request: "Request", response: "Response") -> str:
    """Return the message of an error without an answer of Flickr or a proxy, with the address and
    the usual causes."""
    posts = request.body is not None or request.photo is not None
    address = ("POST " if posts else "GET ") + request.url.split("?")[0]
    if response.status:
        status = f"HTTP {response.status}"
        causes = ", but empty, HTML, XML or cut short"
        if response.status == 429:
            causes = "; try again later"
        return message.replace(status, f"{status} from {address}", 1) + causes
    if "TimeoutError" in str(response.cause):
        return f"{name}: no answer from {address} within the timeout"
    question = "is this page online, does CORS, CSP or a blocker forbid the request?"
    if posts:
        question = "is the proxy running, does its CORS allow this page?"
    return f"{name}: no answer from {address}; {question}"


def document(method: "Any") -> None:
    """Add a description to a method class for `help()`, its arguments for `inspect.signature`, and a
    `repr` with the method's name."""
    method.__doc__ = property(_format_help)
    method.__signature__ = _SignatureOfMethod()
    method.__repr__ = lambda self: "<" + self.name + ">"


def _format_help(method: "Any") -> str:
    details = load_details(method.client.table)
    return str((details and details.method(method.name)) or method.name)


class _SignatureOfMethod:
    """The arguments of a method, as `inspect.signature` shows them; the class has its own."""

    def __get__(self, method: "Any", owner: "Any" = None) -> "Any":
        details = method and load_details(method.client.table)
        declared = details and details.method(method.name)
        if not declared:
            raise AttributeError("__signature__")
        return _make_signature(declared, getattr(method.client, "own_arguments", ()))


def _make_signature(method: "MethodDetails", own_arguments: "Iterable[str]") -> "Signature":
    # MicroPython lacks this module, and has nothing that asks for a signature.
    from inspect import Parameter, Signature

    parameters = []
    for name in list(method.required) + list(method.optional) + list(own_arguments):
        default = Parameter.empty if name in method.required else None
        try:
            parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default))
        except ValueError:
            # The name is invalid in Python: only `call(method, **{name: value})` can pass it.
            continue
    return Signature(parameters)
