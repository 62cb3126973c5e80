"""`flickr.photos.delete`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@answers("photos.delete")
def delete(call: Call) -> Answer:
    """Delete a photo of one's own; the library's triggers take it out of all that holds it."""
    photo = find.own_photo(call)
    call.store.run("DELETE FROM photos WHERE id = :id", id=photo["id"])
    return {}
