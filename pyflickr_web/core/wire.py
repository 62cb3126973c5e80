"""Convert arguments, addresses and numbers to Flickr's formats and back."""

from .errors import FlickrError
from .misuse import explain_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# The types of arguments that are lists.
LISTS = (list, tuple, set)


def join_url(base: str, path: str) -> str:
    """Return the address of `path` below `base`, which may end with a slash."""
    return base.rstrip("/") + "/" + path


def to_wire(method: str, values: "Mapping[str, Any]", writes: bool) -> "dict[str, str]":
    """Convert the arguments of a method to texts in Flickr's formats; leave out those that are None.

    Lists are joined with commas; `tags` of a method that writes are joined with spaces and quoted.
    Raises `FlickrError` for a value that cannot be an argument.
    """
    wire = {}
    for name in values:
        value = values[name]
        if value is not None:
            parts = value if isinstance(value, LISTS) else [value]
            texts = [_to_text(part, name, method) for part in parts if part is not None]
            is_tag_list = writes and name == "tags" and parts is value
            wire[name] = _join_tags(texts) if is_tag_list else ",".join(texts)
    return wire


def _to_text(value: "Any", name: str, method: str) -> str:
    if isinstance(value, str):
        return value
    try:
        if hasattr(value, "toordinal"):
            return _date_to_text(value, name)
        # False for NaN and infinity.
        if value - value == 0:
            return str(int(value) if value % 1 == 0 else value)
    except Exception:
        # The operators of objects may raise any error, and so may the conversion of a date.
        pass
    what = f"{method}: {name} is invalid"
    what = explain_type(what, value)
    raise FlickrError(what, None, method)


def _date_to_text(date: "Any", name: str) -> str:
    """Format a date: as Unix seconds, except days and the date a photo was taken (MySQL's format)."""
    text: str = date.isoformat()
    if name == "date":
        return text[:10]
    if "taken" in name:
        return text[:10] + " " + (text[11:19] or "00:00:00")
    if hasattr(date, "timestamp"):
        return str(int(date.timestamp() // 1))
    # A day starts at midnight UTC; 719163 is the ordinal of 1970-01-01.
    return str((date.toordinal() - 719163) * 86400)


def _join_tags(tags: "list[str]") -> str:
    texts = [tag.replace('"', "") for tag in tags]
    return " ".join(['"' + text + '"' if len(text.split()) > 1 else text for text in texts])


def to_whole_number(value: "Any") -> "int | None":
    """Convert a number or text to a whole number; return None for anything else."""
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
