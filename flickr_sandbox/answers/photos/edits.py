"""`flickr.photos.*` that change a photo's fields, or delete it."""

from __future__ import annotations

import re
from typing import Any

from flickr_sandbox.answers import dates, find
from flickr_sandbox.answers.photos.search import POSTED_MOVED
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

GRANULARITIES = ("0", "4", "6", "8")
_TAKEN = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


def update_photo(call: Call, photo: int, **columns: Any) -> None:
    """Set columns of a photo, and its time of change."""
    columns["lastupdate"] = call.store.current_time()
    settings = ", ".join(f"{name} = :{name}" for name in columns)
    call.store.run(f"UPDATE photos SET {settings} WHERE id = :photo", photo=photo, **columns)


@answers("photos.setMeta")
def set_meta(call: Call) -> Answer:
    """Change the title, the description, or both."""
    photo = find.own_photo(call)
    if "title" not in call.arguments and "description" not in call.arguments:
        raise call.fail(2)
    title = call.arguments.get("title", photo["title"])
    description = call.arguments.get("description", photo["description"])
    update_photo(call, photo["id"], title=title, description=description)
    return {"photo": {"title": {"_content": title}, "description": {"_content": description}}}


@answers("photos.setDates")
def set_dates(call: Call) -> Answer:
    """Change the dates when a photo was posted and taken."""
    photo = find.own_photo(call)
    columns = _parse_posted(call) | _parse_taken(call) | _parse_granularity(call)
    if not columns:
        raise call.fail(2)
    if "posted" in columns:
        call.store.set_meta(POSTED_MOVED, "1")
    update_photo(call, photo["id"], **columns)
    return {}


def _parse_posted(call: Call) -> dict[str, int]:
    given = call.text("date_posted")
    if not given:
        return {}
    posted = dates.unix(given) if given.isdecimal() else None
    if posted is None or posted > call.store.current_time():
        raise call.fail(4)
    return {"posted": posted}


def _parse_taken(call: Call) -> dict[str, str | int]:
    given = call.text("date_taken")
    if not given:
        return {}
    if not _TAKEN.fullmatch(given):
        raise call.fail(5)
    taken = dates.mysql(given)
    if taken is None:
        raise call.fail(6)
    return {"taken": taken, "takenunknown": 0}


def _parse_granularity(call: Call) -> dict[str, int]:
    given = call.text("date_taken_granularity")
    if given and given not in GRANULARITIES:
        raise call.fail(3)
    return {"takengranularity": int(given)} if given else {}


@answers("photos.getPerms")
def get_perms(call: Call) -> Answer:
    """Return who may see one of the caller's photos, comment on it, and add notes and tags."""
    photo = find.own_photo(call)
    names = ("ispublic", "isfriend", "isfamily", "permcomment", "permaddmeta")
    perms = {name: photo[name] for name in names}
    return {"perms": {"id": str(photo["id"]), **perms, "permprint": 0}}


@answers("photos.setPerms")
def set_perms(call: Call) -> Answer:
    """Change these permissions; a public photo is not also marked for friends and family."""
    photo = find.own_photo(call)
    public = call.flag("is_public")
    update_photo(
        call,
        photo["id"],
        ispublic=int(public),
        isfriend=int(call.flag("is_friend") and not public),
        isfamily=int(call.flag("is_family") and not public),
        permcomment=call.number("perm_comment", photo["permcomment"], 0, 3),
        permaddmeta=call.number("perm_addmeta", photo["permaddmeta"], 0, 3),
    )
    return {
        "photoid": {
            "_content": str(photo["id"]),
            "secret": photo["secret"],
            "originalsecret": photo["originalsecret"],
        }
    }


@answers("photos.setContentType")
def set_content_type(call: Call) -> Answer:
    """Set the content type: photo (1), screenshot (2), other (3) or virtual photo (4)."""
    photo = find.own_photo(call)
    if call.text("content_type") not in ("1", "2", "3", "4"):
        raise call.fail(2)
    update_photo(call, photo["id"], content_type=call.number("content_type", 1) - 1)
    return {"photo": {"id": str(photo["id"]), "content_type": call.text("content_type")}}


@answers("photos.setSafetyLevel")
def set_safety_level(call: Call) -> Answer:
    """Set the safety level, and the visibility in searches."""
    photo = find.own_photo(call)
    columns: dict[str, int] = {}
    if call.text("safety_level"):
        if call.text("safety_level") not in ("1", "2", "3"):
            raise call.fail(2)
        columns["safety_level"] = call.number("safety_level", 1) - 1
    if call.text("hidden"):
        columns["hidden"] = int(call.flag("hidden"))
    if not columns:
        raise call.fail(2)
    update_photo(call, photo["id"], **columns)
    changed = {**dict(photo), **columns}
    return {
        "photo": {
            "id": str(photo["id"]),
            "safety_level": str(changed["safety_level"] + 1),
            "hidden": str(changed["hidden"]),
        }
    }


@answers("photos.transform.rotate")
def rotate(call: Call) -> Answer:
    """Rotate a photo clockwise. Its secret changes, so that the picture at an address never does."""
    photo = find.own_photo(call)
    if call.text("degrees") not in ("90", "180", "270"):
        raise call.fail(2)
    degrees = call.number("degrees", 90)
    if photo["media"] == "video":
        raise call.fail(4)
    secret = f"{(int(photo['secret'], 16) * 31 + degrees) & 0xFFFFFFFFFF:010x}"
    rotation = (photo["rotation"] + degrees) % 360
    update_photo(call, photo["id"], rotation=rotation, secret=secret)
    return {
        "photoid": {
            "_content": str(photo["id"]),
            "secret": secret,
            "originalsecret": photo["originalsecret"],
        }
    }


@answers("photos.delete")
def delete(call: Call) -> Answer:
    """Delete one of the caller's photos; triggers remove it from sets, galleries and pools."""
    photo = find.own_photo(call)
    call.store.run("DELETE FROM photos WHERE id = :id", id=photo["id"])
    return {}
