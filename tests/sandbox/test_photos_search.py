"""`flickr.photos.search`: words, tags, order, the limit of results, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flickr_sandbox.answers.photos.search import MOST_RESULTS
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library
from tests.sandbox.photo_search import Photo, search, searchable_text
from tests.support.sandbox_client import Client


# Without date_taken, whose shape is from newer recordings than those of searches, and without extras
# that only one or two recorded photos have.
@pytest.mark.parametrize(
    "extras",
    [
        "",
        "description,tags,license,geo,date_upload,media,views,machine_tags,last_update",
        "url_sq,url_q,url_t,url_s,url_n,url_m,url_z,url_l,url_o,owner_name,icon_server",
    ],
)
def test_answer_is_shaped_as_recorded(library: Library, extras: str) -> None:
    for call in (library.call_public, library.call_signed):
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
def test_text_finds_every_word_and_excludes_words_with_a_minus(
    library: Library, text: str, fits: Callable[[str], bool] | None
) -> None:
    found = search(library, text=text)
    assert bool(found) == (fits is not None)
    assert all(fits(searchable_text(photo)) for photo in found if fits)


def test_text_of_excluded_words_finds_all_other_photos(library: Library) -> None:
    found = search(library, text="-cat", user_id="me")
    assert len(found) == 500
    assert not any("cat" in searchable_text(photo).split() for photo in found)


@pytest.mark.parametrize(
    "text",
    ['"', '""', '"cat', "🦊", "cat AND", "NEAR(cat", "title:cat", "* ^ cat*", "(", "a\0b", "-", "--",
     '-"', "'", ";", "\\", "%", "é" * 500, "+", "cat OR", "{cat}", "日本"],
)  # fmt: skip
def test_operators_in_the_text_are_ignored(library: Library, text: str) -> None:
    search(library, text=text)


def test_punctuation_in_the_text_is_ignored(library: Library) -> None:
    assert search(library, text="cat 🦊 & -!") == search(library, text="cat")


def test_new_text_is_found_at_once(own_library: Library) -> None:
    photo = search(own_library, user_id="me")[0]["id"]
    own_library.call_signed("photos.setMeta", photo_id=photo, title="Zebra crossing")
    assert [found["id"] for found in search(own_library, text="zebra")] == [photo]
    own_library.call_signed("photos.setMeta", photo_id=photo, title="Crossing")
    assert search(own_library, text="zebra") == []


def test_one_tag_or_any_or_all_of_several(library: Library) -> None:
    landscape, green = (search(library, tags=tag) for tag in ("landscape", "Gre en"))
    assert all("landscape" in photo["tags"].split() for photo in landscape)
    assert all("green" in photo["tags"].split() for photo in green)
    either = search(library, tags="landscape,green")
    ids = {photo["id"] for photo in landscape + green}
    assert {photo["id"] for photo in either} == ids
    both = search(library, tags="landscape,green", tag_mode="all")
    assert both
    assert {photo["id"] for photo in both} < ids
    assert all({"landscape", "green"} <= set(photo["tags"].split()) for photo in both)


def test_tag_with_a_minus_is_excluded(library: Library) -> None:
    found = search(library, tags="landscape,-green")
    assert found
    assert all("landscape" in p["tags"] and "green" not in p["tags"].split() for p in found)
    assert not any("landscape" in p["tags"].split() for p in search(library, tags="-landscape"))


def test_tags_and_text_must_both_fit(library: Library) -> None:
    found = search(library, tags="city", text="tram")
    assert found
    assert all("city" in p["tags"] and "tram" in searchable_text(p) for p in found)


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
    found = search(library, machine_tags=pattern)
    assert found
    assert all(tag in photo["machine_tags"].split() for photo in found)


@pytest.mark.parametrize("pattern", ["geo:loc=", "ge:", "*:*=berli", "camera:locality=berlin"])
def test_machine_tags_match_completely(library: Library, pattern: str) -> None:
    assert search(library, machine_tags=pattern) == []


def test_machine_tags_any_and_all(library: Library) -> None:
    both = "geo:locality=berlin,camera:lens=50mm"
    assert len(search(library, machine_tags=both)) > len(search(library, machine_tags="geo:"))
    assert search(library, machine_tags=both, machine_tag_mode="all") == []


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
def test_sort_orders_results(library: Library, sort: str, key: Callable[[Photo], Any]) -> None:
    searches: list[dict[str, Any]] = [
        {"text": "cat"}, {"tags": "cat"}, {"tags": "cat,lake"}, {"user_id": "me"},
    ]  # fmt: skip
    for arguments in searches:
        found = search(library, sort=sort, **arguments)
        assert len(found) > 50
        assert found == sorted(found, key=key)


def test_newest_are_first_after_an_upload_date_is_changed(own_library: Library) -> None:
    photos = search(own_library, tags="landscape", user_id="me")
    first, last = photos[0]["id"], photos[-1]["id"]
    assert first != last
    own_library.call_signed("photos.setDates", photo_id=last, date_posted=own_library.now - 10)
    searches: list[dict[str, Any]] = [
        {"tags": "landscape"}, {"text": "landscape"}, {"tags": "landscape,none"},
    ]  # fmt: skip
    for arguments in searches:
        assert search(own_library, user_id="me", **arguments)[0]["id"] == last


def test_pages_follow_each_other_without_gap_or_double(library: Library) -> None:
    whole = [p["id"] for p in search(library, text="cat")]
    last = -(-len(whole) // 7)
    pages = [search(library, text="cat", per_page=7, page=number) for number in range(1, last + 1)]
    assert [p["id"] for page in pages for p in page] == whole


@pytest.fixture(scope="module")
def large() -> Iterator[Library]:
    """A library with more photos of one person than a search returns."""
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
        answer: dict[str, Any] = large.call_public("photos.search", **arguments)["photos"]
        return answer

    last = -(-MOST_RESULTS // size)
    found = {photo["id"] for number in range(1, last + 1) for photo in page(number)["photo"]}
    assert len(found) == MOST_RESULTS
    for number in (last + 1, last + 100):
        beyond = page(number)
        assert beyond["total"] == str(MOST_RESULTS + 100)
        assert beyond["page"] == last
        assert beyond["photo"] == page(last)["photo"]


def test_page_past_the_end_repeats_the_last_page(library: Library) -> None:
    last = library.call_signed("photos.search", text="cat", per_page=7)["photos"]["pages"]
    assert last > 1
    beyond = library.call_signed("photos.search", text="cat", per_page=7, page=1000)
    assert beyond == library.call_signed("photos.search", text="cat", per_page=7, page=last)
    assert beyond["photos"]["page"] == last


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
def test_refusals(library: Library, arguments: dict[str, Any], code: int) -> None:
    assert library.call_public("photos.search", **arguments)["code"] == code


def test_contacts_of_others_are_refused(library: Library) -> None:
    assert library.call_signed("photos.search", contacts="all", user_id=nsid(1))["code"] == 17


def test_search_results_are_restored_with_the_library(
    flickr: Client,
) -> None:
    flickr.sandbox.mark()
    for _ in range(2):
        found = flickr.call_public("photos.search", text="red panda", tags="a,b", per_page="2")
        assert found["photos"]["perpage"] == 2
        flickr.sandbox.reset()
