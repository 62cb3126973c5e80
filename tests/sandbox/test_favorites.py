"""`flickr.favorites.*`"""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library, failure_of

ME = nsid(0)


def favorite_ids(library: Library, method: str = "getList", **arguments: Any) -> list[str]:
    """Return the ids of the account's favourites."""
    answer = library.call_signed(f"favorites.{method}", user_id=ME, **arguments)
    return [photo["id"] for photo in answer["photos"]["photo"]]


def add_favorites(library: Library, count: int) -> list[str]:
    """Replace the account's favourites by new ones, a minute run_in_thread; return their ids."""
    library.store.run("DELETE FROM favorites")
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner <> :me AND ispublic LIMIT :count", me=ME, count=count
    )
    photos = [str(row["id"]) for row in rows]
    for place, photo in enumerate(photos):
        library.now = NOON + 60 * place
        assert library.call_signed("favorites.add", photo_id=photo) == {"stat": "ok"}
    return photos


def test_favourites_are_listed_the_newest_first(own_library: Library) -> None:
    photos = add_favorites(own_library, 3)
    answer = own_library.call_signed("favorites.getList")["photos"]
    assert [photo["id"] for photo in answer["photo"]] == photos[::-1]
    assert [photo["date_faved"] for photo in answer["photo"]] == [
        str(NOON + 120),
        str(NOON + 60),
        str(NOON),
    ]
    assert answer["total"] == "3"
    assert favorite_ids(own_library, page=2, per_page=2) == photos[:1]


def test_favourites_are_filtered_by_dates(own_library: Library) -> None:
    photos = add_favorites(own_library, 4)
    dates: dict[str, Any] = {"min_fave_date": NOON + 60, "max_fave_date": NOON + 120}
    assert favorite_ids(own_library, **dates) == [photos[2], photos[1]]
    assert favorite_ids(own_library, "getPublicList", **dates) == [photos[2], photos[1]]


def test_favourites_show_on_the_photo(own_library: Library) -> None:
    (photo,) = add_favorites(own_library, 1)
    people = own_library.call_public("photos.getFavorites", photo_id=photo)["photo"]["person"]
    assert [person["nsid"] for person in people] == [ME]
    extra = own_library.call_public("favorites.getList", user_id=ME, extras="count_faves")
    assert extra["photos"]["photo"][0]["count_faves"] == "1"


def test_public_list_has_only_public_photos(own_library: Library) -> None:
    photos = add_favorites(own_library, 2)
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 1 WHERE id = :id", id=photos[0]
    )
    own_library.store.run("UPDATE contacts SET friend = 1")
    assert favorite_ids(own_library) == photos[::-1]
    assert favorite_ids(own_library, "getPublicList") == photos[1:]
    answer = own_library.call_public("favorites.getList", user_id=ME)["photos"]["photo"]
    assert [photo["id"] for photo in answer] == photos[1:]


def test_favourite_is_removed(own_library: Library) -> None:
    (photo,) = add_favorites(own_library, 1)
    assert own_library.call_signed("favorites.remove", photo_id=photo) == {"stat": "ok"}
    assert favorite_ids(own_library) == []
    answer = own_library.call_signed("favorites.remove", photo_id=photo)
    assert failure_of(answer) == (1, "Photo not in favorites")


def test_refusals_by_code(own_library: Library) -> None:
    (photo,) = add_favorites(own_library, 1)
    mine = own_library.store.value("SELECT id FROM photos WHERE owner = :me", me=ME)
    hidden = own_library.store.value("SELECT max(id) FROM photos WHERE owner <> :me", me=ME)
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=hidden
    )

    def add(number: object) -> tuple[int, str]:
        return failure_of(own_library.call_signed("favorites.add", photo_id=number))

    assert add("1") == (1, "Photo not found")
    assert add(mine) == (2, "Photo is owned by you")
    assert add(photo) == (3, "Photo is already in favorites")
    assert add(hidden) == (4, "User cannot see photo")
    assert failure_of(own_library.call_public("favorites.getList")) == (1, "User not found")


def test_neighbours_are_as_recorded(own_library: Library) -> None:
    photos = add_favorites(own_library, 5)
    arguments = {"photo_id": photos[2], "user_id": ME}
    answer = own_library.call_signed("favorites.getContext", **arguments)
    # It is recorded among those of photos.getContext.
    assert differences("photos.getContext", answer) == []
    assert answer["count"] == {"_content": "5"}
    assert (answer["prevphoto"]["id"], answer["nextphoto"]["id"]) == (photos[1], photos[3])
    assert answer["nextphoto"]["url"].endswith(f"/{photos[3]}/in/faves-{ME}/")
    assert answer["nextphoto"]["is_faved"] == 1
    own_library.call_signed("favorites.remove", photo_id=photos[2])
    answer = own_library.call_public("favorites.getContext", **arguments)
    assert failure_of(answer) == (3, "Photo not a favorite")
