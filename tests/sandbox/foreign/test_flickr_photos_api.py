"""flickr-photos-api of the Flickr Foundation: photos, licenses, people, albums, comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from flickr_sandbox.store.library.people import INSTITUTIONS
from tests.sandbox.foreign.execution import run_driver

pytestmark = pytest.mark.soak


def test_all_photos_of_a_person(tmp_path: Path) -> None:
    # The smallest library with deleted people and other odd cases.
    with Sandbox(photos=200, intercept=True) as sandbox:
        store, me = sandbox.store, sandbox.account.user_id
        results = run_driver(
            sandbox,
            tmp_path,
            "flickr-photos-api",
            "use_flickr_photos_api.py",
            user=me,
            alias="sandbox",
        )
        rows = store.all(
            "SELECT * FROM photos WHERE owner = :me AND ispublic AND safety_level = 0", me=me
        )
        photos = results["photos"]
        assert set(photos) == {str(row["id"]) for row in rows}
        for row in rows:
            photo, number = photos[str(row["id"])], row["id"]
            assert photo["title"] == (row["title"] or None)
            assert photo["owner"] == me
            for table, name in (("comments", "comments"), ("photo_people", "people")):
                count = f"SELECT count(*) FROM {table} WHERE photo = :number"
                assert len(photo[name]) == store.value(count, number=number)
            albums = store.all("SELECT * FROM photoset_photos WHERE photo = :n", n=number)
            assert {int(album) for album in photo["albums"]} == {a["photoset"] for a in albums}
            assert all(
                source.startswith(("https://live.staticflickr.com/", "https://www.flickr.com/"))
                for source in photo["sizes"]
            )
        assert None in {photo["exif"] for photo in photos.values()}
        assert len({photo["license"] for photo in photos.values()}) > 3
        assert (results["user"], results["profile"]) == (me, me)
        assert results["licenses"] == 17
        assert results["institutions"] == len(INSTITUTIONS)
        assert results["unknown photo"] == results["unknown user"] == "ResourceNotFound"
        assert results["deleted user"] == "UserDeleted"
        assert results["deleted photo"] is True
        assert not sandbox.requests.find("refused")
