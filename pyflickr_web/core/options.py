"""The read-only options of a client."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Options:
    """Read-only options by name: `options["endpoint"]`, `options.get(name)`, `dict(options)`.

    Its `repr` shows no values: they may be secrets.
    """

    def __init__(self, given: "dict[str, Any]") -> None:
        self._given = given
        self.get = given.get

    def keys(self) -> "list[str]":
        return sorted(self._given)

    def __iter__(self) -> "Iterator[str]":
        return iter(self.keys())

    def __getitem__(self, name: str) -> "Any":
        return self._given[name]
