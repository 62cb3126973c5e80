"""Convert arguments, addresses and numbers to Flickr's formats and back."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# The types of arguments that are lists.
LISTS = (list, tuple, set)


def join_url(base: str, path: str) -> str:
    """Return the address of `path` below `base`, which may end with a slash."""
    return base.rstrip("/") + "/" + path


def to_wire(values: "Mapping[str, Any]", writes: bool) -> "dict[str, str]":
    """Convert arguments to texts in Flickr's formats; leave out those that are None.

    Lists are joined with commas; `tags` of a method that writes are joined with spaces and quoted.
    """
    wire = {}
    for name in values:
        value = values[name]
        if writes and name == "tags" and isinstance(value, LISTS):
            value = _tags_to_text(value)
        if value is not None:
            wire[name] = value if isinstance(value, str) else _to_text(value, name)
    return wire


def _to_text(value: "Any", name: str) -> str:
    if isinstance(value, LISTS):
        return ",".join([_to_text(item, name) for item in value if item is not None])
    if isinstance(value, (bool, int, float)) and value % 1 == 0:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return _date_to_text(value, name)
    return str(value)


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


def _tags_to_text(tags: "Any") -> str:
    texts = [_to_text(tag, "").replace('"', "") for tag in tags if tag is not None]
    return " ".join(['"' + text + '"' if len(text.split()) > 1 else text for text in texts])


def to_whole_number(value: "Any") -> "int | None":
    """Convert a number or text to a whole number; return None for anything else."""
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
