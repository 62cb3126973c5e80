"""Compare answers with the reflection's samples, for methods without recorded answers."""

from __future__ import annotations

import os
from xml.etree import ElementTree as ET

import pytest

from flickr_sandbox import gazetteer
from flickr_sandbox.reflection import methods
from tests.sandbox import sample_answers
from tests.sandbox.agreement.exchanges import find_recordings
from tests.sandbox.complete_photo import OTHER
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

pytestmark = pytest.mark.skipif(
    not {"FLICKR_RECORDINGS", "FLICKR_REFLECTION"} <= set(os.environ),
    reason="needs FLICKR_RECORDINGS and FLICKR_REFLECTION",
)
_GERMANY = next(p for p in gazetteer.places() if p.type == "country" and p.names[-1] == "Germany")
# Arguments beside the sample ones, so that answers have all optional keys.
ARGUMENTS: dict[str, dict[str, str]] = {
    "flickr.machinetags.getRecentValues": {"namespace": "camera", "predicate": "lens"},
    "flickr.places.getChildrenWithPhotosPublic": {"place_id": _GERMANY.place_id},
    "flickr.places.placesForBoundingBox": {"place_type_id": "7"},
    "flickr.places.placesForContacts": {"place_type_id": "7"},
    "flickr.places.placesForUser": {"place_type_id": "7"},
    "flickr.stats.getCollectionReferrers": {"domain": "search.example.com"},
}
QUERIES = {
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
# Tested in tests/sandbox/test_auth.py and test_urls.py.
TESTED_ELSEWHERE = {
    "flickr.auth.checkToken", "flickr.auth.getFullToken", "flickr.auth.getToken",
    "flickr.auth.oauth.checkToken", "flickr.auth.oauth.getAccessToken",
    "flickr.urls.lookupGallery", "flickr.urls.lookupGroup",
}  # fmt: skip
NO_COUNTY = {"<county>", "county@place_url"} | {
    f"county@{name}" for name in ("latitude", "longitude", "place_id", "woeid")
}
NO_FILES = {"<shapefile>", "<urls>"}
MISSING = {
    # The gazetteer has no counties and no shape files.
    "flickr.places.getInfo": NO_COUNTY | NO_FILES,
    "flickr.places.getInfoByUrl": NO_COUNTY,
    "flickr.places.resolvePlaceId": NO_COUNTY,
    "flickr.places.resolvePlaceURL": NO_COUNTY,
    "flickr.places.getShapeHistory": NO_FILES,
    # Flickr no longer has such files.
    "flickr.stats.getCSVFiles": {"<csv>", "csv@date", "csv@href", "csv@type"},
    # It has the name of recorded comments on photos.
    "flickr.photosets.comments.getList": {"comment@date_create"},
}


@pytest.mark.parametrize("method", sorted(set(methods()) - TESTED_ELSEWHERE))
def test_answer_has_every_name_of_its_sample(complete_api: LocalApi, method: str) -> None:
    sample = sample_answers.load_sample(method)
    # Recorded answers count more than samples, which are often older.
    if sample is None or find_recordings(method):
        return
    complete_api.restore()
    arguments = sample_arguments.arguments(complete_api, methods()[method]) | ARGUMENTS.get(
        method, {}
    )
    if method in QUERIES:
        argument, sql = QUERIES[method]
        arguments[argument] = str(complete_api.store.value(sql, me=ME, other=OTHER))
    ours = ET.fromstring(
        complete_api.body({"method": method, **arguments}, complete_api.caller()).text
    )
    assert ours.get("stat") == "ok", ET.tostring(ours)
    missing = sample_answers.names_in(sample) - sample_answers.names_in(ours)
    assert missing == MISSING.get(method, set())
