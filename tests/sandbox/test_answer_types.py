"""Each answer of the sandbox fits its type, from which the clients' types are rendered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from compiler.answers.parse import read_answers
from compiler.pack import find_page_sizes
from compiler.reflect.parse import read_snapshot
from flickr_sandbox.reflection import find_method
from pyflickr_web.core.paging import find_items
from tests.sandbox.complete_photo import OTHER
from tests.support import sample_arguments
from tests.support.answer_types import find_item_mismatches, find_mismatches
from tests.support.local_api import ME, LocalApi

TYPES = read_answers()
METHODS = sorted(TYPES.methods)
LISTINGS = sorted(find_page_sizes(read_snapshot()))
EXTRAS = (
    "date_taken,date_upload,description,geo,icon_server,last_update,license,machine_tags,media,o_dims,"
    "original_format,owner_name,path_alias,tags,url_sq,url_m,url_l,url_o,views"
)
DATES = "1325376000,1706745600"
# Arguments beside the sample ones, with which the calls succeed.
ARGUMENTS: dict[str, dict[str, str]] = {
    "flickr.collections.getTree": {"collection_id": ""},
    "flickr.contacts.getList": {"sort": "name"},
    "flickr.people.getPhotosOf": {"user_id": ME},
    "flickr.photos.getCounts": {"dates": DATES},
    "flickr.photos.search": {"contacts": "", "user_id": ME},
    "flickr.photos.setDates": {"date_posted": "1706745600", "date_taken": "2024-01-01 00:00:00"},
    "flickr.photos.setMeta": {"title": "A title", "description": "A text"},
    "flickr.photos.setSafetyLevel": {"safety_level": "1"},
    "flickr.tags.getHotList": {"period": "day"},
    "flickr.urls.lookupUser": {"url": "https://www.flickr.com/photos/adalens/"},
}
QUERIES = {
    "flickr.favorites.getContext": (
        "photo_id",
        "SELECT photo FROM favorites WHERE person = :other ORDER BY faved LIMIT 1",
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
    "flickr.urls.lookupGallery": (
        "url",
        "SELECT 'https://www.flickr.com/photos/' || owner || '/galleries/' || id FROM galleries",
    ),
    "flickr.urls.lookupGroup": ("url", "SELECT 'https://www.flickr.com/groups/' || nsid FROM groups"),
}  # fmt: skip


VIDEO = "flickr.video.getStreamInfo"


def call_all(api: LocalApi, name: str) -> Iterator[dict[str, Any]]:
    """Yield the ok answers to calls with few and many arguments, by the owner and by others."""
    method = find_method(name)
    assert method
    for person in (ME, OTHER, None):
        for optional in (False, True):
            api.restore()
            given = sample_arguments.arguments(api, method, optional)
            given |= {"extras": EXTRAS} if "extras" in given or not optional else {}
            if name in QUERIES:
                argument, query = QUERIES[name]
                given[argument] = str(api.store.value(f"{query}", me=ME, other=OTHER))
            given |= ARGUMENTS.get(name, {})
            if name == VIDEO:
                given |= _find_video(api)
            texts = {key: text for key, text in given.items() if text}
            answer = api.call(name.removeprefix("flickr."), person, **texts)
            if answer["stat"] == "ok":
                yield answer


def _find_video(api: LocalApi) -> dict[str, str]:
    """Return the arguments for a public video: its id and its secret."""
    query = "SELECT id FROM photos WHERE media = 'video' AND ispublic"
    photo = api.call("photos.getInfo", photo_id=str(api.store.value(query)))["photo"]
    return {"photo_id": photo["id"], "secret": photo["secret"]}


@pytest.mark.parametrize("name", METHODS)
def test_answer_and_its_items_fit_their_types(complete_api: LocalApi, name: str) -> None:
    answers = list(call_all(complete_api, name))
    assert answers, "no call succeeds: add arguments"
    found = [line for answer in answers for line in find_mismatches(TYPES, name, answer)]
    assert list(dict.fromkeys(found)) == []
    item_type = TYPES.find_item(name)
    if name in LISTINGS:
        assert item_type
        items = [item for answer in answers for item in find_items(answer)[1]]
        assert [item for item in items if find_item_mismatches(TYPES, item_type, item)] == []


@pytest.mark.parametrize("name", [name for name in LISTINGS if name not in METHODS])
def test_items_without_a_type_are_objects(complete_api: LocalApi, name: str) -> None:
    for answer in call_all(complete_api, name):
        assert all(isinstance(item, dict) for item in find_items(answer)[1])
