"""Random changes of a sandbox's account, as its owner and others make them."""

from __future__ import annotations

from collections.abc import Callable

from pyflickr_web import FlickrError
from tests.mirror.library import FIRST_CHANGE, Inapplicable, Library

Change = Callable[[Library], object]
CHANGES: list[Change] = []


def make_change(library: Library) -> str:
    """Make one random change, some time after the one before, and return its name."""
    while True:
        library.pass_time()
        function = library.chance.choice(CHANGES)
        try:
            function(library)
        except (Inapplicable, FlickrError):
            # Such as a photo that is in the album already.
            continue
        library.stamp()
        return function.__name__


def change(function: Change) -> Change:
    """Register a change of a library."""
    CHANGES.append(function)
    return function


@change
def upload(library: Library) -> None:
    file = library.write_picture(library.chance.choice(("jpg", "png", "gif", "mp4")))
    title, tags, public = library.text(), [library.text()], library.flag()
    library.flickr.upload(
        photos=[{"photo": file, "title": title, "tags": tags, "is_public": public}]
    )


@change
def replace(library: Library) -> None:
    photo = library.pick_photo("media = 'photo'")
    file = library.write_picture(library.chance.choice(("jpg", "png", "gif")))
    library.flickr.replace(photo=file, photo_id=photo)


@change
def rotate(library: Library) -> None:
    degrees = library.chance.choice((90, 180, 270))
    photo = library.pick_photo("media = 'photo'")
    library.call("photos.transform.rotate", photo_id=photo, degrees=degrees)


@change
def delete(library: Library) -> None:
    library.call("photos.delete", photo_id=library.pick_photo())


@change
def set_meta(library: Library) -> None:
    values = {"title": library.text(), "description": library.text()}
    library.call("photos.setMeta", photo_id=library.pick_photo(), **values)


@change
def set_dates(library: Library) -> None:
    posted = FIRST_CHANGE - library.chance.randrange(10**8)
    library.call("photos.setDates", photo_id=library.pick_photo(), date_posted=posted)


@change
def set_tags(library: Library) -> None:
    tags = [library.text() for _ in range(library.chance.randrange(3))]
    library.call("photos.setTags", photo_id=library.pick_photo(), tags=tags)


@change
def set_permissions(library: Library) -> None:
    flags = {name: library.flag() for name in ("is_public", "is_friend", "is_family")}
    levels = {name: library.chance.randrange(4) for name in ("perm_comment", "perm_addmeta")}
    library.call("photos.setPerms", photo_id=library.pick_photo(), **flags, **levels)


@change
def set_safety_level(library: Library) -> None:
    level = library.chance.randint(1, 3)
    library.call("photos.setSafetyLevel", photo_id=library.pick_photo(), safety_level=level)


@change
def set_location(library: Library) -> None:
    latitude = library.chance.choice((47.37, -1.5))
    library.call("photos.geo.setLocation", photo_id=library.pick_photo(), lat=latitude, lon=8.54)


@change
def remove_location(library: Library) -> None:
    library.call("photos.geo.removeLocation", photo_id=library.pick_photo("latitude"))


@change
def hide_exif(library: Library) -> None:
    photo, exif = library.pick_photo(), library.chance.choice(("shown", "hidden", "none"))
    library.store.run("UPDATE photos SET exif = :exif WHERE id = :id", exif=exif, id=photo)
    library.touch(photo)


@change
def add_note(library: Library) -> None:
    photo = library.pick_photo()
    box = {"note_x": 1, "note_y": 1, "note_w": 20, "note_h": 20}
    library.call("photos.notes.add", photo_id=photo, note_text=library.text(), **box)
    library.touch(photo)


@change
def add_comment(library: Library) -> None:
    photo = library.pick_photo()
    author = library.pick("SELECT nsid FROM people WHERE NOT is_deleted")
    values = {"id": library.store.next_id(), "text": library.text(), "created": library.now}
    library.store.insert("comments", photo=photo, author=author, **values)
    library.touch(photo)


def _pick_comment(library: Library) -> int:
    """Pick a comment on a photo of the owner, and give the photo the time of a change."""
    photos = "SELECT id FROM photos WHERE owner = :me"
    comment: int = library.pick(f"SELECT id FROM comments WHERE photo IN ({photos})")
    library.touch(library.store.value("SELECT photo FROM comments WHERE id = :id", id=comment))
    return comment


@change
def edit_comment(library: Library) -> None:
    values = {"id": _pick_comment(library), "text": f"{library.text()} {library.now}"}
    library.store.run("UPDATE comments SET text = :text WHERE id = :id", **values)


@change
def delete_comment(library: Library) -> None:
    library.store.run("DELETE FROM comments WHERE id = :id", id=_pick_comment(library))


@change
def count_views(library: Library) -> None:
    library.store.run("UPDATE photos SET views = views + 7 WHERE id = :id", id=library.pick_photo())


@change
def create_album(library: Library) -> None:
    photo = library.pick_photo()
    library.call("photosets.create", title=library.text(), primary_photo_id=photo)


@change
def edit_album(library: Library) -> None:
    values = {"title": library.text(), "description": library.text()}
    library.call("photosets.editMeta", photoset_id=library.pick_album(), **values)


@change
def delete_album(library: Library) -> None:
    library.call("photosets.delete", photoset_id=library.pick_album())


@change
def order_albums(library: Library) -> None:
    library.pick_album()
    albums = library.pick_some(library.list_values("SELECT id FROM photosets WHERE owner = :me"))
    library.call("photosets.orderSets", photoset_ids=albums)


@change
def set_primary_photo(library: Library) -> None:
    album = library.pick_album()
    photo = library.chance.choice(library.list_members(album))
    library.call("photosets.setPrimaryPhoto", photoset_id=album, photo_id=photo)


@change
def add_to_album(library: Library) -> None:
    photo = library.pick_photo()
    library.call("photosets.addPhoto", photoset_id=library.pick_album(), photo_id=photo)


@change
def remove_from_album(library: Library) -> None:
    album = library.pick_album()
    photos = library.pick_some(library.list_members(album))
    library.call("photosets.removePhotos", photoset_id=album, photo_ids=photos)


@change
def reorder_album(library: Library) -> None:
    album = library.pick_album()
    photos = library.pick_some(library.list_members(album))
    library.call("photosets.reorderPhotos", photoset_id=album, photo_ids=photos)


@change
def edit_photos_of_album(library: Library) -> None:
    library.pick_photo()
    photos = library.pick_some(library.list_values("SELECT id FROM photos WHERE owner = :me"))
    values = {"photo_ids": photos, "primary_photo_id": photos[0]}
    library.call("photosets.editPhotos", photoset_id=library.pick_album(), **values)


@change
def comment_on_album(library: Library) -> None:
    values = {"photoset_id": library.pick_album(), "comment_text": library.text()}
    library.call("photosets.comments.addComment", **values)


def _pick_collection(library: Library) -> str:
    found: str = library.pick("SELECT id FROM collections WHERE owner = :me")
    return found


@change
def edit_collection(library: Library) -> None:
    values = {"title": library.text(), "id": _pick_collection(library)}
    library.store.run("UPDATE collections SET title = :title WHERE id = :id", **values)


@change
def move_collection(library: Library) -> None:
    """Move a collection to the top: that can make no loop."""
    sql = "UPDATE collections SET parent = NULL, position = :place WHERE id = :id"
    place = library.chance.randrange(9)
    library.store.run(sql, place=place, id=_pick_collection(library))


@change
def delete_collection(library: Library) -> None:
    collection = _pick_collection(library)
    for sql in (
        "UPDATE collections SET parent = NULL WHERE parent = :id",
        "DELETE FROM collection_sets WHERE collection = :id",
        "DELETE FROM collections WHERE id = :id",
    ):
        library.store.run(sql, id=collection)


@change
def add_to_collection(library: Library) -> None:
    sql = "INSERT OR IGNORE INTO collection_sets VALUES (:collection, :album, 9)"
    library.store.run(sql, collection=_pick_collection(library), album=library.pick_album())


_MINE = "EXISTS (SELECT 1 FROM group_members m WHERE m.group_nsid = nsid AND m.person = :me)"


@change
def join_group(library: Library) -> None:
    group = library.pick(f"SELECT nsid FROM groups WHERE NOT {_MINE}")
    values = {"person": library.owner, "joined": library.now}
    library.store.insert("group_members", group_nsid=group, **values)


@change
def leave_group(library: Library) -> None:
    group = library.pick(f"SELECT nsid FROM groups WHERE {_MINE}")
    library.call("groups.leave", group_id=group, delete_photos=library.flag())


@change
def rename_group(library: Library) -> None:
    values = {"name": library.text(), "id": library.pick(f"SELECT nsid FROM groups WHERE {_MINE}")}
    library.store.run("UPDATE groups SET name = :name WHERE nsid = :id", **values)


@change
def add_to_pool(library: Library) -> None:
    group = library.pick(f"SELECT nsid FROM groups WHERE {_MINE}")
    values = {"group": group, "photo": library.pick_photo(), "now": library.now}
    library.store.run("INSERT OR IGNORE INTO pool_photos VALUES (:group, :photo, :now)", **values)


@change
def remove_from_pools(library: Library) -> None:
    library.store.run("DELETE FROM pool_photos WHERE photo = :id", id=library.pick_photo())


@change
def add_favorite(library: Library) -> None:
    photo = library.pick("SELECT max(id) FROM photos WHERE owner <> :me GROUP BY owner")
    library.call("favorites.add", photo_id=photo)


def _pick_favorite(library: Library) -> int:
    found: int = library.pick("SELECT photo FROM favorites WHERE person = :me")
    return found


@change
def remove_favorite(library: Library) -> None:
    library.call("favorites.remove", photo_id=_pick_favorite(library))


@change
def edit_favorite(library: Library) -> None:
    """The photo's owner edits it, or hides it from the public."""
    photo = _pick_favorite(library)
    values = {"title": library.text(), "public": library.flag(), "id": photo}
    library.store.run(
        "UPDATE photos SET title = :title, ispublic = :public WHERE id = :id", **values
    )
    library.touch(photo)
