"""Arguments and addresses as Flickr takes them, and numbers as it writes them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def join_url(base: str, path: str) -> str:
    """Return the address of `path` below `base`, which may end with a slash or not."""
    return base.rstrip("/") + "/" + path


def to_wire(values: "dict[str, Any]", writes: bool) -> "dict[str, str]":
    """Convert arguments to texts as Flickr takes them; leave out those that are None.

    Lists are joined by commas, but for the `tags` of a method that writes: by spaces, with quotes.
    """
    wire = {}
    for name in values:
        value = values[name]
        if value is not None:
            quoted = writes and name == "tags" and _is_list(value)
            wire[name] = _tags_to_text(value) if quoted else _to_text(value, name)
    return wire


def _is_list(value: "Any") -> bool:
    return isinstance(value, (list, tuple, set))


def _to_text(value: "Any", name: str) -> str:
    if _is_list(value):
        return ",".join([_to_text(item, name) for item in value if item is not None])
    if isinstance(value, (bool, int, float)) and value % 1 == 0:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return _date_to_text(value, name)
    return str(value)


def _date_to_text(date: "Any", name: str) -> str:
    """Flickr takes Unix seconds, but for the date a photo was taken (MySQL's form) and for days."""
    text: str = date.isoformat()
    if name == "date":
        return text[:10]
    if "taken" in name:
        return text[:10] + " " + (text[11:19] or "00:00:00")
    if hasattr(date, "timestamp"):
        return str(int(date.timestamp() // 1))
    # A day, which starts at midnight UTC; 1970-01-01 has this ordinal.
    return str((date.toordinal() - 719163) * 86400)


def _tags_to_text(tags: "Any") -> str:
    given = [tag for tag in tags if tag is not None]
    texts = [_to_text(tag, "").replace('"', "") for tag in given]
    return " ".join(['"' + text + '"' if len(text.split()) > 1 else text for text in texts])


def to_whole_number(value: "Any") -> "int | None":
    """Return the whole number in a value, which may be a text; None for anything else."""
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
