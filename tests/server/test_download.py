"""Test that downloads of photos' files are atomic."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import Flickr
from pyflickr_web.errors import (
    ArgumentError,
    FileError,
    FlickrError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.files import atomic_write
from tests.server.clients import Both
from tests.support.irregular_paths import KINDS, put
from tests.support.scripted_server import Answer, serve

KEY = "k" * 32
PHOTO = {"id": "53", "server": "65535", "secret": "0123456789"}
JPEG = bytes(range(256)) * 4000


def _options(url: str, **more: Any) -> dict[str, Any]:
    return {"api_key": KEY, "base_url": url, **more}


def _sizes(url: str, *rows: tuple[str, str, str]) -> Answer:
    size = [{"label": label, "source": url + path, "media": kind} for label, path, kind in rows]
    return Answer(json.dumps({"sizes": {"size": size}, "stat": "ok"}).encode())


def test_file_is_written_byte_for_byte(perform: Both, tmp_path: Path) -> None:
    with serve(Answer(JPEG)) as server:
        path = perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "new" / "a.jpg", make_folders=True),
            _options(server.url),
        )
    assert path.read_bytes() == JPEG
    assert server.asked[0].path == "/65535/53_0123456789_b.jpg"
    assert [file.name for file in path.parent.iterdir()] == ["a.jpg"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(JPEG, cut=True), NetworkError),
        (Answer(drop=True), NetworkError),
        (Answer(status=500), UnavailableError),
        (Answer(status=404), NotFoundError),
    ],
)
def test_failure_leaves_the_file_that_was_there(
    perform: Both, tmp_path: Path, answer: Answer, kind: type[FlickrError]
) -> None:
    target = tmp_path / "a.jpg"
    target.write_bytes(b"before")
    with serve(answer) as server, pytest.raises(kind):
        perform(lambda f: f.download(PHOTO, "b", target), _options(server.url))
    assert target.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["a.jpg"]


def test_broken_off_file_is_tried_again(
    perform: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(seconds: float) -> None:
        """Return immediately."""

    monkeypatch.setattr("pyflickr_web.transports.threads.time.sleep", lambda seconds: None)
    monkeypatch.setattr("pyflickr_web.transports.tasks.asyncio.sleep", wait)
    with serve(Answer(JPEG, cut=True), Answer(status=503), Answer(JPEG)) as server:
        path = perform(
            lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"),
            _options(server.url, retry_queries=2),
        )
    assert path.read_bytes() == JPEG


def test_size_without_an_address_is_asked_for(perform: Both, tmp_path: Path) -> None:
    with serve() as server:
        rows = (("Large", "/1/53_01_b.jpg", "photo"), ("Large 1600", "/1/53_ab_h.jpg", "photo"))
        server.answers = [_sizes(server.url, *rows), Answer(JPEG)]
        perform(lambda f: f.download(PHOTO, "h", tmp_path / "a.jpg"), _options(server.url))
    assert [asked.path.partition("?")[0] for asked in server.asked] == [
        "/services/rest/",
        "/1/53_ab_h.jpg",
    ]


def test_size_that_there_is_not_is_told(perform: Both, tmp_path: Path) -> None:
    with serve() as server:
        server.answers = [_sizes(server.url, ("Large", "/1/53_01_b.jpg", "photo"))]
        with pytest.raises(NotFoundError, match="photo 53 has no size 'o', or you may not see it"):
            perform(lambda f: f.download(PHOTO, "o", tmp_path / "a.jpg"), _options(server.url))


@pytest.mark.parametrize("label", ["Video Original", "orig"])
def test_video_is_found_behind_its_redirect(perform: Both, tmp_path: Path, label: str) -> None:
    with serve() as server:
        rows = (("Original", "/1/53_01_o.jpg", "photo"), (label, "/play/orig/", "video"))
        away = Answer(b"", 302, {"Location": "/film.mp4"})
        server.answers = [_sizes(server.url, *rows), away, Answer(b"film")]
        path = perform(
            lambda f: f.download(PHOTO | {"media": "video"}, "o", tmp_path / "a.mp4"),
            _options(server.url),
        )
    assert path.read_bytes() == b"film"
    assert [asked.path for asked in server.asked[1:]] == ["/play/orig/", "/film.mp4"]


def test_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"), atomic_write(tmp_path / "a") as file:
        file.write(b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")
@pytest.mark.parametrize("kind", KINDS)
def test_only_a_regular_file_is_replaced(kind: str, perform: Both, tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    target = put(kind, tmp_path / "downloads" / "a.jpg")
    before = target.lstat()
    reason = {"loop": "give the path of a file", "directory": "is a folder"}.get(
        kind, "not a regular file"
    )
    with serve(Answer(JPEG)) as server, pytest.raises(ArgumentError, match=reason):
        perform(lambda f: f.download(PHOTO, "b", target), _options(server.url))
    assert server.asked == []
    assert list(target.parent.iterdir()) == [target] and os.path.samestat(target.lstat(), before)


def test_file_behind_a_link_is_replaced_by_a_file(tmp_path: Path) -> None:
    for name in ("there", "missing"):
        link = tmp_path / f"link to {name}"
        link.symlink_to(tmp_path / name)
        (tmp_path / "there").write_bytes(b"before")
        with atomic_write(link) as file:
            file.write(b"x")
        assert link.read_bytes() == b"x" and not link.is_symlink()
    assert (tmp_path / "there").read_bytes() == b"before"


def test_files_are_no_calls_to_the_pace(
    perform: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("pyflickr_web.transports.threads.time.sleep", waited.append)
    monkeypatch.setattr("pyflickr_web.transports.tasks.asyncio.sleep", wait)
    with serve(Answer(JPEG)) as server:
        options = _options(server.url, max_per_hour=1)
        perform(lambda f: f.download(PHOTO, "b", tmp_path / "a"), options)
        with Flickr(**options) as flickr:
            flickr.download(PHOTO, "b", tmp_path / "b")
            flickr.download(PHOTO, "b", tmp_path / "c")
    assert len(server.asked) == 3 and waited == []


def test_too_many_downloads_and_what_is_no_photo_are_told(perform: Both, tmp_path: Path) -> None:
    with serve(Answer(status=429)) as server:
        with pytest.raises(RateLimitError, match="HTTP 429"):
            perform(lambda f: f.download(PHOTO, "b", tmp_path / "a"), _options(server.url))
        with pytest.raises(ArgumentError, match="the photo has no id"):
            perform(lambda f: f.download({}, "b", tmp_path / "a"), _options(server.url))


def test_file_is_for_whom_the_umask_lets_in(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with atomic_write(tmp_path / "mine") as file:
            file.write(b"x")
        os.umask(0o022)
        with atomic_write(tmp_path / "ours") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("mine", "ours")]
    assert modes == [0o600, 0o644]


def test_file_system_that_cannot_sync_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def of_files_alone(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr("os.fsync", of_files_alone)
    with atomic_write(tmp_path / "a") as file:
        file.write(b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_sizes_are_asked_for_by_whoever_is_signed_in(perform: Both, tmp_path: Path) -> None:
    login = {"secret": "s", "access_token": "t", "access_token_secret": "u"}
    for options, signed in ((login, True), ({}, False)):
        with serve() as server:
            server.answers = [
                _sizes(server.url, ("Original", "/1/53_01_o.jpg", "photo")),
                Answer(JPEG),
            ]
            perform(
                lambda f: f.download(PHOTO, "o", tmp_path / "a"), _options(server.url, **options)
            )
        assert ("Authorization" in server.asked[0].headers) is signed
        assert "Authorization" not in server.asked[1].headers


@pytest.mark.parametrize(
    ("photo", "size", "path", "text"),
    [
        (PHOTO, "b", ".", "'.' is a folder: name a file in it"),
        (PHOTO, "b", "", "'.' is a folder: name a file in it"),
        (
            PHOTO,
            "b",
            "new/a.jpg",
            "folder 'new' does not exist: create it, or set make_folders=True",
        ),
        (PHOTO, "b", "a\0b", "give the path of a file"),
        (PHOTO, "b", None, "invalid path 'None': give the path of a file"),
        (PHOTO, None, "a.jpg", "invalid size None"),
        (PHOTO, 5, "a.jpg", "invalid size 5"),
        (None, "b", "a.jpg", "the photo has no id"),
        (["53"], "b", "a.jpg", "the photo has no id"),
        (True, "b", "a.jpg", "the photo has no id"),
        ("", "b", "a.jpg", "the photo has no id"),
        ({"id": ["53"]}, "b", "a.jpg", "the photo has no id"),
        ("53&method=x", "b", "a.jpg", "the photo has no id"),
    ],
)
def test_argument_that_cannot_be_is_told_before_anything_is_sent(
    perform: Both, photo: Any, size: Any, path: Any, text: str
) -> None:
    with serve(Answer(JPEG)) as server, pytest.raises(ArgumentError) as caught:
        perform(lambda f: f.download(photo, size, path), _options(server.url))
    assert str(caught.value).startswith("download: ") and text in str(caught.value)
    assert "\n" not in str(caught.value) and server.asked == []


@pytest.mark.parametrize("photo", ["53", 53])
def test_id_alone_is_enough(perform: Both, tmp_path: Path, photo: Any) -> None:
    with serve() as server:
        server.answers = [_sizes(server.url, ("Original", "/1/53_01_o.jpg", "photo")), Answer(JPEG)]
        path = perform(lambda f: f.download(photo, "o", tmp_path / "a.jpg"), _options(server.url))
    assert path.read_bytes() == JPEG and "photo_id=53" in server.asked[0].path


def test_address_of_another_type_is_left_aside(perform: Both, tmp_path: Path) -> None:
    with serve(Answer(JPEG)) as server:
        photo = PHOTO | {"url_l": 5}
        perform(lambda f: f.download(photo, "b", tmp_path / "a.jpg"), _options(server.url))
    assert server.asked[0].path == "/65535/53_0123456789_b.jpg"


@pytest.mark.parametrize(
    "body",
    [
        b'{"stat":"ok"}',
        b'{"stat":"ok","sizes":[]}',
        b'{"stat":"ok","sizes":{"size":[5]}}',
        b'{"stat":"ok","sizes":{"size":[{"label":"Large","source":5}]}}',
    ],
)
def test_sizes_in_another_shape_are_told(perform: Both, tmp_path: Path, body: bytes) -> None:
    with serve(Answer(body)) as server, pytest.raises(UnavailableError, match="unexpected answer"):
        perform(lambda f: f.download("53", "b", tmp_path / "a.jpg"), _options(server.url))


@pytest.mark.parametrize("location", ["http://[::1", "file:///etc/passwd", "//h:0/"])
def test_redirect_to_an_address_that_cannot_be_is_told(
    perform: Both, tmp_path: Path, location: str
) -> None:
    away = Answer(b"", 302, {"Location": location})
    with (
        serve(away) as server,
        pytest.raises(UnavailableError, match="redirects to an invalid one"),
    ):
        perform(lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), _options(server.url))


def test_redirects_have_an_end(perform: Both, tmp_path: Path) -> None:
    away = Answer(b"", 302, {"Location": "/again"})
    with serve(away) as server, pytest.raises(UnavailableError, match="more than 5 redirects"):
        perform(lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), _options(server.url))
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "10.0.0.1",
        "[::ffff:127.0.0.1]",
        "169.254.1.1",
    ],
)
def test_redirect_from_the_internet_into_another_network_is_refused(
    perform: Both, tmp_path: Path, host: str
) -> None:
    """The server acts as an HTTP proxy for all addresses of the internet."""
    away = Answer(b"", 302, {"Location": f"http://{host}:9/"})
    with serve(away, Answer(JPEG)) as server:
        options = _options("http://8.8.8.8", request_options={"proxies": {"http": server.url}})
        with pytest.raises(UnavailableError, match="which is not public"):
            perform(lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), options)
    assert len(server.asked) == 1


def test_redirect_to_another_site_takes_no_login_along(perform: Both, tmp_path: Path) -> None:
    with serve(Answer(JPEG)) as other:
        away = Answer(b"", 302, {"Location": f"{other.url}/x"})
        with serve(away) as server:
            headers = {"Authorization": "Basic x", "X-Own": "1"}
            options = _options(server.url, request_options={"headers": headers})
            perform(lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), options)
    assert server.asked[0].headers["Authorization"] == "Basic x"
    assert "Authorization" not in other.asked[0].headers and other.asked[0].headers["X-Own"] == "1"


@pytest.mark.parametrize("value", ["9" * 5000, "-5", "Wed, 21 Oct 2065 07:28:00 GMT", "nan"])
def test_pause_that_cannot_be_is_no_error_of_its_own(
    perform: Both, tmp_path: Path, value: str
) -> None:
    answer = Answer(status=503, headers={"Retry-After": value})
    with serve(answer) as server, pytest.raises(UnavailableError, match="HTTP 503"):
        perform(lambda f: f.download(PHOTO, "b", tmp_path / "a"), _options(server.url))


def test_file_that_cannot_be_written_is_told_with_its_cause(
    perform: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with serve(Answer(JPEG)) as server, pytest.raises(FileError, match="No space left") as caught:
        perform(lambda f: f.download(PHOTO, "b", tmp_path / "a.jpg"), _options(server.url))
    assert getattr(caught.value.__cause__, "errno", None) == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_folder_in_place_of_which_a_file_lies_is_told(perform: Both, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with serve(Answer(JPEG)) as server, pytest.raises(FileError, match="cannot write"):
        target = tmp_path / "file" / "deeper" / "a.jpg"
        perform(lambda f: f.download(PHOTO, "b", target, make_folders=True), _options(server.url))
