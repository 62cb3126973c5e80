"""What a pool does not take."""

from __future__ import annotations

from flickr_sandbox.store import Row

NO_VIDEOS, NO_PHOTOS, NO_PICTURES, NO_SCREENSHOTS, NO_ART = 21, 22, 24, 25, 26
NO_RESTRICTED, NO_MODERATE, NEEDS_LOCATION = 27, 28, 29
# By the photo's kind of content: the restriction, and its code. Kinds are 0 photo, 1 screenshot,
# 2 other and 3 virtual.
_CONTENT = {
    0: ("images_ok", NO_PICTURES),
    1: ("screens_ok", NO_SCREENSHOTS),
    2: ("art_ok", NO_ART),
    3: ("art_ok", NO_ART),
}


def objection(group: Row, photo: Row) -> int | None:
    """The code that keeps a photo out of a group's pool, None where there is none."""
    video = photo["media"] == "video"
    content, code = _CONTENT.get(photo["content_type"], _CONTENT[0])
    safety = photo["safety_level"]
    checks = (
        (video and not group["videos_ok"], NO_VIDEOS),
        (not video and not group["photos_ok"], NO_PHOTOS),
        (not group[content], code),
        (safety == 2 and not group["restricted_ok"], NO_RESTRICTED),
        (safety == 1 and not group["moderate_ok"], NO_MODERATE),
        (group["has_geo"] and photo["latitude"] is None, NEEDS_LOCATION),
    )
    return next((number for objected, number in checks if objected), None)
