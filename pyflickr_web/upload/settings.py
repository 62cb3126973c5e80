"""The settings of `upload`, beside the fields of the photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, TypedDict

from pyflickr_web.upload.events import OnEvent
from pyflickr_web.upload.fields import PhotoFields, argument_error

# Seconds after which a file that was sent without an answer may be sent again.
RESEND_AFTER = 600
MOST_WORKERS = 32
NAMES = ("dedupe", "wait", "workers", "journal", "resend_after", "on_event")


class UploadOptions(PhotoFields, total=False):
    """The arguments of `upload`: settings, and fields, which hold for all photos of a batch."""

    dedupe: bool
    """Upload no file that is on Flickr already; tags each photo with its hash, which others can see."""
    wait: bool
    """With `async_`, wait until Flickr has processed the files."""
    workers: int
    """The number of files to send at a time; 1 by default, which keeps them in order on Flickr."""
    journal: str | PathLike[str] | None
    """A file that records each upload, so that the same call continues after an interruption."""
    resend_after: float
    """Seconds after which a file without an answer is sent again by a later run with `dedupe`."""
    on_event: OnEvent | None
    """A function that receives the events of `pyflickr_web.upload.events`."""


class ReplaceOptions(TypedDict, total=False):
    """The arguments of `replace`."""

    filename: str | None
    """The name of the file for Flickr; by default that of the path."""
    length: int | None
    """The length in bytes, for an iterable or a file that has no size."""
    async_: bool
    """Let Flickr process the file later, and wait until it has."""
    dedupe: bool
    """Tag the photo with the hash of the new file, so that `upload` finds it; True by default."""
    journal: str | PathLike[str] | None
    """The journal of `upload`, in which the photo's earlier file is no longer on Flickr."""
    on_event: OnEvent | None
    """A function that receives the events of `pyflickr_web.upload.events`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings of `upload`: see `UploadOptions`."""

    dedupe: bool = False
    wait: bool = False
    workers: int = 1
    journal: Path | None = None
    resend_after: float = RESEND_AFTER
    on_event: OnEvent | None = None
    # Look for the files on Flickr, but send none: their status is `not tried`, without an error.
    dry_run: bool = False


def read_settings(given: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Split arguments into settings and fields. Raises `ArgumentError` for invalid settings."""
    settings = {name: given[name] for name in NAMES if given.get(name) is not None}
    workers = settings.get("workers", 1)
    if isinstance(workers, bool) or not isinstance(workers, int) or not 0 < workers <= MOST_WORKERS:
        raise argument_error(f"invalid workers {workers!r}: use 1 to {MOST_WORKERS}")
    seconds = settings.get("resend_after", RESEND_AFTER)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds >= 0:
        raise argument_error(f"invalid resend_after {seconds!r}: use a number of seconds")
    settings["journal"] = read_journal(settings.get("journal"))
    if not callable(settings.get("on_event", print)):
        raise argument_error("on_event: give a function")
    for name in ("dedupe", "wait"):
        settings[name] = bool(settings.get(name))
    return Settings(**settings), {name: given[name] for name in given if name not in NAMES}


def read_journal(given: Any) -> Path | None:
    """Return the path of a journal. Raises `ArgumentError` for another value."""
    try:
        return None if given is None else Path(given)
    except TypeError:
        raise argument_error("journal: give the path of a file") from None
