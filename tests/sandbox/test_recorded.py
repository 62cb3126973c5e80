"""Compare keys and types of answers with recorded ones, for every recorded method.

Tests of single methods check more; this one makes sure that no method is forgotten.
"""

from __future__ import annotations

import json

import pytest

from flickr_sandbox.reflection import methods
from tests.sandbox import json_recordings, xml_recordings
from tests.sandbox.complete_photo import OTHER
from tests.support import recordings, sample_arguments
from tests.support.local_api import ME, LocalApi

METHODS = sorted({file.parent.name for file in recordings.files("flickr.*", "*-ok-*.json")})
pytestmark = pytest.mark.skipif(
    not METHODS, reason="FLICKR_RECORDINGS names no folder of recorded answers"
)
# Arguments beside the sample ones, for answers of the recorded kind.
ARGUMENTS = {
    "flickr.people.getPhotosOf": {"user_id": ME},
    "flickr.people.getPublicPhotos": {"extras": "media"},
    "flickr.photos.getCounts": {"dates": "1325376000,1706745600"},
    "flickr.photos.getNotInSet": {"extras": "media"},
    "flickr.photos.getUntagged": {"extras": "media"},
    "flickr.photos.setMeta": {"title": "A title", "description": "A text"},
    "flickr.photos.setSafetyLevel": {"safety_level": "1"},
    "flickr.photosets.getPhotos": {"extras": "media"},
    "flickr.profile.getProfile": {"user_id": ME},
}
QUERIES = {
    "flickr.people.getInfo": ("user_id", "SELECT nsid FROM people WHERE path_alias IS NULL"),
    "flickr.photos.getInfo": (
        "photo_id",
        "SELECT id FROM photos WHERE owner = :other AND latitude IS NULL AND media = 'photo'",
    ),
    "flickr.photos.removeTag": (
        "tag_id",
        "SELECT '1-' || p.id || '-' || t.number FROM photo_tags t JOIN photos p ON p.id = t.photo"
        " WHERE p.owner = :me",
    ),
    "flickr.photosets.addPhoto": (
        "photoset_id",
        "SELECT id FROM photosets WHERE owner = :me AND id NOT IN"
        " (SELECT photoset FROM photoset_photos WHERE photo = (SELECT photo FROM tickets))",
    ),
}  # fmt: skip
# Prefixes of differences that come from the recorded photos and accounts.
IGNORED = {
    "flickr.contacts.getList": ("contacts.contact[].path_alias is",),
    "flickr.galleries.getPhotos": ("rsp.photos.photo",),  # tests/sandbox/test_galleries.py
    "flickr.people.getUploadStatus": ("user.videos.remaining is",),
    "flickr.photos.getExif": ("photo.exif[]",),
    "flickr.photosets.getContext": ("prevphoto",),
    "flickr.test.echo": ("api_", "auth_token", "oauth_"),
}


@pytest.mark.parametrize("method", METHODS)
def test_answer_is_as_recorded(complete_api: LocalApi, method: str) -> None:
    complete_api.restore()
    arguments = sample_arguments.arguments(complete_api, methods()[method]) | ARGUMENTS.get(
        method, {}
    )
    if method in QUERIES:
        argument, sql = QUERIES[method]
        arguments[argument] = str(complete_api.store.value(sql, me=ME, other=OTHER))
    found = []
    for form in ("json", "rest"):
        complete_api.restore()
        call = {"method": method, "format": form, "nojsoncallback": "1", **arguments}
        text = complete_api.body(call, complete_api.caller()).text
        name = method.removeprefix("flickr.")
        if form == "json":
            assert json.loads(text)["stat"] == "ok", text
            found += json_recordings.differences(name, json.loads(text))
        else:
            found += xml_recordings.differences(name, text)
    assert [line for line in found if not line.startswith(IGNORED.get(method, ()))] == []
