"""`flickr.galleries.*`: writes, their effect on reads, and refusals."""

from __future__ import annotations

import pytest

from tests.sandbox.galleries import ME, galleries_of, new_gallery, photos_in, photos_of_others
from tests.sandbox.library import NOON, Library, failure_of


def test_new_gallery_is_listed(own_library: Library) -> None:
    made = own_library.call_signed("galleries.create", title="Füchse", description="🦊")["gallery"]
    first = galleries_of(own_library)[0]
    assert (first["id"], first["url"]) == (made["id"], made["url"])
    assert (first["title"], first["description"]) == ({"_content": "Füchse"}, {"_content": "🦊"})
    assert (first["date_create"], first["count_total"]) == (str(NOON), 0)


def test_new_gallery_with_a_photo_and_full_result(own_library: Library) -> None:
    photo = photos_of_others(own_library)[0]
    made = own_library.call_signed(
        "galleries.create", title="A", description="B", primary_photo_id=photo, full_result=1
    )["gallery"]
    assert made | {"count_total": 0} == galleries_of(own_library)[0]
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
    assert failure_of(own_library.call_signed("galleries.create", **arguments))[0] == code
    assert galleries_of(own_library) == before


def test_edited_title_and_description_show(own_library: Library) -> None:
    gallery, _ = new_gallery(own_library, 0)
    own_library.now += 5
    own_library.call_signed("galleries.editMeta", gallery_id=gallery, title="A", description="B")
    own_library.call_signed("galleries.editMeta", gallery_id=gallery, title="C")
    about = own_library.call_public("galleries.getInfo", gallery_id=gallery)["gallery"]
    assert (about["title"]["_content"], about["description"]["_content"]) == ("C", "B")
    assert about["date_update"] == str(NOON + 5)
    assert (
        failure_of(own_library.call_signed("galleries.editMeta", gallery_id=gallery, title=""))[0]
        == 2
    )


def test_photos_are_added_with_comments_and_removed(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 2)
    third = photos_of_others(own_library)[2]
    answer = own_library.call_signed(
        "galleries.addPhoto", gallery_id=gallery, photo_id=third, comment="Da!", full_response=1
    )
    assert answer["gallery"]["count_total"] == 3
    listed = photos_in(own_library, gallery)
    assert [photo["id"] for photo in listed] == [*photos, third]
    assert [photo["has_comment"] for photo in listed] == [0, 0, 1]
    assert listed[2]["comment"] == {"_content": "Da!"}
    assert own_library.call_signed(
        "galleries.removePhoto", gallery_id=gallery, photo_id=photos[0]
    ) == {"stat": "ok"}
    assert [photo["id"] for photo in photos_in(own_library, gallery)] == [photos[1], third]
    answer = own_library.call_signed(
        "galleries.removePhoto", gallery_id=gallery, photo_id=photos[0]
    )
    assert failure_of(answer) == (4, "Invalid photo ID")


def test_comment_is_changed_and_removed(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    edit = {"gallery_id": gallery, "photo_id": photos[0]}
    own_library.call_signed("galleries.editPhoto", **edit, comment="Dort")
    assert photos_in(own_library, gallery)[0]["comment"] == {"_content": "Dort"}
    own_library.call_signed("galleries.editPhoto", **edit, comment="")
    assert photos_in(own_library, gallery)[0]["has_comment"] == 0


def test_photos_are_replaced(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 3)
    own_library.call_signed(
        "galleries.editPhoto", gallery_id=gallery, photo_id=photos[2], comment="Bleibt"
    )
    other = [photos_of_others(own_library)[4], photos[2]]
    own_library.call_signed(
        "galleries.editPhotos",
        gallery_id=gallery,
        primary_photo_id=photos[2],
        photo_ids=",".join(other),
    )
    listed = photos_in(own_library, gallery)
    assert [photo["id"] for photo in listed] == other
    assert [photo["is_primary"] for photo in listed] == [0, 1]
    assert listed[1]["comment"] == {"_content": "Bleibt"}


def test_photos_are_refused_by_code(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    mine = own_library.store.value("SELECT id FROM photos WHERE owner = :me", me=ME)
    other = photos_of_others(own_library)[5]

    def code(photo: str) -> int:
        return failure_of(
            own_library.call_signed("galleries.addPhoto", gallery_id=gallery, photo_id=photo)
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
    answer = own_library.call_signed(
        "galleries.addPhoto", gallery_id=gallery, photo_id=photos_of_others(own_library)[0]
    )
    assert failure_of(answer) == (10, "Gallery is full")


def test_galleries_of_others_are_read_only(own_library: Library) -> None:
    gallery, photos = new_gallery(own_library, 1)
    edit = {"gallery_id": gallery, "photo_id": photos[0]}
    assert failure_of(own_library.call_as(1, "galleries.removePhoto", **edit)) == (
        1,
        "Invalid gallery ID",
    )
    assert failure_of(own_library.call_as(1, "galleries.addPhoto", **edit)) == (
        2,
        "Invalid gallery ID",
    )
    assert failure_of(own_library.call_as(1, "galleries.editPhoto", **edit, comment="x"))[0] == 1
    answer = own_library.call_as(1, "galleries.editMeta", gallery_id=gallery, title="x")
    assert failure_of(answer)[0] == 1
    assert [photo["id"] for photo in photos_in(own_library, gallery)] == photos
