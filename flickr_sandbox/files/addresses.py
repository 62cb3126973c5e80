"""The addresses of files: photos in all sizes, videos with their redirects, buddy icons."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path

from aiohttp import web
from PIL import __version__ as pillow

from flickr_sandbox.files.delivery import TYPES, Version, client_has, deliver, not_modified
from flickr_sandbox.files.landscape import badge
from flickr_sandbox.files.pictures import PictureCache, Source, encode, make_picture
from flickr_sandbox.files.videos import LABELS, ORIGINAL_LABEL, VIDEO_FILE, VIDEO_SIZE, file_address
from flickr_sandbox.intercept.hosts import has_farm_in_path
from flickr_sandbox.messages import ANY_ORIGIN
from flickr_sandbox.sizes import ORIGINAL, Size, original, path, sizes
from flickr_sandbox.store import Row, Store

ICON_SIDE = 48
COLLECTION_SIDES = {"l": 300, "s": 75}
_NUMBER = r"\d{1,18}"
PHOTO = rf"/{{server:\d+}}/{{id:{_NUMBER}}}_{{rest:[0-9a-z_]+\.[a-z0-9]+}}"
PLAY = rf"/photos/{{person}}/{{id:{_NUMBER}}}/play/{{label:[0-9a-z_]+}}/{{secret:[0-9a-f]+}}/"
VIDEO = rf"/video/{{id:{_NUMBER}}}/{{secret:[0-9a-f]+}}/{{label:[0-9a-z_]+}}.mp4"
# All other addresses of the hosts of files.
NO_FILE = r"/{place:\d+|video|buddyicons|images}/{name:.*}"
COLLECTION_ICON = "/images/collection_default_{size:[ls]}.gif"
# Icons in all sizes are the same file.
ICON = r"/{server:\d+}/buddyicons/{nsid:\d+@N\d+}{size:(_[a-z])?}.jpg"
DOWNLOAD = re.compile(r"(?P<path>.+)_d(?P<extension>\.[a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class PhotoFiles:
    """The handlers of files. The secret in an address gives access to a private photo, as on Flickr.

    `folder` is the folder of uploads; the rows of their photos have the file names.
    """

    store: Store
    folder: Path
    cache: PictureCache = field(default_factory=PictureCache)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get(PHOTO, self.photo),
            web.get(r"/{farm:\d+}" + PHOTO, self.photo),
            web.get(PLAY, self.play),
            web.get(PLAY.removesuffix("/"), self.play),
            web.get(VIDEO, self.video),
            web.get("/buddyicons/{nsid}.jpg", self.icon),
            web.get(ICON, self.icon),
            web.get("/images/buddyicon.gif", self.no_icon),
            web.get(COLLECTION_ICON, self.collection_icon),
            web.get(NO_FILE, self.no_file),
        ]

    async def threads(self, _: web.Application) -> AsyncIterator[None]:
        """Stop the threads at the end of the application."""
        yield
        self.cache.close()

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """Send one size of a photo; `_d` at the end of its name makes it a download."""
        photo = self._photo(request)
        wanted, is_download = _split_download(request.path)
        farm = request.match_info.get("farm")
        if farm is not None:
            if not has_farm_in_path(request.host):
                raise _no_file()
            wanted = wanted.removeprefix(f"/{farm}")
        size = next((size for size in _all_sizes(photo) if path(photo, size.kind) == wanted), None)
        if size is None:
            raise _no_file()
        extension = wanted.rpartition(".")[2]
        picture = (size.width, size.height)
        version = _version(photo, wanted, extension, picture, is_download=is_download)
        if client_has(request, version):
            return not_modified(version)
        file = self._file(photo)
        if size.kind is ORIGINAL and photo["video_state"] != "ready":
            raise _no_file()
        if size.kind is ORIGINAL and (file or photo["media"] == "video"):
            return await self._deliver_stored(request, version, photo)
        make = partial(make_picture, Source.of(photo, file), size, extension)
        return await deliver(request, version, await self.cache.get(version.etag, make))

    async def play(self, request: web.Request) -> web.Response:
        """Redirect to a video's file; the person is an NSID or an alias."""
        photo = self._video(request)
        person = self.store.person_by_name(request.match_info["person"])
        if person is None or person["nsid"] != photo["owner"]:
            raise _no_file()
        label, secret = request.match_info["label"], request.match_info["secret"]
        address = file_address(photo, label, secret, self.store.current_time())
        return web.Response(status=302, headers=ANY_ORIGIN | {"Location": address})

    async def video(self, request: web.Request) -> web.StreamResponse:
        """Send a video."""
        photo = self._video(request)
        size = (photo["width"], photo["height"]) if self._file(photo) else VIDEO_SIZE
        version = _version(photo, request.path, "mp4", size)
        if request.match_info["label"] == ORIGINAL_LABEL:
            name = f"{photo['id']}.{photo['originalformat']}"
            version = replace(version, is_download=True, file_name=name)
        if client_has(request, version):
            return not_modified(version)
        return await self._deliver_stored(request, version, photo)

    async def icon(self, request: web.Request) -> web.Response:
        """Send the buddy icon of a person or a group."""
        nsid, server = request.match_info["nsid"], request.match_info.get("server")
        found = self.store.one(
            """SELECT iconserver FROM people WHERE nsid = :nsid
            UNION ALL SELECT iconserver FROM groups WHERE nsid = :nsid""",
            nsid=nsid,
        )
        if found is None or server not in (None, found["iconserver"]):
            raise _no_file()
        return await self._badge(request, nsid, "jpg")

    async def no_icon(self, request: web.Request) -> web.Response:
        """Send the default buddy icon."""
        return await self._badge(request, "", "gif")

    async def collection_icon(self, request: web.Request) -> web.Response:
        """Send the default icon of collections, large or small."""
        side = COLLECTION_SIDES[request.match_info["size"]]
        return await self._badge(request, "collection", "gif", side)

    async def no_file(self, _: web.Request) -> web.Response:
        """Answer for a missing file."""
        raise _no_file()

    async def _badge(
        self, request: web.Request, seed: str, extension: str, side: int = ICON_SIDE
    ) -> web.Response:
        version = Version(TYPES[extension], _tag("icon", seed, str(side)), 0, (side, side))
        if client_has(request, version):
            return not_modified(version)
        content = encode(badge(seed, side), (side, side), extension)
        return await deliver(request, version, content)

    async def _deliver_stored(
        self, request: web.Request, version: Version, photo: Row
    ) -> web.Response:
        """Send an uploaded file, or the packaged file that all videos of the library share."""
        return await deliver(request, version, self._file(photo) or VIDEO_FILE)

    def _photo(self, request: web.Request) -> Row:
        number = int(request.match_info["id"])
        photo = self.store.one("SELECT * FROM photos WHERE id = :id", id=number)
        if photo is None:
            raise _no_file()
        return photo

    def _video(self, request: web.Request) -> Row:
        photo = self._photo(request)
        parts = request.match_info
        secrets = (photo["secret"], photo["originalsecret"])
        is_file = parts["secret"] in secrets and parts["label"] in LABELS
        if photo["media"] != "video" or photo["video_state"] != "ready" or not is_file:
            raise _no_file()
        return photo

    def _file(self, photo: Row) -> Path | None:
        file = self.folder / photo["file"] if photo["file"] else None
        return file if file and file.is_file() else None


def _all_sizes(photo: Row) -> list[Size]:
    return [*sizes(photo), original(photo)]


def _split_download(address: str) -> tuple[str, bool]:
    """Return the address of a file without `_d`, and True if it had one."""
    found = DOWNLOAD.fullmatch(address)
    return (found["path"] + found["extension"], True) if found else (address, False)


def _version(
    photo: Row, address: str, extension: str, size: tuple[int, int], *, is_download: bool = False
) -> Version:
    content_type = TYPES.get(extension, "application/octet-stream")
    tag = _tag(address, photo["file"] or "", str(photo["rotation"] % 360))
    return Version(content_type, tag, photo["posted"], size, is_download)


def _tag(*parts: str) -> str:
    # Another version of Pillow may encode a picture differently.
    digest = blake2b("\n".join((pillow, *parts)).encode("utf-8", "replace"), digest_size=10)
    return f'"{digest.hexdigest()}"'


def _no_file() -> web.HTTPNotFound:
    return web.HTTPNotFound(headers=ANY_ORIGIN, text="", content_type="text/html")
