"""Listings of photos: recent, of contacts, own without tags or sets, popular, interesting; counts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from flickr_sandbox.store import Row
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library

Answer = dict[str, Any]
OWN = ("getUntagged", "getNotInSet", "getWithGeoData", "getWithoutGeoData")
EXTRAS = (
    "media,license,tags,machine_tags,owner_name,views,last_update,date_upload,url_sq,url_t,url_m"
)


def ids(answer: Answer) -> list[int]:
    """Return the ids in a listing."""
    assert answer["stat"] == "ok", answer
    return [int(photo["id"]) for photo in answer["photos"]["photo"]]


def rows(library: Library, condition: str, order: str = "posted DESC, id DESC") -> list[Row]:
    """Return photos of the account that match a condition in SQL."""
    return library.store.all(
        f"SELECT * FROM photos WHERE owner = :me AND {condition} ORDER BY {order}", me=nsid(0)
    )


CONDITIONS = {
    "getUntagged": "tags = ''",
    "getNotInSet": "id NOT IN (SELECT photo FROM photoset_photos)",
    "getWithGeoData": "latitude IS NOT NULL",
    "getWithoutGeoData": "latitude IS NULL",
}


@pytest.fixture
def half_sorted_library(own_library: Library) -> Library:
    """A library in which half of the account's photos are in no set."""
    own_library.store.run("DELETE FROM photoset_photos WHERE photo % 2")
    return own_library


@pytest.mark.parametrize("method", OWN)
def test_own_photos_by_condition(half_sorted_library: Library, method: str) -> None:
    expected = rows(half_sorted_library, CONDITIONS[method])
    answer = half_sorted_library.call_signed(f"photos.{method}", per_page=500)
    assert 0 < len(expected) < len(rows(half_sorted_library, "1"))
    assert ids(answer) == [row["id"] for row in expected]
    assert answer["photos"]["total"] == str(len(expected))
    with_extras = half_sorted_library.call_signed(f"photos.{method}", extras="media")
    assert differences(f"photos.{method}", with_extras) == []


@pytest.mark.parametrize("method", OWN)
def test_own_photos_are_filtered(half_sorted_library: Library, method: str) -> None:
    condition = CONDITIONS[method]
    half_sorted_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id % 3 = 0"
    )
    half_sorted_library.store.run("UPDATE photos SET media = 'video' WHERE id % 5 = 0")
    half = rows(half_sorted_library, condition)[len(rows(half_sorted_library, condition)) // 2]
    filters: list[tuple[Answer, str]] = [
        ({"privacy_filter": 5}, "NOT ispublic AND NOT isfriend AND NOT isfamily"),
        ({"privacy_filter": 1}, "ispublic"),
        ({"media": "photos"}, "media = 'photo'"),
        ({"media": "videos"}, "media = 'video'"),
        ({"min_upload_date": half["posted"]}, f"posted >= {half['posted']}"),
        ({"max_upload_date": half["posted"]}, f"posted <= {half['posted']}"),
        ({"min_taken_date": half["taken"]}, f"taken >= '{half['taken']}'"),
        ({"max_taken_date": half["taken"]}, f"taken <= '{half['taken']}'"),
    ]
    for arguments, sql in filters:
        answer = half_sorted_library.call_signed(f"photos.{method}", per_page=500, **arguments)
        assert ids(answer) == [
            row["id"] for row in rows(half_sorted_library, f"{condition} AND {sql}")
        ]


def test_recent_photos_are_the_newest_1000_public_photos(library: Library) -> None:
    expected = library.store.all(
        "SELECT id FROM photos WHERE ispublic AND safety_level = 0 ORDER BY posted DESC, id DESC"
    )
    found: list[int] = []
    for page in range(1, 5):
        answer = library.call_public("photos.getRecent", per_page=300, page=page)
        assert (answer["photos"]["total"], answer["photos"]["pages"]) == (1000, 4)
        found += ids(answer)
    assert found == [row["id"] for row in expected[:1000]]
    beyond = library.call_public("photos.getRecent", per_page=300, page=5)["photos"]
    assert beyond == answer["photos"] and beyond["page"] == 4
    assert differences("photos.getRecent", library.call_public("photos.getRecent")) == []


def test_updated_photos_are_listed_last_change_first(own_library: Library) -> None:
    first, second = rows(own_library, "1")[5:7]
    for row in (first, second):
        own_library.now += 1
        own_library.call_signed("photos.setMeta", photo_id=row["id"], title="new")
    answer = own_library.call_signed("photos.recentlyUpdated", min_date=NOON)
    assert ids(answer) == [second["id"], first["id"]]
    assert differences("photos.recentlyUpdated", answer) == []
    everything = own_library.call_signed("photos.recentlyUpdated", min_date=1, per_page=500)
    assert len(ids(everything)) == len(rows(own_library, "1"))
    assert own_library.call_signed("photos.recentlyUpdated")["code"] == 1
    assert own_library.call_signed("photos.recentlyUpdated", min_date="soon")["code"] == 2


def test_popular_by_views_faves_and_comments(own_library: Library) -> None:
    own_library.store.run("DELETE FROM favorites")
    own_library.store.run("DELETE FROM comments")
    number = rows(own_library, "ispublic")[3]["id"]
    own_library.store.insert("favorites", person=nsid(1), photo=number, faved=1)
    own_library.call_as(1, "photos.comments.addComment", photo_id=number, comment_text="c")
    views = [row["id"] for row in rows(own_library, "ispublic", "views DESC, id DESC")]
    arguments = {"user_id": nsid(0), "per_page": 500}
    for sort in ("faves", "comments"):
        assert (
            ids(own_library.call_public("photos.getPopular", sort=sort, **arguments))[0] == number
        )
    for sort in ("views", "interesting", ""):
        assert ids(own_library.call_public("photos.getPopular", sort=sort, **arguments)) == views
    mine = ids(own_library.call_signed("photos.getPopular", per_page=500))
    assert len(mine) == len(rows(own_library, "1"))
    assert own_library.call_public("photos.getPopular")["code"] == 1
    assert own_library.call_public("photos.getPopular", user_id="nobody")["code"] == 1


def test_contacts_newest_photos(library: Library) -> None:
    answer = library.call_signed("photos.getContactsPhotos")
    assert len(ids(answer)) == 10
    assert differences("photos.getContactsPhotos", answer) == []
    photos = library.call_signed("photos.getContactsPhotos", count=50)["photos"]["photo"]
    assert nsid(0) not in {photo["owner"] for photo in photos}
    both = library.call_signed("photos.getContactsPhotos", count=50, include_self=1)
    assert nsid(0) in {photo["owner"] for photo in both["photos"]["photo"]}
    near = library.call_signed("photos.getContactsPhotos", count=50, just_friends=1)
    # People with numbers divisible by 4 are neither friends nor family.
    assert not {photo["owner"] for photo in near["photos"]["photo"]} & {nsid(4), nsid(8)}
    one = library.call_signed("photos.getContactsPhotos", single_photo=1)["photos"]["photo"]
    owners = [photo["owner"] for photo in one]
    assert len(owners) == len(set(owners)) == 9


def test_contacts_newest_public_photos(library: Library) -> None:
    method = "photos.getContactsPublicPhotos"
    answer = library.call_public(method, user_id=nsid(1))
    assert {photo["owner"] for photo in answer["photos"]["photo"]} == {nsid(0)}
    assert differences(method, answer) == []
    many = library.call_as(1, method, user_id=nsid(1), count=50)["photos"]["photo"]
    assert {photo["ispublic"] for photo in many} == {1}
    assert library.call_public(method, user_id="nobody")["code"] == 1
    assert library.call_public(method, user_id=DELETED)["code"] == 1


def test_counts_between_dates(library: Library) -> None:
    cuts = (1400000000, 1500000000, 1600000000)
    answer = library.call_signed("photos.getCounts", dates=",".join(map(str, reversed(cuts))))
    expected = [
        {
            "count": str(len(rows(library, f"posted >= {first} AND posted < {last}"))),
            "fromdate": str(first),
            "todate": str(last),
        }
        for first, last in pairwise(cuts)
    ]
    assert answer["photocounts"]["photocount"] == expected
    taken = library.call_signed(
        "photos.getCounts", taken_dates="2015-01-01 00:00:00,2016-01-01 00:00:00"
    )
    (count,) = taken["photocounts"]["photocount"]
    assert count["count"] == str(len(rows(library, "taken LIKE '2015-%'")))
    assert (count["fromdate"], count["todate"]) == ("2015-01-01 00:00:00", "2016-01-01 00:00:00")
    assert differences("photos.getCounts", taken) == []
    for wrong in ({}, {"dates": ""}, {"dates": "soon"}):
        assert library.call_signed("photos.getCounts", **wrong)["code"] == 1


def test_interesting_photos_of_a_day(library: Library) -> None:
    day = library.store.value("SELECT date(max(posted), 'unixepoch') FROM photos WHERE ispublic")
    expected = library.store.all(
        "SELECT id FROM photos WHERE date(posted, 'unixepoch') = :day AND ispublic"
        " AND safety_level = 0 ORDER BY views DESC, id DESC",
        day=day,
    )
    newest = library.call_public("interestingness.getList", extras=EXTRAS)
    assert ids(newest) == [row["id"] for row in expected]
    assert ids(library.call_public("interestingness.getList", date=day)) == ids(newest)
    assert ids(library.call_public("interestingness.getList", date="2001-01-01")) == []
    for wrong in ("yesterday", "2015-13-01", "99999", "3000-01-01"):
        assert library.call_public("interestingness.getList", date=wrong)["code"] == 1


def test_interesting_photos_are_the_500_most_viewed_of_a_day(own_library: Library) -> None:
    day, second = "2011-11-11", 1320969600
    own_library.store.many(
        "INSERT INTO photos (id, owner, secret, originalsecret, server, farm, title, posted, taken,"
        " lastupdate, width, height, views) VALUES (?, 'x', 'a', 'b', '1', 1, '', ?, '', 1, 9, 9, ?)",
        ((number, second + number, 9999 - number) for number in range(1, 511)),
    )
    answer = own_library.call_public("interestingness.getList", date=day, per_page=500)
    assert answer["photos"]["total"] == 500
    assert ids(answer) == [*range(1, 501)]
