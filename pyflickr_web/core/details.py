"""What the reflection tells of methods and errors, for checks, errors and `help()`.

The production bundle goes without this module, and without the statements that call into it.
"""

from .nearest import suggest
from .route import UPLOAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .table import Table


class MethodDetails:
    """A method's texts: what it does, its arguments by name, and its own errors by code."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.required: dict[str, str] = {}
        self.optional: dict[str, str] = {}
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
    """The texts of a reflection, unpacked when they are first asked for.

    `marks` are the four characters between rows, fields, items and parts. A row of `arguments` is a
    name and a text; one of `methods` a name, a description, arguments (a `?` behind the name of an
    optional one, and a text of its own where it has one) and errors. `rules` hold which values Flickr
    takes, `shared` by argument and `own` by method.
    """

    def __init__(
        self,
        marks: str,
        arguments: str,
        methods: str,
        errors: "list[list[Any]]",
        rules: "dict[str, Any]",
    ) -> None:
        row, self._field, self._item, self._part = list(marks)
        self._texts = {}
        for text in arguments.split(row):
            name, self._texts[name] = text.split(self._part)
        self._rows = {}
        for text in methods.split(row):
            fields = text.split(self._field)
            self._rows[fields[0]] = fields
        self.errors = {error[0]: error[-1] for error in errors}
        self._rules = rules

    def method(self, name: str) -> "MethodDetails | None":
        """What is known of a method, or None."""
        if name not in self._rows:
            return None
        fields = self._rows[name] + ["", "", ""]
        method = MethodDetails(name, fields[1])
        for parts in self._items(fields[2]):
            key = parts[0].rstrip("?")
            kind = method.required if key == parts[0] else method.optional
            kind[key] = parts[1] if len(parts) > 1 else self._texts[key]
        for parts in self._items(fields[3]):
            method.errors[int(parts[0])] = parts[-1]
        return method

    def rule(self, method: str, argument: str) -> "dict[str, Any] | None":
        """Which values Flickr takes for an argument, where that is known."""
        shared = self._rules["shared"].get(argument)
        rule: dict[str, Any] | None = self._rules["own"].get(method, {}).get(argument, shared)
        return rule

    def _items(self, text: str) -> "list[list[str]]":
        return [item.split(self._part) for item in text.split(self._item)] if text else []


def known(table: "Table") -> "Details | None":
    """The table's details, made on first use."""
    details = getattr(table, "details", None)
    if details and not isinstance(details, Details):
        details = table.details = details()
    return details


def explained(message: str, table: "Table", name: str, code: "int | None") -> str:
    """The message of an error, with what its code means for a method, and where to read on."""
    details = known(table)
    if not details or name == UPLOAD:
        return message
    method = details.method(name)
    if not method:
        return message + suggest(name, table.levels)
    told = method.errors.get(code or 0) or details.errors.get(code or 0)
    return message + (": " + told if told else ".") + " See " + method.url


def document(method: "Any") -> None:
    """Let a method's `help()` tell what it does and which arguments it takes, and let it show itself."""
    method.__doc__ = property(_text)
    method.__repr__ = lambda shown: "<" + shown.name + ">"


def _text(method: "Any") -> str:
    details = known(method._client._table)
    return str((details and details.method(method.name)) or method.name)
