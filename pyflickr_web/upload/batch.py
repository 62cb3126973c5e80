"""Upload photos: one or many, each once, with a result for every one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.transports.errors import ArgumentError, FlickrError, NotFoundError
from pyflickr_web.transports.gather import Gather
from pyflickr_web.upload.account import find_account, get_limits
from pyflickr_web.upload.context import Context, Item
from pyflickr_web.upload.dedupe import list_hashes
from pyflickr_web.upload.events import FileDelayed
from pyflickr_web.upload.fields import argument_error, read_fields, read_filename
from pyflickr_web.upload.files import Duplicate, FileUploads
from pyflickr_web.upload.records import open_records
from pyflickr_web.upload.results import FileResult, Status, ids_or_raise
from pyflickr_web.upload.settings import Settings, read_settings
from pyflickr_web.upload.tickets import wait_for_tickets

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client

logger = logging.getLogger("pyflickr_web")
_SOURCE = ("photo", "filename", "length")


def upload(client: Client, arguments: Mapping[str, Any]) -> Flow:
    """Upload one photo (`photo`), and return its id; or several (`photos`), and return their ids.

    Raises `ArgumentError` before anything is sent, `LoginError`, `PermissionRefused` or
    `TokenOnlyError` for a client that may not upload, and `UploadError` after the last file.
    """
    settings, given = read_settings(arguments)
    photos = given.pop("photos", None)
    if (photos is None) == ("photo" not in given):
        raise argument_error("give either photo or photos")
    if photos is None:
        (result,) = yield from _upload_items(client, [_read_item(0, given)], settings, False)
        return ids_or_raise([result])[0]
    return ids_or_raise((yield from upload_files(client, photos, settings, given)))


def upload_files(
    client: Client,
    photos: Any,
    settings: Settings,
    fields: Mapping[str, Any],
    lists_account: bool = True,
) -> Flow:
    """Upload photos, and return their `FileResult`s, in order; `fields` hold for all of them.

    `lists_account` is False for a few photos: each is looked for on Flickr, and not in a list of all
    photos of the account. Raises the errors of `upload`, except `UploadError`.
    """
    items = _read_items(photos, fields)
    return (yield from _upload_items(client, items, settings, lists_account)) if items else []


def _read_items(photos: Any, common: Mapping[str, Any]) -> list[Item]:
    if isinstance(photos, (str, bytes, Mapping)) or not isinstance(photos, Iterable):
        raise argument_error('photos: give a list of {"photo": …, "title": …}')
    _read_common(common)
    items = []
    for index, photo in enumerate(photos):
        if not isinstance(photo, Mapping) or "photo" not in photo:
            raise argument_error(f'photos[{index}]: give a mapping: {{"photo": …, "title": …}}')
        try:
            items.append(_read_item(index, {**common, **photo}))
        except ArgumentError as error:
            text = str(error).removeprefix(f"{UPLOAD}: ")
            raise argument_error(f"photos[{index}]: {text}") from None
    return items


def _read_common(common: Mapping[str, Any]) -> None:
    """Raise `ArgumentError` for an invalid field of all photos, which is not the mistake of one."""
    _read_item(0, {**common, "photo": None})


def _read_item(index: int, given: Mapping[str, Any]) -> Item:
    filename = read_filename(given.get("filename"))
    fields = read_fields({name: given[name] for name in given if name not in _SOURCE})
    return Item(index, given["photo"], filename, given.get("length"), fields)


def _upload_items(client: Client, items: list[Item], settings: Settings, is_batch: bool) -> Flow:
    account = yield from find_account(client)
    records = yield from open_records(settings.journal, account.user_id, settings.dedupe)
    try:
        context = Context(client, account, settings, records)
        if is_batch:
            context.limits = yield from get_limits(client)
            logger.info("upload: the limits of the account are %s", context.limits)
            context.emit(context.limits)
            if settings.dedupe:
                context.hashes = yield from list_hashes(client, context.emit)
        results = yield from _upload_all(context, items)
        return (yield from _wait(context, results)) if settings.wait else results
    finally:
        records.close()


def _upload_all(context: Context, items: list[Item]) -> Flow:
    """Return the results of all items, in order."""
    files = FileUploads(context)
    results: dict[int, FileResult] = {}
    left = items
    while left:
        flows = [files.upload(item) for item in left]
        # A single file needs no thread of its own.
        workers = context.settings.workers
        outcomes = [(yield from flows[0])] if len(flows) == 1 else (yield Gather(flows, workers))
        duplicates = []
        for item, outcome in zip(left, outcomes, strict=True):
            if isinstance(outcome, FileResult):
                results[item.index] = outcome
            else:
                duplicates.append(outcome)
        left = _settle_duplicates(context, files, duplicates, results)
    return [results[item.index] for item in items]


def _settle_duplicates(
    context: Context,
    files: FileUploads,
    duplicates: list[Duplicate],
    results: dict[int, FileResult],
) -> list[Item]:
    """Give files with the same content as another one that one's result; return those to try again."""
    left = []
    for duplicate in duplicates:
        item, other = duplicate.file.item, results[duplicate.index]
        if other.status == "failed":
            files.release(duplicate)
            left.append(item)
            continue
        status = _status_of_copy(other)
        results[item.index] = replace(other, file=duplicate.file.source.label, status=status)
        context.finish(item.index, results[item.index])
    return left


def _status_of_copy(other: FileResult) -> Status:
    """Return the status of a file with the same content as one that has a result."""
    is_sent_once = other.status == "uploaded" or (other.status == "not tried" and not other.error)
    return "present" if is_sent_once else other.status


def _wait(context: Context, results: list[FileResult]) -> Flow:
    """Return the results, with those of finished tickets replaced by the photos'."""
    open_ = [(index, result.id or "") for index, result in enumerate(results) if _is_open(result)]

    def report_delay(seconds: float, left: list[str]) -> None:
        for index, ticket in open_:
            if ticket in left:
                context.emit(FileDelayed(index, seconds, "ticket", "Flickr processes the file"))

    tickets = list(dict.fromkeys(ticket for _, ticket in open_))
    try:
        outcomes = yield from wait_for_tickets(context.client, tickets, report_delay)
    except FlickrError:
        # The files are on their way to the account, and stay tickets.
        return results
    settled = list(results)
    for index, ticket in open_:
        if ticket in outcomes:
            settled[index] = yield from _settle_ticket(context, results[index], outcomes[ticket])
            context.finish(index, settled[index])
    return settled


def _is_open(result: FileResult) -> bool:
    return result.status == "ticket"


def _settle_ticket(context: Context, result: FileResult, outcome: str | FlickrError) -> Flow:
    """Record the end of a ticket, and return the result of its file."""
    ticket = result.id or ""
    if isinstance(outcome, NotFoundError):
        return replace(result, status="unknown", id=None, error=outcome)
    if isinstance(outcome, FlickrError):
        yield from context.records.settle_ticket(ticket, "failed", None)
        return replace(result, status="failed", id=None, error=outcome)
    yield from context.records.settle_ticket(ticket, "done", outcome)
    return replace(result, status="uploaded", id=outcome)
