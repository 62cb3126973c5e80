"""The addresses of photos."""

from .wire import join_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# The `url_…` fields that are not named after their size's suffix.
_FIELDS = {"s": "sq", "m": "s", "": "m", "b": "l"}


def make_photo_url(base: str) -> "Callable[..., str | None]":
    """Return a function `photo_url` for photos served below `base`."""

    def photo_url(photo: "dict[str, Any]", size: str = "") -> "str | None":
        """Return the address of a photo; `size` is Flickr's suffix (empty for 500 pixels).

        It is the answer's own `url_…` field, or follows Flickr's rule. Returns None if the answer lacks
        the size's secret: sizes from "h" on, and the original ("o"), have a secret of their own.
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
