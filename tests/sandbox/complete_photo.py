"""A photo that has everything, and is in everything, so that answers about it show all that they can."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

OTHER = nsid(1)


def complete_sample_photo(api: LocalApi) -> None:
    """Give a library's plausible photo everything, and put it into everything."""
    photo, photoset, group = (
        sample_arguments.value(api, name) for name in ("photo_id", "photoset_id", "group_id")
    )

    def ask(method: str, person: str = ME, **given: Any) -> None:
        answer = api.call(method, person, **given)
        assert answer["stat"] == "ok", (method, answer)

    ask("photos.addTags", photo_id=photo, tags="sea camera:lens=50mm")
    ask("photos.comments.addComment", OTHER, photo_id=photo, comment_text="Fine")
    ask("photos.people.add", photo_id=photo, user_id=OTHER, person_x=1, person_y=1,
        person_w=20, person_h=20)  # fmt: skip
    for person in (ME, OTHER):
        ask("photosets.comments.addComment", person, photoset_id=photoset, comment_text="Fine")
    ask("galleries.create", OTHER, title="Best", description="", primary_photo_id=photo)
    api.store.insert("tickets", id="1-2", owner=ME, complete=1, photo=photo, imported=1, asked=1)
    ask("push.subscribe", topic="contacts_photos", callback="https://example.org/", verify="sync")
    api.store.run(
        "INSERT INTO testimonials (author, about, text, created) VALUES (:me, :other, '', 1)",
        me=ME,
        other=OTHER,
    )
    # Into the middle, where it has neighbours on both sides.
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
