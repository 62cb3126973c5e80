"""`flickr.photosets.*`: reads."""

from __future__ import annotations

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences, recorded_answers
from tests.sandbox.library import Library, failure_of
from tests.sandbox.photosets import ME, all_photos_in, new_set, photos_in, sets_of


def test_shapes_are_as_recorded(library: Library) -> None:
    photoset = sets_of(library)[1]["id"]
    about = library.call_signed("photosets.getInfo", photoset_id=photoset)
    assert differences("photosets.getInfo", about) == []
    for newest in recorded_answers("photosets.getInfo")[-1:]:
        assert list(about["photoset"]) == list(newest["photoset"])
    assert differences("photosets.getList", library.call_signed("photosets.getList")) == []
    plain = library.call_signed("photosets.getPhotos", photoset_id=photoset, extras="media")
    assert differences("photosets.getPhotos", plain) == []


def test_extras_of_photos_in_a_set_have_all_recorded_keys(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    extras = "description,license,date_upload,date_taken,owner_name,icon_server,last_update,tags,"
    extras += "machine_tags,views,media,path_alias,url_sq,url_q,url_t,url_s,url_n,url_m"
    answer = library.call_public("photosets.getPhotos", photoset_id=photoset, extras=extras)
    found = differences("photosets.getPhotos", answer)
    assert [line for line in found if line.endswith("missing")] == []
    assert {"datetaken", "ownername", "url_m"} <= set(answer["photoset"]["photo"][0])


def test_context_is_as_recorded(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    first, second = photos_in(library, photoset)[:2]
    answer = library.call_signed("photosets.getContext", photoset_id=photoset, photo_id=first)
    assert differences("photosets.getContext", answer) == []
    assert answer["count"] == {"_content": "700"}
    assert answer["prevphoto"] == {"id": 0, "is_faved": 0}
    assert answer["nextphoto"]["id"] == second
    assert answer["nextphoto"]["url"] == f"/photos/sandbox/{second}/in/set-{photoset}/"
    back = library.call_signed("photosets.getContext", photoset_id=photoset, photo_id=second)
    assert back["prevphoto"]["id"] == first


def test_library_has_a_dozen_sets_with_photos_in_many(library: Library) -> None:
    sets = sets_of(library)
    assert len(sets) == 12
    assert max(int(each["photos"]) + int(each["videos"]) for each in sets) == 700
    shared = set.intersection(*(set(all_photos_in(library, each["id"])) for each in sets))
    assert shared


def test_pages_of_a_set_hold_each_photo_once(library: Library) -> None:
    photos = all_photos_in(library, sets_of(library)[0]["id"])
    assert len(photos) == len(set(photos)) == 700


def test_private_photos_show_only_to_their_owner(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    everything = library.call_signed("photosets.getPhotos", photoset_id=photoset)["photoset"]
    public = library.call_public("photosets.getPhotos", photoset_id=photoset)["photoset"]
    filtered = library.call_signed("photosets.getPhotos", photoset_id=photoset, privacy_filter=1)
    assert int(public["total"]) < int(everything["total"]) == 700
    assert public["total"] == filtered["photoset"]["total"]
    levels = [
        int(
            library.call_signed("photosets.getPhotos", photoset_id=photoset, privacy_filter=level)[
                "photoset"
            ]["total"]
        )
        for level in range(1, 6)
    ]
    assert sum(levels) == 700
    counts = library.call_public("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert counts["photos"] == int(public["total"])
    assert counts["photos"] == counts["count_photos"] + counts["count_videos"]


def test_set_of_private_photos_shows_to_its_owner_only(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 1)
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=photos[0]
    )
    assert own_library.call_signed("photosets.getInfo", photoset_id=photoset)["stat"] == "ok"
    assert failure_of(own_library.call_public("photosets.getInfo", photoset_id=photoset)) == (
        1,
        "Photoset not found",
    )
    listed = own_library.call_public("photosets.getList", user_id=ME)["photosets"]["photoset"]
    assert photoset not in [each["id"] for each in listed]


def test_private_primary_photo_is_hidden_from_others(own_library: Library) -> None:
    photoset, photos = new_set(own_library, 3)
    own_library.store.run("UPDATE photos SET ispublic = 1")
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=photos[0]
    )
    about = own_library.call_public("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == photos[1]
    about = own_library.call_signed("photosets.getInfo", photoset_id=photoset)["photoset"]
    assert about["primary"] == photos[0]


def test_media_filters_photos_or_videos(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    for media, kind in (("videos", "video"), ("photos", "photo")):
        answer = library.call_signed(
            "photosets.getPhotos", photoset_id=photoset, media=media, extras="media"
        )["photoset"]
        assert {photo["media"] for photo in answer["photo"]} == {kind}
        assert differences("photosets.getPhotos", {"photoset": answer, "stat": "ok"}) == []


def test_list_by_pages(library: Library) -> None:
    whole = [each["id"] for each in sets_of(library)]
    answer = library.call_signed("photosets.getList", page=2, per_page=5)["photosets"]
    assert [each["id"] for each in answer["photoset"]] == whole[5:10]
    assert (answer["page"], answer["pages"], answer["perpage"], answer["total"]) == (2, 3, 5, 12)


def test_list_has_extras_of_primary_photos_and_requested_photos(library: Library) -> None:
    first = sets_of(library)[0]
    answer = library.call_signed(
        "photosets.getList",
        primary_photo_extras="url_sq,media",
        photo_ids=f"{first['primary']},1",
    )
    photoset = answer["photosets"]["photoset"][0]
    assert photoset["has_requested_photos"] == [first["primary"]]
    assert set(photoset["primary_photo_extras"]) == {
        "url_sq",
        "height_sq",
        "width_sq",
        "media",
        "media_status",
    }


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
    assert failure_of(library.call_public(f"photosets.{method}", **arguments)) == (code, message)


def test_set_is_not_found_under_another_owner(library: Library) -> None:
    photoset = sets_of(library)[0]["id"]
    for method in ("getInfo", "getPhotos"):
        answer = library.call_public(f"photosets.{method}", photoset_id=photoset, user_id=nsid(1))
        assert failure_of(answer) == (1, "Photoset not found")


def test_sets_with_a_photo_come_first_on_request(own_library: Library) -> None:
    sets = sets_of(own_library)
    photo = next(
        photo
        for photo in photos_in(own_library, sets[0]["id"])
        if photo not in photos_in(own_library, sets[2]["id"])
    )
    answer = own_library.call_signed("photosets.getList", sort_groups="has_photo", photo_ids=photo)
    listed = answer["photosets"]["photoset"]
    groups = [each["sort_group"] for each in listed]
    holding = groups.count("has_photo")
    assert 0 < holding < len(listed) == len(sets)
    assert groups == ["has_photo"] * holding + [None] * (len(listed) - holding)
    assert all(photo in photos_in(own_library, each["id"]) for each in listed[:holding])
    assert not any(photo in photos_in(own_library, each["id"]) for each in listed[holding:])
