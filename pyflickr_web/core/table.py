"""The table of methods: their names, levels, page sizes and Flickr's limits."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from .details import Details


class Table:
    """All methods of a reflection.

    `levels`, unpacked at its first use, maps each method to its needs as a sum: 0 for only an API key,
    1 for a signature, 2 for a login, and 4, 8 or 12 for a token with read, write or delete
    permission. `page_sizes`, filled with it, has the largest page, in items, of each method that
    lists something; 0 if the method has no pages, or if the largest page is unknown. `limits` has
    the number of results of a query that Flickr returns at most, for methods with such a limit.
    `details`, in the development edition, has texts and rules for checks, or a function that makes them.

    `names` are words: a namespace ends with a dot, and its methods follow. A method ends with the
    mark of its level and, if it lists something, a comma and its page size. A name that starts with
    a capital is short for one with `shared_prefix`. `omitted` are methods that a build leaves out and
    that need signing.

    `caller_methods`, on a server, need no login and mean the caller if `user_id` is missing.
    """

    if TYPE_CHECKING:
        details: Details | Callable[[], Details] | None
        caller_methods: Collection[str]

    def __init__(
        self,
        names: str,
        shared_prefix: str,
        limits: "dict[str, int]",
        omitted: "Collection[str]" = (),
    ) -> None:
        self.names = names
        self._shared_prefix = shared_prefix
        self.limits = limits
        self.omitted = omitted
        # Filled with `levels`.
        self.page_sizes: dict[str, int] = {}

    def __getattr__(self, key: str) -> "Any":
        # Unpacked at the first use, so that a page does not wait for it while it loads.
        if key != "levels":
            raise AttributeError(key)
        self.levels: dict[str, int] = {}
        space = "flickr."
        for word in self.names.split():
            if word[-1] == ".":
                space = "flickr." + word
            else:
                if word < "a":
                    word = self._shared_prefix + word
                word, *sizes = word.split(",")
                name = space + word[:-1]
                # A mark's low four bits are the level.
                self.levels[name] = ord(word[-1]) & 15
                for size in sizes:
                    self.page_sizes[name] = int(size)
        return self.levels
