"""`/services/upload/`: files, fields and streaming."""

from __future__ import annotations

import re
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from PIL import Image

from flickr_sandbox import Sandbox
from flickr_sandbox.upload.media import Movie, read_movie
from tests.support.sandbox_client import Client
from tests.support.signing import Signer, send
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import HEAD, Uploader, file_of, image, number_in, video


@pytest.mark.parametrize("path", ["/services/upload", "/services/upload/"])
def test_answer_is_as_recorded(uploader: Uploader, path: str) -> None:
    file = ("a.jpg", image())
    response = uploader.send(file, path, {"format": "json", "nojsoncallback": "1"})
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert re.fullmatch(
        f'{re.escape(HEAD)}"ok">\n<photoid>\\d{{11}}</photoid>\n</rsp>\n', response.text
    )


def test_fields_are_stored_with_the_photo(flickr: Client, uploader: Uploader) -> None:
    number = uploader.upload(
        image(size=(640, 480)),
        title="Grüße & <b>",
        description="one\ntwo",
        tags='sea "New York" sea geo:lat=1.5',
        is_public="0",
        is_friend="1",
        safety_level="2",
        content_type="3",
        hidden="2",
    )
    photo = flickr.call_signed("photos.getInfo", photo_id=number)["photo"]
    assert photo["title"] == {"_content": "Grüße & <b>"}
    assert photo["description"] == {"_content": "one\ntwo"}
    assert [tag["raw"] for tag in photo["tags"]["tag"]] == ["sea", "New York", "geo:lat=1.5"]
    assert photo["visibility"] == {"ispublic": 0, "isfriend": 1, "isfamily": 0}
    assert str(photo["safety_level"]) == "1"
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["content_type"], row["hidden"], row["width"], row["height"]) == (2, 1, 640, 480)
    assert row["tags"] == "sea newyork geo:lat=1.5"


def test_fields_in_query_and_form_are_accepted_as_of_node_flickrapi(
    flickr: Client, uploader: Uploader
) -> None:
    # It signs escaped quotes, sends them in the query, and the fields as they are in the form.
    url, signer = flickr.sandbox.url + "/services/upload/", uploader.signer
    fields = {"title": "it%27s", **signer.protocol({"oauth_timestamp": "1800000000000"})}
    signature = signer.signature(signer.base_string("POST", url, list(fields.items())))
    form = fields | {"title": "it's", "oauth_signature": quote(signature, safe="")}
    response = requests.post(
        url,
        params=fields | {"oauth_signature": signature},
        files={name: (None, value) for name, value in form.items()} | {"photo": ("a.jpg", image())},
        timeout=TIMEOUT,
    )
    photo = number_in(response.text, "photoid")
    answer = flickr.call_signed("photos.getInfo", photo_id=photo)
    assert answer["photo"]["title"] == {"_content": "it's"}


def test_photo_is_found(flickr: Client, uploader: Uploader) -> None:
    number = uploader.upload(image(), title="quetzalcoatlus", tags="pterosaur")
    for query in ({"text": "quetzalcoatlus"}, {"tags": "pterosaur"}):
        found = flickr.call_public("photos.search", **query)["photos"]["photo"]
        assert [photo["id"] for photo in found] == [number]


def test_newest_photo_has_the_highest_id_even_after_a_deletion(
    flickr: Client, uploader: Uploader
) -> None:
    first = uploader.upload(image())
    flickr.call_signed("photos.delete", photo_id=first)
    assert int(uploader.upload(image())) > int(first)


@pytest.mark.parametrize(
    ("form", "extension"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("TIFF", "tif"), ("WEBP", "webp")],
)
def test_file_is_kept_byte_for_byte(
    flickr: Client, uploader: Uploader, form: str, extension: str
) -> None:
    content = image(form, (31, 17)) + b"\r\n--\r\n\0\xff after the end"
    number = uploader.upload(content)
    assert file_of(flickr.sandbox, number).read_bytes() == content
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["originalformat"], row["width"], row["height"]) == (extension, 31, 17)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "TIFF", "WEBP"])
def test_original_is_downloaded_byte_for_byte(
    flickr: Client, uploader: Uploader, form: str
) -> None:
    content = image(form, (31, 17)) + b"after the end"
    number = uploader.upload(content)
    sizes = flickr.call_signed("photos.getSizes", photo_id=number)["sizes"]["size"]
    source = next(size["source"] for size in sizes if size["label"] == "Original")
    assert requests.get(source, timeout=TIMEOUT).content == content


@pytest.mark.parametrize(("brand", "extension"), [(b"isom", "mp4"), (b"qt  ", "mov")])
def test_video_is_accepted(
    flickr: Client, uploader: Uploader, brand: bytes, extension: str
) -> None:
    number = uploader.upload(video(brand), "a.bin")
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["media"], row["originalformat"]) == ("video", extension)
    assert (row["width"], row["height"], row["duration"]) == (320, 180, 7)


def test_boxes_of_64_bits_are_read(tmp_path: Path) -> None:
    film = video()
    at = film.index(b"mdat") - 4
    file = tmp_path / "a.mp4"
    file.write_bytes(film[:at] + struct.pack(">I4sQ", 1, b"free", 16) + film[at:])
    assert read_movie(file) == Movie(320, 180, 7)


@pytest.mark.parametrize(
    ("fields", "visibility"),
    [
        ({"is_public": "1", "is_friend": "1"}, (1, 0, 0)),
        ({"is_family": "1"}, (0, 0, 1)),
        ({"is_public": "0"}, (0, 0, 0)),
        ({}, (1, 0, 0)),
    ],
)
def test_fields_set_the_privacy(
    flickr: Client, uploader: Uploader, fields: dict[str, str], visibility: tuple[int, int, int]
) -> None:
    number = uploader.upload(image(), **fields)
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["ispublic"], row["isfriend"], row["isfamily"]) == visibility


def test_exif_sets_date_taken_and_rotation(flickr: Client, uploader: Uploader) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2019:05:06 07:08:09"
    number = uploader.upload(image(size=(40, 30), exif=exif))
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["width"], row["height"], row["taken"]) == (30, 40, "2019-05-06 07:08:09")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("beach.day.jpg", "beach.day"),
        ("noextension", "noextension"),
        (".hidden", ".hidden"),
        ("/home/me/grüße.jpeg", "grüße"),
    ],
)
def test_title_defaults_to_the_file_name(
    flickr: Client, uploader: Uploader, name: str, title: str
) -> None:
    number = uploader.upload(image(), name)
    assert flickr.sandbox.store.value("SELECT title FROM photos WHERE id=:id", id=number) == title


def test_missing_fields_default_to_the_persons_preferences(
    flickr: Client, uploader: Uploader
) -> None:
    flickr.sandbox.store.run(
        "UPDATE people SET default_privacy = 4, default_safety_level = 3, default_hidden = 2,"
        " default_content_type = 2 WHERE nsid = :nsid",
        nsid=flickr.sandbox.account.user_id,
    )
    number = uploader.upload(image(), safety_level="9", hidden="x")
    row = flickr.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=number)
    assert row
    assert (row["ispublic"], row["isfriend"], row["isfamily"]) == (0, 1, 1)
    assert (row["safety_level"], row["hidden"], row["content_type"]) == (2, 1, 1)


def test_large_file_is_streamed_to_disk(flickr: Client, uploader: Uploader) -> None:
    size = 48 * 1024 * 1024
    start = image()

    def body(head: bytes, tail: bytes) -> Iterator[bytes]:
        yield head + start
        yield from (bytes(65536) for _ in range(size // 65536))
        yield tail

    url = flickr.sandbox.url + "/services/upload/"
    protocol = uploader.signer.protocol({})
    base = uploader.signer.base_string("POST", url, list(protocol.items()))
    protocol["oauth_signature"] = uploader.signer.signature(base)
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    tracemalloc.start()
    response = requests.post(
        url,
        body(head, b"\r\n--b--\r\n"),
        params=protocol,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=TIMEOUT,
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    number = number_in(response.text, "photoid")
    assert file_of(flickr.sandbox, number).stat().st_size == size + len(start)
    assert peak < size / 4


def test_temporary_folder_is_deleted_with_the_sandbox(tmp_path: Path) -> None:
    with Sandbox(photos=5) as passing:
        Uploader.of(passing).upload(image())
        assert len(list(passing.files.iterdir())) == 1
    assert not passing.files.exists()
    with Sandbox(photos=5, data=tmp_path) as kept:
        number = Uploader.of(kept).upload(image())
    with Sandbox(photos=5, data=tmp_path) as again:
        assert file_of(again, number).read_bytes() == image()


def test_rest_accepts_a_multipart_form(flickr: Client) -> None:
    signer = Signer.of(flickr.sandbox)
    fields = {"method": "flickr.test.echo", "format": "json", "nojsoncallback": "1", "a": "ü b"}
    protocol = signer.protocol({})
    base = signer.base_string("POST", flickr.rest, [*fields.items(), *protocol.items()])
    protocol["oauth_signature"] = signer.signature(base)
    form = {name: (None, value) for name, value in (fields | protocol).items()}
    assert flickr.raw("POST", files=form).json()["a"] == {"_content": "ü b"}
    assert send(signer, flickr.rest, list(fields.items()), "POST").json()["stat"] == "ok"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert flickr.raw("POST", data=b"none", headers=headers).status_code == 400


def test_file_is_deleted_with_its_photo(flickr: Client, uploader: Uploader) -> None:
    deleted, other = uploader.upload(image()), uploader.upload(image())
    kept = file_of(flickr.sandbox, other)
    assert flickr.call_signed("photos.delete", photo_id=deleted)["stat"] == "ok"
    assert list(flickr.sandbox.files.iterdir()) == [kept]


def test_reset_restores_the_file_of_a_marked_photo(flickr: Client, uploader: Uploader) -> None:
    number = uploader.upload(image())
    flickr.sandbox.mark()
    assert flickr.call_signed("photos.delete", photo_id=number)["stat"] == "ok"
    uploader.upload(image())
    flickr.sandbox.reset()
    assert list(flickr.sandbox.files.iterdir()) == [file_of(flickr.sandbox, number)]
    assert flickr.call_signed("photos.getInfo", photo_id=number)["stat"] == "ok"
