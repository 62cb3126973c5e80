"""`flickr.photos.getInfo` and `getSizes`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import photo_page, tag_or_comment_id
from flickr_sandbox.answers.extras import may_download
from flickr_sandbox.answers.find import EVERYBODY, VISIBLE, has_permission, may_see_location
from flickr_sandbox.answers.photos.geo import location
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.sizes import Size, original, path, sizes
from flickr_sandbox.store import Row

PRIVATE = (2, "Photo is private")
MEDIUM = "m"


@answers("photos.getInfo")
def get_info(call: Call) -> Answer:
    """Return a photo; its secret gives access to a private one."""
    photo = _find_photo(call)
    own = photo["owner"] == call.caller.nsid
    answer = _head(call, photo)
    answer |= {
        "owner": _owner(call, photo),
        "title": {"_content": photo["title"]},
        "description": {"_content": photo["description"]},
        "visibility": {name: photo[name] for name in ("ispublic", "isfriend", "isfamily")},
        "dates": _dates(photo),
    }
    if own:
        answer["permissions"] = {name: photo[name] for name in ("permcomment", "permaddmeta")}
    answer |= {
        "views": str(photo["views"]),
        "editability": {
            "cancomment": int(has_permission(call, photo, "permcomment")),
            "canaddmeta": int(has_permission(call, photo, "permaddmeta")),
        },
        "publiceditability": {
            "cancomment": int(photo["permcomment"] == EVERYBODY),
            "canaddmeta": int(photo["permaddmeta"] == EVERYBODY),
        },
        "usage": _usage(call, photo),
        "comments": {"_content": str(_count(call, "comments", photo))},
        "notes": {"note": _notes(call, photo)},
        "people": {"haspeople": int(_count(call, "photo_people", photo) > 0)},
        "tags": {"tag": _tags(call, photo)},
    }
    if may_see_location(call, photo):
        answer |= location(photo)
    page = photo_page(call, photo["owner"], photo["id"])
    answer["urls"] = {"url": [{"type": "photopage", "_content": page}]}
    answer["media"] = photo["media"]
    if photo["media"] == "video":
        answer["video"] = _video(photo)
    return {"photo": answer}


def _find_photo(call: Call) -> Row:
    given = call.text("photo_id")
    row = call.store.one(
        f"SELECT p.*, {VISIBLE} AS visible FROM photos p WHERE p.id = :id",
        id=find.parse_id(given),
        caller=call.caller.nsid,
    )
    if row is None:
        raise call.fail(1, f'Photo "{given}" not found (invalid ID)')
    if not row["visible"] and call.text("secret") != row["secret"]:
        raise call.fail(*PRIVATE)
    return row


def _head(call: Call, photo: Row) -> Answer:
    faved = call.store.one(
        "SELECT 1 FROM favorites WHERE person = :me AND photo = :id",
        me=call.caller.nsid,
        id=photo["id"],
    )
    answer = {
        "id": str(photo["id"]),
        "secret": photo["secret"],
        "server": photo["server"],
        "farm": photo["farm"],
        "dateuploaded": str(photo["posted"]),
        "isfavorite": int(faved is not None),
        "license": str(photo["license"]),
        "safety_level": str(photo["safety_level"]),
        "rotation": photo["rotation"],
    }
    if may_download(call, photo):
        answer |= {name: photo[name] for name in ("originalsecret", "originalformat")}
    return answer


def _owner(call: Call, photo: Row) -> Answer:
    owner = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=photo["owner"])
    assert owner is not None
    names = ("nsid", "username", "realname", "location", "iconserver", "iconfarm")
    return {name: owner[name] for name in names}


def _dates(photo: Row) -> Answer:
    return {
        "posted": str(photo["posted"]),
        "taken": photo["taken"],
        "takengranularity": str(photo["takengranularity"]),
        "lastupdate": str(photo["lastupdate"]),
    }


def _usage(call: Call, photo: Row) -> Answer:
    own = photo["owner"] == call.caller.nsid
    return {
        "candownload": int(may_download(call, photo)),
        "canblog": int(call.caller.nsid is not None),
        "canprint": int(own),
        "canshare": int(bool(photo["ispublic"]) or own),
    }


def _count(call: Call, table: str, photo: Row) -> int:
    found: int = call.store.value(f"SELECT count(*) FROM {table} WHERE photo = :id", id=photo["id"])
    return found


def _notes(call: Call, photo: Row) -> list[Answer]:
    rows = call.store.all(
        "SELECT n.*, a.username FROM notes n JOIN people a ON a.nsid = n.author"
        " WHERE n.photo = :id ORDER BY n.id",
        id=photo["id"],
    )
    return [
        {"id": str(row["id"]), "author": row["author"], "authorname": row["username"]}
        | {side: str(row[side]) for side in ("x", "y", "w", "h")}
        | {"_content": row["text"]}
        for row in rows
    ]


def _tags(call: Call, photo: Row) -> list[Answer]:
    rows = call.store.all(
        "SELECT * FROM photo_tags WHERE photo = :id ORDER BY number", id=photo["id"]
    )
    return [
        {
            "id": tag_or_comment_id(photo["owner"], photo["id"], row["number"]),
            "author": row["author"] or photo["owner"],
            "raw": row["raw"],
            "_content": row["tag"],
            "machine_tag": row["machine_tag"],
        }
        for row in rows
    ]


def _video(photo: Row) -> Answer:
    return {
        **{state: int(photo["video_state"] == state) for state in ("ready", "failed", "pending")},
        "duration": str(photo["duration"] or 0),
        "width": str(photo["width"]),
        "height": str(photo["height"]),
    }


@answers("photos.getSizes")
def get_sizes(call: Call) -> Answer:
    """Return the sizes of a photo or video that the caller may download, smallest first."""
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
    """Return width and height of the size that boxes of notes and people refer to."""
    found = next((size for size in sizes(photo) if size.kind.extra == MEDIUM), sizes(photo)[-1])
    return found.width, found.height


def _pictures(call: Call, photo: Row) -> list[Answer]:
    found = sizes(photo)
    if may_download(call, photo) and photo["media"] == "photo":
        found.append(original(photo))
    return [_picture(call, photo, size) for size in found]


def _picture(call: Call, photo: Row, size: Size) -> Answer:
    width, height = size.dimensions
    return {
        "label": size.kind.label,
        "width": width,
        "height": height,
        "source": call.file_base + path(photo, size.kind),
        "url": f"{photo_page(call, photo['owner'], photo['id'])}sizes/{size.kind.extra}/",
        "media": "photo",
    }


def _videos(call: Call, photo: Row) -> list[Answer]:
    """Return a video's files; `/photos/{nsid}/{id}/play/{kind}/{secret}/` redirects to them."""
    if photo["media"] != "video" or photo["video_state"] != "ready":
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
