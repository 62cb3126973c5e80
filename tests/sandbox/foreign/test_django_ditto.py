"""django-ditto: an account, its photos with the originals of photos and videos, and its sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import run_driver

pytestmark = pytest.mark.soak


def test_django_ditto(sandbox: Sandbox, tmp_path: Path) -> None:
    store, me = sandbox.store, sandbox.account.user_id
    results = run_driver(sandbox, tmp_path, "django-ditto", "use_django_ditto.py")
    person = store.one("SELECT * FROM people WHERE nsid = :me", me=me)
    assert person
    assert results["user"] == [me, person["username"], person["realname"]]
    rows = store.all("SELECT * FROM photos WHERE owner = :me", me=me)
    photos = results["photos"]
    assert photos.keys() == {str(row["id"]) for row in rows}
    for row in rows:
        photo, is_video = photos[str(row["id"])], row["media"] == "video"
        assert photo["media"] == row["media"]
        assert photo["private"] is not bool(row["ispublic"])
        assert photo["title"] == row["title"]
        original = tmp_path / "media" / photo["video" if is_video else "original"]
        assert original.stat().st_size
    assert any(photo["media"] == "video" for photo in photos.values())
    sets = store.all(
        "SELECT s.id, s.title, count(x.photo) AS photos FROM photosets s"
        " LEFT JOIN photoset_photos x ON x.photoset = s.id WHERE owner = :me GROUP BY s.id",
        me=me,
    )
    assert results["sets"] == {str(row["id"]): [row["title"], row["photos"]] for row in sets}
