"""Calls of a method that show every shape of its answer: of several callers, about several subjects."""

from __future__ import annotations

from collections.abc import Iterator

from flickr_sandbox.reflection import Method, methods
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.complete_photo import OTHER
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

Arguments = dict[str, str]
SIZES = ("sq", "q", "t", "s", "n", "w", "m", "z", "c", "l", "h", "k", "3k", "4k", "5k", "6k", "o")
EXTRAS = ",".join((
    "description", "license", "date_upload", "date_taken", "owner_name", "icon_server",
    "original_format", "last_update", "geo", "tags", "machine_tags", "o_dims", "views", "media",
    "path_alias", "realname", "safety_level", "count_comments", "count_faves", "count_views",
    *(f"url_{size}" for size in SIZES),
))  # fmt: skip
# Without a path alias.
NO_ALIAS = nsid(3)
# Beside the sample arguments: a large page with all extras.
_WHOLE = {"extras": EXTRAS, "primary_photo_extras": EXTRAS, "per_page": "200"}
# The values of an argument, as queries: one photo of each kind, and so on.
_PHOTO = "SELECT id FROM photos p WHERE owner = "
_SUBJECTS = {
    "photo_id": (
        _PHOTO + ":me AND latitude IS NULL AND media = 'photo'",
        _PHOTO + ":me AND media = 'video'",
        _PHOTO + ":me AND originalformat = 'png'",
        _PHOTO + ":me AND NOT EXISTS (SELECT 1 FROM photoset_photos WHERE photo = p.id)",
        _PHOTO + ":me AND EXISTS (SELECT 1 FROM notes WHERE photo = p.id)",
        _PHOTO + ":me AND EXISTS (SELECT 1 FROM license_history WHERE photo = p.id)",
        _PHOTO + ":other AND license = 0",
        _PHOTO + ":other AND license AND latitude NOT NULL",
        *(f"SELECT p.id FROM photo_tags t JOIN photos p ON p.id = t.photo WHERE p.owner = {owner}"
          f" AND (p.id + t.number) % 16 {sign} 0"
          for owner in (":me", ":other") for sign in ("=", "<>")),
        "SELECT id FROM photos WHERE latitude BETWEEN 47.4 AND 48.6 AND ispublic",
        "SELECT photo FROM pool_photos GROUP BY photo ORDER BY count(*) DESC",
        "SELECT photo FROM favorites GROUP BY photo ORDER BY count(*) DESC",
        "SELECT photo FROM photo_people",
        "SELECT photo FROM comments GROUP BY photo ORDER BY count(*) DESC",
        "SELECT photo FROM gallery_photos g JOIN galleries l ON l.id = g.gallery"
        " WHERE l.description <> ''",
        "SELECT photo FROM photoset_photos ORDER BY photoset, position",
    ),
    "user_id": (
        "SELECT :me",
        "SELECT nsid FROM people WHERE ispro AND nsid <> :me",
        "SELECT nsid FROM people WHERE path_alias IS NULL AND NOT is_deleted",
        "SELECT nsid FROM people WHERE NOT ispro AND NOT is_deleted",
        "SELECT nsid FROM people WHERE iconserver = '0' AND NOT is_deleted",
    ),
    "group_id": (
        "SELECT nsid FROM groups WHERE throttle_count NOT NULL",
        "SELECT nsid FROM groups WHERE path_alias NOT NULL AND rules <> ''",
        "SELECT nsid FROM groups WHERE path_alias IS NULL",
    ),
    "gallery_id": (
        "SELECT id FROM galleries WHERE owner <> :me",
        "SELECT id FROM galleries WHERE description <> ''",
    ),
    "photoset_id": ("SELECT id FROM photosets WHERE owner = :other",),
    "collection_id": ("SELECT collection FROM collection_sets",),
    "tag_id": (
        "SELECT '1-' || p.id || '-' || t.number FROM photo_tags t JOIN photos p ON p.id = t.photo"
        " WHERE p.owner = :me",
    ),
}  # fmt: skip
# A set without the sample photo.
_WITHOUT_SAMPLE = (
    "SELECT id FROM photosets WHERE owner = :me AND id NOT IN"
    " (SELECT photoset FROM photoset_photos WHERE photo = (SELECT photo FROM tickets))"
)
# Arguments of single methods, as values or queries.
_OF_METHODS: dict[str, tuple[Arguments, ...]] = {
    "flickr.activity.userPhotos": ({"timeframe": "9999d"},),
    "flickr.interestingness.getList": ({"date": "2014-06-01"},),
    "flickr.machinetags.getRecentValues": ({"added_since": "1"},),
    "flickr.people.getPhotos": ({"per_page": "3"},),
    "flickr.photos.search": ({"place_id": "", "user_id": ME}, {"per_page": "3"}),
    "flickr.photos.setDates": ({"date_taken": "2020-01-01 00:00:00"},),
    "flickr.photosets.addPhoto": ({"photoset_id": _WITHOUT_SAMPLE},),
    "flickr.photosets.getList": ({"per_page": "1"},),
    "flickr.photosets.getPhotos": (
        {"per_page": "1"},
        {"user_id": NO_ALIAS, "photoset_id": f"SELECT id FROM photosets WHERE owner = '{NO_ALIAS}'"},
    ),
    "flickr.tags.getClusterPhotos": ({"tag": "cat", "cluster_id": "animal-pet"},),
    "flickr.test.echo": (
        dict.fromkeys((
            "test", "auth_token", "oauth_consumer_key", "oauth_nonce", "oauth_signature",
            "oauth_signature_method", "oauth_timestamp", "oauth_token", "oauth_version",
        ), "1"),
    ),
    "flickr.urls.lookupGallery": (
        {"url": "SELECT '/photos/' || owner || '/galleries/' || substr(id, instr(id, '-') + 1)"
                " FROM galleries"},
    ),
    "flickr.urls.lookupGroup": ({"url": "SELECT '/groups/' || nsid FROM groups"},),
}  # fmt: skip


def calls(api: LocalApi, name: str) -> Iterator[tuple[str | None, Arguments]]:
    """Yield callers (an NSID, or None for a key alone) and arguments of calls of a method."""
    method = methods()[name]
    for arguments in _arguments(api, method):
        yield ME, arguments
        if method.perms < 2:
            yield OTHER, arguments
            yield NO_ALIAS, arguments
        if not method.needslogin and not method.perms:
            yield None, arguments


def _arguments(api: LocalApi, method: Method) -> Iterator[Arguments]:
    names = {argument.name for argument in method.arguments}
    few, many = (sample_arguments.arguments(api, method, optional) for optional in (False, True))
    whole = few | {name: value for name, value in _WHOLE.items() if name in names}
    yield from (many, few, whole)
    for change in _OF_METHODS.get(method.name, ()):
        yield whole | {name: _value(api, value) for name, value in change.items()}
    for argument in sorted(names & _SUBJECTS.keys()):
        for sql in _SUBJECTS[argument]:
            yield whole | {argument: _value(api, sql)}


def _value(api: LocalApi, given: str) -> str:
    if not given.startswith("SELECT "):
        return given
    return str(api.store.value(f"{given} LIMIT 1", me=ME, other=OTHER))
