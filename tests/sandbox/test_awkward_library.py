"""A library holds what programs often handle wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.sizes import ORIGINAL, path
from flickr_sandbox.store import Row
from flickr_sandbox.store.library import awkward
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.library import Library, failure_of
from tests.support.timeouts import TIMEOUT

MINE = f"owner = '{nsid(0)}'"


@pytest.fixture(scope="module", params=[200, 1500], ids=["smallest", "default"])
def awkward_library(request: pytest.FixtureRequest) -> Iterator[Library]:
    """A library of the smallest size that is awkward, or of the default size."""
    library = Library(photos=request.param)
    yield library
    library.store.close()


def rows(library: Library, condition: str) -> list[Row]:
    return library.store.all(f"SELECT * FROM photos WHERE {condition}")


def info(library: Library, photo: Row) -> dict[str, Any]:
    answer: dict[str, Any] = library.call_signed("photos.getInfo", photo_id=photo["id"])["photo"]
    return answer


def test_deleted_member_is_code_5(awkward_library: Library) -> None:
    answer = awkward_library.call_public("people.getInfo", user_id=DELETED)
    assert failure_of(answer) == (5, "User deleted")


def test_deleted_member_left_a_comment(awkward_library: Library) -> None:
    row = awkward_library.store.one("SELECT * FROM comments WHERE author = :a", a=DELETED)
    assert row is not None
    answer = awkward_library.call_public("photos.comments.getList", photo_id=row["photo"])
    authors = {c["author"]: c["author_is_deleted"] for c in answer["comments"]["comment"]}
    assert authors[DELETED] == 1


def test_hidden_exif_is_code_2_except_for_the_owner(awkward_library: Library) -> None:
    (photo,) = rows(awkward_library, "exif = 'hidden'")
    answer = awkward_library.call_public("photos.getExif", photo_id=photo["id"])
    assert failure_of(answer) == (2, "Permission denied")
    assert failure_of(awkward_library.call_as(1, "photos.getExif", photo_id=photo["id"]))[0] == 2
    own = awkward_library.call_signed("photos.getExif", photo_id=photo["id"])
    assert own["photo"]["exif"]


def test_photo_without_exif(awkward_library: Library) -> None:
    (photo,) = rows(awkward_library, "exif = 'none'")
    answer = awkward_library.call_public("photos.getExif", photo_id=photo["id"])["photo"]
    assert (answer["camera"], answer["exif"]) == ("", [])


def test_ten_photos_are_in_no_set(awkward_library: Library) -> None:
    answer = awkward_library.call_signed("photos.getNotInSet")["photos"]
    assert len(answer["photo"]) >= 9


def test_own_photo_of_each_privacy(awkward_library: Library) -> None:
    found = {
        tuple(info(awkward_library, row)["visibility"].values())
        for row in rows(awkward_library, MINE)
    }
    assert {(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1), (0, 0, 0)} <= found


@pytest.mark.parametrize("title", ["", "2019", "007", "0", "-1.50", "1e5", "null", "true"])
def test_titles_like_numbers_stay_texts(awkward_library: Library, title: str) -> None:
    photo = rows(awkward_library, f"title = '{title}' AND ispublic AND {MINE}")[0]
    assert info(awkward_library, photo)["title"] == {"_content": title}
    listed = awkward_library.call_signed(
        "people.getPhotos", user_id="me", min_upload_date=photo["posted"],
        max_upload_date=photo["posted"],
    )["photos"]["photo"]  # fmt: skip
    assert [p["title"] for p in listed if p["id"] == str(photo["id"])] == [title]


def test_description_has_html_and_emoji(awkward_library: Library) -> None:
    (photo,) = rows(awkward_library, "title LIKE '🦊🏳%'")
    answer = info(awkward_library, photo)
    for part in ("<b>Bold</b>", 'rel="noreferrer nofollow"', "&amp;", "\n", "🎞️", "<br />"):
        assert part in answer["description"]["_content"]
    for part in ('"', "'", "&", "\\", "🏳️‍🌈"):
        assert part in answer["title"]["_content"]


@pytest.mark.parametrize("state", ["ready", "pending", "failed"])
def test_video_of_each_state(awkward_library: Library, state: str) -> None:
    photo = rows(awkward_library, f"media = 'video' AND video_state = '{state}' AND {MINE}")[0]
    states = info(awkward_library, photo)["video"]
    assert {name for name in ("ready", "pending", "failed") if states[name]} == {state}
    answer = awkward_library.call_signed("photos.getSizes", photo_id=photo["id"])
    videos = [size for size in answer["sizes"]["size"] if size["media"] == "video"]
    assert bool(videos) == (state == "ready")
    listed = awkward_library.call_signed(
        "people.getPhotos", user_id="me", extras="media", min_upload_date=photo["posted"],
        max_upload_date=photo["posted"],
    )["photos"]["photo"]  # fmt: skip
    assert [p["media_status"] for p in listed if p["id"] == str(photo["id"])] == [state]


def test_photo_in_60_groups(awkward_library: Library) -> None:
    photo = awkward_library.store.value(
        "SELECT photo FROM pool_photos GROUP BY photo ORDER BY count(*) DESC"
    )
    answer = awkward_library.call_public("photos.getAllContexts", photo_id=photo)
    assert len(answer["pool"]) >= awkward.GROUPS == 60


def test_names_and_places_are_missing_if_private_and_empty_if_not_set(
    awkward_library: Library,
) -> None:
    def person(number: int) -> dict[str, Any]:
        answer = awkward_library.call_public("people.getInfo", user_id=nsid(number))
        return dict(answer["person"])

    private, empty = (person(number) for number, _, _ in awkward.PEOPLE_WITHOUT_NAMES)
    for name in ("realname", "location"):
        assert name not in private
        assert empty[name] == {"_content": ""}
    listed = awkward_library.call_public(
        "people.getPhotos", user_id=private["nsid"], extras="realname"
    )
    assert len(listed["photos"]["photo"]) == awkward.PHOTOS_OF_EACH
    assert all("realname" not in photo for photo in listed["photos"]["photo"])


def test_set_of_600_photos() -> None:
    for photos, largest in ((1500, [700, 600]), (200, None)):
        library = Library(photos=photos)
        answer = library.call_signed("photosets.getList")["photosets"]["photoset"]
        found = sorted((s["photos"] + s["videos"] for s in answer), key=int, reverse=True)
        own = len(rows(library, MINE))
        library.store.close()
        # Sets grow to all of the account's photos, except those in no set.
        assert found[:2] == (largest or [own - min(10, own // 10)] * 2)


def test_small_library_is_ordinary() -> None:
    library = Library(photos=awkward.LEAST_PHOTOS - 1)
    assert not rows(library, "exif <> 'shown' OR video_state <> 'ready'")
    assert library.store.value("SELECT count(*) FROM groups") == 8
    library.store.close()


def test_library_is_the_same_for_a_seed() -> None:
    dumps = []
    for _ in range(2):
        library = Library(photos=300)
        tables = ("photos", "people", "groups", "pool_photos", "photoset_photos", "comments")
        dumps.append([[tuple(r) for r in library.store.all(f"SELECT * FROM {t}")] for t in tables])
        library.store.close()
    assert dumps[0] == dumps[1]


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_video_that_is_not_ready_has_pictures_but_no_file(
    shared_sandbox: Sandbox, state: str
) -> None:
    url = shared_sandbox.url
    video = shared_sandbox.store.one("SELECT * FROM photos WHERE video_state = :s", s=state)
    assert video is not None
    play = f"/photos/sandbox/{video['id']}/play/360p/{video['secret']}/"
    missing = f"/video/{video['id']}/{video['secret']}/360p.mp4"
    for address in (play, missing, path(video, ORIGINAL)):
        assert requests.get(url + address, timeout=TIMEOUT).status_code == 404, address
    thumbnail = f"/{video['server']}/{video['id']}_{video['secret']}_t.jpg"
    assert requests.get(url + thumbnail, timeout=TIMEOUT).status_code == 200
    page = requests.get(f"{url}/photos/sandbox/{video['id']}/", timeout=TIMEOUT)
    assert page.status_code == 200
    assert "<video" not in page.text
