"""Galleries made, and their words changed."""

from __future__ import annotations

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.galleries import gallery as galleries
from flickr_sandbox.answers.galleries.photos import objection
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers


@answers("galleries.create")
def create(call: Call) -> Answer:
    """A gallery, with a first photo where one is named; its id, or with `full_result` all about it."""
    if not call.text("title"):
        raise call.fail(2)
    store, number = call.store, call.store.next_id()
    whole = find.full_id(call.me, number)
    store.insert(
        "galleries",
        id=whole,
        owner=call.me,
        title=call.text("title"),
        description=call.text("description"),
        created=store.now(),
        updated=store.now(),
    )
    if call.text("primary_photo_id"):
        _begin_with_photo(call, whole)
    if call.flag("full_result"):
        row = store.one("SELECT * FROM galleries WHERE id = :id", id=whole)
        assert row is not None
        return {"gallery": galleries.told(call, row)}
    address = addresses.gallery(call.base, find.caller(call), number)
    return {"gallery": {"id": whole, "gallery_id": str(number), "url": address}}


@answers("galleries.editMeta")
def edit_meta(call: Call) -> Answer:
    """Another title; another description where one is given, be it empty."""
    row = galleries.own(call)
    if not call.text("title"):
        raise call.fail(2)
    call.store.run(
        "UPDATE galleries SET title = :title, description = :description WHERE id = :id",
        title=call.text("title"),
        description=call.text("description")
        if "description" in call.arguments
        else row["description"],
        id=row["id"],
    )
    galleries.touch(call, row)
    return {}


def _begin_with_photo(call: Call, gallery: str) -> None:
    try:
        photo = find.photo(call, "primary_photo_id")
    except Failure:
        raise call.fail(3) from None
    if objection(call, photo):
        raise call.fail(3)
    store = call.store
    store.insert(
        "gallery_photos", gallery=gallery, photo=photo["id"], position=0, added=store.now()
    )
    store.run(
        "UPDATE galleries SET primary_photo = :photo WHERE id = :id", photo=photo["id"], id=gallery
    )
