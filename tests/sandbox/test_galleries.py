"""`flickr.galleries.*`: reads."""

from __future__ import annotations

import pytest

from flickr_sandbox.call import Caller
from tests.sandbox import xml_recordings
from tests.sandbox.galleries import ME, galleries_of, photos_in
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library, failure_of


def test_shape_is_as_recorded(library: Library) -> None:
    photo = photos_in(library, galleries_of(library)[0]["id"])[0]["id"]
    answer = library.call_public("galleries.getListForPhoto", photo_id=photo)
    assert differences("galleries.getListForPhoto", answer) == []


def test_gallery_is_the_same_in_all_answers(library: Library) -> None:
    listed = galleries_of(library)[0]
    about = library.call_public("galleries.getInfo", gallery_id=listed["id"])["gallery"]
    beside = library.call_public(
        "galleries.getPhotos", gallery_id=listed["id"], get_gallery_info=1, get_user_info=1
    )
    assert about.keys() - listed.keys() == {"current_state", "cover_photos"}
    assert (listed["count_total"], about["count_total"]) == (0, about["count_photos"])
    assert beside["gallery"] == {name: about[name] for name in listed}
    assert listed == beside["gallery"] | {"count_total": 0}
    assert beside["user"]["nsid"] == ME


def test_photos_in_xml_are_as_recorded(library: Library) -> None:
    extras = "license,date_upload,date_taken,media,owner_name,path_alias,url_sq,url_t,url_s,url_m"
    extras += ",url_q,url_l,url_o,original_format,description,safety_level,realname"
    answers = [
        library.answer_text(
            Caller(library.account.api_key),
            "galleries.getPhotos",
            {"gallery_id": gallery["gallery_id"], "extras": extras, "get_gallery_info": 1},
            "rest",
        )
        for gallery in galleries_of(library)
    ]
    unrecorded = {
        line for text in answers for line in xml_recordings.differences("galleries.getPhotos", text)
    }
    # No photo of the recorded galleries has a comment; it is in the reflection.
    assert unrecorded <= {"rsp.photos.photo has <comment>, which is in no recorded answer"}
    assert "<comment>" in answers[0]


@pytest.mark.parametrize("gallery", ["doesnotexist", "12345678901234567890", "1-2-3", "9" * 5000])
def test_unknown_gallery_is_refused_as_recorded(library: Library, gallery: str) -> None:
    for method in ("getPhotos", "getInfo"):
        answer = library.call_public(f"galleries.{method}", gallery_id=gallery)
        assert failure_of(answer) == (1, "Invalid gallery ID")


def test_gallery_is_found_by_its_full_id_and_by_its_last_part(library: Library) -> None:
    gallery = galleries_of(library)[0]
    by_end = library.call_public("galleries.getInfo", gallery_id=gallery["gallery_id"])
    assert by_end["gallery"]["id"] == gallery["id"] == f"10000000-{gallery['gallery_id']}"
    false = f"1-{gallery['gallery_id']}"
    assert failure_of(library.call_public("galleries.getInfo", gallery_id=false))[0] == 1


def test_list_by_pages(library: Library) -> None:
    whole = galleries_of(library)
    answer = library.call_public("galleries.getList", user_id=ME, page=2, per_page=2)["galleries"]
    assert answer["gallery"] == whole[2:]
    assert (answer["page"], answer["pages"], answer["per_page"], answer["total"]) == (2, 2, 2, 3)
    assert "continuation" not in answer


def test_list_by_continuation(library: Library) -> None:
    key, found, calls = "0", [], 0
    while key != "-1":
        answer = library.call_public("galleries.getList", user_id=ME, continuation=key, per_page=1)
        found += answer["galleries"]["gallery"]
        key, calls = answer["galleries"]["continuation"], calls + 1
    assert (calls, found) == (3, galleries_of(library))


def test_photos_by_continuation(library: Library) -> None:
    gallery = galleries_of(library)[1]["id"]
    key, found = "0", []
    while key != "-1":
        page = library.call_public(
            "galleries.getPhotos", gallery_id=gallery, continuation=key, per_page=7
        )["photos"]
        assert page["per_page"] == 7
        found += page["photo"]
        key = page["continuation"]
    assert found == photos_in(library, gallery)
    assert len(found) == 30


def test_invalid_continuation_is_refused(library: Library) -> None:
    answer = library.call_public("galleries.getList", user_id=ME, continuation="next")
    assert failure_of(answer) == (2, "Continuation key is invalid or expired")


def test_galleries_with_a_photo_come_first_on_request(library: Library) -> None:
    photo = photos_in(library, galleries_of(library)[2]["id"])[0]["id"]
    arguments = {"sort_groups": "has_photo", "photo_ids": f"{photo},1", "continuation": 0}
    answer = library.call_signed("galleries.getList", **arguments)["galleries"]["gallery"]
    holding = [gallery for gallery in answer if gallery["has_requested_photos"] == [photo]]
    assert answer[: len(holding)] == holding
    assert {gallery["sort_group"] for gallery in holding} == {"has_photo"}
    assert {gallery["sort_group"] for gallery in answer[len(holding) :]} <= {None}


def test_cover_of_a_gallery(library: Library) -> None:
    without, with_primary, _ = galleries_of(library, cover_photos=1, primary_photo_cover_size="z")
    assert [photo["is_primary"] for photo in without["cover_photos"]["photo"]] == [0] * 6
    cover = with_primary["cover_photos"]["photo"]
    assert [photo["is_primary"] for photo in cover] == [1, 0, 0]
    assert with_primary["primary_photo_id"] in cover[0]["url"]
    assert (cover[0]["url"][-6:], cover[1]["url"][-6:]) == ("_z.jpg", "_q.jpg")
    limited = library.call_public("galleries.getInfo", gallery_id=with_primary["id"], short_limit=4)
    assert len(limited["gallery"]["cover_photos"]["photo"]) == 5


def test_primary_photo_with_extras(library: Library) -> None:
    gallery = galleries_of(library, primary_photo_extras="media,owner_name")[1]
    assert set(gallery["primary_photo_extras"]) == {"media", "media_status", "ownername"}
