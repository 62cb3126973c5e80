"""The options of downsync: their types, and the checks of their values."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, TypedDict

from pyflickr_web.core.nearest import suggest
from pyflickr_web.mirror.events import Event
from pyflickr_web.mirror.layout import NODE_SIZES, SIZE_FOLDERS
from pyflickr_web.mirror.plan import Scope
from pyflickr_web.transports.errors import OptionError

MOST_WORKERS = 32
_FLAGS = ("remove_deleted", "favorites", "full", "pools", "dry_run")
# Seconds since Flickr exists. Shorter texts of digits are dates: 20200131.
_SECONDS = re.compile(r"[0-9]{9,}", re.ASCII)
# Seconds by which a date may be in the future: somewhere, the next day has begun.
_DAY = 24 * 3600
# Names of sizes: Flickr's suffixes, and the folders of the mirror.
SIZE_NAMES = {suffix: suffix for suffix in SIZE_FOLDERS} | {
    name: suffix
    for suffix, folder in SIZE_FOLDERS.items()
    for name in (folder, folder.replace("/", "-"))
}


class DownsyncOptions(TypedDict, total=False):
    """The options of `downsync`, for type checkers. Options that are None are ignored."""

    remove_deleted: bool | None
    """Move photos, albums and collections that are no longer on Flickr to `.trash/`."""
    max_prune: int | None
    """The most photos, albums and collections that `remove_deleted` may move; by default 10 % of each,
    or 10, whichever is more."""
    user: str | None
    """The person to mirror: an NSID, a name, or the address of their photos; by default the one who is
    signed in."""
    sizes: str | Sequence[str] | None
    """The sizes to fetch: `original`, `large`, `medium800`, `medium`, `small`, `thumbnail`,
    `square-medium`, `square-small`; by default all of them."""
    videos: bool | None
    """False leaves videos out."""
    metadata: Literal["info", "listing"] | None
    """`listing` saves the call for each photo; raw tags and notes are missing then."""
    comments: bool | None
    """Fetch comments; by default with `metadata` `info` only, where False leaves them out."""
    exif: bool | None
    """Fetch EXIF data, with one more call for each photo."""
    albums: Sequence[str] | None
    """Only the photos of these albums, by id or title. A text that is neither is a list of them,
    separated by commas."""
    since: str | int | date | None
    """Only photos posted since then: `YYYY-MM-DD`, another date or time of ISO 8601, Unix seconds, a
    `date` or a `datetime`."""
    favorites: bool | None
    """Also fetch the person's favorites, to `favorites/`."""
    full: bool | None
    """Compare every photo, album and group with Flickr, and check that each file is there."""
    pools: bool | None
    """Read the pools of the person's groups again, which tell no date of change."""
    dry_run: bool | None
    """Only plan: pass the work to `on_event`, and write nothing."""
    workers: int | None
    """The most photos and files in work at a time."""
    file_rate: float | None
    """The most files to begin in a second."""
    max_per_hour: int | None
    """The most calls in an hour, shared by all runs with the API key."""
    on_event: Callable[[Event], object] | None
    """A function that receives the events of the run: see `pyflickr_web.mirror.events`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of downsync, checked."""

    scope: Scope = field(default_factory=Scope)
    remove_deleted: bool = False
    max_prune: int | None = None
    user: str | None = None
    albums: tuple[str, ...] = ()
    since: int | None = None
    favorites: bool = False
    full: bool = False
    pools: bool = False
    dry_run: bool = False
    workers: int | None = None
    file_rate: float | None = None
    max_per_hour: int | None = None
    on_event: Callable[[Event], object] | None = None

    @property
    def limits(self) -> tuple[str, ...]:
        """The options by which the run does not cover the whole account."""
        found = {
            "albums (--albums)": bool(self.albums),
            "since (--since)": self.since is not None,
            "videos (--no-videos)": not self.scope.videos,
        }
        return tuple(name for name, is_given in found.items() if is_given)

    @property
    def is_partial(self) -> bool:
        """True if the run looks at a part of the photos only."""
        return bool(self.albums) or self.since is not None


def read_settings(given: Mapping[str, Any]) -> Settings:
    """Check the options of downsync. Raises `OptionError`."""
    names = tuple(DownsyncOptions.__annotations__)
    for name in given:
        if name not in names:
            raise OptionError(f"downsync: unknown option {name}{suggest(name, list(names))}")
    values = {name: value for name, value in given.items() if value is not None}
    for name in (*_FLAGS, "videos", "exif", "comments"):
        if not isinstance(values.get(name, False), bool):
            raise OptionError(f"downsync: {name} must be True or False, not {values[name]!r}")
    if "max_prune" in values and not values.get("remove_deleted"):
        raise OptionError(
            "downsync: max_prune (--max-prune) only has an effect with remove_deleted (--prune)"
        )
    if not callable(values.get("on_event", print)):
        raise OptionError(f"downsync: on_event must be a function, not {values['on_event']!r}")
    return Settings(
        _read_scope(values),
        max_prune=_read_count(values, "max_prune", 0),
        user=_read_user(values.get("user")),
        albums=_read_albums(values["albums"]) if "albums" in values else (),
        since=_read_date(values.get("since")),
        workers=_read_count(values, "workers", 1, MOST_WORKERS),
        file_rate=_read_rate(values.get("file_rate")),
        max_per_hour=_read_count(values, "max_per_hour", 1),
        on_event=values.get("on_event"),
        **{name: values.get(name, False) for name in _FLAGS},
    )


def _read_scope(values: Mapping[str, Any]) -> Scope:
    metadata = values.get("metadata", "info")
    if metadata not in ("info", "listing"):
        raise OptionError(f"downsync: invalid metadata {metadata!r}: use 'info' or 'listing'")
    sizes = _read_texts("sizes", values.get("sizes", NODE_SIZES))
    for size in sizes:
        if size.lower() not in SIZE_NAMES:
            names = ", ".join(folder.replace("/", "-") for folder in SIZE_FOLDERS.values())
            raise OptionError(f"downsync: invalid size {size!r}: use one of {names}")
    chosen = {SIZE_NAMES[size.lower()] for size in sizes}
    return Scope(
        tuple(size for size in NODE_SIZES if size in chosen),
        videos=values.get("videos", True),
        metadata=metadata,
        comments=values.get("comments", metadata == "info"),
        exif=values.get("exif", False),
    )


def _read_albums(value: Any) -> tuple[str, ...]:
    """Return the texts that name albums, whole: a title may have commas."""
    texts = _read_texts("albums", [value] if isinstance(value, str) else value)
    # A text of commas names no album.
    _read_texts("albums", ",".join(texts))
    return texts


def split_list(text: str) -> list[str]:
    """Return the texts of a list that is separated by commas, without empty ones."""
    return [row.strip() for row in text.split(",") if row.strip()]


def _read_texts(name: str, value: Any) -> tuple[str, ...]:
    """Return the texts of a list, or of a text separated by commas.

    Without any, it is an error: an unset variable of a script must not mean all of them.
    """
    rows = split_list(value) if isinstance(value, str) else value
    rows = list(rows) if isinstance(rows, Iterable) else [None]
    if not all(isinstance(row, str) for row in rows):
        raise OptionError(f"downsync: {name} must be a list of texts, not {value!r}")
    found = tuple(text for row in rows if (text := row.strip()))
    if not found:
        raise OptionError(f"downsync: {name} is empty: leave it out for all of them")
    return found


def _read_user(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise OptionError(f"downsync: invalid user {value!r}: give an NSID, a name, or an address")
    return value.strip() if value else None


def _read_count(
    values: Mapping[str, Any], name: str, least: int, most: int | None = None
) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    if type(value) is not int or value < least or (most is not None and value > most):
        upper = f" to {most}" if most is not None else " or more"
        raise OptionError(f"downsync: invalid {name} {value!r}: use {least}{upper}")
    return value


def _read_rate(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e6:
        raise OptionError(f"downsync: invalid file_rate {value!r}: use a number above 0")
    return float(value)


def _read_date(given: Any) -> int | None:
    """Return a date in Unix seconds; days begin in UTC, as Flickr's dates of posting."""
    if given is None:
        return None
    value = given
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, str) and not _SECONDS.fullmatch(value):
            value = datetime.fromisoformat(value)
            value = value if value.tzinfo else value.replace(tzinfo=UTC)
        seconds = value.timestamp() if isinstance(value, datetime) else int(value)
        if isinstance(value, bool) or seconds < 0:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        raise OptionError(
            f"downsync: invalid since {given!r}: use YYYY-MM-DD, or Unix seconds"
        ) from None
    if seconds > time.time() + _DAY:
        raise OptionError(
            f"downsync: since {given!r} is in the future: use YYYY-MM-DD, or Unix seconds, "
            "not milliseconds"
        )
    return int(seconds)
