"""Upload one file of a batch: open it, look for it, send it, and record each step."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING

from pyflickr_web.transports.errors import FileError, FlickrError, LoginError
from pyflickr_web.upload import service
from pyflickr_web.upload.account import LARGEST_PHOTO, LARGEST_VIDEO
from pyflickr_web.upload.context import Context, Item, OpenFile
from pyflickr_web.upload.dedupe import look_for
from pyflickr_web.upload.earlier import find_earlier
from pyflickr_web.upload.effects import UnixTime, perform
from pyflickr_web.upload.events import FileDelayed, FileHashing, FileProgress, FileStarted
from pyflickr_web.upload.form import PhotoForm
from pyflickr_web.upload.results import FileResult
from pyflickr_web.upload.send import (
    ANSWER_TIMEOUT,
    Acceptance,
    Interruption,
    LostAnswer,
    Rejection,
    Target,
    send,
)
from pyflickr_web.upload.sources import IteratorSource, Source, open_source
from pyflickr_web.upload.tags import add_hash_tag

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

# Flickr's codes for failures that all further files would have too: over the limit, no permission.
FINAL_CODES = (6, 99)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file with the same content as the file at `index`, which is being uploaded."""

    file: OpenFile
    index: int


class FileUploads:
    """The uploads of a batch's files: each is a flow, and several may run at the same time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # The positions of the files that are being uploaded, by their content.
        self._claims: dict[tuple[str, ...], int] = {}

    def upload(self, item: Item) -> Flow:
        """Upload a file; return its `FileResult`, or a `Duplicate`. Raises no `FlickrError`."""
        outcome = yield from self._open(item)
        if isinstance(outcome, FileResult):
            self._context.finish(item.index, outcome)
        return outcome

    def release(self, duplicate: Duplicate) -> None:
        """Let another file with the same content be uploaded, after the first one failed."""
        self._claims.pop(self._content_key(duplicate.file) or (), None)

    def _open(self, item: Item) -> Flow:
        """Open the file, upload it, and close it."""
        context = self._context
        if context.final_error:
            return FileResult(describe_source(item), "not tried", error=context.final_error)
        try:
            source = yield from perform(
                partial(open_source, item.photo, item.filename, item.length)
            )
        except FileError as error:
            return FileResult(describe_source(item), "failed", error=error)
        file = OpenFile(item, source)
        try:
            check_size(context, source)
            if context.settings.dedupe or context.records.is_kept:
                file = yield from add_hash(context, file)
            return (yield from self._upload(file))
        except FlickrError as error:
            return file.result("failed", error=error)
        finally:
            file.source.close()

    def _upload(self, file: OpenFile) -> Flow:
        key = self._content_key(file)
        index = self._claims.setdefault(key, file.item.index) if key else file.item.index
        if index != file.item.index:
            return Duplicate(file, index)
        if result := (yield from find_earlier(self._context, file)):
            return result
        if self._context.settings.dry_run:
            return file.result("not tried")
        return (yield from send_file(self._context, file))

    def _content_key(self, file: OpenFile) -> tuple[str, ...] | None:
        """Return the key that files have in common if only one of them is to be uploaded."""
        if file.sha256 is None:
            return None
        if self._context.settings.dedupe:
            return (file.sha256,)
        return (file.sha256, file.source.path)


def describe_source(item: Item) -> str:
    """Return the path or the name of a photo that is not open."""
    if isinstance(item.photo, (str, PathLike)):
        return str(item.photo)
    return item.filename or str(getattr(item.photo, "name", "photo"))


def guess_type(source: Source) -> str:
    """Return the media type of a file by its name; `application/octet-stream` if it is unknown."""
    return mimetypes.guess_type(source.name)[0] or "application/octet-stream"


def check_size(context: Context, source: Source) -> None:
    """Raise `FileError` if Flickr would refuse the file for its size."""
    is_photo = guess_type(source).startswith("image/")
    limits = context.limits
    most = limits.photo_bytes or LARGEST_PHOTO if is_photo else limits.video_bytes or LARGEST_VIDEO
    if not source.size:
        raise source.error("is empty")
    if source.size > most:
        raise source.error(f"is too large: {source.size} bytes, and Flickr takes {most}")


def add_hash(context: Context, file: OpenFile) -> Flow:
    """Return the file with its hash; a source that can be read only once is copied."""
    source = file.source
    context.emit(FileHashing(file.item.index, file.source.label, source.size))
    if isinstance(source, IteratorSource):
        source = yield from perform(source.spool)
    try:
        sha256 = context.records.find_hash(source) or (yield from perform(source.hash))
    except BaseException:
        source.close()
        raise
    return replace(file, source=source, sha256=sha256)


def send_file(context: Context, file: OpenFile) -> Flow:
    """Send a file and return its result, which is also recorded."""
    item, source = file.item, file.source
    began = yield UnixTime()
    if error := (yield from context.record(file, "sending")):
        return file.result("failed", error=error)
    context.emit(FileStarted(item.index, file.source.label, source.size))
    fields = dict(item.fields)
    if context.settings.dedupe and file.sha256:
        fields["tags"] = add_hash_tag(fields.get("tags", ""), file.sha256)
    form = make_form(context, file, fields)
    try:
        outcome = yield from send(
            form,
            make_target(context, service.upload_url),
            lambda outcome: isinstance(outcome, Interruption) and source.can_reopen,
            lambda seconds, reason: context.emit(FileDelayed(item.index, seconds, "send", reason)),
        )
    except GeneratorExit:
        # Cancelled. Flickr cannot have the file without the end of its form.
        if not form.is_complete:
            with suppress(FileError):
                context.records.record_now(source, file.sha256, "failed")
        raise
    if isinstance(outcome, LostAnswer) and context.settings.dedupe:
        outcome = yield from _look_for(context, file, outcome, began)
    return (yield from _settle(context, file, outcome))


def make_form(context: Context, file: OpenFile, fields: Mapping[str, str]) -> PhotoForm:
    """Return the form of a file, which reports its progress and records when it is complete."""
    source, index, records = file.source, file.item.index, context.records
    return PhotoForm(
        source,
        guess_type(source),
        fields,
        file.sha256,
        on_sent=lambda sent: context.emit(FileProgress(index, sent, source.size)),
        # Recorded again for its time: a long upload may have begun long ago.
        on_complete=lambda: records.record_now(source, file.sha256, "sending"),
    )


def make_target(context: Context, url: Callable[[str | None], str]) -> Target:
    """Return the target of forms at an address of Flickr's, or at that of `base_url`."""
    options = context.client.options
    timeout = options.get("deadline") or ANSWER_TIMEOUT
    return Target(url(options.get("base_url")), context.account.credentials, timeout)


def _look_for(context: Context, file: OpenFile, lost: LostAnswer, began: float) -> Flow:
    """Return `Acceptance` if the file of an unanswered form is on Flickr, else `lost`."""
    reason = str(lost.error)
    assert file.sha256

    def report_delay(seconds: float) -> None:
        context.emit(FileDelayed(file.item.index, seconds, "look", reason))

    found = yield from look_for(context.client, file.sha256, began, report_delay)
    return Acceptance(found, None) if found else lost


def _settle(context: Context, file: OpenFile, outcome: Acceptance | Rejection | LostAnswer) -> Flow:
    """Record the outcome, and return the result."""
    match outcome:
        case Acceptance(photo_id=str() as number):
            yield from context.record(file, "done", number)
            return file.result("uploaded", number)
        case Acceptance(ticket_id=ticket):
            yield from context.record(file, "ticket", ticket)
            return file.result("ticket", ticket)
        case Rejection(error=error):
            if isinstance(error, LoginError) or error.code in FINAL_CODES:
                context.final_error = error
            yield from context.record(file, "failed")
            return file.result("failed", error=error)
        case LostAnswer(error=error):
            return file.result("unknown", error=error)
