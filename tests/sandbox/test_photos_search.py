"""`flickr.photos.search`: what each argument finds, how far a search reaches, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pyflickr_web.sandbox.answers.photos.search import MOST_RESULTS
from pyflickr_web.sandbox.gazetteer import localities
from pyflickr_web.sandbox.store.library.people import DELETED, nsid
from tests.sandbox.desk import Library
from tests.sandbox.shapes import differences

Photo = dict[str, Any]
EVERYTHING = "description,tags,license,geo,date_upload,date_taken,media,views,machine_tags"


def find(library: Library, person: int | None = 0, **arguments: Any) -> list[Photo]:
    """Up to 500 photos that a person finds; with the key alone for None."""
    arguments = {"per_page": 500, "extras": EVERYTHING, **arguments}
    if person is None:
        answer = library.public("photos.search", **arguments)
    else:
        answer = library.by(person, "photos.search", **arguments)
    assert answer["stat"] == "ok", answer
    photos: list[Photo] = answer["photos"]["photo"]
    return photos


def words(photo: Photo) -> str:
    """All that a search for text looks at."""
    texts = (photo["title"], photo["description"]["_content"], photo["tags"])
    return " ".join(texts).lower()


# Without date_taken, whose shape is that of newer recordings than any of a search, and without extras
# that were recorded of a photo or two alone.
@pytest.mark.parametrize(
    "extras",
    [
        "",
        "description,tags,license,geo,date_upload,media,views,machine_tags,last_update",
        "url_sq,url_q,url_t,url_s,url_n,url_m,url_z,url_l,url_o,owner_name,icon_server",
    ],
)
def test_answer_is_shaped_as_recorded(library: Library, extras: str) -> None:
    for call in (library.public, library.signed):
        answer = call("photos.search", user_id=nsid(1), extras=extras, has_geo=1, license=0)
        assert answer["photos"]["photo"]
        absent = {f"photos.photo[].{name}" for name in ("place_id", "woeid")}
        assert differences("photos.search", answer, absent) == []


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("cat", lambda found: "cat" in found.split()),
        ("CAT", lambda found: "cat" in found.split()),
        ("misty cat", lambda found: "cat" in found and "misty" in found),
        ('"red panda"', lambda found: "red panda" in found),
        ("panda -red", None),
        ("cat -misty", lambda found: "cat" in found and "misty" not in found),
    ],
)
def test_text_finds_every_word_and_leaves_out_what_has_a_minus(
    library: Library, text: str, fits: Callable[[str], bool] | None
) -> None:
    found = find(library, text=text)
    assert bool(found) == (fits is not None)
    assert all(fits(words(photo)) for photo in found if fits)


def test_text_of_minuses_alone_finds_all_the_rest(library: Library) -> None:
    found = find(library, text="-cat", user_id="me")
    assert len(found) == 500
    assert not any("cat" in words(photo).split() for photo in found)


@pytest.mark.parametrize(
    "text",
    ['"', '""', '"cat', "🦊", "cat AND", "NEAR(cat", "title:cat", "* ^ cat*", "(", "a\0b", "-", "--",
     '-"', "'", ";", "\\", "%", "é" * 500, "+", "cat OR", "{cat}", "日本"],
)  # fmt: skip
def test_text_is_never_taken_for_a_query_language(library: Library, text: str) -> None:
    find(library, text=text)


def test_what_is_no_word_is_passed_over(library: Library) -> None:
    assert find(library, text="cat 🦊 & -!") == find(library, text="cat")


def test_text_is_found_as_soon_as_it_is_written(own_library: Library) -> None:
    photo = find(own_library, user_id="me")[0]["id"]
    own_library.signed("photos.setMeta", photo_id=photo, title="Zebra crossing")
    assert [found["id"] for found in find(own_library, text="zebra")] == [photo]
    own_library.signed("photos.setMeta", photo_id=photo, title="Crossing")
    assert find(own_library, text="zebra") == []


def test_one_tag_or_any_or_all_of_several(library: Library) -> None:
    landscape, green = (find(library, tags=tag) for tag in ("landscape", "Gre en"))
    assert all("landscape" in photo["tags"].split() for photo in landscape)
    assert all("green" in photo["tags"].split() for photo in green)
    either = find(library, tags="landscape,green")
    ids = {photo["id"] for photo in landscape + green}
    assert {photo["id"] for photo in either} == ids
    both = find(library, tags="landscape,green", tag_mode="all")
    assert both
    assert {photo["id"] for photo in both} < ids
    assert all({"landscape", "green"} <= set(photo["tags"].split()) for photo in both)


def test_tag_with_a_minus_is_left_out(library: Library) -> None:
    found = find(library, tags="landscape,-green")
    assert found
    assert all("landscape" in p["tags"] and "green" not in p["tags"].split() for p in found)
    assert not any("landscape" in p["tags"].split() for p in find(library, tags="-landscape"))


def test_tags_and_text_must_both_fit(library: Library) -> None:
    found = find(library, tags="city", text="tram")
    assert found
    assert all("city" in p["tags"] and "tram" in words(p) for p in found)


@pytest.mark.parametrize(
    ("pattern", "tag"),
    [
        ("geo:", "geo:locality=berlin"),
        ("geo:locality=", "geo:locality=berlin"),
        ("*:locality=", "geo:locality=berlin"),
        ("*:locality=berlin", "geo:locality=berlin"),
        ('*:*="50MM"', "camera:lens=50mm"),
    ],
)
def test_machine_tags_by_pattern(library: Library, pattern: str, tag: str) -> None:
    found = find(library, machine_tags=pattern)
    assert found
    assert all(tag in photo["machine_tags"].split() for photo in found)


@pytest.mark.parametrize("pattern", ["geo:loc=", "ge:", "*:*=berli", "camera:locality=berlin"])
def test_machine_tags_are_compared_whole(library: Library, pattern: str) -> None:
    assert find(library, machine_tags=pattern) == []


def test_machine_tags_any_and_all(library: Library) -> None:
    both = "geo:locality=berlin,camera:lens=50mm"
    assert len(find(library, machine_tags=both)) > len(find(library, machine_tags="geo:"))
    assert find(library, machine_tags=both, machine_tag_mode="all") == []


def test_dates_in_unix_and_mysql_form(library: Library) -> None:
    upload: dict[str, Any] = {
        "min_upload_date": 1420070400,
        "max_upload_date": "2015-12-31 23:59:59",
    }
    found = find(library, **upload)
    assert found
    assert all(1420070400 <= int(photo["dateupload"]) <= 1451606399 for photo in found)
    taken = find(library, min_taken_date="2015-03-01", max_taken_date="1427846399")
    assert taken
    assert {photo["datetaken"][:7] for photo in taken} == {"2015-03"}


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("date-posted-asc", lambda p: int(p["dateupload"])),
        ("date-posted-desc", lambda p: -int(p["dateupload"])),
        ("date-taken-asc", lambda p: p["datetaken"]),
        ("interestingness-asc", lambda p: int(p["views"])),
        ("interestingness-desc", lambda p: -int(p["views"])),
        ("", lambda p: -int(p["dateupload"])),
    ],
)
def test_sorts(library: Library, sort: str, key: Callable[[Photo], Any]) -> None:
    searches: list[dict[str, Any]] = [
        {"text": "cat"}, {"tags": "cat"}, {"tags": "cat,lake"}, {"user_id": "me"},
    ]  # fmt: skip
    for arguments in searches:
        found = find(library, sort=sort, **arguments)
        assert len(found) > 50
        assert found == sorted(found, key=key)


def test_newest_are_first_after_a_date_of_posting_was_moved(own_library: Library) -> None:
    photos = find(own_library, tags="landscape", user_id="me")
    first, last = photos[0]["id"], photos[-1]["id"]
    assert first != last
    own_library.signed("photos.setDates", photo_id=last, date_posted=own_library.now - 10)
    searches: list[dict[str, Any]] = [
        {"tags": "landscape"}, {"text": "landscape"}, {"tags": "landscape,none"},
    ]  # fmt: skip
    for arguments in searches:
        assert find(own_library, user_id="me", **arguments)[0]["id"] == last


def test_media_license_content_type_and_safety(library: Library) -> None:
    assert {p["media"] for p in find(library, media="videos", user_id="me")} == {"video"}
    assert {p["media"] for p in find(library, media="photos", user_id="me")} == {"photo"}
    assert {p["license"] for p in find(library, license="4,9")} == {"4", "9"}
    assert find(library, license="nonsense") == []
    photos: dict[str, Any] = {"media": "photos", "user_id": "me"}
    screenshots = {p["id"] for p in find(library, content_type=2, **photos)}
    assert screenshots
    assert screenshots == {p["id"] for p in find(library, content_types=1, **photos)}
    others = {p["id"] for p in find(library, content_type=3, **photos)}
    assert {p["id"] for p in find(library, content_types="1,2", **photos)} == screenshots | others


def test_what_is_not_safe_or_hidden_is_for_those_who_ask_or_own(own_library: Library) -> None:
    photo = find(own_library, user_id="me", privacy_filter=1, text="-video")[0]["id"]

    def seen(person: int | None, **arguments: Any) -> bool:
        found = find(own_library, person, user_id=nsid(0), **arguments)
        return photo in [p["id"] for p in found]

    assert seen(None)
    own_library.signed("photos.setSafetyLevel", photo_id=photo, safety_level=2)
    assert not seen(None)
    assert not seen(None, safe_search=3)
    assert seen(1, safe_search=2)
    assert not seen(1, safe_search=1)
    assert seen(0)
    own_library.signed("photos.setSafetyLevel", photo_id=photo, safety_level=1, hidden=1)
    assert not seen(1)
    assert seen(0)


def test_private_photos_are_for_those_who_may_see_them(library: Library) -> None:
    mine = find(library, user_id="me", privacy_filter=5)
    friends = find(library, user_id="me", privacy_filter=2)
    assert mine
    assert friends
    private = {photo["id"] for photo in mine}
    dates: dict[str, Any] = {
        "min_upload_date": mine[-1]["dateupload"],
        "max_upload_date": mine[-1]["dateupload"],
    }
    assert find(library, user_id="me", **dates)
    assert find(library, None, user_id=nsid(0), **dates) == []
    for person in (None, 1, 2):
        seen = {p["id"] for p in find(library, person, user_id=nsid(0), sort="date-posted-asc")}
        assert not seen & private
    day: dict[str, Any] = {
        "min_upload_date": friends[0]["dateupload"],
        "max_upload_date": friends[0]["dateupload"],
    }
    assert find(library, 1, user_id=nsid(0), **day)  # person 1 is a friend
    assert find(library, 4, user_id=nsid(0), **day) == []  # person 4 is neither


def test_places_by_box_circle_and_accuracy(library: Library) -> None:
    berlin = find(library, bbox="13.0,52.0,14.0,53.0")
    assert berlin
    assert all(13 <= p["longitude"] <= 14 and 52 <= p["latitude"] <= 53 for p in berlin)
    near = find(library, lat=52.52, lon=13.4, radius=10)
    assert near
    assert {p["id"] for p in near} < {
        p["id"] for p in find(library, lat=52.52, lon=13.4, radius=20)
    }
    miles = find(library, lat=52.52, lon=13.4, radius=10, radius_units="mi")
    assert len(miles) > len(near)
    exact = find(library, bbox="-180,-90,180,90", accuracy=16, user_id="me")
    assert {p["accuracy"] for p in exact} == {"16"}
    assert find(library, bbox="141.0,43.0,142.0,44.0")
    across = find(library, bbox="141.0,40.0,-170.0,50.0")  # the date line
    assert across
    assert all(p["longitude"] >= 141 or p["longitude"] <= -170 for p in across)


def test_place_of_the_gazetteer(library: Library) -> None:
    berlin = next(place for place in localities() if place.names[-1] == "Berlin")
    west, south, east, north = berlin.box
    for arguments in ({"woe_id": berlin.woeid}, {"place_id": berlin.place_id}):
        found = find(library, **arguments)
        assert found
        assert all(
            west <= p["longitude"] <= east and south <= p["latitude"] <= north for p in found
        )
        assert find(library, bbox="141.0,43.0,142.0,44.0", **arguments) == []
    assert find(library, woe_id="1") == []


def test_circle_is_sorted_by_distance(library: Library) -> None:
    found = find(library, lat=52.52, lon=13.4, radius=30)
    far = [(p["latitude"] - 52.52) ** 2 + ((p["longitude"] - 13.4) * 0.6085) ** 2 for p in found]
    assert len(far) > 2
    assert far == sorted(far)


def test_has_geo(library: Library) -> None:
    assert all(p["latitude"] for p in find(library, has_geo=1, user_id="me"))
    assert not any(p["latitude"] for p in find(library, has_geo=0, user_id="me"))


def test_location_that_is_not_public_is_not_found_by_others(own_library: Library) -> None:
    photo = find(own_library, user_id="me", has_geo=1, privacy_filter=1)[0]["id"]
    closed = {"is_public": 0, "is_contact": 0, "is_friend": 0, "is_family": 0}
    own_library.signed("photos.geo.setPerms", photo_id=photo, **closed)
    arguments: dict[str, Any] = {"user_id": nsid(0), "has_geo": 1}
    assert photo in [p["id"] for p in find(own_library, 0, **arguments)]
    assert photo not in [p["id"] for p in find(own_library, None, **arguments)]
    shown = [p for p in find(own_library, None, user_id=nsid(0)) if p["id"] == photo]
    assert shown[0]["latitude"] == 0


def test_contacts_groups_and_galleries(own_library: Library) -> None:
    everybody = {p["owner"] for p in find(own_library, contacts="all")}
    near = {p["owner"] for p in find(own_library, contacts="ff")}
    assert near < everybody
    assert nsid(0) not in everybody
    photo = int(find(own_library, user_id=nsid(1))[0]["id"])
    store = own_library.store
    store.insert("groups", nsid="1@N20", name="g", created=1)
    store.insert("pool_photos", group_nsid="1@N20", photo=photo, added=1)
    assert [p["id"] for p in find(own_library, group_id="1@N20")] == [str(photo)]
    store.run("DELETE FROM gallery_photos")
    store.insert("gallery_photos", gallery="1-2", photo=photo, position=0, added=1)
    assert [p["id"] for p in find(own_library, in_gallery=1)] == [str(photo)]


def test_pool_of_a_private_group_is_its_members_alone(own_library: Library) -> None:
    own_library.store.insert("groups", nsid="1@N20", name="g", privacy=1, created=1)
    assert own_library.signed("photos.search", group_id="1@N20")["code"] == 4
    own_library.store.insert("group_members", group_nsid="1@N20", person=nsid(0), joined=1)
    assert own_library.signed("photos.search", group_id="1@N20")["stat"] == "ok"


def test_pages_follow_each_other_without_gap_or_double(library: Library) -> None:
    whole = [p["id"] for p in find(library, text="cat")]
    pages = [find(library, text="cat", per_page=7, page=number) for number in range(1, 200)]
    assert [p["id"] for page in pages for p in page][: len(whole)] == whole


@pytest.fixture(scope="module")
def large() -> Iterator[Library]:
    """More photos of one person than a search reaches."""
    library = Library(photos=2)
    library.store.many(
        "INSERT INTO photos (id, owner, secret, originalsecret, server, farm, title, posted, taken,"
        " lastupdate, width, height) VALUES (?, ?, 'a', 'b', '1', 1, 'deep', 1, '', 1, 9, 9)",
        ((number, nsid(3)) for number in range(1, MOST_RESULTS + 101)),
    )
    yield library
    library.store.close()


@pytest.mark.parametrize("size", [100, 300, 500])
def test_search_reaches_4000_results_and_then_repeats_its_last_page(
    large: Library, size: int
) -> None:
    def page(number: int) -> dict[str, Any]:
        arguments = {"user_id": nsid(3), "per_page": size, "page": number}
        answer: dict[str, Any] = large.public("photos.search", **arguments)["photos"]
        return answer

    last = -(-MOST_RESULTS // size)
    found = {photo["id"] for number in range(1, last + 1) for photo in page(number)["photo"]}
    assert len(found) == MOST_RESULTS
    for number in (last + 1, last + 100):
        beyond = page(number)
        assert beyond["total"] == str(MOST_RESULTS + 100)
        assert beyond["page"] == number
        assert beyond["photo"] == page(last)["photo"]


def test_page_behind_the_last_is_empty(library: Library) -> None:
    answer = library.signed("photos.search", text="cat", page=1000)
    assert answer["photos"]["photo"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, 3),
        ({"extras": "media", "page": 2, "sort": "relevance"}, 3),
        ({"user_id": "nobody@N00"}, 2),
        ({"user_id": DELETED}, 5),
        ({"user_id": "me"}, 99),
        ({"tags": ",".join(f"t{n}" for n in range(21)), "tag_mode": "all"}, 1),
        ({"machine_tags": "nonsense"}, 11),
        ({"machine_tags": ",".join(f"a:b{n}=" for n in range(9))}, 12),
        ({"machine_tags": ",".join(f"a:b{n}=" for n in range(17)), "machine_tag_mode": "all"}, 12),
        ({"contacts": "all"}, 17),
        ({"min_upload_date": 2, "max_upload_date": 1}, 18),
        ({"min_taken_date": "2015-01-01", "max_taken_date": "2014-01-01"}, 18),
        ({"bbox": "1,2,3"}, 18),
        ({"lat": "52"}, 18),
        ({"lat": "91", "lon": "0"}, 18),
        ({"group_id": "none"}, 4),
    ],
)
def test_what_is_refused(library: Library, arguments: dict[str, Any], code: int) -> None:
    assert library.public("photos.search", **arguments)["code"] == code


def test_contacts_of_others_are_refused(library: Library) -> None:
    assert library.signed("photos.search", contacts="all", user_id=nsid(1))["code"] == 17
