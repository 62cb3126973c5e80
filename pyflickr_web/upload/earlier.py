"""Find a file that was uploaded before, by the journal and by the account's hash tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.transports.errors import FlickrError, NotFoundError, UnavailableError
from pyflickr_web.upload.dedupe import find_photo
from pyflickr_web.upload.effects import UnixTime
from pyflickr_web.upload.tickets import check_tickets

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.context import Context, OpenFile
    from pyflickr_web.upload.journal import JournalEntry

# A single file is looked for among the uploads of the last day, of which the search may lack some.
DAY = 86_400
# What to do about a file that has no hash tag.
LOOK_YOURSELF = "look for it there, and if it is missing, upload it without this journal"


def find_earlier(context: Context, file: OpenFile) -> Flow:
    """Return the result of a file that need not or must not be sent; None if it is to be sent.

    With dedupe a file counts as uploaded if its content was, from any path; without it, only from the
    same path. Raises `FlickrError` if that is not known.
    """
    if file.sha256 is None:
        return None
    dedupe = context.settings.dedupe
    entry = context.records.find(file.sha256, None if dedupe else file.source.path)
    if entry and entry.state == "done":
        return file.result("present", entry.id)
    if dedupe and (found := (yield from _find_photo(context, file.sha256))):
        return (yield from _keep(context, file, found))
    if entry and entry.state == "ticket" and entry.id:
        return (yield from _check_ticket(context, file, entry, entry.id))
    if entry and entry.state == "sending":
        return (yield from _check_unfinished(context, file, entry))
    return None


def _find_photo(context: Context, sha256: str) -> Flow:
    """Return the id of a photo of the account with this content, or None."""
    if context.hashes is not None:
        return context.hashes.get(sha256)
    now = yield UnixTime()
    return (yield from find_photo(context.client, sha256, now - DAY))


def _keep(context: Context, file: OpenFile, found: str) -> Flow:
    yield from context.record(file, "done", found)
    return file.result("present", found)


def _check_ticket(context: Context, file: OpenFile, entry: JournalEntry, ticket: str) -> Flow:
    """Return the result of a file that an earlier run left with a ticket; None if that failed."""
    outcomes = yield from check_tickets(context.client, [ticket])
    outcome = outcomes.get(ticket)
    if outcome is None:
        return file.result("ticket", ticket)
    if isinstance(outcome, NotFoundError):
        return (yield from _check_unfinished(context, file, entry))
    if isinstance(outcome, FlickrError):
        return None
    return (yield from _keep(context, file, outcome))


def _check_unfinished(context: Context, file: OpenFile, entry: JournalEntry) -> Flow:
    """Return the result of a file that an earlier run has perhaps sent; None if it can be sent again."""
    assert file.sha256
    if not context.settings.dedupe or not entry.is_tagged:
        return file.result("unknown", error=_unfinished(LOOK_YOURSELF))
    found = yield from find_photo(context.client, file.sha256, entry.time)
    if found:
        return (yield from _keep(context, file, found))
    age = (yield UnixTime()) - entry.time
    wait = context.settings.resend_after - age
    if wait > 0:
        return file.result("unknown", error=_unfinished(f"try again in {wait:.0f} seconds"))
    return None


def _unfinished(advice: str) -> UnavailableError:
    text = f"an earlier run sent this file and got no answer, so it may be on Flickr: {advice}"
    return UnavailableError(f"{UPLOAD}: {text}", method=UPLOAD)
