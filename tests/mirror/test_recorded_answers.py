"""Test that a run mirrors an account whose answers have the shapes that Flickr really gave."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web import Flickr
from pyflickr_web.core.paging import find_items
from pyflickr_web.mirror.metadata.photo_info import find_differences, shape_info
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.steps.photos import is_from_listing
from pyflickr_web.mirror.sync import downsync
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import read_document, read_files, withhold_files
from tests.support.account import LOGIN
from tests.support.recordings import body, files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions
    from pyflickr_web.transports.message import Credentials

Answer = dict[str, Any]
NSID = "1@N00"
STREAM = "flickr.people.getPhotos"
INFO = "flickr.photos.getInfo"
METHODS = (
    "flickr.collections.getTree",
    "flickr.photosets.getList",
    "flickr.photosets.getPhotos",
    "flickr.photos.comments.getList",
    "flickr.photos.getExif",
)

pytestmark = pytest.mark.skipif(not files(INFO), reason="FLICKR_RECORDINGS has no recordings")


def list_answers(method: str) -> list[Answer]:
    """Return the recorded answers of a method in JSON that are no failures."""
    return [json.loads(body(file)) for file in files(method, "*-json-ok-*.json")]


def list_items() -> list[Answer]:
    """Return the recorded items of listings with the extras that a mirror asks for."""
    rows = [row for answer in list_answers("flickr.*") for row in find_items(answer)[1]]
    return [row for row in rows if isinstance(row, dict) and "lastupdate" in row]


def list_infos() -> list[Answer]:
    """Return the recorded metadata of photos."""
    return [answer["photo"] for answer in list_answers(INFO)]


def test_metadata_of_a_recorded_listing_equals_it() -> None:
    items = list_items()
    assert len(items) > 20
    for item in items:
        assert find_differences(item, shape_info(item)) == set()
        assert is_from_listing(shape_info(item))


def test_recorded_metadata_is_not_taken_for_that_of_a_listing() -> None:
    assert not any(map(is_from_listing, list_infos()))


class RecordedAccount:
    """A client whose methods answer as they did once, made those of one account.

    It has the listed photos, each with the metadata of a photo that was recorded, and one album.
    """

    credentials: Credentials | None

    def __init__(self, flickr: Flickr, info: Answer) -> None:
        self._flickr = flickr
        self.credentials = flickr.credentials
        self._info = info
        self._photos = {item["id"]: item for item in list_items() if "ispublic" in item}
        self._answers = {method: list_answers(method)[-1] for method in METHODS}
        self.calls: list[str] = []

    @property
    def options(self) -> ServerOptions:
        """The client's options."""
        return self._flickr.options

    def photo_url(self, photo: Mapping[str, Any], size: str = "") -> str | None:
        """Return the address of a photo."""
        return self._flickr.photo_url(photo, size)

    def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow:
        """Answer a method; a flow that sends nothing."""
        self.calls.append(method)
        yield from ()
        return deepcopy(self._answer(method, values))

    def _answer(self, method: str, values: dict[str, Any]) -> Answer:
        photo_id = values.get("photo_id")
        if method in (STREAM, "flickr.photos.recentlyUpdated"):
            return {"photos": self._list_photos(values)}
        if method == "flickr.photosets.getPhotos":
            photos = [{"id": one, "isprimary": "0"} for one in self._photos]
            total = {"page": 1, "pages": 1, "total": str(len(photos))}
            return {"photoset": self._answers[method]["photoset"] | total | {"photo": photos}}
        if method == INFO:
            return {"photo": self._make_info(self._photos[str(photo_id)])}
        if method == "flickr.photos.comments.getList":
            return {"comments": self._answers[method]["comments"] | {"photo_id": photo_id}}
        if method == "flickr.photos.getExif":
            return {"photo": self._answers[method]["photo"] | {"id": photo_id}}
        others: Answer = {
            "flickr.test.login": {"user": {"id": NSID, "username": {"_content": "sam"}}},
            "flickr.people.getGroups": {"groups": {}},
            "flickr.photos.getSizes": {"sizes": {"candownload": 1, "size": []}},
        }
        answer: Answer = others[method] if method in others else self._answers[method]
        return answer

    def _list_photos(self, values: dict[str, Any]) -> Answer:
        photos = sorted(self._photos.values(), key=lambda row: int(row["dateupload"]))[::-1]
        photos = [one for one in photos if int(one["lastupdate"]) >= values.get("min_date", 0)]
        return {"page": 1, "pages": 1, "perpage": 100, "total": str(len(photos)), "photo": photos}

    def _make_info(self, item: Answer) -> Answer:
        """Return the recorded metadata as that of another photo."""
        names = ("id", "secret", "server", "farm", "originalsecret", "originalformat", "media")
        own = {name: item[name] for name in names if name in item}
        dates = {"posted": item["dateupload"], "lastupdate": item["lastupdate"]}
        others = {one: value for one, value in self._info.items() if one not in names}
        return {**others, **own, "dates": self._info["dates"] | dates}

    def mirror(self, folder: Path, **options: Any) -> Report:
        """Run downsync."""
        self.calls.clear()
        report: Report = self._flickr.run(downsync(self, folder, options))
        return report


@pytest.mark.parametrize("number", range(len(list_infos())))
@pytest.mark.parametrize(
    "options",
    [{"exif": True}, {"metadata": "listing", "comments": True}],
    ids=["info", "listing"],
)
def test_account_of_recorded_answers_is_mirrored_and_then_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, options: dict[str, Any]
) -> None:
    withhold_files(monkeypatch, "")
    with Flickr(base_url="http://127.0.0.1:9", user_id=NSID, **LOGIN) as flickr:
        account = RecordedAccount(flickr, list_infos()[number])
        report = account.mirror(tmp_path, **options)
        assert report.is_complete, report.failed
        [album] = [file.name for file in (tmp_path / "ia/photosets").iterdir()]
        assert len(read_document(tmp_path, f"ia/photosets/{album}")["photos"]) == report.new_photos
        assert verify_mirror(tmp_path).is_intact
        mirrored = read_files(tmp_path)
        report = account.mirror(tmp_path, **options)
        assert report.is_complete and not report.updated_photos
        assert account.calls.count(INFO) == 0
        assert not account.mirror(tmp_path, full=True, **options).failed
        assert read_files(tmp_path) == mirrored
