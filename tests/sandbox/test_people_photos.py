"""`flickr.people.getPhotos`, `getPublicPhotos` and `getPhotosOf`."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library, failure_of

ME = nsid(0)
LISTINGS = ("getPhotos", "getPublicPhotos", "getPhotosOf")


def ids(answer: dict[str, Any]) -> list[str]:
    """Return the ids of the photos in an answer."""
    return [photo["id"] for photo in answer["photos"]["photo"]]


def matching(library: Library, condition: str) -> list[str]:
    """Return ids of the account's photos that match a condition in SQL, newest first."""
    rows = library.store.all(
        f"SELECT id FROM photos WHERE owner = :me AND {condition} ORDER BY posted DESC, id DESC",
        me=ME,
    )
    return [str(row["id"]) for row in rows]


def mine(library: Library, **arguments: Any) -> list[str]:
    """Return up to 500 ids of the account's photos, as getPhotos lists them for it."""
    answer = library.call_signed("people.getPhotos", user_id="me", per_page=500, **arguments)
    found = ids(answer)
    assert answer["photos"]["total"] == len(found)
    return found


@pytest.mark.parametrize("method", LISTINGS)
def test_listings_are_as_recorded(own_library: Library, method: str) -> None:
    photo = matching(own_library, "ispublic")[0]
    own_library.store.run("DELETE FROM photo_people")
    own_library.store.insert("photo_people", photo=photo, person=ME, added_by=ME)
    # All recorded answers of getPublicPhotos have this extra.
    answer = own_library.call_signed(f"people.{method}", user_id="me", extras="media")
    assert differences(f"people.{method}", answer) == []
    assert photo in ids(answer)


def test_unknown_people_have_no_photos(library: Library) -> None:
    assert failure_of(library.call_public("people.getPhotos")) == (1, "Required arguments missing")
    assert failure_of(library.call_public("people.getPhotos", user_id="-1")) == (2, "Unknown user")
    assert failure_of(library.call_public("people.getPhotos", user_id=DELETED)) == (
        5,
        "User deleted",
    )
    # As recorded.
    assert failure_of(library.call_public("people.getPublicPhotos", user_id="-1")) == (
        1,
        "User not found",
    )
    assert failure_of(library.call_public("people.getPhotosOf", user_id="-1")) == (
        1,
        "User not found",
    )


def test_private_photos_are_listed_only_for_their_owner(own_library: Library) -> None:
    assert mine(own_library) == matching(own_library, "1")
    public = matching(own_library, "ispublic AND safety_level = 0")
    assert ids(own_library.call_public("people.getPhotos", user_id=ME)) == public
    answer = own_library.call_signed("people.getPublicPhotos", user_id="me")
    assert ids(answer) == matching(own_library, "ispublic")


def test_friends_see_photos_for_friends(own_library: Library) -> None:
    photo = matching(own_library, "1")[0]
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 1, isfamily = 0 WHERE id = :id", id=photo
    )
    seen = [
        photo in ids(own_library.call_as(person, "people.getPhotos", user_id=ME, safe_search=3))
        for person in (1, 2, 4)
    ]
    # People with odd numbers are friends.
    assert seen == [True, False, False]


@pytest.mark.parametrize(
    ("level", "friend", "family"), [(2, 1, 0), (3, 0, 1), (4, 1, 1), (5, 0, 0)]
)
def test_privacy_filter(own_library: Library, level: int, friend: int, family: int) -> None:
    own_library.store.run(
        "UPDATE photos SET isfriend = id % 2, isfamily = id / 2 % 2, ispublic = id % 5 = 0"
    )
    expected = matching(
        own_library, f"NOT ispublic AND isfriend = {friend} AND isfamily = {family}"
    )
    assert expected
    assert mine(own_library, privacy_filter=level) == expected
    assert mine(own_library, privacy_filter=1) == matching(own_library, "ispublic")


def test_photos_are_filtered_by_dates(own_library: Library) -> None:
    rows = own_library.store.all(
        "SELECT posted, taken FROM photos WHERE owner = :me ORDER BY posted", me=ME
    )
    low, high = rows[5]["posted"], rows[-5]["posted"]
    assert mine(own_library, min_upload_date=low, max_upload_date=high) == matching(
        own_library, f"posted BETWEEN {low} AND {high}"
    )
    taken = sorted(row["taken"] for row in rows)
    assert mine(own_library, min_taken_date=taken[4], max_taken_date=taken[-4]) == matching(
        own_library, f"taken BETWEEN '{taken[4]}' AND '{taken[-4]}'"
    )


def test_photos_are_filtered_by_content_type(own_library: Library) -> None:
    own_library.store.run("UPDATE photos SET content_type = id % 4")
    assert mine(own_library, content_types="1,3") == matching(own_library, "content_type IN (1, 3)")
    assert mine(own_library, content_type=6) == matching(own_library, "content_type IN (0, 2)")


def test_safe_search(own_library: Library) -> None:
    own_library.store.run("UPDATE photos SET safety_level = id % 3, ispublic = 1")
    assert mine(own_library) == matching(own_library, "1")
    assert mine(own_library, safe_search=1) == matching(own_library, "safety_level = 0")
    safe = matching(own_library, "safety_level = 0")
    assert ids(own_library.call_public("people.getPhotos", user_id=ME, safe_search=3)) == safe
    assert ids(own_library.call_as(1, "people.getPhotos", user_id=ME)) == safe
    moderate = own_library.call_as(1, "people.getPhotos", user_id=ME, safe_search=2)
    assert ids(moderate) == matching(own_library, "safety_level < 2")


def test_photos_of_a_person(own_library: Library) -> None:
    own_library.store.run("DELETE FROM photo_people")
    tagged = matching(own_library, "ispublic")[:3]
    for photo in tagged:
        own_library.store.insert("photo_people", photo=photo, person=nsid(1), added_by=ME)
    # As recorded.
    assert own_library.call_as(1, "people.getPhotosOf", user_id="me")["photos"]["perpage"] == 20
    own = own_library.call_as(1, "people.getPhotosOf", user_id="me", per_page=2)["photos"]
    assert (own["total"], own["pages"]) == ("3", 2)
    assert "has_next_page" not in own
    first = own_library.call_public("people.getPhotosOf", user_id=nsid(1), per_page=2)
    second = own_library.call_public("people.getPhotosOf", user_id=nsid(1), per_page=2, page=2)
    assert ids(first) + ids(second) == tagged
    assert [each["photos"]["has_next_page"] for each in (first, second)] == [1, 0]
    assert "total" not in first["photos"]
    by_other = own_library.call_public("people.getPhotosOf", user_id=nsid(1), owner_id=nsid(2))
    assert ids(by_other) == []
