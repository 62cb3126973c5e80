"""`flickr.tags.*`"""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.answers.tags.related import clusters
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library, failure_of

ME = nsid(0)


def texts(answer: dict[str, Any], name: str = "who") -> list[str]:
    """Return the tags in an answer."""
    found = answer[name]["tags"]["tag"] if "tags" in answer[name] else answer[name]["tag"]
    return [tag["_content"] for tag in found]


def photo_with(library: Library, owner: str = ME) -> str:
    """Return the id of a public photo of a person."""
    return str(
        library.store.value(
            "SELECT max(id) FROM photos WHERE owner = :owner AND ispublic AND safety_level = 0",
            owner=owner,
        )
    )


def test_tags_that_are_set_show_on_the_photo(own_library: Library) -> None:
    photo = photo_with(own_library)
    own_library.call_signed("photos.setTags", photo_id=photo, tags='Füchse "im Schnee" a:b=c')
    listed = own_library.call_public("tags.getListPhoto", photo_id=photo)["photo"]
    assert [(tag["raw"], tag["_content"], tag["machine_tag"]) for tag in listed["tags"]["tag"]] == [
        ("Füchse", "füchse", 0),
        ("im Schnee", "imschnee", 0),
        ("a:b=c", "a:b=c", 1),
    ]
    assert {(tag["author"], tag["authorname"]) for tag in listed["tags"]["tag"]} == {
        (ME, "sandbox")
    }
    about = own_library.call_public("photos.getInfo", photo_id=photo)["photo"]["tags"]["tag"]
    assert [tag["id"] for tag in about] == [tag["id"] for tag in listed["tags"]["tag"]]
    assert failure_of(own_library.call_public("tags.getListPhoto", photo_id=1)) == (
        1,
        "Photo not found",
    )


def test_tags_of_a_person(own_library: Library) -> None:
    before = texts(own_library.call_signed("tags.getListUser"))
    photo = photo_with(own_library)
    own_library.call_signed("photos.addTags", photo_id=photo, tags="Zzz")
    assert texts(own_library.call_signed("tags.getListUser")) == [*before, "zzz"]
    assert before == sorted(before)
    assert texts(own_library.call_public("tags.getListUser", user_id=ME))[-1] == "zzz"
    own_library.store.run("UPDATE photos SET ispublic = 0 WHERE id = :id", id=photo)
    assert texts(own_library.call_public("tags.getListUser", user_id=ME))[-1] != "zzz"
    assert failure_of(own_library.call_public("tags.getListUser")) == (1, "User not found")


def test_popular_tags_are_counted(own_library: Library) -> None:
    rows = own_library.store.all(
        "SELECT tag, count(*) AS n FROM photo_tags t JOIN photos p ON p.id = t.photo"
        " WHERE owner = :me GROUP BY tag ORDER BY n DESC, tag LIMIT 3",
        me=ME,
    )
    expected = {row["tag"]: str(row["n"]) for row in rows}
    answer = own_library.call_signed("tags.getListUserPopular", count=3)
    counts = {tag["_content"]: tag["count"] for tag in answer["who"]["tags"]["tag"]}
    assert counts == expected
    assert texts(answer) == sorted(expected)
    assert texts(own_library.call_signed("tags.getMostFrequentlyUsed"))[:3] == list(expected)


def test_raw_forms_of_a_tag(own_library: Library) -> None:
    photos = own_library.store.all("SELECT id FROM photos WHERE owner = :me LIMIT 2", me=ME)
    for row, raw in zip(photos, ("Im-Wald", "imwald"), strict=True):
        own_library.call_signed("photos.setTags", photo_id=row["id"], tags=raw)
    answer = own_library.call_signed("tags.getListUserRaw", tag="ImWald")["who"]["tags"]["tag"]
    assert answer == [{"clean": "imwald", "raw": [{"_content": "Im-Wald"}, {"_content": "imwald"}]}]
    whole = own_library.call_signed("tags.getListUserRaw")["who"]["tags"]["tag"]
    assert answer[0] in whole
    assert len(whole) > 1
    assert failure_of(own_library.call_public("tags.getListUserRaw")) == (1, "User not found")


def test_related_tags(library: Library) -> None:
    assert set(texts(library.call_public("tags.getRelated", tag="City"), "tags")) == {
        "tram",
        "street",
        "bridge",
        "architecture",
    }
    assert failure_of(library.call_public("tags.getRelated", tag="nowhere")) == (1, "Tag not found")


def test_clusters_and_their_photos(library: Library) -> None:
    answer = library.call_public("tags.getClusters", tag="city")["clusters"]
    found = [[tag["_content"] for tag in each["tag"]] for each in answer["cluster"]]
    assert {frozenset(each) for each in found} == {
        frozenset(("tram", "street")),
        frozenset(("bridge", "architecture")),
    }
    assert answer["total"] == 2
    for each in found:
        photos = library.call_public(
            "tags.getClusterPhotos", tag="city", cluster_id="-".join(each)
        )["photos"]["photo"]
        assert photos
        for photo in photos:
            tags = set(
                texts(library.call_public("tags.getListPhoto", photo_id=photo["id"]), "photo")
            )
            assert "city" in tags
            assert tags & set(each)
    answer = library.call_public("tags.getClusters", tag="nowhere")
    assert failure_of(answer) == (1, "Tag cluster not found")


def test_clusters_join_tags_that_share_a_photo() -> None:
    photos = [["a", "b"], ["c"], ["b", "d"], ["d"], ["e", "c"], []]
    assert clusters(photos) == [["b", "d", "a"], ["c", "e"]]


def test_hot_tags(library: Library) -> None:
    answer = library.call_public("tags.getHotList", count=5)
    assert (answer["period"], answer["count"]) == ("day", 5)
    hot = answer["hottags"]["tag"]
    assert len({tag["_content"] for tag in hot}) == 5
    for tag in hot:
        (photo,) = tag["thm_data"]["photos"]["photo"]
        listed = library.call_public("tags.getListPhoto", photo_id=photo["id"])
        assert tag["_content"] in texts(listed, "photo")
    week = library.call_public("tags.getHotList", count=5, period="week")
    assert (week["period"], week["count"]) == ("week", 5)


def test_period_of_hot_tags_is_checked(library: Library) -> None:
    answer = library.call_public("tags.getHotList", period="year")
    assert failure_of(answer) == (1, "Invalid period")


@pytest.mark.parametrize("tag", ["\0", "🦊" * 500, "%_", "'; --", '"'])
def test_odd_tags_are_accepted(library: Library, tag: str) -> None:
    assert failure_of(library.call_public("tags.getRelated", tag=tag))[0] == 1
    assert library.call_public("tags.getClusterPhotos", tag=tag, cluster_id=tag)["stat"] == "ok"
