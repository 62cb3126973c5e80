"""`flickr.groups.*` but for discussions: who is in a group, what is in its pool."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.sandbox.call import Caller
from pyflickr_web.sandbox.store.library.groups import group_nsid
from pyflickr_web.sandbox.store.library.people import nsid
from tests.sandbox.desk import NOON, Library, refused
from tests.sandbox.shapes import differences

ME = nsid(0)
LANDSCAPES, CATS, PRIVATE, INVITED, MODERATED, THROTTLED, _, STILLS = map(group_nsid, range(8))


def members_of(library: Library, group: str, **arguments: Any) -> dict[str, str]:
    """Who is in a group, and as what."""
    answer = library.signed("groups.members.getList", group_id=group, **arguments)
    return {member["nsid"]: member["membertype"] for member in answer["members"]["member"]}


def pool(library: Library, group: str, **arguments: Any) -> list[str]:
    """The ids of the photos in a pool, as the account sees it."""
    answer = library.signed("groups.pools.getPhotos", group_id=group, per_page=500, **arguments)
    return [photo["id"] for photo in answer["photos"]["photo"]]


def outside(library: Library, group: str, owner: str = ME) -> list[str]:
    """Ids of public photos of a person that are not in a pool."""
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner = :owner AND ispublic AND media = 'photo' AND id NOT IN"
        " (SELECT photo FROM pool_photos WHERE group_nsid = :group) ORDER BY id",
        owner=owner,
        group=group,
    )
    return [str(row["id"]) for row in rows]


def test_search_is_as_recorded(library: Library) -> None:
    answer = library.public("groups.search", text="A")
    assert differences("groups.search", answer) == []
    assert answer["groups"]["total"] > 3


def test_search_finds_by_name_and_description(library: Library) -> None:
    def found(text: str) -> list[str]:
        answer = library.public("groups.search", text=text)
        return [group["nsid"] for group in answer["groups"]["group"]]

    assert found("CATS") == [CATS]
    assert found("paws") == [CATS]
    assert found("nothing at all") == []


def test_search_shows_private_groups_to_members_alone(library: Library) -> None:
    assert library.public("groups.search", text="Sandbox Family")["groups"]["total"] == 0
    assert library.signed("groups.search", text="Sandbox Family")["groups"]["total"] == 1


def test_search_without_a_text_is_refused(library: Library) -> None:
    assert refused(library.public("groups.search")) == (1, "No text passed")


def test_information_of_a_group(library: Library) -> None:
    about = library.public("groups.getInfo", group_id=CATS)["group"]
    (found,) = library.public("groups.search", text="cats & co")["groups"]["group"]
    assert about["name"] == {"_content": found["name"]}
    for name in ("members", "pool_count", "topic_count", "privacy"):
        assert about[name] == {"_content": found[name]}
    assert about["rules"]["_content"]
    assert about["throttle"] == {"mode": "none"}
    assert about["restrictions"]["videos_ok"] == 1


def test_group_is_found_by_its_alias(library: Library) -> None:
    by_id = library.public("groups.getInfo", group_id=CATS)
    assert library.public("groups.getInfo", group_id="cats") == by_id
    assert library.public("groups.getInfo", group_path_alias="cats") == by_id
    assert refused(library.public("groups.getInfo")) == (1, "Group not found")


def test_private_group_shows_to_members_alone(library: Library) -> None:
    assert refused(library.public("groups.getInfo", group_id=PRIVATE)) == (2, "Group is private")
    assert library.signed("groups.getInfo", group_id=PRIVATE)["stat"] == "ok"
    answer = library.public("groups.pools.getPhotos", group_id=PRIVATE)
    assert refused(answer)[0] == 2
    assert pool(library, PRIVATE)


def test_unknown_group_is_refused_as_recorded(library: Library) -> None:
    answer = library.public("groups.pools.getPhotos", group_id="doesnotexist")
    assert refused(answer) == (1, "Group not found")


def test_leaving_needs_the_level_delete_as_recorded(library: Library) -> None:
    caller = Caller(library.account.api_key, ME, perms=2, signed=True)
    answer = library.ask(caller, "groups.leave", {"group_id": CATS})
    assert refused(answer) == (
        99,
        "Insufficient permissions. Method requires delete privileges; write granted.",
    )


def test_members_by_type_and_page(library: Library) -> None:
    members = members_of(library, LANDSCAPES)
    assert members[ME] == "4"
    assert set(members_of(library, LANDSCAPES, membertypes="3,4").values()) == {"3", "4"}
    assert set(members_of(library, LANDSCAPES, membertypes="2").values()) == {"2"}
    pages = [
        nsid
        for page in range(1, len(members) + 1)
        for nsid in members_of(library, LANDSCAPES, page=page, per_page=1)
    ]
    assert pages == list(members)


def test_joined_group_has_the_caller_as_a_member(own_library: Library) -> None:
    answer = own_library.signed("groups.join", group_id=CATS)
    assert refused(answer)[0] == 6
    assert ME not in members_of(own_library, CATS)
    assert own_library.signed("groups.join", group_id=CATS, accept_rules=1) == {"stat": "ok"}
    assert members_of(own_library, CATS)[ME] == "2"
    # As recorded.
    answer = own_library.signed("groups.join", group_id=CATS, accept_rules=1)
    assert refused(answer) == (4, "Account is already in that group")


@pytest.mark.parametrize(("group", "code"), [("", 1), ("none", 2), (INVITED, 5), (PRIVATE, 4)])
def test_joining_is_refused_by_code(library: Library, group: str, code: int) -> None:
    assert refused(library.signed("groups.join", group_id=group, accept_rules=1))[0] == code


def test_private_group_takes_nobody_in(own_library: Library) -> None:
    own_library.signed("groups.leave", group_id=PRIVATE)
    assert refused(own_library.signed("groups.join", group_id=PRIVATE))[0] == 3
    answer = own_library.signed("groups.joinRequest", group_id=PRIVATE, message="Please")
    assert refused(answer)[0] == 3


def test_request_to_join(own_library: Library) -> None:
    ask = {"group_id": INVITED, "message": "Bitte"}
    assert refused(own_library.signed("groups.joinRequest", **ask))[0] == 6
    ask["accept_rules"] = "1"
    assert own_library.signed("groups.joinRequest", **ask) == {"stat": "ok"}
    assert refused(own_library.signed("groups.joinRequest", **ask))[0] == 7
    assert refused(own_library.signed("groups.joinRequest", **ask | {"group_id": CATS}))[0] == 5
    answer = own_library.signed("groups.joinRequest", **ask | {"group_id": LANDSCAPES})
    assert refused(answer)[0] == 4
    assert refused(own_library.signed("groups.joinRequest", group_id=INVITED))[0] == 1


def test_left_group_keeps_photos_unless_told(own_library: Library) -> None:
    added = outside(own_library, THROTTLED)[0]
    own_library.signed("groups.pools.add", group_id=THROTTLED, photo_id=added)
    own_library.signed("groups.leave", group_id=THROTTLED)
    assert ME not in members_of(own_library, THROTTLED)
    assert added in pool(own_library, THROTTLED)
    assert refused(own_library.signed("groups.leave", group_id=THROTTLED))[0] == 3
    own_library.signed("groups.join", group_id=THROTTLED)
    own_library.signed("groups.leave", group_id=THROTTLED, delete_photos=1)
    assert pool(own_library, THROTTLED, user_id=ME) == []


def test_photo_added_to_a_pool_comes_first(own_library: Library) -> None:
    photo = outside(own_library, LANDSCAPES)[0]
    before = pool(own_library, LANDSCAPES)
    assert own_library.signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo) == {
        "stat": "ok"
    }
    assert pool(own_library, LANDSCAPES) == [photo, *before]
    shown = own_library.signed("groups.pools.getPhotos", group_id=LANDSCAPES)["photos"]["photo"][0]
    assert (shown["dateadded"], shown["ownername"]) == (str(NOON), "sandbox")
    answer = own_library.signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo)
    assert refused(answer) == (3, "Photo already in pool")
    own_library.signed("groups.pools.remove", group_id=LANDSCAPES, photo_id=photo)
    assert pool(own_library, LANDSCAPES) == before
    answer = own_library.signed("groups.pools.remove", group_id=LANDSCAPES, photo_id=photo)
    assert refused(answer)[0] == 2


def test_pool_takes_own_photos_of_members_alone(own_library: Library) -> None:
    theirs = outside(own_library, LANDSCAPES, nsid(1))[0]
    answer = own_library.signed("groups.pools.add", group_id=LANDSCAPES, photo_id=theirs)
    assert refused(answer) == (1, "Photo not found")
    mine = outside(own_library, CATS)[0]
    answer = own_library.signed("groups.pools.add", group_id=CATS, photo_id=mine)
    assert refused(answer) == (2, "Group not found")


def test_moderated_pool_lets_photos_wait(own_library: Library) -> None:
    photo = outside(own_library, MODERATED)[0]
    add = {"group_id": MODERATED, "photo_id": photo}
    assert refused(own_library.signed("groups.pools.add", **add))[0] == 6
    assert refused(own_library.signed("groups.pools.add", **add))[0] == 7
    assert photo not in pool(own_library, MODERATED)


def test_limit_of_a_pool(own_library: Library) -> None:
    own_library.store.run("DELETE FROM pool_photos")
    photos = outside(own_library, THROTTLED)[:4]

    def left() -> str:
        answer = own_library.signed("groups.getInfo", group_id=THROTTLED)
        remaining: str = answer["group"]["throttle"]["remaining"]
        return remaining

    assert left() == "3"
    for photo in photos[:3]:
        own_library.signed("groups.pools.add", group_id=THROTTLED, photo_id=photo)
    assert left() == "0"
    fourth = {"group_id": THROTTLED, "photo_id": photos[3]}
    assert refused(own_library.signed("groups.pools.add", **fourth)) == (5, "Photo limit reached")
    own_library.now += 86400
    assert own_library.signed("groups.pools.add", **fourth) == {"stat": "ok"}


def test_photo_is_in_sixty_pools_at_most(own_library: Library) -> None:
    photo = outside(own_library, LANDSCAPES)[0]
    own_library.store.many(
        "INSERT INTO pool_photos VALUES (?, ?, 0)", ((f"{n}@N01", photo) for n in range(60))
    )
    answer = own_library.signed("groups.pools.add", group_id=LANDSCAPES, photo_id=photo)
    assert refused(answer)[0] == 4


@pytest.mark.parametrize(
    ("photo", "group", "code"),
    [
        ("media = 'video'", "videos_ok = 0", 21),
        ("media = 'photo'", "photos_ok = 0", 22),
        ("content_type = 0", "images_ok = 0", 24),
        ("content_type = 1", "screens_ok = 0", 25),
        ("content_type = 2", "art_ok = 0", 26),
        ("content_type = 3", "art_ok = 0", 26),
        ("safety_level = 2", "restricted_ok = 0", 27),
        ("safety_level = 1", "moderate_ok = 0", 28),
        ("latitude = NULL", "has_geo = 1", 29),
    ],
)
def test_content_that_a_pool_does_not_take(
    own_library: Library, photo: str, group: str, code: int
) -> None:
    own_library.store.run(f"UPDATE groups SET {group}")
    number = outside(own_library, LANDSCAPES)[0]
    plain = "media = 'photo', content_type = 0, safety_level = 0, latitude = 1, longitude = 1"
    own_library.store.run(f"UPDATE photos SET {plain} WHERE id = :id", id=number)
    own_library.store.run(f"UPDATE photos SET {photo} WHERE id = :id", id=number)
    answer = own_library.signed("groups.pools.add", group_id=LANDSCAPES, photo_id=number)
    assert refused(answer)[0] == code


def test_pool_is_kept_by_admins(own_library: Library) -> None:
    theirs = next(
        photo
        for photo in pool(own_library, LANDSCAPES)
        if photo not in pool(own_library, LANDSCAPES, user_id=ME)
    )
    remove = {"group_id": LANDSCAPES, "photo_id": theirs}
    stranger = next(
        n for n in range(1, 10) if members_of(own_library, LANDSCAPES).get(nsid(n)) is None
    )
    assert refused(own_library.by(stranger, "groups.pools.remove", **remove))[0] == 3
    assert own_library.signed("groups.pools.remove", **remove) == {"stat": "ok"}
    assert theirs not in pool(own_library, LANDSCAPES)


def test_pool_by_person_and_by_tag(library: Library) -> None:
    everything = pool(library, LANDSCAPES)
    mine = pool(library, LANDSCAPES, user_id="me")
    assert mine
    assert set(mine) < set(everything)
    tagged = library.signed(
        "groups.pools.getPhotos", group_id=LANDSCAPES, tags="City", extras="tags"
    )["photos"]["photo"]
    assert tagged
    assert all("city" in photo["tags"].split() for photo in tagged)
    answer = library.public("groups.pools.getPhotos", group_id=LANDSCAPES, user_id="nobody")
    assert refused(answer) == (3, "Unknown user")


def test_neighbours_in_a_pool(library: Library) -> None:
    newest, second, third = pool(library, LANDSCAPES)[:3]
    where = {"group_id": LANDSCAPES, "photo_id": second}
    answer = library.public("groups.pools.getContext", **where)
    assert (answer["prevphoto"]["id"], answer["nextphoto"]["id"]) == (third, newest)
    assert answer["prevphoto"]["url"].endswith(f"/{third}/in/pool-landscapes/")
    assert answer["count"]["_content"] == str(len(pool(library, LANDSCAPES)))
    photo = outside(library, LANDSCAPES)[0]
    answer = library.public("groups.pools.getContext", group_id=LANDSCAPES, photo_id=photo)
    assert refused(answer) == (2, "Photo not in pool")


def test_groups_that_the_caller_may_add_to(library: Library) -> None:
    answer = library.signed("groups.pools.getGroups")["groups"]
    assert {group["nsid"]: group["admin"] for group in answer["group"]} == {
        LANDSCAPES: 1,
        PRIVATE: 0,
        MODERATED: 0,
        THROTTLED: 0,
    }
    counts = {group["nsid"]: group["photos"] for group in answer["group"]}
    assert counts[LANDSCAPES] == "60"
    page = library.signed("groups.pools.getGroups", page=2, per_page=3)["groups"]
    assert page["group"] == answer["group"][3:]
