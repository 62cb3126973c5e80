"""The report of `pyflickr-web upload`: a line for each file, a summary, and the failures at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.commands.upload_display import UploadBars
from pyflickr_web.progress.display import ProgressDisplay
from pyflickr_web.transports.errors import FlickrError
from pyflickr_web.transports.text import printable_json
from pyflickr_web.upload.albums import AlbumAdditions
from pyflickr_web.upload.events import (
    AccountLimits,
    AccountListing,
    FileDelayed,
    FileFinished,
    FileHashing,
    FileProgress,
    FileStarted,
    UploadEvent,
)
from pyflickr_web.upload.results import FileResult, describe

# As in Flickr's own limits: 200 MB are 200 * 1024 * 1024 bytes.
KILO = 1024
UNITS = ("bytes", "kB", "MB", "GB", "TB")
# Statuses of files in a dry run, and of those that Ctrl-C has left.
TO_UPLOAD, NOT_FINISHED = "to upload", "not finished"
ORDER = (
    "uploaded", "present", TO_UPLOAD, "ticket", "unknown", "failed", "not tried", NOT_FINISHED
)  # fmt: skip
DELAYS = {"send": "sent again", "look": "looked for on Flickr", "ticket": "checked again"}


@dataclass
class Report:
    """Shows the events of an upload of files with these sizes, and keeps their results."""

    display: ProgressDisplay
    sizes: Sequence[int]
    as_json: bool = False
    is_dry_run: bool = False
    results: dict[int, FileResult] = field(default_factory=dict)
    # The files that have been opened, by index.
    names: dict[int, str] = field(default_factory=dict)
    album_errors: dict[str, FlickrError] = field(default_factory=dict)
    bars: UploadBars = field(init=False)

    def __post_init__(self) -> None:
        self.bars = UploadBars(self.display, self.sizes)

    def show_event(self, event: UploadEvent) -> None:
        """Show an event; this is the function `on_event` of an upload."""
        match event:
            case AccountLimits():
                self._show_limits(event)
            case AccountListing(listed, total):
                self.bars.show_work(f"{listed} of {total} photos listed")
            case FileHashing(index, file, _):
                self.names[index] = file
            case FileStarted(index, file, _):
                self.names[index] = file
                self.bars.start_file(index, file)
            case FileProgress(index, sent, _):
                self.bars.update_file(index, sent)
            case FileDelayed(index, seconds, then, reason):
                name = self.names.get(index, "a file")
                self.show_message(f"{name!r} is {DELAYS[then]} in {seconds:.0f} s: {reason}")
            case FileFinished(index, result):
                self._finish(index, result)

    def _show_limits(self, limits: AccountLimits) -> None:
        sizes = {
            "photos up to": limits.photo_bytes,
            "videos up to": limits.video_bytes,
            "left for uploads:": limits.remaining_bytes,
        }
        texts = [f"{name} {format_size(size)}" for name, size in sizes.items() if size is not None]
        if limits.remaining_videos is not None:
            texts.append(f"{limits.remaining_videos} videos left")
        if limits.remaining_uploads is not None:
            texts.append(f"{limits.remaining_uploads} uploads left")
        if texts:
            self.display.print_message(f"account: {', '.join(texts)}")
        left, needed = limits.remaining_bytes, sum(self.sizes)
        if left is not None and needed > left:
            text = f"the files have {format_size(needed)}, and {format_size(left)} are left"
            self.display.print_message(f"Warning: {text}")
        uploads, files = limits.remaining_uploads, len(self.sizes)
        if uploads is not None and files > uploads:
            text = f"there are {files} files, and {uploads} uploads are left"
            self.display.print_message(f"Warning: {text}")

    def _finish(self, index: int, result: FileResult) -> None:
        # With a ticket there is a second event, after which the first one is replaced.
        if index not in self.results:
            self.bars.finish_file(index)
        self.results[index] = result
        if result.status != "ticket":
            self._print(result)

    def show_message(self, line: str) -> None:
        """Print a message about the upload."""
        self.display.print_message(line)

    def add(self, results: Sequence[FileResult]) -> None:
        """Add results of paths that are not files."""
        for result in results:
            self.results[-1 - len(self.results)] = result
            self._print(result)

    def print_open_tickets(self) -> None:
        """Print the results of files that Flickr still processes."""
        for result in self.results.values():
            if result.status == "ticket":
                self._print(result)

    def _print(self, result: FileResult) -> None:
        error = str(result.error) if result.error else None
        if self.as_json:
            row = {"file": result.file, "status": self._status_of(result), "id": result.id}
            self.print_row(row | {"sha256": result.sha256, "error": error})
        elif not error:
            words = (self._status_of(result), result.id or "", result.file)
            self.display.print_result(" ".join(filter(None, words)))

    def print_row(self, row: dict[str, Any]) -> None:
        """Print a row of JSON."""
        self.display.print_result(printable_json(row, None))

    def _status_of(self, result: FileResult) -> str:
        is_new = self.is_dry_run and result.status == "not tried" and not result.error
        return TO_UPLOAD if is_new else result.status

    def show_album(self, additions: AlbumAdditions, files: dict[str, str]) -> None:
        """Print the result of an album; `files` are the photos' files by id."""
        album, count = additions.album, len(additions.added)
        if self.as_json:
            row = {"album": album.title, "id": album.id, "photos": count}
            self.print_row(row | {"failed": len(additions.errors)})
        elif album.id:
            line = f"album {album.title!r} ({album.id}): {count} photos of this upload"
            self.show_message(line)
        self.album_errors = {files[photo]: error for photo, error in additions.errors.items()}

    @property
    def has_failures(self) -> bool:
        """True if a file is not on Flickr, or not in the album."""
        return bool(self.album_errors) or any(self._failures())

    def _failures(self) -> list[FileResult]:
        return [result for _, result in sorted(self.results.items()) if result.error]

    def print_failures(self) -> None:
        """Print each failure, by file and reason; one line for all that have one error in common."""
        lines = [(result.error, describe(result)) for result in self._failures()]
        lines += [
            (error, f"{file!r} is not in the album: {error}")
            for file, error in self.album_errors.items()
        ]
        groups: dict[int, list[str]] = {}
        for error, line in lines:
            groups.setdefault(id(error), []).append(line)
        for first, *others in groups.values():
            more = f" (and {len(others)} more for this reason)" if others else ""
            self.show_message(first + more)

    def summarize(self) -> str:
        """Return the number of files by status, in one line."""
        counts: dict[str, int] = {}
        for result in self.results.values():
            status = self._status_of(result)
            counts[status] = counts.get(status, 0) + 1
        if unfinished := len(self.sizes) - sum(index >= 0 for index in self.results):
            counts[NOT_FINISHED] = unfinished
        listed = ", ".join(f"{counts[status]} {status}" for status in ORDER if status in counts)
        total = sum(counts.values())
        text = f"{total} {'file' if total == 1 else 'files'}: {listed}"
        return text + (f"; {len(self.album_errors)} not in the album" if self.album_errors else "")


def format_size(count: int) -> str:
    """Return a number of bytes for people, such as `3.2 GB`."""
    size, unit = float(count), 0
    while size >= KILO and unit < len(UNITS) - 1:
        size, unit = size / KILO, unit + 1
    return f"{size:.1f} {UNITS[unit]}" if unit else f"{count} bytes"
