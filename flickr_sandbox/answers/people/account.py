"""What the caller's account may hold: `getLimits` and `getUploadStatus`."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

KILO, MEGA = 1024, 1024 * 1024
LARGEST_PHOTO, LARGEST_VIDEO = 200 * MEGA, 1024 * MEGA
LONGEST_VIDEO = 600  # seconds
BANDWIDTH = 20 * 1024 * MEGA
MOST_WITHOUT_PRO = 1000  # photos and videos


@answers("people.getLimits")
def get_limits(call: Call) -> Answer:
    """How large photos and videos may be, in bytes, and how long videos, in seconds."""
    return {
        "person": {
            "nsid": find.caller(call)["nsid"],
            "photos": {"maxdisplaypx": "0", "maxupload": str(LARGEST_PHOTO)},
            "videos": {"maxduration": str(LONGEST_VIDEO), "maxupload": str(LARGEST_VIDEO)},
        }
    }


@answers("people.getUploadStatus")
def get_upload_status(call: Call) -> Answer:
    """What may be uploaded still. Flickr counts none of it any more, but tells it as it did."""
    person = find.caller(call)
    videos = call.store.count(
        "SELECT count(*) FROM photos WHERE owner = :me AND media = 'video'", me=call.me
    )
    return {
        "user": {
            "id": person["nsid"],
            "ispro": person["ispro"],
            "username": {"_content": person["username"]},
            "bandwidth": {
                "max": BANDWIDTH,
                "used": 0,
                "maxbytes": BANDWIDTH,
                "usedbytes": 0,
                "remainingbytes": BANDWIDTH,
                "maxkb": BANDWIDTH // KILO,
                "usedkb": 0,
                "remainingkb": BANDWIDTH // KILO,
                "unlimited": person["ispro"],
            },
            "filesize": {"max": LARGEST_PHOTO, **_sizes(LARGEST_PHOTO)},
            "sets": {"created": None, "remaining": "lots"},
            "videosize": _sizes(LARGEST_VIDEO),
            "videos": {"uploaded": videos, "remaining": "lots" if person["ispro"] else 2},
        }
    }


def _sizes(most: int) -> Answer:
    return {"maxbytes": most, "maxkb": most // KILO, "maxmb": most // MEGA}
