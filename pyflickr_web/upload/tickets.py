"""Tickets of uploads with `async`: wait until Flickr has processed the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.transports.errors import FlickrError, NotFoundError
from pyflickr_web.upload.calls import call, unexpected_answer

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client

CHECK = "flickr.photos.upload.checkTickets"
# Tickets in one call.
MOST_TICKETS = 100
DONE, FAILED = 1, 2
# The seconds before the first check, and at most between two checks.
FIRST_PAUSE, LONGEST_PAUSE = 1, 30
# The number of checks, about 10 minutes.
CHECKS = 25


def check_tickets(client: Client, tickets: Iterable[str]) -> Flow:
    """Return the outcomes of tickets that Flickr has finished, by ticket.

    An outcome is the id of a photo, or a `FlickrError` if Flickr could not process the file
    (`NotFoundError` if it does not know the ticket).
    """
    outcomes: dict[str, str | FlickrError] = {}
    every = list(tickets)
    for start in range(0, len(every), MOST_TICKETS):
        some = every[start : start + MOST_TICKETS]
        answer = yield from call(client, CHECK, {"tickets": some})
        try:
            rows = list(answer["uploader"]["ticket"])
        except (KeyError, TypeError):
            raise unexpected_answer(CHECK) from None
        for row in rows:
            if isinstance(row, Mapping) and (outcome := _read_outcome(row)):
                outcomes[str(row.get("id"))] = outcome
    return outcomes


def wait_for_tickets(
    client: Client, tickets: Iterable[str], on_delay: Callable[[float, list[str]], object]
) -> Flow:
    """Check tickets, with growing pauses, until Flickr has finished all, for about 10 minutes.

    Returns outcomes as `check_tickets` does. `on_delay` is called before each pause, with its seconds
    and the tickets left.
    """
    outcomes: dict[str, str | FlickrError] = {}
    left = list(tickets)
    for count in range(CHECKS):
        if not left:
            break
        pause = min(FIRST_PAUSE * 2**count, LONGEST_PAUSE)
        on_delay(pause, left)
        yield Sleep(pause, pause)
        outcomes |= yield from check_tickets(client, left)
        left = [ticket for ticket in left if ticket not in outcomes]
    return outcomes


def _read_outcome(row: Mapping[str, Any]) -> str | FlickrError | None:
    ticket, complete = row.get("id"), to_whole_number(row.get("complete"))
    if row.get("invalid"):
        return NotFoundError(f"{UPLOAD}: Flickr does not know the ticket {ticket}", method=UPLOAD)
    if complete == FAILED:
        text = f"Flickr could not process the file (ticket {ticket}); check that it is a picture"
        return FlickrError(f"{UPLOAD}: {text}", method=UPLOAD)
    return str(row["photoid"]) if complete == DONE and row.get("photoid") else None
