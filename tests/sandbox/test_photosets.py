"""`flickr.photosets.*`: what is written shows in what is read, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.sandbox.store.library.people import nsid
from tests.sandbox.desk import NOON, Library, refused
from tests.sandbox.shapes import differences

ME = nsid(0)


def sets_of(library: Library) -> list[dict[str, Any]]:
    """The account's sets, as the account sees them."""
    found: list[dict[str, Any]] = library.signed("photosets.getList")["photosets"]["photoset"]
    return found


def photos_in(library: Library, photoset: str) -> list[str]:
    """The ids of the photos of one of the account's sets."""
    answer = library.signed("photosets.getPhotos", photoset_id=photoset)
    return [photo["id"] for photo in answer["photoset"]["photo"]]


def own_photos(library: Library, count: int) -> list[str]:
    """Ids of photos of the account."""
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner = :me ORDER BY id LIMIT :count", me=ME, count=count
    )
    return [str(row["id"]) for row in rows]


def new_set(library: Library, count: int) -> tuple[str, list[str]]:
    """A set of the account's with photos in it."""
    photos = own_photos(library, count)
    made = library.signed("photosets.create", title="New", primary_photo_id=photos[0])
    for photo in photos[1:]:
        library.signed("photosets.addPhoto", photoset_id=made["photoset"]["id"], photo_id=photo)
    return made["photoset"]["id"], photos


def test_shapes_are_as_recorded(library: Library) -> None:
    photoset = sets_of(library)[1]["id"]
    about = library.signed("photosets.getInfo", photoset_id=photoset)
    assert differences("photosets.getInfo", about) == []
    assert differences("photosets.getList", library.signed("photosets.getList")) == []
    plain = library.signed("photosets.getPhotos", photoset_id=photoset, extras="media")
    assert differences("photosets.getPhotos", plain) == []


def test_extras_of_photos_in_a_set_lack_nothing_that_is_recorded(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    extras = "description,license,date_upload,date_taken,owner_name,icon_server,last_update,tags,"
    extras += "machine_tags,views,media,path_alias,url_sq,url_q,url_t,url_s,url_n,url_m"
    answer = library.public("photosets.getPhotos", photoset_id=photoset, extras=extras)
    found = differences("photosets.getPhotos", answer)
    assert [line for line in found if line.endswith("missing")] == []
    assert {"datetaken", "ownername", "url_m"} <= set(answer["photoset"]["photo"][0])


def test_context_is_as_recorded(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    first, second = photos_in(library, photoset)[:2]
    answer = library.signed("photosets.getContext", photoset_id=photoset, photo_id=first)
    assert differences("photosets.getContext", answer) == []
    assert answer["count"] == {"_content": "700"}
    assert answer["prevphoto"] == {"id": 0, "is_faved": 0}
    assert answer["nextphoto"]["id"] == second
    assert answer["nextphoto"]["url"] == f"/photos/sandbox/{second}/in/set-{photoset}/"
    back = library.signed("photosets.getContext", photoset_id=photoset, photo_id=second)
    assert back["prevphoto"]["id"] == first


@pytest.mark.parametrize(
    "method", ["addPhoto", "delete", "editMeta", "editPhotos", "orderSets", "removePhoto"]
)
def test_writes_are_answered_by_nothing_as_recorded(own_library: Library, method: str) -> None:
    photoset, photos = new_set(own_library, 3)
    arguments = {
        "addPhoto": {"photo_id": own_photos(own_library, 4)[3]},
        "editMeta": {"title": "Other"},
        "editPhotos": {"primary_photo_id": photos[1], "photo_ids": photos[1]},
        "orderSets": {"photoset_ids": photoset},
        "removePhoto": {"photo_id": photos[1]},
    }
    answer = own_library.signed(
        f"photosets.{method}", photoset_id=photoset, **arguments.get(method, {})
    )
    assert answer == {"stat": "ok"}
    assert differences(f"photosets.{method}", answer) == []


def test_library_has_a_dozen_sets_with_photos_in_many(library: Library) -> None:
    sets = sets_of(library)
    assert len(sets) == 12
    assert max(int(each["photos"]) + int(each["videos"]) for each in sets) == 700
    shared = set.intersection(*(set(photos_in_all(library, each["id"])) for each in sets))
    assert shared


def photos_in_all(library: Library, photoset: str) -> list[str]:
    """The ids of the photos of a set, however many pages they take."""
    found: list[str] = []
    for page in (1, 2):
        answer = library.signed("photosets.getPhotos", photoset_id=photoset, page=page)
        found += [photo["id"] for photo in answer["photoset"]["photo"]]
    return found


def test_pages_of_a_set_hold_each_photo_once(library: Library) -> None:
    photos = photos_in_all(library, sets_of(library)[0]["id"])
    assert len(photos) == len(set(photos)) == 700


def test_private_photos_show_to_their_owner_alone(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    everything = library.signed("photosets.getPhotos", photoset_id=photoset)["photoset"]
    public = library.public("photosets.getPhotos", photoset_id=photoset)["photoset"]
    filtered = library.signed("photosets.getPhotos", photoset_id=photoset, privacy_filter=1)
    assert int(public["total"]) < int(everything["total"]) == 700
    assert public["total"] == filtered["photoset"]["total"]
    levels = [
        int(
            library.signed("photosets.getPhotos", photoset_id=photoset, privacy_filter=level)[
                "photoset"
            ]["total"]
        )
        for level in range(1, 6)
    ]
    assert sum(levels) == 700
    counts = library.public("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert counts["photos"] == int(public["total"])
    assert counts["photos"] == counts["count_photos"] + counts["count_videos"]


def test_set_of_private_photos_alone_is_there_for_its_owner_alone(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 1)
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=photos[0]
    )
    assert own_library.signed("photosets.getInfo", photoset_id=photoset)["stat"] == "ok"
    assert refused(own_library.public("photosets.getInfo", photoset_id=photoset)) == (
        1,
        "Photoset not found",
    )
    listed = own_library.public("photosets.getList", user_id=ME)["photosets"]["photoset"]
    assert photoset not in [each["id"] for each in listed]


def test_private_primary_photo_is_not_told_to_others(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)
    own_library.store.run("UPDATE photos SET ispublic = 1")
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=photos[0]
    )
    told = own_library.public("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert told["primary"] == photos[1]
    told = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert told["primary"] == photos[0]


def test_media_chooses_photos_or_videos(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    for media, kind in (("videos", "video"), ("photos", "photo")):
        answer = library.signed(
            "photosets.getPhotos", photoset_id=photoset, media=media, extras="media"
        )["photoset"]
        assert {photo["media"] for photo in answer["photo"]} == {kind}
        assert differences("photosets.getPhotos", {"photoset": answer, "stat": "ok"}) == []


def test_sets_come_by_pages_where_pages_are_asked_for(library: Library) -> None:
    whole = [each["id"] for each in sets_of(library)]
    answer = library.signed("photosets.getList", page=2, per_page=5)["photosets"]
    assert [each["id"] for each in answer["photoset"]] == whole[5:10]
    assert (answer["page"], answer["pages"], answer["perpage"], answer["total"]) == (2, 3, 5, 12)


def test_list_tells_of_the_primary_photo_and_of_requested_ones(library: Library) -> None:
    first = sets_of(library)[0]
    answer = library.signed(
        "photosets.getList",
        primary_photo_extras="url_sq,media",
        photo_ids=f"{first['primary']},1",
    )
    told = answer["photosets"]["photoset"][0]
    assert told["has_requested_photos"] == [first["primary"]]
    assert set(told["primary_photo_extras"]) == {
        "url_sq",
        "height_sq",
        "width_sq",
        "media",
        "media_status",
    }


def test_new_set_comes_first(own_library: Library) -> None:
    photo = own_photos(own_library, 1)[0]
    made = own_library.signed(
        "photosets.create", title="Füchse", description="🦊", primary_photo_id=photo
    )
    assert differences("photosets.create", made) == []
    number = made["photoset"]["id"]
    assert made["photoset"]["url"].endswith(f"/photos/sandbox/sets/{number}/")
    first = sets_of(own_library)[0]
    assert (first["id"], first["primary"]) == (number, photo)
    assert first["title"] == {"_content": "Füchse"}
    about = own_library.signed("photosets.getInfo", photoset_id=number)["photoset"]
    assert about["description"] == {"_content": "🦊"}
    assert about["date_create"] == about["date_update"] == str(NOON)


def test_edited_words_show_and_move_the_date(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    own_library.signed("photosets.editMeta", photoset_id=photoset, title="A", description="B")
    own_library.now += 60
    own_library.signed("photosets.editMeta", photoset_id=photoset, title="C")
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert (about["title"]["_content"], about["description"]["_content"]) == ("C", "B")
    assert (about["date_create"], about["date_update"]) == (str(NOON), str(NOON + 60))
    own_library.signed("photosets.editMeta", photoset_id=photoset, title="C", description="")
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["description"]["_content"] == ""


def test_order_of_sets(own_library: Library) -> None:
    before = [each["id"] for each in sets_of(own_library)]
    chosen = [before[5], before[2]]
    own_library.signed("photosets.orderSets", photoset_ids=",".join(chosen))
    rest = sorted((each for each in before if each not in chosen), key=int)
    assert [each["id"] for each in sets_of(own_library)] == chosen + rest


def test_order_with_an_unknown_set_changes_nothing(own_library: Library) -> None:
    before = [each["id"] for each in sets_of(own_library)]
    answer = own_library.signed("photosets.orderSets", photoset_ids=f"{before[3]},1")
    assert refused(answer) == (1, "Set not found")
    assert [each["id"] for each in sets_of(own_library)] == before


def test_photos_are_added_at_the_end_and_removed(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 4)
    assert photos_in(own_library, photoset) == photos
    answer = own_library.signed("photosets.addPhoto", photoset_id=photoset, photo_id=photos[2])
    assert refused(answer) == (3, "Photo already in set")
    own_library.signed("photosets.removePhoto", photoset_id=photoset, photo_id=photos[2])
    assert photos_in(own_library, photoset) == [photos[0], photos[1], photos[3]]
    answer = own_library.signed("photosets.removePhoto", photoset_id=photoset, photo_id=photos[2])
    assert refused(answer) == (3, "Photo not in set")


def test_removed_primary_photo_is_followed_by_the_first(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)
    own_library.signed("photosets.removePhoto", photoset_id=photoset, photo_id=photos[0])
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == photos[1]


def test_last_photo_takes_the_set_with_it(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.signed("photosets.removePhotos", photoset_id=photoset, photo_ids=",".join(photos))
    answer = own_library.signed(
        "photosets.removePhotos", photoset_id=photoset, photo_ids=",".join(photos)
    )
    # As recorded.
    assert refused(answer) == (1, "Photoset not found")


def test_photos_that_are_deleted_leave_their_sets(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.store.run("DELETE FROM photos WHERE id = :id", id=photos[0])
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert (about["photos"], about["primary"]) == (1, photos[1])
    own_library.store.run("DELETE FROM photos WHERE id = :id", id=photos[1])
    assert own_library.signed("photosets.getInfo", photoset_id=photoset)["code"] == 1


def test_edit_photos_replaces_them(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 3)
    other = own_photos(own_library, 6)[2:][::-1]
    own_library.signed(
        "photosets.editPhotos",
        photoset_id=photoset,
        primary_photo_id=other[1],
        photo_ids=",".join(other),
    )
    assert photos_in(own_library, photoset) == other
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == other[1]


def test_edit_photos_refuses_by_code(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)

    def code(primary: str, listed: list[str]) -> int:
        answer = own_library.signed(
            "photosets.editPhotos",
            photoset_id=photoset,
            primary_photo_id=primary,
            photo_ids=",".join(listed),
        )
        return refused(answer)[0]

    assert code(photos[0], []) == 5
    assert code(photos[0], [photos[0], "1"]) == 2
    assert code("1", photos) == 3
    assert code("", photos) == 3
    assert code(photos[0], photos[1:]) == 4
    assert photos_in(own_library, photoset) == photos


def test_reordered_photos_come_first_and_the_rest_keeps_its_order(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 5)
    own_library.signed(
        "photosets.reorderPhotos", photoset_id=photoset, photo_ids=f"{photos[3]},{photos[1]}"
    )
    expected = [photos[3], photos[1], photos[0], photos[2], photos[4]]
    assert photos_in(own_library, photoset) == expected


def test_primary_photo_is_one_of_the_set(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    answer = own_library.signed(
        "photosets.setPrimaryPhoto", photoset_id=photoset, photo_id=photos[1]
    )
    assert differences("photosets.setPrimaryPhoto", answer) == []
    shown = own_library.signed("photosets.getPhotos", photoset_id=photoset)["photoset"]
    assert shown["primary"] == photos[1]
    assert [photo["isprimary"] for photo in shown["photo"]] == ["0", "1"]
    outside = own_photos(own_library, 3)[2]
    answer = own_library.signed("photosets.setPrimaryPhoto", photoset_id=photoset, photo_id=outside)
    assert refused(answer) == (2, "Photo not found")


def test_deleted_set_is_gone(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.signed("photosets.delete", photoset_id=photoset)
    assert own_library.signed("photosets.getInfo", photoset_id=photoset)["code"] == 1
    rows = own_library.store.all("SELECT * FROM photoset_photos WHERE photoset = :id", id=photoset)
    assert rows == []
    assert own_photos(own_library, 2) == photos


def test_sets_of_others_cannot_be_changed(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    for method, arguments in {
        "delete": {},
        "editMeta": {"title": "Mine"},
        "addPhoto": {"photo_id": photos[0]},
        "removePhoto": {"photo_id": photos[0]},
        "reorderPhotos": {"photo_ids": photos[0]},
    }.items():
        answer = own_library.by(1, f"photosets.{method}", photoset_id=photoset, **arguments)
        assert refused(answer) == (1, "Photoset not found"), method
    assert photos_in(own_library, photoset) == photos


@pytest.mark.parametrize(
    ("method", "arguments", "code", "message"),
    [
        ("getPhotos", {}, 1, "Photoset not found"),
        ("getPhotos", {"photoset_id": "12345678901234567890"}, 1, "Photoset not found"),
        ("getPhotos", {"photoset_id": "1234", "user_id": "-1"}, 2, "User not found"),
        ("getInfo", {"photoset_id": "9" * 5000}, 1, "Photoset not found"),
        ("getInfo", {"photoset_id": "x\0🦊"}, 1, "Photoset not found"),
        ("getList", {}, 1, "User not found"),
        ("getList", {"user_id": "nobody"}, 1, "User not found"),
        ("getContext", {"photoset_id": "1", "photo_id": "1"}, 1, "Photo not found"),
    ],
)
def test_refusals_without_a_login(
    library: Library, method: str, arguments: dict[str, str], code: int, message: str
) -> None:
    assert refused(library.public(f"photosets.{method}", **arguments)) == (code, message)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"title": "A"}, 2),
        ({"title": "A", "primary_photo_id": "1"}, 2),
        ({"primary_photo_id": "1"}, 1),
        ({"title": " ", "primary_photo_id": "1"}, 1),
    ],
)
def test_set_without_title_or_photo_is_not_made(
    own_library: Library, arguments: dict[str, str], code: int
) -> None:
    assert refused(own_library.signed("photosets.create", **arguments))[0] == code


def test_set_is_not_found_under_another_owner(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    for method in ("getInfo", "getPhotos"):
        answer = library.public(f"photosets.{method}", photoset_id=photoset, user_id=nsid(1))
        assert refused(answer) == (1, "Photoset not found")


def test_comments_of_a_set(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    empty = own_library.public("photosets.comments.getList", photoset_id=photoset)
    assert empty["comments"] == {"photoset_id": photoset}
    made = own_library.by(
        1, "photosets.comments.addComment", photoset_id=photoset, comment_text="Hübsch"
    )["comment"]["id"]
    (comment,) = own_library.public("photosets.comments.getList", photoset_id=photoset)["comments"][
        "comment"
    ]
    assert (comment["id"], comment["author"], comment["_content"]) == (made, nsid(1), "Hübsch")
    assert comment["datecreate"] == str(NOON)
    about = own_library.signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["count_comments"] == "1"

    edit = {"comment_id": made, "comment_text": "Schön"}
    assert refused(own_library.signed("photosets.comments.editComment", **edit))[0] == 2
    assert own_library.by(1, "photosets.comments.editComment", **edit)["stat"] == "ok"
    shown = own_library.public("photosets.comments.getList", photoset_id=photoset)["comments"]
    assert shown["comment"][0]["_content"] == "Schön"
    assert refused(own_library.by(2, "photosets.comments.deleteComment", comment_id=made))[0] == 2
    # By the owner of the set.
    own_library.signed("photosets.comments.deleteComment", comment_id=made)
    assert own_library.public("photosets.comments.getList", photoset_id=photoset) == empty


def test_blank_comments_are_refused(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    answer = own_library.signed(
        "photosets.comments.addComment", photoset_id=photoset, comment_text=" "
    )
    assert refused(answer) == (8, "Blank comment")


def test_comments_of_sets_have_the_shape_of_those_of_photos(library: Library) -> None:
    photoset = sets_of(library)[2]["id"]
    answer = library.public("photosets.comments.getList", photoset_id=photoset)
    as_of_photo = answer["comments"] | {"photo_id": answer["comments"].pop("photoset_id")}
    assert differences("photos.comments.getList", {"comments": as_of_photo, "stat": "ok"}) == []
