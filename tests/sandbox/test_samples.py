"""What the reflection's sample answers name is in ours: for methods of which nothing is recorded."""

from __future__ import annotations

import os
from xml.etree import ElementTree as ET

import pytest

from flickr_sandbox import gazetteer
from flickr_sandbox.reflection import methods
from tests.sandbox import sample_answers
from tests.sandbox.complete_photo import OTHER
from tests.sandbox.json_recordings import recorded_answers
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

pytestmark = pytest.mark.skipif(
    not {"FLICKR_RECORDINGS", "FLICKR_REFLECTION"} <= set(os.environ),
    reason="FLICKR_RECORDINGS and FLICKR_REFLECTION name what Flickr answered",
)
_GERMANY = next(p for p in gazetteer.places() if p.type == "country" and p.names[-1] == "Germany")
# What calls need beyond their plausible arguments, so that the answer has all that it can have.
GIVEN: dict[str, dict[str, str]] = {
    "flickr.machinetags.getRecentValues": {"namespace": "camera", "predicate": "lens"},
    "flickr.places.getChildrenWithPhotosPublic": {"place_id": _GERMANY.place_id},
    "flickr.places.placesForBoundingBox": {"place_type_id": "7"},
    "flickr.places.placesForContacts": {"place_type_id": "7"},
    "flickr.places.placesForUser": {"place_type_id": "7"},
    "flickr.stats.getCollectionReferrers": {"domain": "search.example.com"},
}
FOUND = {
    "flickr.collections.getInfo": (
        "collection_id", "SELECT collection FROM collection_sets"
    ),
    "flickr.groups.getInfo": (
        "group_id", "SELECT nsid FROM groups WHERE throttle_count NOT NULL"
    ),
    "flickr.testimonials.editTestimonial": (
        "testimonial_id", "SELECT id FROM testimonials WHERE author = :me AND about = :other"
    ),
}  # fmt: skip
# Tokens of the authentication before OAuth: tests/sandbox/test_auth.py has what these answer.
ELSEWHERE = {
    "flickr.auth.checkToken", "flickr.auth.getFullToken", "flickr.auth.getToken",
    "flickr.auth.oauth.checkToken", "flickr.auth.oauth.getAccessToken",
    "flickr.urls.lookupGallery", "flickr.urls.lookupGroup",
}  # fmt: skip
NO_COUNTY = {"<county>", "county@place_url"} | {
    f"county@{name}" for name in ("latitude", "longitude", "place_id", "woeid")
}
NO_FILES = {"<shapefile>", "<urls>"}
LACKED = {
    # The gazetteer knows no counties, and no files of shapes.
    "flickr.places.getInfo": NO_COUNTY | NO_FILES,
    "flickr.places.getInfoByUrl": NO_COUNTY,
    "flickr.places.resolvePlaceId": NO_COUNTY,
    "flickr.places.resolvePlaceURL": NO_COUNTY,
    "flickr.places.getShapeHistory": NO_FILES,
    # Flickr keeps no such files any more.
    "flickr.stats.getCSVFiles": {"<csv>", "csv@date", "csv@href", "csv@type"},
    # Named as in the recorded comments of photos.
    "flickr.photosets.comments.getList": {"comment@date_create"},
}


@pytest.mark.parametrize("method", sorted(set(methods()) - ELSEWHERE))
def test_all_that_a_sample_names_is_answered(complete_api: LocalApi, method: str) -> None:
    shown = sample_answers.load_sample(method)
    # Where something is recorded it counts more than the sample, which is often older.
    if shown is None or recorded_answers(method.removeprefix("flickr.")):
        return
    complete_api.restore()
    given = sample_arguments.arguments(complete_api, methods()[method]) | GIVEN.get(method, {})
    if method in FOUND:
        argument, sql = FOUND[method]
        given[argument] = str(complete_api.store.value(sql, me=ME, other=OTHER))
    ours = ET.fromstring(complete_api.body({"method": method, **given}, complete_api.caller()).text)
    assert ours.get("stat") == "ok", ET.tostring(ours)
    lacking = sample_answers.names_in(shown) - sample_answers.names_in(ours)
    assert lacking == LACKED.get(method, set())
