"""Test uploads of single photos: bytes and fields arrive, from every kind of source."""

from __future__ import annotations

import errno
import io
import itertools
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from python_multipart.multipart import parse_form

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import ArgumentError, FileError, UploadError
from tests.server.clients import Both
from tests.server.uploads import CHECKED, UPLOADED, row_of, tags_of, uploaded_contents
from tests.support.account import LOGIN, options_of
from tests.support.scripted_server import Answer, ReceivedRequest, serve
from tests.support.uploader import file_of, image, video

TITLE = "Grüße \"fox\" | ` ^ ~ % + & = 'x' 🦊"
DESCRIPTION = "one\r\ntwo\nthree --\t<b>&amp;</b>"
NOISE = random.Random(1).randbytes(700_000) + b"\r\n--\r\n\r\n"


CONTENT = image() + NOISE


def open_behind(_: Path) -> io.BytesIO:
    """Return an open file at a position behind its start."""
    file = io.BytesIO(b"before" + CONTENT)
    file.seek(6)
    return file


def closed_file() -> io.BytesIO:
    file = io.BytesIO(CONTENT)
    file.close()
    return file


def write_file(folder: Path) -> Path:
    path = folder / "füchs 🦊.jpg"
    path.write_bytes(CONTENT)
    return path


class Stream(io.RawIOBase):
    """A stream that cannot seek, such as the body of a response."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # Less than requested, as a socket does.
        return self._file.read(min(size, 60_000))


SOURCES: dict[str, Callable[[Path], Any]] = {
    "path": write_file,
    "text path": lambda folder: str(write_file(folder)),
    "bytes": lambda _: CONTENT,
    "bytearray": lambda _: bytearray(CONTENT),
    "memoryview": lambda _: memoryview(CONTENT),
    "open file": lambda folder: write_file(folder).open("rb"),
    "file from its position": open_behind,
    "iterator": lambda _: iter([CONTENT[:5], b"", CONTENT[5:]]),
    "stream": lambda _: Stream(CONTENT),
    "list": lambda _: [CONTENT[:5], CONTENT[5:]],
}


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("dedupe", [False, True])
def test_bytes_arrive_from_each_kind_of_source(
    perform: Both, sandbox: Sandbox, tmp_path: Path, kind: str, dedupe: bool
) -> None:
    photo = SOURCES[kind](tmp_path)
    needs_length = kind in ("iterator", "list", "stream")
    arguments = {"length": len(CONTENT)} if needs_length else {}
    number = perform(
        lambda f: f.upload(photo=photo, dedupe=dedupe, **arguments), options_of(sandbox)
    )
    assert isinstance(number, str)
    assert file_of(sandbox, number).read_bytes() == CONTENT
    if hasattr(photo, "close"):
        # The caller's own file stays open.
        assert not photo.closed
        photo.close()


def test_fields_arrive(perform: Both, sandbox: Sandbox) -> None:
    number = perform(
        lambda f: f.upload(
            photo=image(),
            title=TITLE,
            description=DESCRIPTION,
            tags=["happy fox", "test 1", "größe", "rock 'n' roll", 'say "hi"', "日本 語", None, 7],
            is_public=False,
            is_friend=True,
            is_family=0,
            safety_level="moderate",
            content_type="screenshot",
            hidden="hidden",
        ),
        options_of(sandbox),
    )
    row = row_of(sandbox, number)
    assert (row["title"], row["description"]) == (TITLE, DESCRIPTION)
    assert (row["ispublic"], row["isfriend"], row["isfamily"]) == (0, 1, 0)
    # The library counts from 0.
    assert (row["safety_level"], row["content_type"], row["hidden"]) == (1, 1, 1)
    assert tags_of(sandbox, number) == [
        "happy fox",
        "test 1",
        "größe",
        "rock 'n' roll",
        "say hi",
        "日本 語",
        "7",
    ]


def test_own_text_of_tags_is_kept_behind_the_hash_tag(perform: Both, sandbox: Sandbox) -> None:
    text = 'happy fox image "test 2" separate tags'
    plain = perform(lambda f: f.upload(photo=image(), tags=text), options_of(sandbox))
    assert tags_of(sandbox, plain) == ["happy", "fox", "image", "test 2", "separate", "tags"]
    broken = perform(
        lambda f: f.upload(photo=image(size=(9, 9)), tags='fox "open quote', dedupe=True),
        options_of(sandbox),
    )
    assert tags_of(sandbox, broken)[0].startswith("pyflickrweb:sha256=")


@pytest.mark.parametrize(
    ("name", "value", "column", "number"),
    [
        ("safety_level", "restricted", "safety_level", 2),
        ("safety_level", 1, "safety_level", 0),
        ("safety_level", "2", "safety_level", 1),
        ("content_type", "other", "content_type", 2),
        ("content_type", 1, "content_type", 0),
        ("hidden", True, "hidden", 1),
        ("hidden", False, "hidden", 0),
        ("hidden", "visible", "hidden", 0),
        ("hidden", 2, "hidden", 1),
    ],
)
def test_choices_are_given_by_name_or_number(
    sandbox: Sandbox, name: str, value: Any, column: str, number: int
) -> None:
    fields: dict[str, Any] = {name: value}
    with Flickr(**options_of(sandbox)) as flickr:
        assert row_of(sandbox, flickr.upload(photo=image(), **fields))[column] == number


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"titel": "x"}, "unknown field titel; did you mean title?"),
        ({"safety_level": "unsafe"}, "invalid safety_level 'unsafe': use 1 or 'safe', 2 or 'moder"),
        ({"safety_level": True}, "invalid safety_level True"),
        ({"content_type": 4}, "invalid content_type 4"),
        ({"hidden": 3}, "invalid hidden 3"),
        ({"is_public": "yes"}, "invalid is_public 'yes': use True or False"),
        ({"is_public": 2}, "invalid is_public 2"),
        ({"title": ["x"]}, "title: give a text, not a list"),
        ({"title": "\udcff"}, "is not valid Unicode"),
        ({"tags": 5}, "tags: give a text or a list of texts, not a int"),
        ({"tags": {"a": 1}}, "tags: give a text or a list of texts, not a dict"),
        ({"tags": [["a"]]}, "invalid tag ['a']"),
        ({"workers": 0}, "invalid workers 0: use 1 to 32"),
        ({"resend_after": -1}, "invalid resend_after -1"),
        ({"journal": 5}, "journal: give the path of a file"),
        ({"on_event": 5}, "on_event: give a function"),
        ({"filename": 5}, "filename: give a text"),
        ({"filename": "a\udc80.jpg"}, "filename: '\\udc80' is not valid Unicode"),
        ({"photos": []}, "give either photo or photos"),
        ({"photo": None, "photos": "a.jpg"}, "give either photo or photos"),
    ],
)
def test_invalid_argument_is_reported_before_anything_is_sent(
    perform: Both, arguments: dict[str, Any], text: str
) -> None:
    with serve() as server, pytest.raises(ArgumentError) as caught:
        perform(
            lambda f: f.upload(**{"photo": image(), **arguments}), LOGIN | {"base_url": server.url}
        )
    assert str(caught.value).startswith("flickr.upload: ") and text in str(caught.value)
    assert "\n" not in str(caught.value) and server.asked == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("füchs 🦊.jpg", "füchs 🦊"),
        # As browsers escape it.
        ('a"b.jpg', "a%22b"),
        ("folder\\c.jpg", "c"),
        ("x\ny.png", "xy"),
        ("plain.gif", "plain"),
    ],
)
def test_file_name_is_the_default_title(sandbox: Sandbox, name: str, title: str) -> None:
    with Flickr(**options_of(sandbox)) as flickr:
        number = flickr.upload(photo=image(), filename=name)
    assert row_of(sandbox, number)["title"] == title


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes")
def test_file_name_of_another_encoding_is_accepted(sandbox: Sandbox, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xfcchs.jpg"))
    path.write_bytes(image())
    with Flickr(**options_of(sandbox)) as flickr:
        assert row_of(sandbox, flickr.upload(photo=path))["title"] == "f\ufffdchs"


def test_video_is_uploaded(perform: Both, sandbox: Sandbox) -> None:
    number = perform(lambda f: f.upload(photo=video(), filename="film.mp4"), options_of(sandbox))
    assert row_of(sandbox, number)["media"] == "video"
    assert file_of(sandbox, number).read_bytes() == video()


def parsed_form(asked: ReceivedRequest) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the fields and files of a form, as python-multipart reads them."""
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def add_field(field: Any) -> None:
        fields[field.field_name.decode()] = (field.value or b"").decode()

    def add_file(file: Any) -> None:
        file.file_object.seek(0)
        files[file.file_name.decode()] = file.file_object.read()
        file.close()

    headers = {name: value.encode() for name, value in asked.headers.items()}
    parse_form(headers, io.BytesIO(asked.body), add_field, add_file)
    return fields, files


def test_form_is_valid_for_a_strict_parser(perform: Both) -> None:
    with serve(CHECKED, UPLOADED) as server:
        perform(
            lambda f: f.upload(
                photo=CONTENT, filename="füchs.jpg", title=TITLE, description=DESCRIPTION
            ),
            LOGIN | {"base_url": server.url},
        )
    asked = server.asked[1]
    assert (asked.verb, asked.path) == ("POST", "/services/upload/")
    assert asked.headers["Content-Length"] == str(len(asked.body))
    fields, files = parsed_form(asked)
    assert fields == {"title": TITLE, "description": DESCRIPTION}
    assert files == {"füchs.jpg": CONTENT}


@pytest.mark.parametrize(
    "answer",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><rsp stat="ok"><photoid>&a;</photoid></rsp>',
        b'<rsp stat="ok"></rsp>',
        b'{"stat":"ok"}',
        b"\xff\xfe<rsp/>",
    ],
)
def test_answer_that_is_not_flickrs_is_no_success(perform: Both, answer: bytes) -> None:
    with serve(CHECKED, Answer(answer)) as server, pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photo=image()), LOGIN | {"base_url": server.url})
    assert caught.value.results[0].status == "unknown"


@pytest.mark.parametrize(
    ("photo", "length", "reason"),
    [
        ("missing.jpg", None, "'missing.jpg' cannot be read: No such file or directory"),
        (".", None, "'.' is a folder; name the files in it"),
        ("a\0b", None, "is not a path"),
        (os.devnull, None, "is not a file"),
        (b"", None, "'photo' is empty"),
        ([b"x"], None, "has no known size; give its length in bytes"),
        ([b"x"], 2, "has 1 of the 2 bytes of its length"),
        ([b"xyz"], 2, "has more than the 2 bytes of its length"),
        (itertools.repeat(b"x"), 2, "has more than the 2 bytes of its length"),
        (["text"], 4, "yields str; yield bytes"),
        (io.StringIO("text"), None, "is open as text; open it as 'rb'"),
        (closed_file(), None, "is closed; give an open file"),
        (5, None, "is a int; give a path, bytes or an open file"),
        (None, None, "is a NoneType"),
    ],
)
def test_source_that_cannot_be_read_is_a_failed_file(
    perform: Both, sandbox: Sandbox, photo: Any, length: int | None, reason: str
) -> None:
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photo=photo, length=length), options_of(sandbox))
    (result,) = caught.value.results
    assert (result.status, result.id) == ("failed", None)
    assert isinstance(result.error, FileError) and reason in str(result.error)
    assert reason in str(caught.value) and "\n" not in str(caught.value)


def _fail_after_a_piece(error: Exception) -> Iterator[bytes]:
    yield b"x" * 10
    raise error


@pytest.mark.parametrize("dedupe", [False, True])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionResetError(errno.ECONNRESET, "Connection reset"), "Connection reset"),
        (OSError("first\nsecond"), "first second"),
        (ValueError("invalid chunk"), "invalid chunk"),
        (KeyError(), "KeyError"),
    ],
)
def test_iterable_that_raises_is_a_failed_file(
    perform: Both, sandbox: Sandbox, dedupe: bool, error: Exception, reason: str
) -> None:
    """The error of the caller's iterable is neither one of the connection nor the end of the batch."""
    photos = [{"photo": _fail_after_a_piece(error), "length": 20}, {"photo": image()}]
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photos=photos, dedupe=dedupe), options_of(sandbox))
    failed, uploaded = caught.value.results
    assert (failed.status, uploaded.status) == ("failed", "uploaded")
    assert isinstance(failed.error, FileError) and failed.error.__cause__ is error
    assert str(failed.error) == f"flickr.upload: 'photo' cannot be read: {reason}"


@pytest.mark.parametrize("dedupe", [False, True])
def test_temporary_file_that_is_open_as_text_is_a_failed_file(
    perform: Both, sandbox: Sandbox, dedupe: bool
) -> None:
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("text")
        file.seek(0)
        with pytest.raises(UploadError, match="is open as text; open it as 'rb'") as caught:
            perform(lambda f: f.upload(photo=file, dedupe=dedupe), options_of(sandbox))
    assert isinstance(caught.value.results[0].error, FileError)


def test_too_large_file_is_not_sent(perform: Both, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    with file.open("wb") as opened:
        opened.truncate(200 * 1024 * 1024 + 1)
    with pytest.raises(UploadError, match="is too large: 209715201 bytes, and Flickr takes 2097"):
        perform(lambda f: f.upload(photo=file), options_of(sandbox))
    assert not sandbox.calls["upload"]


@pytest.mark.parametrize("call", [1, 2])
def test_unreadable_file_is_reported(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The file is opened first to see if it is readable, and then to send it."""
    file, count, open_file = tmp_path / "a.jpg", itertools.count(1), Path.open
    file.write_bytes(image())

    def deny(path: Path, *arguments: Any, **settings: Any) -> Any:
        if path == file and next(count) == call:
            raise PermissionError(errno.EACCES, "Permission denied")
        return open_file(path, *arguments, **settings)

    monkeypatch.setattr("pathlib.Path.open", deny)
    with Flickr(**options_of(sandbox)) as flickr, pytest.raises(UploadError) as caught:
        flickr.upload(photo=file)
    assert "a.jpg' cannot be read: Permission denied" in str(caught.value)
    assert isinstance(caught.value.results[0].error, FileError)
    assert not uploaded_contents(sandbox)


@pytest.mark.parametrize("dedupe", [False, True])
@pytest.mark.parametrize("change", ["grow", "shrink", "rewrite"])
def test_file_that_changes_while_it_is_read_is_not_uploaded(
    perform: Both, sandbox: Sandbox, tmp_path: Path, change: str, dedupe: bool
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(CONTENT)

    def change_file(event: Any) -> None:
        if type(event).__name__ != "FileStarted":
            return
        with file.open("rb+") as opened:
            if change == "grow":
                opened.seek(0, io.SEEK_END)
                opened.write(b"more")
            elif change == "shrink":
                opened.truncate(1000)
            else:
                opened.write(b"\xff\xd8\xff\xe1")
        # Some file systems have coarse times.
        os.utime(file, ns=(1, 1))

    with pytest.raises(UploadError, match="changed while it was read; upload it again"):
        perform(
            lambda f: f.upload(photo=file, dedupe=dedupe, on_event=change_file),
            options_of(sandbox),
        )
    assert sandbox.store.value("SELECT count(*) FROM photos WHERE file IS NOT NULL") == 0


def test_content_that_changes_under_an_unchanged_time_is_found_by_its_hash(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(CONTENT)
    before = file.stat().st_mtime_ns

    def change_file(event: Any) -> None:
        if type(event).__name__ == "FileStarted":
            file.write_bytes(image() + bytes(len(NOISE)))
            os.utime(file, ns=(before, before))

    with (
        Flickr(**options_of(sandbox)) as flickr,
        pytest.raises(UploadError, match="changed after it was hashed; upload it again"),
    ):
        flickr.upload(photo=file, dedupe=True, on_event=change_file)
    assert sandbox.store.value("SELECT count(*) FROM photos WHERE file IS NOT NULL") == 0
