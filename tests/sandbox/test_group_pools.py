"""`flickr.groups.pools.*`"""

from __future__ import annotations

import pytest

from flickr_sandbox.store.library import awkward
from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.groups import (
    CATS,
    LANDSCAPES,
    ME,
    MODERATED,
    PRIVATE,
    THROTTLED,
    members_of,
    photos_outside_pool,
    pool_photos,
)
from tests.sandbox.library import NOON, Library, failure_of


def test_photo_added_to_a_pool_comes_first(own_library: Library) -> None:
    photo = photos_outside_pool(own_library, LANDSCAPES)[0]
    before = pool_photos(own_library, LANDSCAPES)
    assert own_library.call_signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo) == {
        "stat": "ok"
    }
    assert pool_photos(own_library, LANDSCAPES) == [photo, *before]
    listed = own_library.call_signed("groups.pools.getPhotos", group_id=LANDSCAPES)["photos"][
        "photo"
    ][0]
    assert (listed["dateadded"], listed["ownername"]) == (str(NOON), "sandbox")
    answer = own_library.call_signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo)
    assert failure_of(answer) == (3, "Photo already in pool")
    own_library.call_signed("groups.pools.remove", group_id=LANDSCAPES, photo_id=photo)
    assert pool_photos(own_library, LANDSCAPES) == before
    answer = own_library.call_signed("groups.pools.remove", group_id=LANDSCAPES, photo_id=photo)
    assert failure_of(answer)[0] == 2


def test_pool_accepts_only_own_photos_of_members(own_library: Library) -> None:
    theirs = photos_outside_pool(own_library, LANDSCAPES, nsid(1))[0]
    answer = own_library.call_signed("groups.pools.add", group_id=LANDSCAPES, photo_id=theirs)
    assert failure_of(answer) == (1, "Photo not found")
    mine = photos_outside_pool(own_library, CATS)[0]
    answer = own_library.call_signed("groups.pools.add", group_id=CATS, photo_id=mine)
    assert failure_of(answer) == (2, "Group not found")


def test_photo_for_a_moderated_pool_is_pending(own_library: Library) -> None:
    photo = photos_outside_pool(own_library, MODERATED)[0]
    add = {"group_id": MODERATED, "photo_id": photo}
    assert failure_of(own_library.call_signed("groups.pools.add", **add))[0] == 6
    assert failure_of(own_library.call_signed("groups.pools.add", **add))[0] == 7
    assert photo not in pool_photos(own_library, MODERATED)


def test_limit_of_a_pool(own_library: Library) -> None:
    own_library.store.run("DELETE FROM pool_photos")
    photos = photos_outside_pool(own_library, THROTTLED)[:4]

    def remaining() -> str:
        answer = own_library.call_signed("groups.getInfo", group_id=THROTTLED)
        count: str = answer["group"]["throttle"]["remaining"]
        return count

    assert remaining() == "3"
    for photo in photos[:3]:
        own_library.call_signed("groups.pools.add", group_id=THROTTLED, photo_id=photo)
    assert remaining() == "0"
    fourth = {"group_id": THROTTLED, "photo_id": photos[3]}
    assert failure_of(own_library.call_signed("groups.pools.add", **fourth)) == (
        5,
        "Photo limit reached",
    )
    own_library.now += 86400
    assert own_library.call_signed("groups.pools.add", **fourth) == {"stat": "ok"}


def test_photo_is_in_at_most_sixty_pools(own_library: Library) -> None:
    photo = photos_outside_pool(own_library, LANDSCAPES)[0]
    own_library.store.many(
        "INSERT INTO pool_photos VALUES (?, ?, 0)", ((f"{n}@N01", photo) for n in range(60))
    )
    answer = own_library.call_signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo)
    assert failure_of(answer)[0] == 4


@pytest.mark.parametrize(
    ("photo", "group", "code"),
    [
        ("media = 'video'", "videos_ok = 0", 21),
        ("media = 'photo'", "photos_ok = 0", 22),
        ("content_type = 0", "images_ok = 0", 24),
        ("content_type = 1", "screens_ok = 0", 25),
        ("content_type = 2", "art_ok = 0", 26),
        ("content_type = 3", "virtual_ok = 0", 26),
        ("safety_level = 2", "restricted_ok = 0", 27),
        ("safety_level = 1", "moderate_ok = 0", 28),
        ("latitude = NULL", "has_geo = 1", 29),
    ],
)
def test_pool_refuses_excluded_content(
    own_library: Library, photo: str, group: str, code: int
) -> None:
    own_library.store.run(f"UPDATE groups SET {group}")
    number = photos_outside_pool(own_library, LANDSCAPES)[0]
    plain = "media = 'photo', content_type = 0, safety_level = 0, latitude = 1, longitude = 1"
    own_library.store.run(f"UPDATE photos SET {plain} WHERE id = :id", id=number)
    own_library.store.run(f"UPDATE photos SET {photo} WHERE id = :id", id=number)
    answer = own_library.call_signed("groups.pools.add", group_id=LANDSCAPES, photo_id=number)
    assert failure_of(answer)[0] == code


def test_admin_removes_photos_from_a_pool(own_library: Library) -> None:
    theirs = next(
        photo
        for photo in pool_photos(own_library, LANDSCAPES)
        if photo not in pool_photos(own_library, LANDSCAPES, user_id=ME)
    )
    remove = {"group_id": LANDSCAPES, "photo_id": theirs}
    stranger = next(
        n for n in range(1, 10) if members_of(own_library, LANDSCAPES).get(nsid(n)) is None
    )
    assert failure_of(own_library.call_as(stranger, "groups.pools.remove", **remove))[0] == 3
    assert own_library.call_signed("groups.pools.remove", **remove) == {"stat": "ok"}
    assert theirs not in pool_photos(own_library, LANDSCAPES)


def test_pool_by_person_and_by_tag(library: Library) -> None:
    everything = pool_photos(library, LANDSCAPES)
    mine = pool_photos(library, LANDSCAPES, user_id="me")
    assert mine
    assert set(mine) < set(everything)
    tagged = library.call_signed(
        "groups.pools.getPhotos", group_id=LANDSCAPES, tags="City", extras="tags"
    )["photos"]["photo"]
    assert tagged
    assert all("city" in photo["tags"].split() for photo in tagged)
    answer = library.call_public("groups.pools.getPhotos", group_id=LANDSCAPES, user_id="nobody")
    assert failure_of(answer) == (3, "Unknown user")


def test_neighbours_in_a_pool(library: Library) -> None:
    newest, second, third = pool_photos(library, LANDSCAPES)[:3]
    where = {"group_id": LANDSCAPES, "photo_id": second}
    answer = library.call_public("groups.pools.getContext", **where)
    assert (answer["prevphoto"]["id"], answer["nextphoto"]["id"]) == (third, newest)
    assert answer["prevphoto"]["url"].endswith(f"/{third}/in/pool-landscapes/")
    assert answer["count"]["_content"] == str(len(pool_photos(library, LANDSCAPES)))
    photo = photos_outside_pool(library, LANDSCAPES)[0]
    answer = library.call_public("groups.pools.getContext", group_id=LANDSCAPES, photo_id=photo)
    assert failure_of(answer) == (2, "Photo not in pool")


def test_groups_to_which_the_caller_may_add(library: Library) -> None:
    answer = library.call_signed("groups.pools.getGroups")["groups"]
    ranks = {group["nsid"]: group["admin"] for group in answer["group"]}
    # The rest are the groups of one photo.
    crowd = [group_nsid(100 + number) for number in range(awkward.GROUPS)]
    assert [ranks.pop(group) for group in crowd] == [0] * awkward.GROUPS
    assert ranks == {LANDSCAPES: 1, PRIVATE: 0, MODERATED: 0, THROTTLED: 0}
    counts = {group["nsid"]: group["photos"] for group in answer["group"]}
    assert counts[LANDSCAPES] == "60"
    page = library.call_signed("groups.pools.getGroups", page=2, per_page=3)["groups"]
    assert page["group"] == answer["group"][3:6]
