"""The results of uploads, one for each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.transports.errors import FlickrError, UploadError

Status = Literal["uploaded", "present", "ticket", "unknown", "failed", "not tried"]
# The statuses of files that are on Flickr, or on their way there.
SUCCESSES: tuple[Status, ...] = ("uploaded", "present", "ticket")


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result of one file.

    | status | the file | `id` | `error` |
    | --- | --- | --- | --- |
    | `uploaded` | is on Flickr now | the photo's id | |
    | `present` | was on Flickr before, and was not sent again | the photo's id | |
    | `ticket` | is being processed by Flickr | the ticket's id | |
    | `unknown` | was sent, but without an answer: it may be on Flickr | | the reason |
    | `failed` | is not on Flickr | | the reason |
    | `not tried` | was not sent, because all further files would fail too | | the reason |

    `file` is its path, or its name. `sha256` is the hash of its content as a hexadecimal number, or None
    if it was not needed.
    """

    file: str
    status: Status
    id: str | None = None
    error: FlickrError | None = None
    sha256: str | None = None

    @property
    def is_success(self) -> bool:
        """True if the file is on Flickr, or being processed there."""
        return self.status in SUCCESSES


def ids_or_raise(results: Sequence[FileResult]) -> list[str]:
    """Return the ids of all results. Raises `UploadError` if a file is not on Flickr."""
    others = [result for result in results if not result.is_success]
    if not others:
        return [result.id or "" for result in results]
    first = next((result for result in others if result.status != "not tried"), others[0])
    cause = first.error
    message = f"{UPLOAD}: {_summarize(results)}{describe(first)}"
    error = UploadError(
        message, cause.code if cause else None, UPLOAD, cause.status if cause else None
    )
    error.results = list(results)
    raise error from cause


def describe(result: FileResult) -> str:
    """Return the file, its status and the reason, in one line."""
    reason, name = str(result.error or "").removeprefix(f"{UPLOAD}: "), repr(result.file)
    if reason.startswith(name):
        return reason
    return f"{name}: {result.status}" + (f": {reason}" if reason else "")


def _summarize(results: Sequence[FileResult]) -> str:
    """Return the number of files by status; empty for a single file."""
    if len(results) == 1:
        return ""
    counts: dict[str, int] = {}
    for result in results:
        counts[result.status] = counts.get(result.status, 0) + 1
    listed = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{len(results)} files: {listed}; first "
