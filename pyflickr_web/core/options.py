"""The options of a client, to be read."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Options:
    """Options by name, to be read: `options["endpoint"]`, `options.get(name)`, `dict(options)`.

    Shown, it tells nothing of what it holds, as that may be a key or a secret.
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
