"""Locations of photos: values, permissions and suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import NOON, Library

OK = {"stat": "ok"}
Answer = dict[str, Any]


@pytest.fixture
def photo_id(own_library: Library) -> int:
    """The id of a public photo of the account without a location."""
    own_library.store.run("DELETE FROM suggestions")
    found: int = own_library.store.value(
        "SELECT id FROM photos WHERE owner = :me AND ispublic AND latitude IS NULL LIMIT 1",
        me=nsid(0),
    )
    return found


def location(library: Library, photo_id: int, person: int | None = 0) -> Answer:
    """Return the location of a photo as a person sees it, or the failure."""
    if person is None:
        answer = library.call_public("photos.geo.getLocation", photo_id=photo_id)
    else:
        answer = library.call_as(person, "photos.geo.getLocation", photo_id=photo_id)
    found: Answer = answer["photo"]["location"] if answer["stat"] == "ok" else answer
    return found


def ids(answer: Answer) -> list[str]:
    """Return the ids in a listing."""
    return [photo["id"] for photo in answer["photos"]["photo"]]


def test_location_is_set_and_removed(own_library: Library, photo_id: int) -> None:
    assert location(own_library, photo_id)["code"] == 2
    place = {"lat": "52.5", "lon": "-13.25", "accuracy": 11, "context": 1}
    assert own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, **place) == OK
    assert location(own_library, photo_id, None) == {
        "latitude": "52.500000", "longitude": "-13.250000", "accuracy": "11", "context": "1",
    }  # fmt: skip
    assert str(photo_id) in ids(own_library.call_signed("photos.getWithGeoData", per_page=500))
    assert str(photo_id) not in ids(
        own_library.call_signed("photos.getWithoutGeoData", per_page=500)
    )
    here = own_library.call_signed(
        "photos.geo.photosForLocation", lat=52.5, lon=-13.25, accuracy=11
    )
    assert ids(here) == [str(photo_id)]
    other = own_library.call_signed(
        "photos.geo.photosForLocation", lat=52.5, lon=-13.25, accuracy=12
    )
    assert ids(other) == []
    assert own_library.call_signed("photos.geo.setContext", photo_id=photo_id, context=2) == OK
    assert location(own_library, photo_id)["context"] == "2"
    assert own_library.call_signed("photos.geo.removeLocation", photo_id=photo_id) == OK
    assert location(own_library, photo_id)["code"] == 2
    assert own_library.call_signed("photos.geo.removeLocation", photo_id=photo_id)["code"] == 2


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"lat": "", "lon": 1}, 2),
        ({"lon": 1}, 2),
        ({"lat": 90.01, "lon": 1}, 3),
        ({"lat": "nan", "lon": 1}, 3),
        ({"lat": "north", "lon": 1}, 3),
        ({"lat": 1, "lon": "-180.5"}, 4),
        ({"lat": 1, "lon": "inf"}, 4),
        ({"lat": 1, "lon": 2, "accuracy": 17}, 5),
        ({"lat": 1, "lon": 2, "accuracy": "x"}, 5),
    ],
)
def test_invalid_location_is_refused(
    own_library: Library, photo_id: int, place: Answer, code: int
) -> None:
    answer = own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, **place)
    assert answer["code"] == code
    assert location(own_library, photo_id)["code"] == 2


def test_location_names_its_places(own_library: Library, photo_id: int) -> None:
    place = {"lat": "48.5", "lon": "8.2"}
    assert own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, **place) == OK
    names = {
        "neighbourhood": "", "locality": "Baiersbronn", "county": "Freudenstadt",
        "region": "Baden-Württemberg", "country": "Germany",
    }  # fmt: skip
    found = location(own_library, photo_id)
    assert {kind: found[kind]["_content"] for kind in names} == names
    assert not {"place_id", "woeid"} & found.keys()
    listed = own_library.call_signed("photos.getWithGeoData", extras="geo", per_page=500)
    (photo,) = (p for p in listed["photos"]["photo"] if p["id"] == str(photo_id))
    assert photo["place_id"] and photo["woeid"].isdecimal()


def test_location_permissions(own_library: Library, photo_id: int) -> None:
    perms = {"is_public": 0, "is_contact": 1, "is_friend": 0, "is_family": 0}
    assert own_library.call_signed("photos.geo.setPerms", photo_id=photo_id, **perms)["code"] == 2
    own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, lat=1, lon=2)
    assert own_library.call_signed("photos.geo.setPerms", photo_id=photo_id, **perms) == OK
    answer = own_library.call_signed("photos.geo.getPerms", photo_id=photo_id)["perms"]
    assert answer == {
        "id": str(photo_id), "ispublic": 0, "iscontact": 1, "isfriend": 0, "isfamily": 0,
    }  # fmt: skip
    assert location(own_library, photo_id, None)["code"] == 2
    assert location(own_library, photo_id, 4)["latitude"] == "1.000000"
    assert own_library.call_as(1, "photos.geo.getPerms", photo_id=photo_id)["code"] == 1
    del perms["is_family"]
    assert own_library.call_signed("photos.geo.setPerms", photo_id=photo_id, **perms)["code"] == 3


def test_new_location_has_its_owners_default_privacy(own_library: Library, photo_id: int) -> None:
    own_library.store.run("UPDATE people SET default_geo_perms = 3 WHERE nsid = :me", me=nsid(0))
    own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, lat=1, lon=2)
    answer = own_library.call_signed("photos.geo.getPerms", photo_id=photo_id)["perms"]
    assert (answer["ispublic"], answer["isfriend"], answer["isfamily"]) == (0, 1, 1)
    perms = {"is_public": 1, "is_contact": 0, "is_friend": 0, "is_family": 0}
    own_library.call_signed("photos.geo.setPerms", photo_id=photo_id, **perms)
    own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, lat=3, lon=4)
    assert (
        own_library.call_signed("photos.geo.getPerms", photo_id=photo_id)["perms"]["ispublic"] == 1
    )


def test_context_and_corrections(own_library: Library, photo_id: int) -> None:
    for context in ("3", "x", "-1"):
        answer = own_library.call_signed(
            "photos.geo.setContext", photo_id=photo_id, context=context
        )
        assert answer["code"] == 2
    own_library.call_signed("photos.geo.setLocation", photo_id=photo_id, lat=1, lon=2)
    point = {"lat": 1, "lon": 2, "accuracy": 16}
    own_library.now = NOON + 5
    assert own_library.call_signed("photos.geo.batchCorrectLocation", **point, woe_id=1) == OK
    assert ids(own_library.call_signed("photos.recentlyUpdated", min_date=NOON + 5)) == [
        str(photo_id)
    ]
    batch = "photos.geo.batchCorrectLocation"
    assert own_library.call_signed(batch, **point)["code"] == 1
    assert own_library.call_signed(batch, **{**point, "lat": 5}, woe_id=1)["code"] == 6
    correct = "photos.geo.correctLocation"
    assert own_library.call_signed(correct, photo_id=photo_id, foursquare_id="abc") == OK
    assert own_library.call_signed(correct, photo_id=photo_id)["code"] == 2


def suggestions(library: Library, person: int = 0, **arguments: Any) -> list[Answer]:
    """Return the suggestions that a person sees."""
    answer = library.call_as(person, "photos.suggestions.getList", **arguments)["suggestions"]
    found: list[Answer] = answer["suggestion"]
    assert answer["total"] == str(len(found))
    return found


def test_suggestion_is_approved(own_library: Library, photo_id: int) -> None:
    place = {"lat": 1.5, "lon": 2.5, "accuracy": 12, "note": "Here?"}
    suggest = "photos.suggestions.suggestLocation"
    assert own_library.call_as(1, suggest, photo_id=photo_id, **place) == OK
    (suggestion,) = suggestions(own_library)
    assert suggestion["photo_id"] == str(photo_id)
    assert suggestion["suggested_by"]["nsid"] == nsid(1)
    assert (suggestion["note"]["_content"], suggestion["location"]["accuracy"]) == ("Here?", "12")
    assert suggestions(own_library, 1) == []
    approve = "photos.suggestions.approveSuggestion"
    assert own_library.call_as(1, approve, suggestion_id=suggestion["id"])["stat"] == "fail"
    assert own_library.call_signed(approve, suggestion_id=suggestion["id"]) == OK
    assert location(own_library, photo_id)["latitude"] == "1.500000"
    assert suggestions(own_library) == []
    (approved,) = suggestions(own_library, photo_id=photo_id, status_id=1)
    assert approved["status_id"] == "1"


def test_suggestion_is_rejected_and_removed(own_library: Library, photo_id: int) -> None:
    own_library.call_as(1, "photos.suggestions.suggestLocation", photo_id=photo_id, lat=1, lon=2)
    (suggestion,) = suggestions(own_library)
    reject, remove = "photos.suggestions.rejectSuggestion", "photos.suggestions.removeSuggestion"
    assert own_library.call_signed(reject, suggestion_id=suggestion["id"]) == OK
    assert [row["id"] for row in suggestions(own_library, status_id=2)] == [suggestion["id"]]
    assert location(own_library, photo_id)["code"] == 2
    assert own_library.call_as(2, remove, suggestion_id=suggestion["id"])["stat"] == "fail"
    assert own_library.call_as(1, remove, suggestion_id=suggestion["id"]) == OK
    assert suggestions(own_library, status_id=2) == []
    for wrong in (suggestion["id"], "x", "9" * 40, "-1"):
        assert own_library.call_signed(reject, suggestion_id=wrong)["stat"] == "fail"
