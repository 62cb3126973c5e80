"""`flickr.photos.getInfo`, `getSizes`, and `flickr.video.getStreamInfo`"""

from __future__ import annotations

from flickr_sandbox.answers import find, person_fields
from flickr_sandbox.answers.addresses import photo_page, tag_or_comment_id
from flickr_sandbox.answers.extras import may_download
from flickr_sandbox.answers.find import EVERYBODY, VISIBLE, has_permission, may_see_location
from flickr_sandbox.answers.photos.geo import location
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.sizes import Size, find_size, original, path, sizes
from flickr_sandbox.store import Row

PRIVATE = (2, "Photo is private")
MEDIUM = "m"
GIFT_DURATIONS = ("year", "month", "week")
# One tag in so many has the boolean false for 0, as on Flickr.
_EVERY = 16
# The streams of a video in getSizes, from its height in pixels on.
STREAMS = (("1080p", 1080), ("720p", 720), ("360p", 360), ("700", 0), ("iphone_wifi", 0))
_PLAYER = 640, 480


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
    answer = {
        "nsid": owner["nsid"],
        "username": owner["username"],
        "realname": person_fields.real_name(call, owner),
        "location": person_fields.location(call, owner),
        "iconserver": owner["iconserver"],
        "iconfarm": owner["iconfarm"],
        "path_alias": owner["path_alias"],
    }
    return answer if owner["nsid"] == call.caller.nsid else answer | {"gift": _gift(owner)}


def _gift(owner: Row) -> Answer:
    """Return the periods of Pro that others can give to a person; a person with Pro gets none."""
    if owner["ispro"]:
        return {"gift_eligible": False, "new_flow": True}
    return {"gift_eligible": True, "eligible_durations": list(GIFT_DURATIONS), "new_flow": True}


def _dates(photo: Row) -> Answer:
    return {
        "posted": str(photo["posted"]),
        "taken": photo["taken"],
        "takengranularity": photo["takengranularity"],
        "takenunknown": str(photo["takenunknown"]),
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
        "SELECT a.*, n.* FROM notes n JOIN people a ON a.nsid = n.author"
        " WHERE n.photo = :id ORDER BY n.id",
        id=photo["id"],
    )
    return [_note(call, row) for row in rows]


def _note(call: Call, row: Row) -> Answer:
    return {
        "id": str(row["id"]),
        "photo_id": str(row["photo"]),
        "author": row["author"],
        "authorname": row["username"],
        "authorrealname": person_fields.real_name(call, row),
        "authorispro": row["ispro"],
        "authorisdeleted": row["is_deleted"],
        **{side: str(row[side]) for side in ("x", "y", "w", "h")},
        "_content": row["text"],
    }


def _tags(call: Call, photo: Row) -> list[Answer]:
    rows = call.store.all(
        "SELECT t.*, p.nsid, p.username FROM photo_tags t"
        " JOIN people p ON p.nsid = coalesce(t.author, :owner)"
        " WHERE t.photo = :id ORDER BY t.number",
        id=photo["id"],
        owner=photo["owner"],
    )
    return [
        {
            "id": tag_or_comment_id(photo["owner"], photo["id"], row["number"]),
            "author": row["nsid"],
            "authorname": row["username"],
            "raw": row["raw"],
            "_content": row["tag"],
            "machine_tag": _machine_tag(row),
        }
        for row in rows
    ]


def _machine_tag(tag: Row) -> int | bool:
    """Return 1 or 0, or the boolean false that Flickr has for some tags: clients must take both."""
    is_odd = (tag["photo"] + tag["number"]) % _EVERY == 0
    return False if is_odd and not tag["machine_tag"] else int(tag["machine_tag"])


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
    found = find_size(photo, MEDIUM)
    # Every photo has the sizes up to this one.
    assert found is not None
    return found.width, found.height


def _pictures(call: Call, photo: Row) -> list[Answer]:
    found = sizes(photo)
    if may_download(call, photo) and photo["media"] == "photo":
        found.append(original(photo))
    return [_picture(call, photo, size) for size in found]


def _picture(call: Call, photo: Row, size: Size) -> Answer:
    return {
        "label": size.kind.label,
        "width": size.width,
        "height": size.height,
        "source": call.file_base + path(photo, size.kind),
        "url": f"{photo_page(call, photo['owner'], photo['id'])}sizes/{size.kind.extra}/",
        "media": "photo",
    }


def _videos(call: Call, photo: Row) -> list[Answer]:
    """Return a video's player and streams. Flickr leaves out the dimensions of streams."""
    if not _is_ready_video(photo):
        return []
    width, height = _PLAYER
    return [
        _video_size(call, photo, "Video Player", width, height, _player(call, photo)),
        *(
            _video_size(call, photo, label, "", "", _play(call, photo, label, secret))
            for label, secret in _streams(call, photo)
        ),
    ]


@answers("video.getStreamInfo")
def get_stream_info(call: Call) -> Answer:
    """Return the streams of a video, by its id and secret."""
    photo = find.photo(call)
    if not _is_ready_video(photo) or call.text("secret") != photo["secret"]:
        raise call.unknown("photo_id")
    streams = [
        {"type": label, "_content": _play(call, photo, label, secret)}
        for label, secret in _streams(call, photo)
    ]
    return {"streams": {"stream": streams}}


def _is_ready_video(photo: Row) -> bool:
    return bool(photo["media"] == "video" and photo["video_state"] == "ready")


def _streams(call: Call, photo: Row) -> list[tuple[str, str]]:
    """Return the labels of a video's streams, with the secrets of their addresses."""
    streams = [(label, photo["secret"]) for label, least in STREAMS if photo["height"] >= least]
    if photo["owner"] == call.caller.nsid:
        streams.append(("orig", photo["originalsecret"]))
    return streams


def _player(call: Call, photo: Row) -> str:
    query = f"v={photo['lastupdate']}&photo_id={photo['id']}&photo_secret={photo['secret']}"
    return f"{call.base}/apps/video/stewart.swf?{query}"


def _play(call: Call, photo: Row, label: str, secret: str) -> str:
    """Return the address of a stream, which redirects to its file."""
    return f"{photo_page(call, photo['owner'], photo['id'])}play/{label}/{secret}/"


def _video_size(
    call: Call, photo: Row, label: str, width: int | str, height: int | str, source: str
) -> Answer:
    return {
        "label": label,
        "width": width,
        "height": height,
        "source": source,
        "url": photo_page(call, photo["owner"], photo["id"]),
        "media": "video",
    }
