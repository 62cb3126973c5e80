"""`flickr.photos.getSizes`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import photo_page
from flickr_sandbox.answers.extras import may_download
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.sizes import Size, original, path, sizes
from flickr_sandbox.store import Row

MEDIUM = "m"


@answers("photos.getSizes")
def get_sizes(call: Call) -> Answer:
    """Every size of a photo or video that the caller may have, from the smallest to the original."""
    photo = find.photo(call)
    return {
        "sizes": {
            "canblog": int(call.caller.nsid is not None),
            "canprint": int(photo["owner"] == call.caller.nsid),
            "candownload": int(may_download(call, photo)),
            "size": [*_pictures(call, photo), *_videos(call, photo)],
        }
    }


def medium(photo: Row) -> tuple[int, int]:
    """Width and height of the size that notes and people are placed on."""
    found = next((size for size in sizes(photo) if size.kind.extra == MEDIUM), sizes(photo)[-1])
    return found.width, found.height


def _pictures(call: Call, photo: Row) -> list[Answer]:
    found = sizes(photo)
    if may_download(call, photo) and photo["media"] == "photo":
        found.append(original(photo))
    return [_picture(call, photo, size) for size in found]


def _picture(call: Call, photo: Row, size: Size) -> Answer:
    width, height = size.told
    return {
        "label": size.kind.label,
        "width": width,
        "height": height,
        "source": call.base + path(photo, size.kind),
        "url": f"{photo_page(call, photo['owner'], photo['id'])}sizes/{size.kind.extra}/",
        "media": "photo",
    }


def _videos(call: Call, photo: Row) -> list[Answer]:
    """A video's addresses, `/photos/{nsid}/{id}/play/{kind}/{secret}/`, which redirect to its file."""
    if photo["media"] != "video":
        return []
    return [
        {
            "label": label,
            "width": str(photo["width"]),
            "height": str(photo["height"]),
            "source": f"{call.base}/photos/{photo['owner']}/{photo['id']}/play/{kind}/{secret}/",
            "url": photo_page(call, photo["owner"], photo["id"]),
            "media": "video",
        }
        for label, kind, secret in _plays(call, photo)
    ]


def _plays(call: Call, photo: Row) -> list[tuple[str, str, str]]:
    plays = [
        ("Site MP4", "site", photo["secret"]),
        ("Mobile MP4", "mobile", photo["secret"]),
    ]
    if may_download(call, photo):
        plays.append(("Video Original", "orig", photo["originalsecret"]))
    return plays
