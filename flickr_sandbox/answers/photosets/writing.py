"""Sets made, changed, put in order and deleted."""

from __future__ import annotations

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@answers("photosets.create")
def create(call: Call) -> Answer:
    """A set of one photo, first among the caller's sets."""
    if not call.text("title"):
        raise call.missing("title")
    photo = find.own_photo(call, "primary_photo_id")
    store, number = call.store, call.store.next_id()
    first = store.value("SELECT min(position) FROM photosets WHERE owner = :me", me=call.me)
    store.insert(
        "photosets",
        id=number,
        owner=call.me,
        title=call.text("title"),
        description=call.text("description"),
        primary_photo=photo["id"],
        position=(first or 0) - 1,
        created=store.now(),
        updated=store.now(),
    )
    store.insert("photoset_photos", photoset=number, photo=photo["id"], position=0)
    address = addresses.photoset(call.base, find.caller(call), number)
    return {"photoset": {"id": str(number), "url": address}}


@answers("photosets.editMeta")
def edit_meta(call: Call) -> Answer:
    """Another title; another description where one is given, be it empty."""
    photoset = sets.own(call)
    if not call.text("title"):
        raise call.missing("title")
    call.store.run(
        "UPDATE photosets SET title = :title, description = :description WHERE id = :id",
        title=call.text("title"),
        description=call.text("description")
        if "description" in call.arguments
        else photoset["description"],
        id=photoset["id"],
    )
    sets.touch(call, photoset)
    return {}


@answers("photosets.delete")
def delete(call: Call) -> Answer:
    """The set goes, its photos stay."""
    call.store.run("DELETE FROM photosets WHERE id = :id", id=sets.own(call)["id"])
    return {}


@answers("photosets.orderSets")
def order_sets(call: Call) -> Answer:
    """The sets that are listed come first, the others behind them by their ids."""
    rows = call.store.all("SELECT id FROM photosets WHERE owner = :me ORDER BY id", me=call.me)
    own = [row["id"] for row in rows]
    # Of a set that is named twice the first place counts.
    listed = list(dict.fromkeys(find.parse_id(item) for item in call.items("photoset_ids")))
    if not set(listed) <= set(own):
        raise call.unknown("photoset_ids")
    order = [*listed, *(number for number in own if number not in set(listed))]
    call.store.many("UPDATE photosets SET position = ? WHERE id = ?", enumerate(order))
    return {}


@answers("photosets.setPrimaryPhoto")
def set_primary_photo(call: Call) -> Answer:
    """Another of its photos to stand for the set."""
    photoset, photo = sets.own(call), find.own_photo(call)
    changed = call.store.run(
        "UPDATE photosets SET primary_photo = :photo WHERE id = :id AND EXISTS"
        " (SELECT 1 FROM photoset_photos WHERE photoset = :id AND photo = :photo)",
        id=photoset["id"],
        photo=photo["id"],
    )
    if not changed:
        raise call.unknown("photo_id")
    sets.touch(call, photoset)
    return {}
