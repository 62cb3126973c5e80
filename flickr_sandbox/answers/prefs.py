"""`flickr.prefs.*`: what the caller's uploads are where they do not say."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@answers("prefs.getContentType")
def get_content_type(call: Call) -> Answer:
    """1 photo, 2 screenshot, 3 other."""
    return _preference(call, "content_type", "default_content_type")


@answers("prefs.getGeoPerms")
def get_geo_perms(call: Call) -> Answer:
    """Who sees where photos were taken: 0 not set, 1 everybody, 2 contacts, 3 friends and family,
    4 friends, 5 family, 6 nobody else."""
    answer = _preference(call, "geoperms", "default_geo_perms")
    answer["person"]["importgeoexif"] = "0"
    return answer


@answers("prefs.getHidden")
def get_hidden(call: Call) -> Answer:
    """1 shown in searches, 2 hidden from them."""
    return _preference(call, "hidden", "default_hidden")


@answers("prefs.getPrivacy")
def get_privacy(call: Call) -> Answer:
    """1 public, 2 friends, 3 family, 4 friends and family, 5 private."""
    return _preference(call, "privacy", "default_privacy")


@answers("prefs.getSafetyLevel")
def get_safety_level(call: Call) -> Answer:
    """1 safe, 2 moderate, 3 restricted."""
    return _preference(call, "safety_level", "default_safety_level")


def _preference(call: Call, name: str, column: str) -> Answer:
    person = find.caller(call)
    return {"person": {"nsid": person["nsid"], name: str(person[column])}}
