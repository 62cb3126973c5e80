"""The fields of an upload: their types, their names for values, and their form for Flickr."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from os import PathLike
from typing import IO, Any, Literal, Required, TypedDict

from pyflickr_web.core.nearest import suggest
from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.core.wire import to_wire
from pyflickr_web.transports.errors import ArgumentError
from pyflickr_web.transports.text import printable

# A path, the bytes of a file, an open binary file, or an iterable of bytes with its `length`.
Photo = str | PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Iterable[bytes]

SAFETY_LEVELS = {"safe": "1", "moderate": "2", "restricted": "3"}
CONTENT_TYPES = {"photo": "1", "screenshot": "2", "other": "3"}
HIDDEN = {"visible": "1", "hidden": "2"}
_CHOICES = {"safety_level": SAFETY_LEVELS, "content_type": CONTENT_TYPES, "hidden": HIDDEN}
_FLAGS = ("is_public", "is_friend", "is_family", "async_")
_TEXTS = ("title", "description")
NAMES = (*_TEXTS, "tags", *_FLAGS, *_CHOICES)
# Arguments of uploads in a page, and what a server has instead.
_OF_PAGES = {
    "onprogress": "; on a server, on_event receives events with the progress",
    "signal": "; on a server, cancel the task instead",
}


class PhotoFields(TypedDict, total=False):
    """Flickr's fields of a photo. Fields that are None are not sent: the account's defaults apply."""

    title: str | None
    """The title; without it Flickr takes the file's name."""
    description: str | None
    """The description; some HTML is allowed."""
    tags: str | Iterable[str | int | float] | None
    """A list of tags, which may contain spaces; or a text: `'happy fox image "test 2"'`."""
    is_public: bool | int | str | None
    """Visible to everybody."""
    is_friend: bool | int | str | None
    """Visible to friends."""
    is_family: bool | int | str | None
    """Visible to family."""
    safety_level: Literal["safe", "moderate", "restricted", "1", "2", "3", 1, 2, 3] | None
    """The safety level, as a name or as Flickr's number."""
    content_type: Literal["photo", "screenshot", "other", "1", "2", "3", 1, 2, 3] | None
    """The kind of picture, as a name or as Flickr's number."""
    hidden: Literal["visible", "hidden", "1", "2", 1, 2] | bool | None
    """Hidden from public searches: `True`, a name, or Flickr's number (1 visible, 2 hidden)."""
    async_: bool | int | str | None
    """Let Flickr process the file later: the result is a ticket."""
    filename: str | None
    """The name of the file for Flickr; by default that of the path."""
    length: int | None
    """The length in bytes, for an iterable or a file that has no size."""


class PhotoItem(PhotoFields):
    """A photo of a batch: its source, and its fields."""

    photo: Required[Photo]


def read_fields(given: Mapping[str, Any]) -> dict[str, str]:
    """Convert fields to texts in Flickr's formats; leave out those that are None.

    Raises `ArgumentError` for an unknown field, with the nearest name, and for an invalid value.
    """
    texts: dict[str, str] = {}
    for name, value in given.items():
        if name not in NAMES:
            hint = _OF_PAGES.get(name) or suggest(name, NAMES)
            raise argument_error(f"unknown field {name}{hint}")
        if value is not None:
            texts[name.rstrip("_")] = _read_field(name, value)
    return texts


def read_filename(given: Any) -> str | None:
    """Return the name of a file for Flickr, or None. Raises `ArgumentError` for another value."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise argument_error(f"filename: give a text, not a {type(given).__name__}")
    return _check_text("filename", given)


def argument_error(text: str) -> ArgumentError:
    """Return the error of an argument of `upload`."""
    return ArgumentError(f"{UPLOAD}: {text}", method=UPLOAD)


def _read_field(name: str, value: Any) -> str:
    if name in _CHOICES:
        return _read_choice(name, value)
    if name in _FLAGS:
        return _read_flag(name, value)
    if name == "tags" and not isinstance(value, str):
        return _read_tags(value)
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise argument_error(f"{name}: give a text, not a {type(value).__name__}")
    return _check_text(name, to_wire(UPLOAD, {name: value}, True)[name])


def _read_choice(name: str, value: Any) -> str:
    names = _CHOICES[name]
    if name == "hidden" and isinstance(value, bool):
        return HIDDEN["hidden" if value else "visible"]
    text = str(value).strip().lower()
    if not isinstance(value, bool) and text in (*names, *names.values()):
        return names.get(text, text)
    listed = ", ".join(f"{number} or {word!r}" for word, number in names.items())
    raise argument_error(f"invalid {name} {_show(value)}: use {listed}")


def _read_flag(name: str, value: Any) -> str:
    text = str(int(value)) if isinstance(value, (bool, int)) else str(value).strip()
    if text not in ("0", "1"):
        raise argument_error(f"invalid {name} {_show(value)}: use True or False")
    return text


def _read_tags(value: Any) -> str:
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, Mapping)):
        raise argument_error(f"tags: give a text or a list of texts, not a {type(value).__name__}")
    tags = [tag for tag in value if tag is not None]
    for tag in tags:
        is_number = isinstance(tag, (int, float)) and not isinstance(tag, bool)
        if not isinstance(tag, str) and not (is_number and math.isfinite(tag)):
            raise argument_error(f"invalid tag {_show(tag)}: give a text")
    return _check_text("tags", to_wire(UPLOAD, {"tags": tags}, True)["tags"])


def _check_text(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise argument_error(
            f"{name}: {text[error.start]!a} is not valid Unicode: decode it with its own encoding"
        ) from None
    return text


def _show(value: Any) -> str:
    return printable(repr(value), 60)
