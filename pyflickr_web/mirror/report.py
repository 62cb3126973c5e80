"""The report of a run of downsync: what it did, what failed and why, and if the mirror is complete."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from pyflickr_web.mirror.counts import format_bytes, format_count
from pyflickr_web.mirror.layout import FAVORITES, Tree
from pyflickr_web.mirror.metadata.pictures import VIDEO_FORMATS
from pyflickr_web.mirror.pruning import PruneRefused
from pyflickr_web.transports.errors import FlickrError, MirrorError
from pyflickr_web.transports.files import describe_os_error

# The most pictures that a summary lists as not available; `Report.unavailable` has all.
MOST_PICTURES = 20
_FAVORITE_ORIGINALS = Tree(FAVORITES).folder("o")
# Values that a dry run does not find out.
_UNKNOWN_TO_DRY_RUNS = (
    "is_complete",
    "deleted_at_flickr",
    "kept_albums",
    "kept_collections",
    "unchanged_photos",
    "videos_without_file",
)
# The name of the removal among the failures, that of its option.
REMOVAL = "remove_deleted"


def describe_end(error: BaseException, location: str) -> str:
    """Describe the error that ended a run early, for its report."""
    match error:
        case FlickrError():
            return str(error)
        case OSError():
            return f"{error.filename or location}: {describe_os_error(error)}"
        case Exception():
            # A fault of the program.
            return f"{type(error).__name__}: {error}"
        case _:
            return "interrupted"


@dataclass(slots=True)
class Report:
    """The result of a run.

    `new_photos`, `updated_photos` and `unchanged_photos` are the person's own, `fetched_favorites` the
    favorites that are new or changed. `photos_at_flickr` and `photos_in_mirror` are the numbers of
    photos with videos; None if the run did not look at the whole account. `deleted_at_flickr` photos,
    `kept_albums` and `kept_collections` left Flickr, and are still in the mirror. `failed` has the
    reasons by photo or other item, `unavailable` the pages of files that Flickr did not give to this
    run: videos, originals, and others that its answers list. `damaged` has the files that are
    incomplete at Flickr itself. `videos_without_file` counts those of earlier runs too.

    `accepted_files` is the number of files without a checksum that were complete, and have one now;
    `repaired` and `unrepaired` have the faults of the others by name. `calls` are the requests to
    Flickr's API, with retries. `needed_max_prune` is the `max_prune` that allows a removal that was
    refused. `error` ended the run early.
    """

    location: str = ""
    photos_at_flickr: int | None = None
    photos_in_mirror: int | None = None
    deleted_at_flickr: int = 0
    kept_albums: int = 0
    kept_collections: int = 0
    new_photos: int = 0
    updated_photos: int = 0
    unchanged_photos: int = 0
    fetched_favorites: int = 0
    gone_photos: int = 0
    written_albums: int = 0
    written_collections: int = 0
    fetched_files: int = 0
    fetched_bytes: int = 0
    accepted_files: int = 0
    repaired: dict[str, str] = field(default_factory=dict)
    unrepaired: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    videos_without_file: int = 0
    damaged: list[str] = field(default_factory=list)
    calls: int = 0
    planned: int = 0
    is_dry_run: bool = False
    needed_max_prune: int | None = None
    error: str | None = None
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def is_complete(self) -> bool:
        """True if the run reached its end, and nothing of what Flickr gives is missing.

        A removal that was refused does not count. False for a dry run.
        """
        if self.failed.keys() - {REMOVAL} or self.error or self.is_dry_run:
            return False
        if self.photos_at_flickr is None or self.photos_in_mirror is None:
            return True
        return self.photos_in_mirror - self.deleted_at_flickr >= self.photos_at_flickr

    def count(self, name: str, number: int = 1) -> None:
        """Add to a count."""
        with self._lock:
            setattr(self, name, getattr(self, name) + number)

    def refuse_removal(self, error: MirrorError) -> None:
        """Add the error because of which nothing was removed."""
        self.failed[REMOVAL] = str(error)
        if isinstance(error, PruneRefused):
            self.needed_max_prune = error.needed

    def advise(self) -> str:
        """Return what to do about failures, or about a run that did not end."""
        advice = "run it again to go on"
        if self.needed_max_prune is None:
            return advice
        confirmation = f"to remove what left Flickr, add --max-prune {self.needed_max_prune}"
        # The same run would only be refused again.
        is_only_refused = len(self.failed) == 1 and not self.error
        return confirmation if is_only_refused else f"{advice}; {confirmation}"

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object; null for what a dry run does not find out."""
        names = [name for name in self.__dataclass_fields__ if not name.startswith("_")]
        values = {name: getattr(self, name) for name in (*names, "is_complete")}
        return values | dict.fromkeys(_UNKNOWN_TO_DRY_RUNS if self.is_dry_run else ())

    def summarize(self) -> list[str]:
        """Return the report as lines of text."""
        if self.is_dry_run:
            return [
                *self._list_failures(),
                f"dry run: work for {format_count(self.planned, 'item')}, nothing was written",
            ]
        lines = [
            f"{format_count(self.new_photos, 'new photo')}, {self.updated_photos:,} updated, "
            f"{self.unchanged_photos:,} unchanged; {format_count(self.fetched_files, 'file')} "
            f"({format_bytes(self.fetched_bytes)}), {format_count(self.written_albums, 'album')}, "
            f"{format_count(self.written_collections, 'collection')}; "
            f"{format_count(self.calls, 'call')}"
        ]
        if self.fetched_favorites:
            lines.append(format_count(self.fetched_favorites, "favorite"))
        lines += self._summarize_takeover()
        if self.removed:
            lines.append(f"{format_count(len(self.removed), 'file')} moved to .trash/")
        kept = {
            "photo": self.deleted_at_flickr,
            "album": self.kept_albums,
            "collection": self.kept_collections,
        }
        if counts := [format_count(number, kind) for kind, number in kept.items() if number]:
            lines.append(f"kept here: {', '.join(counts)} that left Flickr")
        lines += [f"damaged at Flickr: {name}" for name in self.damaged]
        lines += self._list_unavailable()
        lines += self._list_failures()
        lines.append(self._summarize_state())
        return lines

    def _summarize_takeover(self) -> list[str]:
        """Return lines about the files of another program."""
        lines = []
        if self.accepted_files:
            files = format_count(self.accepted_files, "complete file")
            lines.append(f"{files} without a checksum got one")
        if self.repaired:
            faults = Counter(self.repaired.values()).most_common()
            kinds = ", ".join(f"{fault} ({count:,})" for fault, count in faults)
            lines.append(f"{format_count(len(self.repaired), 'file')} repaired: {kinds}")
        lines += [f"not repaired: {name}: {fault}" for name, fault in self.unrepaired.items()]
        return lines

    def _list_failures(self) -> list[str]:
        """Return lines on what failed."""
        # The command has another name for the option.
        names = {REMOVAL: "removal"}
        return [
            f"failed: {names.get(item, item)}: {reason}" for item, reason in self.failed.items()
        ]

    def _list_unavailable(self) -> list[str]:
        """Return lines on files that Flickr does not give: all videos, and some of the pictures.

        A free account has no originals at all, and many people do not share theirs.
        """
        videos, pictures, favorites = [], [], 0
        for name, page in self.unavailable.items():
            line = f"not available: {name}: {page}"
            if name.rpartition(".")[2] in VIDEO_FORMATS:
                videos.append(line)
            elif name.startswith(_FAVORITE_ORIGINALS):
                favorites += 1
            else:
                pictures.append(line)
        if len(pictures) > MOST_PICTURES:
            rest = format_count(len(pictures) - MOST_PICTURES, "more picture")
            pictures[MOST_PICTURES:] = [f"not available: {rest}"]
        if favorites:
            count = format_count(favorites, "original")
            pictures.append(f"not available: {count} of favorites, not shared by their owners")
        return videos + pictures

    def _summarize_state(self) -> str:
        state = "complete" if self.is_complete else "incomplete"
        failed = len(self.failed.keys() - {REMOVAL})
        if self.is_complete and self.failed:
            state = "complete, but the removal failed"
        parts = []
        if self.photos_at_flickr is not None and self.photos_in_mirror is not None:
            present = min(self.photos_in_mirror - self.deleted_at_flickr, self.photos_at_flickr)
            parts.append(f"{present:,} of {format_count(self.photos_at_flickr, 'photo')}")
        if failed:
            parts.append(f"{failed:,} failed")
        if self.videos_without_file:
            parts.append(f"{format_count(self.videos_without_file, 'video')} without a file")
        advice = f"; {self.advise()}" if self.failed or not self.is_complete else ""
        return f"{state}: {', '.join(parts)}{advice}" if parts else f"{state}{advice}"
