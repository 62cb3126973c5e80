"""The addresses of photos."""

from .wire import join_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# The field of an answer that holds a size's address, where it is not named after its suffix.
_FIELDS = {"s": "sq", "m": "s", "": "m", "b": "l"}


def make_photo_url(base: str) -> "Callable[..., str | None]":
    """Return a `photo_url` for photos that are served below `base`."""

    def photo_url(photo: "dict[str, Any]", size: str = "") -> "str | None":
        """The address of a photo in a size, by Flickr's suffix (none is 500 pixels).

        It comes from the answer's own `url_…` fields where they are, else by Flickr's rule. None
        where the answer does not hold what it takes: from "h" on a size has a secret of its own, as
        the original ("o") has.
        """
        url: str | None = photo.get("url_" + _FIELDS.get(size, size))
        if url:
            return url
        secret, kind = None, "jpg"
        if size == "o":
            secret, kind = photo.get("originalsecret"), photo.get("originalformat", "jpg")
        elif len(size) < 2 and size in "sqtmnwzcb":
            secret = photo.get("secret")
        number, server = photo.get("id"), photo.get("server")
        if not (secret and number and server):
            return None
        suffix = "_" + size if size else ""
        return join_url(base, f"{server}/{number}_{secret}{suffix}.{kind}")

    return photo_url
