"""The table of methods: their names, levels, page sizes and Flickr's limits."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from .details import Details


class Table:
    """All methods of a reflection.

    `levels`, unpacked when first asked for, maps a method's name to what it needs: 0 is nothing but an
    API key, 1 added for a signature, 2 for a login, and 4, 8 or 12 for a token that may read, write or
    delete. `page_sizes`, which is empty until then, has the largest page, in items, of each method
    that lists something; 0 for those without pages, or whose largest page is unknown. `limits`
    tells how many results a query of a method can reach, where Flickr sets a limit; `details`, where
    there are any, are the texts and rules behind the development edition's checks, or what makes them.

    `names` are words: a namespace with a dot, and behind it its methods, each with the mark of its
    level and, if it lists something, its page size behind a comma; names that open with a capital
    have `shared_prefix` in front. `omitted` are methods that a build leaves out and that still need
    signing.

    `caller_methods`, on a server, need no login and mean the caller if `user_id` is absent.
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
        self._names = names
        self._shared_prefix = shared_prefix
        self.limits = limits
        self.omitted = omitted
        # Filled with `levels`.
        self.page_sizes: dict[str, int] = {}

    def __getattr__(self, key: str) -> "Any":
        # A page that is only about to load need not wait for `levels`.
        if key != "levels":
            raise AttributeError(key)
        self.levels: dict[str, int] = {}
        space = "flickr."
        for word in self._names.split():
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
