"""`flickr.photosets.*`: writes, their effect on reads, and refusals."""

from __future__ import annotations

import pytest

from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library, failure_of
from tests.sandbox.photosets import new_set, own_photos, photos_in, sets_of
from tests.support.sandbox_client import Client


@pytest.mark.parametrize(
    "method", ["addPhoto", "delete", "editMeta", "editPhotos", "orderSets", "removePhoto"]
)
def test_writes_have_empty_answers_as_recorded(own_library: Library, method: str) -> None:
    photoset, photos = new_set(own_library, 3)
    arguments = {
        "addPhoto": {"photo_id": own_photos(own_library, 4)[3]},
        "editMeta": {"title": "Other"},
        "editPhotos": {"primary_photo_id": photos[1], "photo_ids": photos[1]},
        "orderSets": {"photoset_ids": photoset},
        "removePhoto": {"photo_id": photos[1]},
    }
    answer = own_library.call_signed(
        f"photosets.{method}", photoset_id=photoset, **arguments.get(method, {})
    )
    assert answer == {"stat": "ok"}
    assert differences(f"photosets.{method}", answer) == []


def test_new_set_comes_first(own_library: Library) -> None:
    photo = own_photos(own_library, 1)[0]
    made = own_library.call_signed(
        "photosets.create", title="Füchse", description="🦊", primary_photo_id=photo
    )
    assert differences("photosets.create", made) == []
    number = made["photoset"]["id"]
    assert made["photoset"]["url"].endswith(f"/photos/sandbox/sets/{number}/")
    first = sets_of(own_library)[0]
    assert (first["id"], first["primary"]) == (number, photo)
    assert first["title"] == {"_content": "Füchse"}
    about = own_library.call_signed("photosets.getInfo", photoset_id=number)["photoset"]
    assert about["description"] == {"_content": "🦊"}
    assert about["date_create"] == about["date_update"] == str(NOON)


def test_edited_title_and_description_show_and_change_the_date(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 1)
    own_library.call_signed("photosets.editMeta", photoset_id=photoset, title="A", description="B")
    own_library.now += 60
    own_library.call_signed("photosets.editMeta", photoset_id=photoset, title="C")
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert (about["title"]["_content"], about["description"]["_content"]) == ("C", "B")
    assert (about["date_create"], about["date_update"]) == (str(NOON), str(NOON + 60))
    own_library.call_signed("photosets.editMeta", photoset_id=photoset, title="C", description="")
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["description"]["_content"] == ""


def test_order_of_sets(own_library: Library) -> None:
    before = [each["id"] for each in sets_of(own_library)]
    chosen = [before[5], before[2]]
    own_library.call_signed("photosets.orderSets", photoset_ids=",".join(chosen))
    rest = sorted((each for each in before if each not in chosen), key=int)
    assert [each["id"] for each in sets_of(own_library)] == chosen + rest


def test_order_with_an_unknown_set_changes_nothing(own_library: Library) -> None:
    before = [each["id"] for each in sets_of(own_library)]
    answer = own_library.call_signed("photosets.orderSets", photoset_ids=f"{before[3]},1")
    assert failure_of(answer) == (1, "Set not found")
    assert [each["id"] for each in sets_of(own_library)] == before


def test_photos_are_added_at_the_end_and_removed(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 4)
    assert photos_in(own_library, photoset) == photos
    answer = own_library.call_signed("photosets.addPhoto", photoset_id=photoset, photo_id=photos[2])
    assert failure_of(answer) == (3, "Photo already in set")
    own_library.call_signed("photosets.removePhoto", photoset_id=photoset, photo_id=photos[2])
    assert photos_in(own_library, photoset) == [photos[0], photos[1], photos[3]]
    answer = own_library.call_signed(
        "photosets.removePhoto", photoset_id=photoset, photo_id=photos[2]
    )
    assert failure_of(answer) == (3, "Photo not in set")


def test_removed_primary_photo_is_replaced_by_the_first(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)
    own_library.call_signed("photosets.removePhoto", photoset_id=photoset, photo_id=photos[0])
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == photos[1]
    contexts = own_library.call_signed("photos.getAllContexts", photo_id=photos[2])["set"]
    assert photos[1] in [each["primary"] for each in contexts if each["id"] == photoset]


def test_set_is_deleted_with_its_last_photo(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.call_signed(
        "photosets.removePhotos", photoset_id=photoset, photo_ids=",".join(photos)
    )
    answer = own_library.call_signed(
        "photosets.removePhotos", photoset_id=photoset, photo_ids=",".join(photos)
    )
    # As recorded.
    assert failure_of(answer) == (1, "Photoset not found")


def test_deleted_photos_leave_their_sets(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.store.run("DELETE FROM photos WHERE id = :id", id=photos[0])
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert (about["photos"], about["primary"]) == (1, photos[1])
    own_library.store.run("DELETE FROM photos WHERE id = :id", id=photos[1])
    assert own_library.call_signed("photosets.getInfo", photoset_id=photoset)["code"] == 1


def test_edit_photos_replaces_them(own_library: Library) -> None:
    photoset, _ = new_set(own_library, 3)
    other = own_photos(own_library, 6)[2:][::-1]
    own_library.call_signed(
        "photosets.editPhotos",
        photoset_id=photoset,
        primary_photo_id=other[1],
        photo_ids=",".join(other),
    )
    assert photos_in(own_library, photoset) == other
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == other[1]


def test_edit_photos_refuses_by_code(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)

    def code(primary: str, listed: list[str]) -> int:
        answer = own_library.call_signed(
            "photosets.editPhotos",
            photoset_id=photoset,
            primary_photo_id=primary,
            photo_ids=",".join(listed),
        )
        return failure_of(answer)[0]

    assert code(photos[0], []) == 5
    assert code(photos[0], [photos[0], "1"]) == 2
    assert code("1", photos) == 3
    assert code("", photos) == 3
    assert code(photos[0], photos[1:]) == 4
    assert photos_in(own_library, photoset) == photos


def test_reordered_photos_come_first_and_the_rest_keeps_its_order(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 5)
    own_library.call_signed(
        "photosets.reorderPhotos", photoset_id=photoset, photo_ids=f"{photos[3]},{photos[1]}"
    )
    expected = [photos[3], photos[1], photos[0], photos[2], photos[4]]
    assert photos_in(own_library, photoset) == expected


def test_primary_photo_is_one_of_the_set(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    answer = own_library.call_signed(
        "photosets.setPrimaryPhoto", photoset_id=photoset, photo_id=photos[1]
    )
    assert differences("photosets.setPrimaryPhoto", answer) == []
    listed = own_library.call_signed("photosets.getPhotos", photoset_id=photoset)["photoset"]
    assert listed["primary"] == photos[1]
    assert [photo["isprimary"] for photo in listed["photo"]] == ["0", "1"]
    outside = own_photos(own_library, 3)[2]
    answer = own_library.call_signed(
        "photosets.setPrimaryPhoto", photoset_id=photoset, photo_id=outside
    )
    assert failure_of(answer) == (2, "Photo not found")


def test_deleted_set_is_not_found(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    own_library.call_signed("photosets.delete", photoset_id=photoset)
    assert own_library.call_signed("photosets.getInfo", photoset_id=photoset)["code"] == 1
    rows = own_library.store.all("SELECT * FROM photoset_photos WHERE photoset = :id", id=photoset)
    assert rows == []
    assert own_photos(own_library, 2) == photos


def test_sets_of_others_are_read_only(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 2)
    for method, arguments in {
        "delete": {},
        "editMeta": {"title": "Mine"},
        "addPhoto": {"photo_id": photos[0]},
        "removePhoto": {"photo_id": photos[0]},
        "reorderPhotos": {"photo_ids": photos[0]},
    }.items():
        answer = own_library.call_as(1, f"photosets.{method}", photoset_id=photoset, **arguments)
        assert failure_of(answer) == (1, "Photoset not found"), method
    assert photos_in(own_library, photoset) == photos


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"title": "A"}, 2),
        ({"title": "A", "primary_photo_id": "1"}, 2),
        ({"primary_photo_id": "1"}, 1),
        ({"title": " ", "primary_photo_id": "1"}, 1),
    ],
)
def test_set_without_title_or_photo_is_refused(
    own_library: Library, arguments: dict[str, str], code: int
) -> None:
    assert failure_of(own_library.call_signed("photosets.create", **arguments))[0] == code


def test_set_is_created_by_a_signed_call_over_the_socket(flickr: Client) -> None:
    photo = flickr.call_signed("people.getPhotos", user_id="me")["photos"]["photo"][0]["id"]
    made = flickr.call_signed("photosets.create", title="Grüße & <b>", primary_photo_id=photo)
    listed = flickr.call_public("photosets.getList", user_id=flickr.sandbox.account.user_id)
    assert listed["photosets"]["photoset"][0]["id"] == made["photoset"]["id"]
    assert listed["photosets"]["photoset"][0]["title"] == {"_content": "Grüße & <b>"}
