"""`flickr.places.*`: consistent answers of all methods, and counts of photos."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox import gazetteer
from tests.support.local_api import ME, LocalApi

LOCALITY, REGION, COUNTRY = "7", "8", "12"


def _find(api: LocalApi, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.call("places.find", query=query)["places"]["place"]
    return found


def test_every_id_names_one_place() -> None:
    places = gazetteer.places()
    assert len({p.place_id for p in places}) == len({p.woeid for p in places}) == len(places)


def test_place_resolves_by_its_ids_and_its_url(api: LocalApi) -> None:
    berlin = next(p for p in _find(api, "berlin") if p["place_type"] == "locality")
    info = api.call("places.getInfo", place_id=berlin["place_id"])["place"]
    assert info["place_type"] == "locality"
    assert info["country"]["_content"] == "Germany"
    assert info == api.call("places.getInfo", woe_id=berlin["woeid"])["place"]
    assert info == api.call("places.getInfoByUrl", url=berlin["place_url"])["place"]
    for method, argument in (
        ("resolvePlaceId", {"place_id": berlin["place_id"]}),
        ("resolvePlaceURL", {"url": berlin["place_url"]}),
    ):
        location = api.call(f"places.{method}", **argument)["location"]
        assert location["woeid"] == berlin["woeid"]
        assert location["region"]["place_id"] == info["region"]["place_id"]
    shapes = api.call("places.getShapeHistory", place_id=berlin["place_id"])["shapes"]
    assert (shapes["woe_id"], shapes["total"]) == (berlin["woeid"], len(shapes["shapedata"]))


def test_names_with_spaces_and_accents_resolve(api: LocalApi) -> None:
    for place in gazetteer.places():
        for url in (place.url, "/" + "/".join(place.names)):
            assert api.call("places.getInfoByUrl", url=url)["place"]["woeid"] == str(place.woeid)


@pytest.mark.parametrize(
    ("accuracy", "name"),
    [
        ("16", "Berlin, Berlin State, Germany"),
        ("6", "Berlin State, Germany"),
        ("3", "Germany"),
        ("", "Berlin, Berlin State, Germany"),
    ],
)
def test_a_point_lies_in_a_place_as_large_as_the_accuracy_says(
    api: LocalApi, accuracy: str, name: str
) -> None:
    answer = api.call("places.findByLatLon", lat="52.5", lon="13.3", accuracy=accuracy)["places"]
    assert [place["name"] for place in answer["place"]] == [name]


def test_a_point_at_sea_lies_nowhere(api: LocalApi) -> None:
    answer = api.call("places.findByLatLon", lat="0", lon="-150")["places"]
    assert (answer["total"], answer["place"]) == (0, [])


def test_photos_are_counted_up_the_tree(api: LocalApi) -> None:
    counts = {
        kind: sum(
            int(place["photo_count"])
            for place in api.call("places.placesForUser", place_type_id=kind)["places"]["place"]
        )
        for kind in (LOCALITY, REGION, COUNTRY)
    }
    with_place = api.store.value(
        "SELECT count(*) FROM photos WHERE owner = :me AND latitude IS NOT NULL", me=ME
    )
    assert counts == dict.fromkeys(counts, with_place)
    assert with_place > 5


def test_children_hold_the_photos_of_their_parent(api: LocalApi) -> None:
    top = api.call("places.getTopPlacesList", place_type_id=COUNTRY)["places"]["place"]
    for country in top:
        children = api.call("places.getChildrenWithPhotosPublic", woe_id=country["woeid"])["places"]
        assert sum(int(p["photo_count"]) for p in children["place"]) == int(country["photo_count"])
        assert {place["place_type"] for place in children["place"]} == {"region"}


def test_places_are_filtered_by_tag_contact_date_and_threshold(api: LocalApi) -> None:
    def names(method: str, **arguments: str) -> set[str]:
        answer = api.call(f"places.{method}", place_type_id=LOCALITY, **arguments)["places"]
        assert answer["total"] == len(answer["place"])
        return {place["_content"].partition(",")[0] for place in answer["place"]}

    everywhere = names("placesForTags")
    assert names("placesForTags", tags="tram, red panda") <= {"Lisbon", "Gangtok"}
    assert names("placesForTags", tags="tram,city", tag_mode="all") == {"Lisbon"}
    assert names("placesForTags", tags="tram,snow", tag_mode="all") == set()
    assert names("placesForTags", max_taken_date="1999-01-01 00:00:00") == set()
    assert names("placesForTags", min_taken_date="915148800") == everywhere
    assert names("placesForTags", threshold="100000") == set()
    assert names("placesForContacts", contacts="ff") <= names("placesForContacts") <= everywhere
    germany = next(p for p in _find(api, "germany") if p["place_type"] == "country")
    assert names("placesForTags", woe_id=germany["woeid"]) <= {
        "Berlin", "Hamburg", "Ettal", "Baiersbronn"
    }  # fmt: skip


def test_boxes_hold_the_places_in_them(api: LocalApi) -> None:
    answer = api.call("places.placesForBoundingBox", bbox="9,52,14,54", place_type="locality")
    assert {place["_content"].partition(",")[0] for place in answer["places"]["place"]} == {
        "Berlin", "Hamburg"
    }  # fmt: skip


def test_tags_of_a_place_are_those_of_its_photos(api: LocalApi) -> None:
    lisbon = next(p for p in _find(api, "lisbon"))
    tags = {
        tag["_content"]: int(tag["count"])
        for tag in api.call("places.tagsForPlace", woe_id=lisbon["woeid"])["tags"]["tag"]
    }
    assert tags["tram"] >= tags["city"] >= tags["street"]


KNOWN = gazetteer.places()[0].place_id


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("find", {}, 1),
        ("findByLatLon", {"lat": "91", "lon": "0"}, 2),
        ("findByLatLon", {"lat": "nan", "lon": "0"}, 2),
        ("findByLatLon", {"lat": "0", "lon": "-180.1"}, 3),
        ("findByLatLon", {"lat": "0", "lon": "0", "accuracy": "17"}, 4),
        ("getInfo", {}, 1),
        ("getInfo", {"place_id": "no id!"}, 2),
        ("getInfo", {"woe_id": "berlin"}, 2),
        ("getInfo", {"place_id": "unknown.place"}, 3),
        ("getInfo", {"woe_id": "1"}, 3),
        ("getInfoByUrl", {}, 2),
        ("getInfoByUrl", {"url": "/Atlantis"}, 3),
        ("resolvePlaceId", {"place_id": "unknown.place"}, 3),
        ("resolvePlaceURL", {"url": "/Atlantis"}, 3),
        ("getShapeHistory", {"woe_id": "1"}, 3),
        ("getChildrenWithPhotosPublic", {"place_id": "unknown.place"}, 3),
        ("tagsForPlace", {}, 1),
        ("getTopPlacesList", {}, 1),
        ("getTopPlacesList", {"place_type_id": "1"}, 2),
        ("getTopPlacesList", {"place_type_id": "7", "date": "2024-02-30"}, 3),
        ("getTopPlacesList", {"place_type_id": "7", "woe_id": "1"}, 4),
        ("placesForUser", {}, 2),
        ("placesForUser", {"place_type": "village"}, 3),
        ("placesForUser", {"place_type": "region", "place_id": "unknown.place"}, 4),
        ("placesForUser", {"place_type": "region", "threshold": "-1"}, 5),
        ("placesForContacts", {"place_type": "region", "contacts": "some"}, 6),
        ("placesForTags", {}, 1),
        ("placesForBoundingBox", {"bbox": "9,52,14,54"}, 1),
        ("placesForBoundingBox", {"bbox": "9,52,14", "place_type": "region"}, 2),
        ("placesForBoundingBox", {"bbox": "14,52,9,54", "place_type": "region"}, 2),
        ("placesForBoundingBox", {"bbox": "9,52,14,54", "place_type": "village"}, 3),
        ("placesForBoundingBox", {"bbox": "0,0,90,45", "place_type": "locality"}, 4),
        ("placesForBoundingBox", {"bbox": "0,0,90,45", "place_type": "country"}, 0),
        ("placesForUser", {"place_type": "neighborhood", "place_id": KNOWN}, 0),
    ],
)
def test_refusals(api: LocalApi, method: str, arguments: dict[str, str], code: int) -> None:
    assert api.code(f"places.{method}", **arguments) == code
