"""`flickr.photos.upload.*`"""

from __future__ import annotations

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.upload import photos


@answers("photos.upload.checkTickets")
def check_tickets(call: Call) -> Answer:
    """How far uploads with `async=1` are."""
    found = [photos.check_ticket(call.store, ticket) for ticket in call.items("tickets")]
    return {"uploader": {"ticket": found}}
