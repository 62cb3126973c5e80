"""`flickr.people.*`, `flickr.prefs.*` and `flickr.profile.*`."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.sandbox.store.library.groups import group_nsid
from pyflickr_web.sandbox.store.library.people import DELETED, nsid
from tests.sandbox.desk import Library, refused
from tests.sandbox.shapes import differences

ME = nsid(0)
LISTINGS = ("getPhotos", "getPublicPhotos", "getPhotosOf")


def ids(answer: dict[str, Any]) -> list[str]:
    """The ids of the photos in an answer."""
    return [photo["id"] for photo in answer["photos"]["photo"]]


def matching(library: Library, condition: str) -> list[str]:
    """Ids of the account's photos, the newest first, by a condition in SQL."""
    rows = library.store.all(
        f"SELECT id FROM photos WHERE owner = :me AND {condition} ORDER BY posted DESC, id DESC",
        me=ME,
    )
    return [str(row["id"]) for row in rows]


def mine(library: Library, **arguments: Any) -> list[str]:
    """The ids of the account's photos as it lists them, of up to 500."""
    answer = library.signed("people.getPhotos", user_id="me", per_page=500, **arguments)
    found = ids(answer)
    assert answer["photos"]["total"] == str(len(found))
    return found


@pytest.mark.parametrize("person", range(10))
def test_information_is_as_recorded(library: Library, person: int) -> None:
    answer = library.public("people.getInfo", user_id=nsid(person))
    # Nobody who is recorded has an alias.
    alias = "person.path_alias is ['str'], recorded as ['NoneType']"
    assert set(differences("people.getInfo", answer)) <= {alias}


def test_information_counts_what_the_caller_may_see(library: Library) -> None:
    told = library.signed("people.getInfo", user_id="me")["person"]["photos"]
    everything = library.store.one(
        "SELECT count(*) AS n, sum(views) AS v, min(posted) AS p, min(taken) AS t FROM photos"
        " WHERE owner = :me",
        me=ME,
    )
    assert everything is not None
    assert told["count"]["_content"] == everything["n"]
    assert told["views"]["_content"] == str(everything["v"])
    assert told["firstdate"]["_content"] == str(everything["p"])
    assert told["firstdatetaken"]["_content"] == everything["t"]
    public = library.public("people.getInfo", user_id=ME)["person"]["photos"]
    assert public["count"]["_content"] == len(matching(library, "ispublic"))


@pytest.mark.parametrize(
    ("person", "code", "message"),
    [
        ("1234567@N00", 1, "User not found"),
        (DELETED, 5, "User deleted"),
        ("🦊\0", 1, "User not found"),
        ("me", 99, "User not logged in"),
    ],
)
def test_unknown_and_deleted_people_as_recorded(
    library: Library, person: str, code: int, message: str
) -> None:
    answer = library.public("people.getInfo", user_id=person)
    assert refused(answer)[0] == code
    assert code == 99 or answer["message"] == message


def test_person_is_found_by_name_and_by_address(library: Library) -> None:
    by_name = library.public("people.findByUsername", username="aDa lEnS")
    assert differences("people.findByUsername", by_name) == []
    assert by_name["user"]["nsid"] == nsid(1)
    assert library.public("people.findByEmail", find_email="Person1@example.org") == by_name
    for method, argument in (("findByUsername", "username"), ("findByEmail", "find_email")):
        answer = library.public(f"people.{method}", **{argument: "gone"})
        assert refused(answer) == (1, "User not found")


@pytest.mark.parametrize("method", LISTINGS)
def test_listings_are_as_recorded(own_library: Library, method: str) -> None:
    photo = matching(own_library, "ispublic")[0]
    own_library.store.insert("photo_people", photo=photo, person=ME, added_by=ME)
    # All that is recorded of getPublicPhotos was asked for with this extra.
    answer = own_library.signed(f"people.{method}", user_id="me", extras="media")
    assert differences(f"people.{method}", answer) == []
    assert photo in ids(answer)


def test_unknown_people_have_no_photos(library: Library) -> None:
    assert refused(library.public("people.getPhotos")) == (1, "Required arguments missing")
    assert refused(library.public("people.getPhotos", user_id="-1")) == (2, "Unknown user")
    assert refused(library.public("people.getPhotos", user_id=DELETED)) == (5, "User deleted")
    # As recorded.
    assert refused(library.public("people.getPublicPhotos", user_id="-1")) == (1, "User not found")
    assert refused(library.public("people.getPhotosOf", user_id="-1")) == (1, "User not found")


def test_private_photos_are_listed_for_their_owner_alone(own_library: Library) -> None:
    assert mine(own_library) == matching(own_library, "1")
    public = matching(own_library, "ispublic AND safety_level = 0")
    assert ids(own_library.public("people.getPhotos", user_id=ME)) == public
    answer = own_library.signed("people.getPublicPhotos", user_id="me")
    assert ids(answer) == matching(own_library, "ispublic")


def test_friends_see_what_is_for_friends(own_library: Library) -> None:
    photo = matching(own_library, "1")[0]
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 1, isfamily = 0 WHERE id = :id", id=photo
    )
    seen = [
        photo in ids(own_library.by(person, "people.getPhotos", user_id=ME, safe_search=3))
        for person in (1, 2, 4)
    ]
    # Of the library's people the odd ones are friends.
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


def test_dates_choose_photos(own_library: Library) -> None:
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


def test_content_types_choose_photos(own_library: Library) -> None:
    own_library.store.run("UPDATE photos SET content_type = id % 4")
    assert mine(own_library, content_types="1,3") == matching(own_library, "content_type IN (1, 3)")
    assert mine(own_library, content_type=6) == matching(own_library, "content_type IN (0, 2)")


def test_safe_search(own_library: Library) -> None:
    own_library.store.run("UPDATE photos SET safety_level = id % 3, ispublic = 1")
    assert mine(own_library) == matching(own_library, "1")
    assert mine(own_library, safe_search=1) == matching(own_library, "safety_level = 0")
    safe = matching(own_library, "safety_level = 0")
    assert ids(own_library.public("people.getPhotos", user_id=ME, safe_search=3)) == safe
    assert ids(own_library.by(1, "people.getPhotos", user_id=ME)) == safe
    moderate = own_library.by(1, "people.getPhotos", user_id=ME, safe_search=2)
    assert ids(moderate) == matching(own_library, "safety_level < 2")


def test_photos_of_a_person(own_library: Library) -> None:
    own_library.store.run("DELETE FROM photo_people")
    shown = matching(own_library, "ispublic")[:3]
    for photo in shown:
        own_library.store.insert("photo_people", photo=photo, person=nsid(1), added_by=ME)
    own = own_library.by(1, "people.getPhotosOf", user_id="me", per_page=2)["photos"]
    assert (own["total"], own["pages"]) == ("3", 2)
    assert "has_next_page" not in own
    first = own_library.public("people.getPhotosOf", user_id=nsid(1), per_page=2)
    second = own_library.public("people.getPhotosOf", user_id=nsid(1), per_page=2, page=2)
    assert ids(first) + ids(second) == shown
    assert [each["photos"]["has_next_page"] for each in (first, second)] == [1, 0]
    assert "total" not in first["photos"]
    by_other = own_library.public("people.getPhotosOf", user_id=nsid(1), owner_id=nsid(2))
    assert ids(by_other) == []


def test_groups_of_a_person(library: Library) -> None:
    def groups(answer: dict[str, Any]) -> set[str]:
        return {group["nsid"] for group in answer["groups"]["group"]}

    own = library.signed("people.getGroups", user_id="me", extras="privacy,throttle")
    public = library.public("people.getPublicGroups", user_id=ME)
    assert groups(own) - groups(public) == {group_nsid(2)}
    landscapes = next(each for each in own["groups"]["group"] if each["nsid"] == group_nsid(0))
    about = library.public("groups.getInfo", group_id=group_nsid(0))["group"]
    assert (landscapes["admin"], landscapes["privacy"]) == (1, "3")
    assert landscapes["members"] == about["members"]["_content"]
    assert landscapes["throttle"] == about["throttle"]
    assert "restrictions" not in landscapes


def test_upload_status_is_as_recorded(library: Library) -> None:
    # Recorded is that of a person without a pro account.
    answer = library.by(1, "people.getUploadStatus")
    assert differences("people.getUploadStatus", answer) == []
    assert library.signed("people.getUploadStatus")["user"]["videos"]["remaining"] == "lots"


def test_limits(library: Library) -> None:
    limits = library.signed("people.getLimits")["person"]
    assert limits["nsid"] == ME
    assert int(limits["photos"]["maxupload"]) == 200 * 1024 * 1024
    assert int(limits["videos"]["maxupload"]) == 1024 * 1024 * 1024


def test_profile_is_as_recorded(library: Library) -> None:
    answer = library.signed("profile.getProfile", user_id="me")
    assert differences("profile.getProfile", answer) == []
    first = library.signed("photosets.getList")["photosets"]["photoset"][0]
    assert answer["profile"]["showcase_set"] == first["id"]
    public = library.public("profile.getProfile", user_id=ME)["profile"]
    assert public == {k: v for k, v in answer["profile"].items() if k != "email"}
    assert refused(library.public("profile.getProfile", user_id="-1")) == (
        1,
        "Invalid NSID provided",
    )


@pytest.mark.parametrize(
    ("method", "name", "column"),
    [
        ("getContentType", "content_type", "default_content_type"),
        ("getGeoPerms", "geoperms", "default_geo_perms"),
        ("getHidden", "hidden", "default_hidden"),
        ("getPrivacy", "privacy", "default_privacy"),
        ("getSafetyLevel", "safety_level", "default_safety_level"),
    ],
)
def test_preferences_are_the_callers(
    own_library: Library, method: str, name: str, column: str
) -> None:
    own_library.store.run(f"UPDATE people SET {column} = 3 WHERE nsid = :me", me=ME)
    told = own_library.signed(f"prefs.{method}")["person"]
    assert (told["nsid"], told[name]) == (ME, "3")
    assert own_library.by(1, f"prefs.{method}")["person"][name] != "3"
