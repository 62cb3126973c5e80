"""The primary photo of a set or a gallery, with the fields of `primary_photo_extras`."""

from __future__ import annotations

from dataclasses import replace

from flickr_sandbox.answers.extras import listed
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row


def extras_of(call: Call, cover: Row) -> Answer:
    """What `primary_photo_extras` asks for of a photo, a row of `extras.COLUMNS`."""
    asked = listed(replace(call, arguments={"extras": call.text("primary_photo_extras")}), cover)
    plain = listed(replace(call, arguments={}), cover)
    return {name: value for name, value in asked.items() if name not in plain}
