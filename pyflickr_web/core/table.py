"""The table of methods: their names, what each needs, and what Flickr limits."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .details import Details


class Table:
    """All methods of a reflection.

    `levels` maps a method's name to what it needs: 0 is nothing but an API key, 1 added for a
    signature, 2 for a login, and 4, 8 or 12 for a token that may read, write or delete.
    `names` are words: a namespace with a dot, and behind it its methods, each with the mark of its
    level; names that open with a capital have `lost` in front.

    `limits` tells how many results a query of a method can reach, where Flickr sets a limit;
    `details`, where there are any, are the texts and rules behind the development edition's checks, or
    what makes them.
    """

    if TYPE_CHECKING:
        details: Details | Callable[[], Details] | None

    def __init__(self, names: str, lost: str, limits: "dict[str, int]") -> None:
        self.levels: dict[str, int] = {}
        self.limits = limits
        space = "flickr."
        for word in names.split():
            if word[-1] == ".":
                space = "flickr." + word
            else:
                if word < "a":
                    word = lost + word
                # A mark's low four bits are the level.
                self.levels[space + word[:-1]] = ord(word[-1]) & 15
