"""Add everything that Flickr can list to the sample photo, so that answers have all optional keys."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

OTHER = nsid(1)


def complete_sample_photo(api: LocalApi) -> None:
    """Add tags, comments, people and more to the sample photo, and put it into sets and pools."""
    photo, photoset, group = (
        sample_arguments.value(api, name) for name in ("photo_id", "photoset_id", "group_id")
    )

    def call(method: str, person: str = ME, **arguments: Any) -> None:
        answer = api.call(method, person, **arguments)
        assert answer["stat"] == "ok", (method, answer)

    call("photos.addTags", photo_id=photo, tags="sea camera:lens=50mm")
    call("photos.comments.addComment", OTHER, photo_id=photo, comment_text="Fine")
    call("photos.people.add", photo_id=photo, user_id=OTHER, person_x=1, person_y=1,
        person_w=20, person_h=20)  # fmt: skip
    for person in (ME, OTHER):
        call("photosets.comments.addComment", person, photoset_id=photoset, comment_text="Fine")
    call("galleries.create", OTHER, title="Best", description="", primary_photo_id=photo)
    api.store.insert("tickets", id="1-2", owner=ME, complete=1, photo=photo, imported=1, asked=1)
    call("push.subscribe", topic="contacts_photos", callback="https://example.org/", verify="sync")
    api.store.run(
        "INSERT INTO testimonials (author, about, text, created) VALUES (:me, :other, '', 1)",
        me=ME,
        other=OTHER,
    )
    # In the middle, so that it has neighbours on both sides.
    between = "(SELECT CAST(avg({}) AS INTEGER) FROM {} WHERE {} = :of)"
    for table, column, order, of in (
        ("photoset_photos", "photoset", "position", photoset),
        ("pool_photos", "group_nsid", "added", group),
        ("favorites", "person", "faved", OTHER),
    ):
        api.store.run(
            f"INSERT OR REPLACE INTO {table} ({column}, photo, {order})"
            f" VALUES (:of, :photo, {between.format(order, table, column)})",
            of=of,
            photo=photo,
        )
