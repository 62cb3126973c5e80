"""Replace the file of a photo, and its hash tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.nearest import suggest
from pyflickr_web.transports.errors import (
    ArgumentError,
    FlickrError,
    NotFoundError,
    UnavailableError,
)
from pyflickr_web.upload import service
from pyflickr_web.upload.account import find_account
from pyflickr_web.upload.calls import call, unexpected_answer
from pyflickr_web.upload.context import Context, Item, OpenFile
from pyflickr_web.upload.effects import perform
from pyflickr_web.upload.events import FileDelayed, FileStarted
from pyflickr_web.upload.fields import read_filename
from pyflickr_web.upload.files import add_hash, check_size, describe_source, make_form, make_target
from pyflickr_web.upload.journal import JournalEntry
from pyflickr_web.upload.records import open_records
from pyflickr_web.upload.results import FileResult, ids_or_raise
from pyflickr_web.upload.send import Acceptance, Rejection, send
from pyflickr_web.upload.settings import Settings, read_journal
from pyflickr_web.upload.sources import open_source
from pyflickr_web.upload.tags import find_hashes, hash_tag
from pyflickr_web.upload.tickets import wait_for_tickets

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client

REPLACE = "flickr.replace"
OPTIONS = ("filename", "length", "async_", "dedupe", "journal", "on_event")
INFO, ADD, REMOVE = "flickr.photos.getInfo", "flickr.photos.addTags", "flickr.photos.removeTag"


def replace(client: Client, photo: Any, photo_id: str | int, options: Mapping[str, Any]) -> Flow:
    """Replace the file of a photo of the account, and return the photo's id.

    The photo gets the hash tag of the new file, unless `dedupe` is False, before it loses that of the
    old one. The file may be sent again after a lost answer: the same bytes give the same result.
    """
    number = read_id(photo_id)
    unknown = next((name for name in options if name not in OPTIONS), None)
    if unknown:
        raise _argument_error(f"unknown argument {unknown}{suggest(unknown, OPTIONS)}")
    dedupe, on_event = bool(options.get("dedupe", True)), options.get("on_event")
    filename, length = read_filename(options.get("filename")), options.get("length")
    fields = {"photo_id": number} | ({"async": "1"} if options.get("async_") else {})
    item = Item(0, photo, filename, length, fields)
    settings = Settings(dedupe, journal=read_journal(options.get("journal")), on_event=on_event)
    result = yield from replace_file(client, item, settings)
    return ids_or_raise([result])[0]


def replace_file(client: Client, item: Item, settings: Settings) -> Flow:
    """Replace the file of the photo whose id is the field `photo_id`, and return the `FileResult`."""
    account = yield from find_account(client)
    records = yield from open_records(settings.journal, account.user_id, settings.dedupe)
    try:
        context = Context(client, account, settings, records)
        number = item.fields["photo_id"]
        old_tags = yield from _find_hash_tags(client, number)
        result = yield from _replace_file(context, item)
        if result.is_success:
            yield from records.record_replacement(number, result.sha256 or "")
            yield from _update_tags(context, number, old_tags, result.sha256 or "")
        context.finish(0, result)
        return result
    finally:
        records.close()


def read_id(given: Any) -> str:
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdecimal()):
        raise _argument_error(f"invalid photo_id {given!r}: use a number")
    return text


def _argument_error(text: str) -> ArgumentError:
    return ArgumentError(f"{REPLACE}: {text}", method=REPLACE)


def _find_hash_tags(client: Client, number: str) -> Flow:
    """Return the ids of a photo's hash tags, by hash."""
    answer = yield from call(client, INFO, {"photo_id": number, "authenticated": True})
    try:
        rows = [(row["id"], row.get("raw") or row["_content"]) for row in _tags_of(answer)]
    except (AttributeError, KeyError, TypeError):
        raise unexpected_answer(INFO) from None
    return {sha256: tag for tag, text in rows for sha256 in find_hashes([str(text)])}


def _tags_of(answer: Mapping[str, Any]) -> list[Any]:
    return list(answer["photo"]["tags"]["tag"])


def _replace_file(context: Context, item: Item) -> Flow:
    try:
        source = yield from perform(lambda: open_source(item.photo, item.filename, item.length))
    except FlickrError as error:
        return FileResult(describe_source(item), "failed", error=error)
    file = OpenFile(item, source)
    try:
        check_size(context, source)
        if context.settings.dry_run:
            return file.result("not tried")
        file = yield from add_hash(context, file)
        earlier = context.records.find(file.sha256 or "", source.path)
        result: FileResult = yield from _send(context, file)
        yield from _record(context, file, result, earlier)
        return result
    except FlickrError as error:
        return file.result("failed", error=error)
    finally:
        file.source.close()


def _record(
    context: Context, file: OpenFile, result: FileResult, earlier: JournalEntry | None
) -> Flow:
    """Record the result; without success, a photo that was uploaded `earlier` has the content still."""
    if result.is_success:
        yield from context.record(file, "done", result.id)
    elif earlier and earlier.state == "done":
        yield from context.record(file, "done", earlier.id)
    elif result.status == "failed":
        yield from context.record(file, "failed")


def _send(context: Context, file: OpenFile) -> Flow:
    context.emit(FileStarted(0, file.source.label, file.source.size))
    outcome = yield from send(
        make_form(context, file, file.item.fields),
        make_target(context, service.replace_url),
        lambda outcome: True,
        lambda seconds, reason: context.emit(FileDelayed(0, seconds, "send", reason)),
    )
    if isinstance(outcome, Acceptance):
        if outcome.photo_id:
            return file.result("uploaded", outcome.photo_id)
        return (yield from _wait(context, file, outcome.ticket_id or ""))
    return file.result(
        "failed" if isinstance(outcome, Rejection) else "unknown", error=outcome.error
    )


def _wait(context: Context, file: OpenFile, ticket: str) -> Flow:
    """Return the result of a file with a ticket: the tags depend on its end."""

    def report_delay(seconds: float, _: list[str]) -> None:
        context.emit(FileDelayed(0, seconds, "ticket", "Flickr processes the file"))

    outcomes = yield from wait_for_tickets(context.client, [ticket], report_delay)
    outcome = outcomes.get(ticket)
    if isinstance(outcome, str):
        return file.result("uploaded", outcome)
    if outcome is None or isinstance(outcome, NotFoundError):
        late = f"{REPLACE}: Flickr still processes the file (ticket {ticket}): replace it again"
        return file.result("unknown", error=outcome or UnavailableError(late, method=REPLACE))
    return file.result("failed", error=outcome)


def _update_tags(context: Context, number: str, old: Mapping[str, str], sha256: str) -> Flow:
    """Add the hash tag of the new file, and only then remove those of other files."""
    client = context.client
    try:
        if context.settings.dedupe and sha256 not in old:
            yield from call(client, ADD, {"photo_id": number, "tags": [hash_tag(sha256)]})
        for other, tag in old.items():
            if other != sha256:
                yield from _remove_tag(client, tag)
    except FlickrError as error:
        text = "the photo has its new file, but not yet its new hash tag: replace it again"
        message = str(error)
        raise type(error)(
            f"{REPLACE}: {text} ({message})", error.code, REPLACE, error.status
        ) from error


def _remove_tag(client: Client, tag: str) -> Flow:
    try:
        yield from call(client, REMOVE, {"tag_id": tag})
    except NotFoundError:
        """An earlier attempt, whose answer was lost, has removed it."""
