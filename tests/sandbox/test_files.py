"""Files of photos, videos and icons over the socket."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from io import BytesIO

import pytest
import requests
from PIL import Image

from flickr_sandbox import Sandbox
from flickr_sandbox.files.landscape import landscape
from flickr_sandbox.files.pictures import PictureCache
from flickr_sandbox.sizes import KINDS, ORIGINAL, original, path, sizes
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.people import nsid
from tests.support.loops import run
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT

THUMBNAIL = next(kind for kind in KINDS if kind.suffix == "t")
SOMEBODY = nsid(1)
SQUARE = next(kind for kind in KINDS if kind.suffix == "q")


def rows(sandbox: Sandbox, condition: str) -> list[Row]:
    return sandbox.store.all(f"SELECT * FROM photos WHERE {condition} ORDER BY id LIMIT 40")


def get(sandbox: Sandbox, address: str, **headers: str) -> requests.Response:
    return requests.get(
        sandbox.url + address, headers=headers, timeout=TIMEOUT, allow_redirects=False
    )


def image(response: requests.Response) -> Image.Image:
    assert response.status_code == 200, response.text
    return Image.open(BytesIO(response.content))


@pytest.mark.parametrize("shape", ["width > height * 2", "height > width", "width = 700"])
def test_every_picture_has_its_listed_size(shared_sandbox: Sandbox, shape: str) -> None:
    photo = rows(shared_sandbox, f"{shape} AND media = 'photo'")[0]
    listed = [*sizes(photo), original(photo)]
    assert len(listed) > 6
    for size in listed:
        response = get(shared_sandbox, path(photo, size.kind))
        assert image(response).size == (size.width, size.height), size
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_types_are_those_of_the_extensions(shared_sandbox: Sandbox) -> None:
    for extension, name in (("jpg", "JPEG"), ("png", "PNG")):
        photo = rows(shared_sandbox, f"originalformat = '{extension}' AND width < 1000")[0]
        response = get(shared_sandbox, path(photo, ORIGINAL))
        assert image(response).format == name
        assert response.headers["Content-Type"] == f"image/{name.lower()}"


def test_picture_is_the_same_in_every_size_and_run(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "width = 4000 AND height = 3000 AND media = 'photo'")[0]
    small = image(get(shared_sandbox, path(photo, THUMBNAIL)))
    for size in sizes(photo):
        if not size.kind.square:
            scaled = image(get(shared_sandbox, path(photo, size.kind))).resize(small.size)
            assert _distance(scaled, small) < 9, size
    with Sandbox(photos=600, seed=1) as again:
        assert (
            get(again, path(photo, THUMBNAIL)).content
            == get(shared_sandbox, path(photo, THUMBNAIL)).content
        )


def test_landscape_is_the_same_at_any_size() -> None:
    for seed in range(24):
        small = landscape(str(seed), 240, 180)
        large = landscape(str(seed), 501, 377).resize(small.size)
        assert _distance(small, large) < 9, seed


def test_every_address_of_get_sizes_is_served(reader: Client) -> None:
    for media in ("photo", "video"):
        photo = rows(reader.sandbox, f"media = '{media}' AND ispublic AND license = 4")[0]
        listed = reader.call_public("photos.getSizes", photo_id=photo["id"])["sizes"]["size"]
        pictures = [size["source"] for size in listed if "/apps/" not in size["source"]]
        assert len(pictures) > 6
        for source in pictures:
            assert requests.get(source, timeout=TIMEOUT).status_code == 200, source


def _distance(one: Image.Image, other: Image.Image) -> float:
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    differences = [abs(a - b) for a, b in pairs]
    return sum(differences) / len(differences)


def test_photos_do_not_look_alike(shared_sandbox: Sandbox) -> None:
    photos = rows(shared_sandbox, "media = 'photo'")[:24]
    files = {get(shared_sandbox, path(photo, THUMBNAIL)).content for photo in photos}
    assert len(files) == 24


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("_t.", "_x."),
        lambda address: address.replace("_t.jpg", "_t.png"),
        lambda address: "/1" + address,
        lambda address: address[:-9] + "00000_t.jpg",
        lambda address: address.replace("/53", "/93"),
        lambda _: "/65535/99999999999999999999_0_t.jpg",
    ],
    ids=["suffix", "extension", "server", "secret", "id", "huge id"],
)
def test_wrong_address_is_not_found(shared_sandbox: Sandbox, change: Callable[[str], str]) -> None:
    photo = rows(shared_sandbox, "server = '65535'")[0]
    assert get(shared_sandbox, change(path(photo, THUMBNAIL))).status_code == 404


def test_size_larger_than_the_photo_is_not_found(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "width = 700")[0]
    large = next(kind for kind in KINDS if kind.suffix == "k")
    assert get(shared_sandbox, path(photo, large)).status_code == 404


def test_file_of_a_private_photo_is_served_to_anyone_with_its_secret(
    shared_sandbox: Sandbox,
) -> None:
    photo = rows(shared_sandbox, "NOT ispublic")[0]
    assert get(shared_sandbox, path(photo, SQUARE)).status_code == 200


def test_cached_file_is_not_sent_again(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "media = 'photo'")[0]
    address = path(photo, THUMBNAIL)
    first = get(shared_sandbox, address)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    for tags in (tag, f'"other", W/{tag}', "*"):
        again = get(shared_sandbox, address, **{"If-None-Match": tags})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert get(shared_sandbox, address, **{"If-Modified-Since": since}).status_code == 304
    other = get(shared_sandbox, address, **{"If-None-Match": '"x"', "If-Modified-Since": since})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("range_", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=0-", 0, None)],
)
def test_range_is_sent(shared_sandbox: Sandbox, range_: str, start: int, stop: int | None) -> None:
    photo = rows(shared_sandbox, "media = 'photo'")[0]
    answer = get(shared_sandbox, path(photo, THUMBNAIL))
    assert (answer.status_code, answer.headers.get("Content-Range")) == (200, None)
    whole = answer.content
    part = get(shared_sandbox, path(photo, THUMBNAIL), Range=range_)
    assert part.status_code == 206
    assert part.content == whole[start:stop]
    first = start % len(whole)
    last = first + len(part.content) - 1
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Range": "bytes=999999-"}, 416),
        ({"Range": "bytes=-0"}, 416),
        ({"Range": "bytes=9-5"}, 200),
        ({"Range": "bytes=0-1,4-5"}, 200),
        ({"Range": "lines=0-1"}, 200),
        ({"Range": "bytes=0-1", "If-Range": '"other"'}, 200),
    ],
)
def test_invalid_or_unsatisfiable_range(
    shared_sandbox: Sandbox, headers: dict[str, str], status: int
) -> None:
    photo = rows(shared_sandbox, "media = 'photo'")[0]
    response = get(shared_sandbox, path(photo, THUMBNAIL), **headers)
    assert response.status_code == status
    if status == 416:
        assert response.headers["Content-Range"].startswith("bytes */")


def test_rotation_turns_sizes_and_keeps_the_original(fresh_sandbox: Sandbox) -> None:
    photo = rows(fresh_sandbox, "width = 700 AND media = 'photo'")[0]
    before = image(get(fresh_sandbox, path(photo, THUMBNAIL)))
    whole = get(fresh_sandbox, path(photo, ORIGINAL))
    fresh_sandbox.store.run("UPDATE photos SET rotation = 90 WHERE id = :id", id=photo["id"])
    turned = get(fresh_sandbox, path(photo, THUMBNAIL))
    wanted = before.transpose(Image.Transpose.ROTATE_270)
    assert image(turned).size == wanted.size
    assert _distance(image(turned), wanted) < 9
    assert get(fresh_sandbox, path(photo, ORIGINAL)).content == whole.content


@pytest.fixture
def upload(fresh_sandbox: Sandbox) -> tuple[Row, bytes]:
    """A photo with an uploaded red picture, and the bytes of that file."""
    file = BytesIO()
    Image.new("RGB", (900, 600), (250, 0, 0)).save(file, "JPEG", comment=b"as it was")
    (fresh_sandbox.files / "red.jpg").write_bytes(file.getvalue())
    photo = rows(fresh_sandbox, "originalformat = 'jpg' AND media = 'photo'")[0]
    fresh_sandbox.store.run(
        "UPDATE photos SET file = 'red.jpg', width = 900, height = 600 WHERE id = :id",
        id=photo["id"],
    )
    return rows(fresh_sandbox, f"id = {photo['id']}")[0], file.getvalue()


def test_upload_is_sent_byte_for_byte(fresh_sandbox: Sandbox, upload: tuple[Row, bytes]) -> None:
    photo, content = upload
    assert get(fresh_sandbox, path(photo, ORIGINAL)).content == content
    part = get(fresh_sandbox, path(photo, ORIGINAL), Range="bytes=3-8")
    assert (part.status_code, part.content) == (206, content[3:9])


def test_sizes_of_an_upload_show_it(fresh_sandbox: Sandbox, upload: tuple[Row, bytes]) -> None:
    for size in sizes(upload[0]):
        small = image(get(fresh_sandbox, path(upload[0], size.kind)))
        assert small.size == (size.width, size.height)
        red, green, blue = small.resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
        assert red > 240 and green < 10 and blue < 10


def play(photo: Row, label: str = "360p", secret: str = "", person: str = "") -> str:
    return (
        f"/photos/{person or photo['owner']}/{photo['id']}/play/{label}/"
        f"{secret or photo['secret']}/"
    )


def test_video_is_served_through_a_redirect(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "media = 'video'")[0]
    redirect = get(shared_sandbox, play(photo))
    assert redirect.status_code == 302
    video = requests.get(shared_sandbox.url + play(photo), timeout=TIMEOUT)
    assert video.headers["Content-Type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"
    part = get(shared_sandbox, redirect.headers["Location"], Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert get(shared_sandbox, path(photo, ORIGINAL)).content == video.content


@pytest.mark.parametrize("label", ["360p", "700", "iphone_wifi", "orig", "site"])
def test_address_of_a_video_under_an_alias_redirects_like_flickr(
    shared_sandbox: Sandbox, label: str
) -> None:
    mine = f"owner = '{shared_sandbox.account.user_id}'"
    photo = rows(shared_sandbox, f"media = 'video' AND {mine}")[0]
    before = int(time.time())
    location = get(shared_sandbox, play(photo, label, person="sandbox")).headers["Location"]
    address, _, encoded = location.partition("?s=")
    assert address == f"/video/{photo['id']}/{photo['secret']}/{label}.mp4"
    grant = json.loads(base64.urlsafe_b64decode(encoded + "=="))
    assert sorted(grant) == ["e", "i", "s", "v"]
    assert (grant["i"], grant["v"]) == (photo["id"], 1)
    assert grant["e"] > before


def test_head_of_a_video_and_of_its_redirect(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "media = 'video'")[0]
    url = shared_sandbox.url
    redirect = requests.head(url + play(photo), timeout=TIMEOUT, allow_redirects=False)
    assert redirect.status_code == 302
    head = requests.head(url + redirect.headers["Location"], timeout=TIMEOUT)
    whole = requests.get(url + redirect.headers["Location"], timeout=TIMEOUT)
    assert head.content == b""
    for name in ("Content-Length", "Content-MD5", "Content-Type", "ETag", "imagewidth"):
        assert head.headers[name] == whole.headers[name]
    assert int(head.headers["Content-Length"]) == len(whole.content)


@pytest.mark.parametrize("media", ["photo", "video"])
def test_headers_are_those_of_the_static_host(shared_sandbox: Sandbox, media: str) -> None:
    photo = rows(shared_sandbox, f"media = '{media}'")[0]
    address = path(photo, THUMBNAIL) if media == "photo" else play(photo)
    response = requests.get(shared_sandbox.url + address, timeout=TIMEOUT)
    headers = response.headers
    digest = hashlib.md5(response.content).digest()
    assert headers["Content-MD5"] == base64.b64encode(digest).decode()
    assert headers["Cache-Control"] == "public, max-age=31536000"
    assert headers["Server"] == "Jubilee"
    size = (int(headers["imagewidth"]), int(headers["imageheight"]))
    if media == "photo":
        assert (size, headers["origintype"]) == (image(response).size, "D")
    else:
        assert (size, headers["origintype"]) == ((256, 144), "S")
    assert "Content-Disposition" not in headers
    part = requests.get(
        shared_sandbox.url + address, headers={"Range": "bytes=0-9"}, timeout=TIMEOUT
    )
    assert "Content-MD5" not in part.headers


def test_original_of_a_video_is_a_download(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "media = 'video' AND video_state = 'ready'")[0]
    for label, header in (("360p", None), ("orig", f"attachment; filename={photo['id']}.mp4")):
        secret = photo["originalsecret"] if label == "orig" else photo["secret"]
        address = shared_sandbox.url + play(photo, label, secret)
        video = requests.get(address, timeout=TIMEOUT)
        assert video.status_code == 200
        assert video.headers.get("Content-Disposition") == header


@pytest.mark.parametrize("suffix", ["", "t", "b", "o"])
def test_d_in_the_name_makes_it_a_download(shared_sandbox: Sandbox, suffix: str) -> None:
    photo = rows(shared_sandbox, "width = 4000 AND media = 'photo'")[0]
    kind = next(kind for kind in (*KINDS, ORIGINAL) if kind.suffix == suffix)
    shown = get(shared_sandbox, path(photo, kind))
    saved = get(shared_sandbox, path(photo, kind).replace(".", "_d."))
    assert saved.headers["Content-Disposition"] == "attachment"
    assert saved.content == shown.content
    assert get(shared_sandbox, path(photo, kind).replace(".", "_d_d.")).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/65535/doesnotexist.jpg",
        "/65535/53000000000_0123456789_t.jpg",
        "/video/1/0/360p.mp4",
        "/buddyicons/1@N00.jpg",
        "/images/none.gif",
    ],
)
def test_missing_file_is_an_empty_404(shared_sandbox: Sandbox, address: str) -> None:
    response = get(shared_sandbox, address)
    assert (response.status_code, response.content) == (404, b"")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_default_icons_of_collections(shared_sandbox: Sandbox) -> None:
    sizes_ = {
        size: image(get(shared_sandbox, f"/images/collection_default_{size}.gif")).size
        for size in ("l", "s")
    }
    assert sizes_["l"] > sizes_["s"]


def test_video_of_another_secret_or_photo_is_not_found(shared_sandbox: Sandbox) -> None:
    mine = f"owner = '{shared_sandbox.account.user_id}'"
    video = rows(shared_sandbox, f"media = 'video' AND {mine}")[0]
    photo = rows(shared_sandbox, "media = 'photo'")[0]
    others = (play(video, person="sandbox2"), play(video, person=SOMEBODY), play(video, "999p"))
    for address in (play(video, secret="0" * 10), play(photo), *others):
        assert get(shared_sandbox, address).status_code == 404


def test_boxes_of_a_video_are_nested_as_their_lengths_say(shared_sandbox: Sandbox) -> None:
    photo = rows(shared_sandbox, "media = 'video'")[0]
    content = requests.get(shared_sandbox.url + play(photo), timeout=TIMEOUT).content
    top = dict(_boxes(content))
    assert list(top) == ["ftyp", "moov", "mdat"]
    track = dict(_boxes(dict(_boxes(top["moov"]))["trak"]))
    table = dict(_boxes(dict(_boxes(dict(_boxes(track["mdia"]))["minf"]))["stbl"]))
    start = int.from_bytes(table["stco"][8:12], "big")
    count, ends = int.from_bytes(table["stsz"][8:12], "big"), len(table["stsz"])
    assert ends == 12 + 4 * count
    sizes_ = [int.from_bytes(table["stsz"][at : at + 4], "big") for at in range(12, ends, 4)]
    assert content[start : start + sum(sizes_)] == top["mdat"]
    assert start + sum(sizes_) == len(content)


def _boxes(content: bytes) -> list[tuple[str, bytes]]:
    found = []
    while content:
        length = int.from_bytes(content[:4], "big")
        found.append((content[4:8].decode(), content[8:length]))
        content = content[length:]
    return found


def test_icons(shared_sandbox: Sandbox) -> None:
    nsid = shared_sandbox.account.user_id
    server = shared_sandbox.store.value("SELECT iconserver FROM people WHERE nsid = :n", n=nsid)
    plain = get(shared_sandbox, f"/buddyicons/{nsid}.jpg")
    assert image(plain).size == (48, 48)
    assert get(shared_sandbox, f"/{server}/buddyicons/{nsid}.jpg").content == plain.content
    assert get(shared_sandbox, f"/7{server}/buddyicons/{nsid}.jpg").status_code == 404
    assert get(shared_sandbox, "/buddyicons/1@N00.jpg").status_code == 404
    assert image(get(shared_sandbox, "/images/buddyicon.gif")).format == "GIF"


async def _fill_cache(limit: int, count: int) -> tuple[PictureCache, list[str]]:
    cache, made = PictureCache(limit), []

    def make(name: str) -> bytes:
        made.append(name)
        return bytes(10)

    for number in range(count):
        await cache.get(number, lambda number=number: make(str(number)))  # type: ignore[misc]
    await cache.get(count - 1, lambda: make("again"))
    return cache, made


def test_cache_keeps_the_latest_pictures_within_its_limit() -> None:
    cache, made = run(_fill_cache(35, 6))
    cache.close()
    assert cache.size == 30
    assert made == ["0", "1", "2", "3", "4", "5"]
