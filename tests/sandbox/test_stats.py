"""`flickr.stats.*`: views by photo, site and page add up."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.support.local_api import ME, NOW, LocalApi

TODAY = "2024-02-01"
NOT_PRO = nsid(1)
SETS = (72157700000100001, 72157700000100002)


@pytest.fixture
def api(api: LocalApi) -> LocalApi:
    """An API whose account has photosets, a collection, and a photo with new comments and favourites."""
    photo = _photo(api)
    for number, id_ in enumerate(SETS):
        api.store.insert(
            "photosets",
            id=id_, owner=ME, title="Set", primary_photo=photo, position=number,
            created=NOW - 10**7, updated=NOW, views=900,
        )  # fmt: skip
    api.store.insert(
        "collections", id="1-72157700000100003", owner=ME, title="All", position=0, created=NOW
    )
    api.store.insert("comments", id=1, photo=photo, author=nsid(2), created=NOW + 5, text="Hi")
    api.store.insert("comments", id=2, photoset=SETS[0], author=nsid(2), created=NOW, text="Hi")
    api.store.run("DELETE FROM favorites")
    api.store.insert("favorites", person=nsid(2), photo=photo, faved=NOW - 86400 * 40)
    return api


def _photo(api: LocalApi) -> int:
    sql = "SELECT id FROM photos WHERE owner = :me AND views > 100 ORDER BY id"
    return int(api.store.value(sql, me=ME))


@pytest.mark.parametrize("kind", ["Photo", "Photoset", "Collection", "Photostream"])
def test_sites_and_pages_add_up_to_the_views(api: LocalApi, kind: str) -> None:
    every: dict[str, dict[str, Any]] = {
        "Photo": {"photo_id": _photo(api)},
        "Photoset": {"photoset_id": SETS[0]},
        "Collection": {"collection_id": "1-72157700000100003"},
        "Photostream": {},
    }
    ids = every[kind]
    for date in ("2024-02-01", "2024-01-20"):
        views = int(api.call(f"stats.get{kind}Stats", date=date, **ids)["stats"]["views"])
        domains = api.call(f"stats.get{kind}Domains", date=date, **ids)["domains"]
        assert domains["total"] == len(domains["domain"])
        by_site = {site["name"]: int(site["views"]) for site in domains["domain"]}
        assert sum(by_site.values()) == views
        for site, count in by_site.items():
            answer = api.call(f"stats.get{kind}Referrers", date=date, domain=site, **ids)["domain"]
            assert answer["name"] == site
            assert sum(int(page["views"]) for page in answer["referrer"]) == count


def test_all_of_a_kind_are_the_sum_of_each(api: LocalApi) -> None:
    rows = api.store.all("SELECT id FROM photosets WHERE owner = :me", me=ME)
    sets = [row["id"] for row in rows]
    each = sum(
        int(api.call("stats.getPhotosetStats", date=TODAY, photoset_id=id_)["stats"]["views"])
        for id_ in sets
    )
    total = api.call("stats.getPhotosetDomains", date=TODAY)["domains"]["domain"]
    assert each == sum(int(site["views"]) for site in total) > 0
    stats = api.call("stats.getTotalViews", date=TODAY)["stats"]
    assert int(stats["sets"]["views"]) == each
    parts = ("photos", "photostream", "sets", "collections")
    assert int(stats["total"]["views"]) == sum(int(stats[part]["views"]) for part in parts)


def test_popular_photos_come_in_the_order_of_their_counts(api: LocalApi) -> None:
    photos = api.call("stats.getPopularPhotos", per_page=10)["photos"]
    views = [int(photo["stats"]["views"]) for photo in photos["photo"]]
    assert views == sorted(views, reverse=True)
    assert len(views) == 10
    of_day = api.call("stats.getPopularPhotos", date=TODAY, sort="views")["photos"]["photo"]
    for photo in of_day[:3]:
        one = api.call("stats.getPhotoStats", date=TODAY, photo_id=photo["id"])["stats"]
        assert photo["stats"] == one
    assert int(of_day[0]["stats"]["views"]) > 0


def test_most_popular_photo_of_days_has_the_views_of_all_days(api: LocalApi) -> None:
    range_ = {"date_until": TODAY, "num_days": "2"}
    best = api.call("stats.getMostPopularPhotoDateRange", **range_)["photo"]
    each = [
        int(api.call("stats.getPhotoStats", date=date, photo_id=best["id"])["stats"]["views"])
        for date in ("2024-01-31", TODAY)
    ]
    assert int(best["stats"]["views"]) == sum(each) > max(each)


def test_comments_and_favourites_are_those_of_the_day(api: LocalApi) -> None:
    photo = _photo(api)
    today = api.call("stats.getPhotoStats", date=TODAY, photo_id=photo)["stats"]
    assert (today["comments"], today["favorites"]) == ("1", "0")
    assert api.call("stats.getPhotoStats", date=NOW, photo_id=photo)["stats"] == today
    best = api.call("stats.getPopularPhotos", sort="favorites")["photos"]["photo"][0]
    assert (best["id"], best["stats"]["favorites"]) == (str(photo), "1")
    sets = api.call("stats.getPhotosetStats", date=TODAY, photoset_id=SETS[0])["stats"]
    assert sets["comments"] == "1"


def test_pages_of_sites(api: LocalApi) -> None:
    whole = api.call("stats.getPhotoDomains", date=TODAY)["domains"]["domain"]
    assert len(whole) > 2
    part = api.call("stats.getPhotoDomains", date=TODAY, per_page=1, page=2)["domains"]
    assert part["domain"] == whole[1:2]
    assert (part["pages"], part["total"]) == (len(whole), len(whole))


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("getPhotoStats", {"date": "yesterday", "photo_id": "1"}, 3),
        ("getPhotoStats", {"date": "2024-02-30", "photo_id": "1"}, 3),
        ("getPhotoStats", {"date": "2023-02-01", "photo_id": "1"}, 2),
        ("getPhotoStats", {"date": "2024-02-02", "photo_id": "1"}, 2),
        ("getPhotoStats", {"date": TODAY, "photo_id": "1"}, 4),
        ("getPhotosetStats", {"date": TODAY, "photoset_id": "9" * 30}, 4),
        ("getCollectionStats", {"date": TODAY, "collection_id": "1-2"}, 4),
        ("getPhotoReferrers", {"date": TODAY, "domain": "http://flickr.com/"}, 5),
        ("getPhotoReferrers", {"date": TODAY, "domain": "unknown.example"}, 0),
        ("getPopularPhotos", {"sort": "beauty"}, 5),
        ("getTotalViews", {"date": "x"}, 3),
        ("getMostPopularPhotoDateRange", {"date_until": "x", "num_days": "2"}, 3),
        ("getMostPopularPhotoDateRange", {"date_until": TODAY, "num_days": "30"}, 2),
        ("getMostPopularPhotoDateRange", {"date_until": TODAY, "num_days": "0"}, 1),
        ("getCSVFiles", {}, 0),
    ],
)
def test_refusals(api: LocalApi, method: str, arguments: dict[str, str], code: int) -> None:
    assert api.code(f"stats.{method}", **arguments) == code


def test_account_without_pro_has_no_statistics(api: LocalApi) -> None:
    for method in ("getTotalViews", "getCSVFiles"):
        assert api.code(f"stats.{method}", NOT_PRO) == 1


def test_statistics_of_photos_of_others_are_refused(api: LocalApi) -> None:
    theirs = api.store.value("SELECT id FROM photos WHERE owner <> :me", me=ME)
    assert api.code("stats.getPhotoStats", date=TODAY, photo_id=theirs) == 4
