"""The table of methods: their names, what each needs, and what Flickr limits."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .details import Details


class Table:
    """All methods of a reflection.

    `levels` maps a method's name to what it needs: 0 is nothing but an API key, 1 added for a
    signature, 2 for a login, and 4, 8 or 12 for a token that may read, write or delete.
    `names` holds namespaces (with a tilde for a dot), each before a colon, and behind it methods, each
    before the mark of its level; names that open with a capital have `lost` in front.

    `limits` tells how many results a query of a method can reach, where Flickr sets a limit;
    `details` are the texts and rules behind the development edition's checks, or what makes them.
    """

    def __init__(
        self,
        names: str,
        lost: str,
        limits: "dict[str, int]",
        details: "Details | Callable[[], Details] | None" = None,
    ) -> None:
        self.levels: dict[str, int] = {}
        self.limits = limits
        self.details = details
        space, name = "flickr.", ""
        for letter in names:
            if letter == ":":
                space, name = "flickr." + name.replace("~", ".") + ".", ""
            elif letter < "0":
                # A mark's low four bits are the level.
                self.levels[space + (lost + name if name < "a" else name)] = ord(letter) & 15
                name = ""
            else:
                name += letter
