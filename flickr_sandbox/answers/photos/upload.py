"""Tickets of uploads with `async=1`, and `flickr.photos.upload.checkTickets`"""

from __future__ import annotations

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Store

NOT_YET, DONE, FAILED = range(3)


def issue_ticket(store: Store, owner: str, photo: int | None) -> str:
    """Create a ticket for a photo; `photo` is None if the file is broken."""
    ticket = f"{owner.partition('@')[0]}-{store.next_id()}"
    store.insert(
        "tickets",
        id=ticket,
        owner=owner,
        complete=FAILED if photo is None else DONE,
        photo=photo,
        imported=store.current_time(),
    )
    return ticket


def _check_ticket(store: Store, ticket: str) -> dict[str, str | int]:
    """Return the state of a ticket. The first check answers not complete, as mostly on Flickr."""
    row = store.one("SELECT * FROM tickets WHERE id = :id", id=ticket)
    if row is None:
        return {"id": ticket, "invalid": 1}
    store.run("UPDATE tickets SET asked = asked + 1 WHERE id = :id", id=ticket)
    if not row["asked"]:
        return {"id": ticket, "complete": NOT_YET}
    if row["complete"] != DONE:
        return {"id": ticket, "complete": row["complete"]}
    return {
        "id": ticket,
        "complete": DONE,
        "photoid": str(row["photo"]),
        "imported": str(row["imported"]),
    }


@answers("photos.upload.checkTickets")
def check_tickets(call: Call) -> Answer:
    """Return the states of uploads with `async=1`."""
    found = [_check_ticket(call.store, ticket) for ticket in call.items("tickets")]
    return {"uploader": {"ticket": found}}
