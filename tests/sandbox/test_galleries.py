"""`flickr.galleries.*`: what is written shows in what is read, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.sandbox.call import Caller
from pyflickr_web.sandbox.store.library.people import nsid
from tests.sandbox import recorded_xml
from tests.sandbox.desk import NOON, Library, refused
from tests.sandbox.shapes import differences

ME = nsid(0)


def galleries_of(library: Library, **arguments: Any) -> list[dict[str, Any]]:
    """The account's galleries."""
    answer = library.public("galleries.getList", user_id=ME, **arguments)
    found: list[dict[str, Any]] = answer["galleries"]["gallery"]
    return found


def photos_in(library: Library, gallery: str) -> list[dict[str, Any]]:
    """The photos of a gallery."""
    answer = library.public("galleries.getPhotos", gallery_id=gallery, per_page=500)
    found: list[dict[str, Any]] = answer["photos"]["photo"]
    return found


def others(library: Library, condition: str = "ispublic AND safety_level = 0") -> list[str]:
    """Ids of photos of others."""
    rows = library.store.all(
        f"SELECT id FROM photos WHERE owner <> :me AND {condition} ORDER BY id LIMIT 8", me=ME
    )
    return [str(row["id"]) for row in rows]


def new_gallery(library: Library, count: int) -> tuple[str, list[str]]:
    """A gallery of the account's with photos in it."""
    made = library.signed("galleries.create", title="Neu", description="")["gallery"]["id"]
    photos = others(library)[:count]
    for photo in photos:
        assert library.signed("galleries.addPhoto", gallery_id=made, photo_id=photo)["stat"] == "ok"
    return made, photos


def test_shape_is_as_recorded(library: Library) -> None:
    photo = photos_in(library, galleries_of(library)[0]["id"])[0]["id"]
    answer = library.public("galleries.getListForPhoto", photo_id=photo)
    assert differences("galleries.getListForPhoto", answer) == []


def test_other_answers_tell_of_a_gallery_alike(library: Library) -> None:
    listed = galleries_of(library)[0]
    about = library.public("galleries.getInfo", gallery_id=listed["id"])["gallery"]
    beside = library.public(
        "galleries.getPhotos", gallery_id=listed["id"], get_gallery_info=1, get_user_info=1
    )
    assert listed == about == beside["gallery"]
    assert beside["user"]["nsid"] == ME


def test_photos_in_xml_are_as_recorded(library: Library) -> None:
    extras = "license,date_upload,date_taken,media,owner_name,path_alias,url_sq,url_t,url_s,url_m"
    extras += ",url_q,url_l,url_o,original_format,description,safety_level,realname"
    answers = [
        library.text(
            Caller(library.account.api_key),
            "galleries.getPhotos",
            {"gallery_id": gallery["gallery_id"], "extras": extras, "get_gallery_info": 1},
            "rest",
        )
        for gallery in galleries_of(library)
    ]
    told = {
        line for text in answers for line in recorded_xml.differences("galleries.getPhotos", text)
    }
    # No photo of the recorded galleries has a comment; the reflection tells of it.
    assert told <= {"rsp.photos.photo has <comment>, as recorded nowhere"}
    assert "<comment>" in answers[0]


@pytest.mark.parametrize("gallery", ["doesnotexist", "12345678901234567890", "1-2-3", "9" * 5000])
def test_unknown_gallery_is_refused_as_recorded(library: Library, gallery: str) -> None:
    for method in ("getPhotos", "getInfo"):
        answer = library.public(f"galleries.{method}", gallery_id=gallery)
        assert refused(answer) == (1, "Invalid gallery ID")


def test_gallery_is_found_by_its_whole_id_and_by_its_end(library: Library) -> None:
    gallery = galleries_of(library)[0]
    by_end = library.public("galleries.getInfo", gallery_id=gallery["gallery_id"])
    assert by_end["gallery"]["id"] == gallery["id"] == f"10000000-{gallery['gallery_id']}"
    false = f"1-{gallery['gallery_id']}"
    assert refused(library.public("galleries.getInfo", gallery_id=false))[0] == 1


def test_list_by_pages(library: Library) -> None:
    whole = galleries_of(library)
    answer = library.public("galleries.getList", user_id=ME, page=2, per_page=2)["galleries"]
    assert answer["gallery"] == whole[2:]
    assert (answer["page"], answer["pages"], answer["per_page"], answer["total"]) == (2, 2, 2, 3)
    assert "continuation" not in answer


def test_list_by_continuation(library: Library) -> None:
    key, found, calls = "0", [], 0
    while key != "-1":
        answer = library.public("galleries.getList", user_id=ME, continuation=key, per_page=1)
        found += answer["galleries"]["gallery"]
        key, calls = answer["galleries"]["continuation"], calls + 1
    assert (calls, found) == (3, galleries_of(library))


def test_photos_by_continuation(library: Library) -> None:
    gallery = galleries_of(library)[1]["id"]
    key, found = "0", []
    while key != "-1":
        page = library.public(
            "galleries.getPhotos", gallery_id=gallery, continuation=key, per_page=7
        )["photos"]
        assert page["per_page"] == 7
        found += page["photo"]
        key = page["continuation"]
    assert found == photos_in(library, gallery)
    assert len(found) == 30


def test_continuation_that_is_none_is_refused(library: Library) -> None:
    answer = library.public("galleries.getList", user_id=ME, continuation="next")
    assert refused(answer) == (2, "Continuation key is invalid or expired")


def test_galleries_that_hold_a_photo_come_first_where_asked(library: Library) -> None:
    photo = photos_in(library, galleries_of(library)[2]["id"])[0]["id"]
    asked = {"sort_groups": "has_photo", "photo_ids": f"{photo},1", "continuation": 0}
    answer = library.signed("galleries.getList", **asked)["galleries"]["gallery"]
    holding = [gallery for gallery in answer if gallery["has_requested_photos"] == [photo]]
    assert answer[: len(holding)] == holding
    assert {gallery["sort_group"] for gallery in holding} == {"has_photo"}
    assert {gallery["sort_group"] for gallery in answer[len(holding) :]} <= {None}


def test_cover_of_a_gallery(library: Library) -> None:
    without, with_primary, _ = galleries_of(library, cover_photos=1, primary_photo_cover_size="z")
    assert [photo["is_primary"] for photo in without["cover_photos"]["photo"]] == [0] * 6
    shown = with_primary["cover_photos"]["photo"]
    assert [photo["is_primary"] for photo in shown] == [1, 0, 0]
    assert with_primary["primary_photo_id"] in shown[0]["url"]
    assert (shown[0]["url"][-6:], shown[1]["url"][-6:]) == ("_z.jpg", "_q.jpg")
    asked = library.public("galleries.getInfo", gallery_id=with_primary["id"], short_limit=4)
    assert len(asked["gallery"]["cover_photos"]["photo"]) == 5


def test_primary_photo_with_extras(library: Library) -> None:
    gallery = galleries_of(library, primary_photo_extras="media,owner_name")[1]
    assert set(gallery["primary_photo_extras"]) == {"media", "media_status", "ownername"}


def test_new_gallery_is_listed(own_library: Library) -> None:
    made = own_library.signed("galleries.create", title="Füchse", description="🦊")["gallery"]
    first = galleries_of(own_library)[0]
    assert (first["id"], first["url"]) == (made["id"], made["url"])
    assert (first["title"], first["description"]) == ({"_content": "Füchse"}, {"_content": "🦊"})
    assert (first["date_create"], first["count_total"]) == (str(NOON), 0)


def test_new_gallery_with_a_photo_and_told_in_full(own_library: Library) -> None:
    photo = others(own_library)[0]
    made = own_library.signed(
        "galleries.create", title="A", description="B", primary_photo_id=photo, full_result=1
    )["gallery"]
    assert made == galleries_of(own_library)[0]
    assert (made["primary_photo_id"], made["count_photos"]) == (photo, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, 1),
        ({"title": "A"}, 1),
        ({"title": "", "description": "B"}, 2),
        ({"title": "A", "description": "", "primary_photo_id": "1"}, 3),
    ],
)
def test_new_gallery_is_refused_by_code(
    own_library: Library, arguments: dict[str, str], code: int
) -> None:
    before = galleries_of(own_library)
    assert refused(own_library.signed("galleries.create", **arguments))[0] == code
    assert galleries_of(own_library) == before


def test_edited_words_show(own_library: Library) -> None:
    gallery, _ = new_gallery(own_library, 0)
    own_library.now += 5
    own_library.signed("galleries.editMeta", gallery_id=gallery, title="A", description="B")
    own_library.signed("galleries.editMeta", gallery_id=gallery, title="C")
    about = own_library.public("galleries.getInfo", gallery_id=gallery)["gallery"]
    assert (about["title"]["_content"], about["description"]["_content"]) == ("C", "B")
    assert about["date_update"] == str(NOON + 5)
    assert refused(own_library.signed("galleries.editMeta", gallery_id=gallery, title=""))[0] == 2


def test_photos_are_added_with_comments_and_removed(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 2)
    third = others(own_library)[2]
    answer = own_library.signed(
        "galleries.addPhoto", gallery_id=gallery, photo_id=third, comment="Da!", full_response=1
    )
    assert answer["gallery"]["count_total"] == 3
    shown = photos_in(own_library, gallery)
    assert [photo["id"] for photo in shown] == [*photos, third]
    assert [photo["has_comment"] for photo in shown] == [0, 0, 1]
    assert shown[2]["comment"] == {"_content": "Da!"}
    assert own_library.signed("galleries.removePhoto", gallery_id=gallery, photo_id=photos[0]) == {
        "stat": "ok"
    }
    assert [photo["id"] for photo in photos_in(own_library, gallery)] == [photos[1], third]
    answer = own_library.signed("galleries.removePhoto", gallery_id=gallery, photo_id=photos[0])
    assert refused(answer) == (4, "Invalid photo ID")


def test_comment_is_changed_and_taken_away(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    edit = {"gallery_id": gallery, "photo_id": photos[0]}
    own_library.signed("galleries.editPhoto", **edit, comment="Dort")
    assert photos_in(own_library, gallery)[0]["comment"] == {"_content": "Dort"}
    own_library.signed("galleries.editPhoto", **edit, comment="")
    assert photos_in(own_library, gallery)[0]["has_comment"] == 0


def test_photos_are_replaced(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 3)
    own_library.signed(
        "galleries.editPhoto", gallery_id=gallery, photo_id=photos[2], comment="Bleibt"
    )
    other = [others(own_library)[4], photos[2]]
    own_library.signed(
        "galleries.editPhotos",
        gallery_id=gallery,
        primary_photo_id=photos[2],
        photo_ids=",".join(other),
    )
    shown = photos_in(own_library, gallery)
    assert [photo["id"] for photo in shown] == other
    assert [photo["is_primary"] for photo in shown] == [0, 1]
    assert shown[1]["comment"] == {"_content": "Bleibt"}


def test_photos_are_refused_by_code(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    mine = own_library.store.value("SELECT id FROM photos WHERE owner = :me", me=ME)
    other = others(own_library)[5]

    def code(photo: str) -> int:
        return refused(
            own_library.signed("galleries.addPhoto", gallery_id=gallery, photo_id=photo)
        )[0]

    assert code("1") == 3
    assert code(mine) == 7
    assert code(photos[0]) == 8
    own_library.store.run("UPDATE photos SET safety_level = 1 WHERE id = :id", id=other)
    assert code(other) == 11
    own_library.store.run(
        "UPDATE photos SET safety_level = 0, ispublic = 0, isfriend = 1 WHERE id = :id", id=other
    )
    own_library.store.run("UPDATE contacts SET friend = 1")
    assert code(other) == 6


def test_gallery_holds_five_hundred(own_library: Library) -> None:
    gallery, _ = new_gallery(own_library, 0)
    own_library.store.many(
        "INSERT INTO gallery_photos (gallery, photo, position, added) VALUES (?, ?, ?, 0)",
        ((gallery, photo, photo) for photo in range(500)),
    )
    answer = own_library.signed(
        "galleries.addPhoto", gallery_id=gallery, photo_id=others(own_library)[0]
    )
    assert refused(answer) == (10, "Gallery is full")


def test_galleries_of_others_cannot_be_changed(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    edit = {"gallery_id": gallery, "photo_id": photos[0]}
    assert refused(own_library.by(1, "galleries.removePhoto", **edit)) == (1, "Invalid gallery ID")
    assert refused(own_library.by(1, "galleries.addPhoto", **edit)) == (2, "Invalid gallery ID")
    assert refused(own_library.by(1, "galleries.editPhoto", **edit, comment="x"))[0] == 1
    answer = own_library.by(1, "galleries.editMeta", gallery_id=gallery, title="x")
    assert refused(answer)[0] == 1
    assert [photo["id"] for photo in photos_in(own_library, gallery)] == photos
