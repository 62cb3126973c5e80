"""Videos: the labels of their files, and the addresses that they redirect to."""

from __future__ import annotations

import base64
import hmac
import json
from pathlib import Path

from flickr_sandbox.store import Row

# The file of all videos except uploads: a slow pan along a landscape, encoded by ffmpeg.
VIDEO_FILE = Path(__file__).with_name("video.mp4")
VIDEO_SIZE = (256, 144)
LIFETIME = 3600
"""The lifetime of a file's address, in seconds, as the address says. The sandbox does not check it."""

ORIGINAL_LABEL = "orig"
"""The label of the uploaded file, which is a download."""
LABELS = frozenset({
    ORIGINAL_LABEL, "1080p", "720p", "360p", "288p", "700", "300", "100", "appletv", "iphone_wifi",
    # Of older answers.
    "hd", "site", "mobile",
})  # fmt: skip


def file_address(photo: Row, label: str, secret: str, now: int) -> str:
    """Return the path of a video's file, with a signature and its expiry in `s`."""
    expiry = now + LIFETIME
    signed = f"{photo['id']} {label} {expiry}"
    grant = {
        "i": photo["id"],
        "e": expiry,
        "s": hmac.digest(photo["originalsecret"].encode(), signed.encode(), "sha1").hex(),
        "v": 1,
    }
    text = json.dumps(grant, separators=(",", ":"))
    encoded = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"/video/{photo['id']}/{secret}/{label}.mp4?s={encoded}"
