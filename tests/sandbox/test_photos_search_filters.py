"""`flickr.photos.search` by date, kind, privacy, place, contacts, group and gallery."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.gazetteer import localities
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library
from tests.sandbox.photo_search import search


def test_dates_in_unix_and_mysql_form(library: Library) -> None:
    upload: dict[str, Any] = {
        "min_upload_date": 1420070400,
        "max_upload_date": "2015-12-31 23:59:59",
    }
    found = search(library, **upload)
    assert found
    assert all(1420070400 <= int(photo["dateupload"]) <= 1451606399 for photo in found)
    taken = search(library, min_taken_date="2015-03-01", max_taken_date="1427846399")
    assert taken
    assert {photo["datetaken"][:7] for photo in taken} == {"2015-03"}


def test_media_license_content_type_and_safety(library: Library) -> None:
    assert {p["media"] for p in search(library, media="videos", user_id="me")} == {"video"}
    assert {p["media"] for p in search(library, media="photos", user_id="me")} == {"photo"}
    assert {p["license"] for p in search(library, license="4,9")} == {"4", "9"}
    assert search(library, license="nonsense") == []
    photos: dict[str, Any] = {"media": "photos", "user_id": "me"}
    screenshots = {p["id"] for p in search(library, content_type=2, **photos)}
    assert screenshots
    assert screenshots == {p["id"] for p in search(library, content_types=1, **photos)}
    others = {p["id"] for p in search(library, content_type=3, **photos)}
    assert {p["id"] for p in search(library, content_types="1,2", **photos)} == screenshots | others


def test_unsafe_and_hidden_photos_are_found_on_request_or_by_their_owner(
    own_library: Library,
) -> None:
    photo = search(own_library, user_id="me", privacy_filter=1, text="-video")[0]["id"]

    def is_found(person: int | None, **arguments: Any) -> bool:
        found = search(own_library, person, user_id=nsid(0), **arguments)
        return photo in [p["id"] for p in found]

    assert is_found(None)
    own_library.call_signed("photos.setSafetyLevel", photo_id=photo, safety_level=2)
    assert not is_found(None)
    assert not is_found(None, safe_search=3)
    assert is_found(1, safe_search=2)
    assert not is_found(1, safe_search=1)
    assert is_found(0)
    own_library.call_signed("photos.setSafetyLevel", photo_id=photo, safety_level=1, hidden=1)
    assert not is_found(1)
    assert is_found(0)


def test_private_photos_are_found_only_by_permitted_people(library: Library) -> None:
    mine = search(library, user_id="me", privacy_filter=5)
    friends = search(library, user_id="me", privacy_filter=2)
    assert mine
    assert friends
    private = {photo["id"] for photo in mine}
    dates: dict[str, Any] = {
        "min_upload_date": mine[-1]["dateupload"],
        "max_upload_date": mine[-1]["dateupload"],
    }
    assert search(library, user_id="me", **dates)
    assert search(library, None, user_id=nsid(0), **dates) == []
    for person in (None, 1, 2):
        seen = {p["id"] for p in search(library, person, user_id=nsid(0), sort="date-posted-asc")}
        assert not seen & private
    day: dict[str, Any] = {
        "min_upload_date": friends[0]["dateupload"],
        "max_upload_date": friends[0]["dateupload"],
    }
    assert search(library, 1, user_id=nsid(0), **day)  # person 1 is a friend
    assert search(library, 4, user_id=nsid(0), **day) == []  # person 4 is neither


def test_places_by_box_circle_and_accuracy(library: Library) -> None:
    berlin = search(library, bbox="13.0,52.0,14.0,53.0")
    assert berlin
    assert all(13 <= p["longitude"] <= 14 and 52 <= p["latitude"] <= 53 for p in berlin)
    near = search(library, lat=52.52, lon=13.4, radius=10)
    assert near
    assert {p["id"] for p in near} < {
        p["id"] for p in search(library, lat=52.52, lon=13.4, radius=20)
    }
    miles = search(library, lat=52.52, lon=13.4, radius=10, radius_units="mi")
    assert len(miles) > len(near)
    exact = search(library, bbox="-180,-90,180,90", accuracy=16, user_id="me")
    assert {p["accuracy"] for p in exact} == {"16"}
    assert search(library, bbox="141.0,43.0,142.0,44.0")
    across = search(library, bbox="141.0,40.0,-170.0,50.0")  # the date line
    assert across
    assert all(p["longitude"] >= 141 or p["longitude"] <= -170 for p in across)


def test_place_of_the_gazetteer(library: Library) -> None:
    berlin = next(place for place in localities() if place.names[-1] == "Berlin")
    west, south, east, north = berlin.box
    for arguments in ({"woe_id": berlin.woeid}, {"place_id": berlin.place_id}):
        found = search(library, **arguments)
        assert found
        assert all(
            west <= p["longitude"] <= east and south <= p["latitude"] <= north for p in found
        )
        assert search(library, bbox="141.0,43.0,142.0,44.0", **arguments) == []
    assert search(library, woe_id="1") == []


def test_circle_is_sorted_by_distance(library: Library) -> None:
    found = search(library, lat=52.52, lon=13.4, radius=30)
    far = [(p["latitude"] - 52.52) ** 2 + ((p["longitude"] - 13.4) * 0.6085) ** 2 for p in found]
    assert len(far) > 2
    assert far == sorted(far)


def test_has_geo(library: Library) -> None:
    assert all(p["latitude"] for p in search(library, has_geo=1, user_id="me"))
    assert not any(p["latitude"] for p in search(library, has_geo=0, user_id="me"))


def test_private_location_is_not_found_by_others(own_library: Library) -> None:
    photo = search(own_library, user_id="me", has_geo=1, privacy_filter=1)[0]["id"]
    closed = {"is_public": 0, "is_contact": 0, "is_friend": 0, "is_family": 0}
    own_library.call_signed("photos.geo.setPerms", photo_id=photo, **closed)
    arguments: dict[str, Any] = {"user_id": nsid(0), "has_geo": 1}
    assert photo in [p["id"] for p in search(own_library, 0, **arguments)]
    assert photo not in [p["id"] for p in search(own_library, None, **arguments)]
    found = [p for p in search(own_library, None, user_id=nsid(0)) if p["id"] == photo]
    assert found[0]["latitude"] == 0


def test_contacts_groups_and_galleries(own_library: Library) -> None:
    everybody = {p["owner"] for p in search(own_library, contacts="all")}
    near = {p["owner"] for p in search(own_library, contacts="ff")}
    assert near < everybody
    assert nsid(0) not in everybody
    photo = int(search(own_library, user_id=nsid(1))[0]["id"])
    store = own_library.store
    store.insert("groups", nsid="1@N20", name="g", created=1)
    store.insert("pool_photos", group_nsid="1@N20", photo=photo, added=1)
    assert [p["id"] for p in search(own_library, group_id="1@N20")] == [str(photo)]
    store.run("DELETE FROM gallery_photos")
    store.insert("gallery_photos", gallery="1-2", photo=photo, position=0, added=1)
    assert [p["id"] for p in search(own_library, in_gallery=1)] == [str(photo)]


def test_pool_of_a_private_group_is_searched_by_members_only(own_library: Library) -> None:
    own_library.store.insert("groups", nsid="1@N20", name="g", privacy=1, created=1)
    assert own_library.call_signed("photos.search", group_id="1@N20")["code"] == 4
    own_library.store.insert("group_members", group_nsid="1@N20", person=nsid(0), joined=1)
    assert own_library.call_signed("photos.search", group_id="1@N20")["stat"] == "ok"
