"""Test `flickr.replace`: the new file arrives, and the hash tag follows it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import ArgumentError, FlickrError, NotFoundError, UploadError
from pyflickr_web.upload.tags import hash_tag
from tests.server.clients import Both
from tests.server.upload_gateway import LOST, Disturbance, serve_gateway, status
from tests.server.uploads import Clock, picture, states_in, tags_of
from tests.support.account import options_of
from tests.support.uploader import file_of, image

OLD, NEW = picture(1), picture(2)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def photo(sandbox: Sandbox) -> str:
    """The id of a photo with tags of its own and its hash tag."""
    with Flickr(**options_of(sandbox)) as flickr:
        number = flickr.upload(photo=OLD, tags=["happy fox", "zoo"], dedupe=True)
    sandbox.counts.clear()
    return number


@pytest.mark.parametrize("async_", [False, True])
def test_file_and_hash_tag_are_replaced(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str, async_: bool
) -> None:
    answer = perform(
        lambda f: f.replace(photo=NEW, photo_id=photo, async_=async_), options_of(sandbox)
    )
    assert answer == photo and file_of(sandbox, photo).read_bytes() == NEW
    assert tags_of(sandbox, photo) == ["happy fox", "zoo", hash_tag(sha256(NEW))]


@pytest.mark.parametrize("kind", ["path", "file", "iterator"])
def test_file_is_taken_from_each_kind_of_source(
    perform: Both, sandbox: Sandbox, photo: str, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(NEW)
    with path.open("rb") as file:
        source: Any = {"path": path, "file": file, "iterator": iter([NEW[:9], NEW[9:]])}[kind]
        length = len(NEW) if kind == "iterator" else None
        perform(
            lambda f: f.replace(photo=source, photo_id=int(photo), length=length),
            options_of(sandbox),
        )
    assert file_of(sandbox, photo).read_bytes() == NEW


def test_same_file_keeps_its_tag(perform: Both, sandbox: Sandbox, photo: str) -> None:
    before = tags_of(sandbox, photo)
    perform(lambda f: f.replace(photo=OLD, photo_id=photo), options_of(sandbox))
    assert tags_of(sandbox, photo) == before
    assert not sandbox.calls["flickr.photos.removeTag"]


def test_without_dedupe_the_old_tag_is_removed_alone(
    perform: Both, sandbox: Sandbox, photo: str
) -> None:
    perform(lambda f: f.replace(photo=NEW, photo_id=photo, dedupe=False), options_of(sandbox))
    assert tags_of(sandbox, photo) == ["happy fox", "zoo"]


def test_replaced_photo_is_found_by_its_new_content(
    perform: Both, sandbox: Sandbox, photo: str
) -> None:
    perform(lambda f: f.replace(photo=NEW, photo_id=photo), options_of(sandbox))
    assert perform(lambda f: f.upload(photo=NEW, dedupe=True), options_of(sandbox)) == photo
    assert perform(lambda f: f.upload(photo=OLD, dedupe=True), options_of(sandbox)) != photo


@pytest.mark.parametrize("disturbance", [LOST, status(500), Disturbance(10)])
def test_lost_answer_is_retried(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str, disturbance: Disturbance
) -> None:
    with serve_gateway(sandbox, disturbance, disturbance) as gateway:
        perform(
            lambda f: f.replace(photo=NEW, photo_id=photo),
            options_of(sandbox) | {"base_url": gateway.url},
        )
    assert len(gateway.heads) == 3 and file_of(sandbox, photo).read_bytes() == NEW
    assert hash_tag(sha256(NEW)) in tags_of(sandbox, photo)


def test_answer_that_is_always_lost_is_unknown(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str
) -> None:
    before = tags_of(sandbox, photo)
    with serve_gateway(sandbox, *[LOST] * 9) as gateway, pytest.raises(UploadError) as caught:
        perform(
            lambda f: f.replace(photo=NEW, photo_id=photo),
            options_of(sandbox) | {"base_url": gateway.url},
        )
    assert caught.value.results[0].status == "unknown" and len(gateway.heads) == 4
    assert tags_of(sandbox, photo) == before


def test_old_tag_stays_until_the_new_one_is_added(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str
) -> None:
    sandbox.fail("flickr.photos.addTags", 2)
    with pytest.raises(FlickrError, match="not yet its new hash tag: replace it again"):
        perform(lambda f: f.replace(photo=NEW, photo_id=photo), options_of(sandbox))
    assert hash_tag(sha256(OLD)) in tags_of(sandbox, photo)
    perform(lambda f: f.replace(photo=NEW, photo_id=photo), options_of(sandbox))
    assert tags_of(sandbox, photo) == ["happy fox", "zoo", hash_tag(sha256(NEW))]


def test_calls_with_lost_answers_are_repeated(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str
) -> None:
    # The sandbox makes the change, and half of its answer is lost.
    for method in ("addTags", "removeTag"):
        sandbox.faults.add("drop-midway", method=f"flickr.photos.{method}", times=1)
    perform(lambda f: f.replace(photo=NEW, photo_id=photo), options_of(sandbox))
    assert tags_of(sandbox, photo) == ["happy fox", "zoo", hash_tag(sha256(NEW))]


def test_refusal_is_reported_and_the_tags_stay(perform: Both, sandbox: Sandbox, photo: str) -> None:
    before = tags_of(sandbox, photo)
    sandbox.faults.add(Fault("error", code=1, message="Not a pro account"), where="upload")
    with pytest.raises(UploadError, match="Not a pro account"):
        perform(lambda f: f.replace(photo=NEW, photo_id=photo), options_of(sandbox))
    assert tags_of(sandbox, photo) == before


def test_ticket_that_fails_is_reported(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str
) -> None:
    before = tags_of(sandbox, photo)
    with pytest.raises(UploadError, match="could not process the file"):
        perform(
            lambda f: f.replace(photo=image()[:200], photo_id=photo, async_=True),
            options_of(sandbox),
        )
    assert tags_of(sandbox, photo) == before


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"photo_id": "x"}, "invalid photo_id 'x': use a number"),
        ({"photo_id": True}, "invalid photo_id True"),
        ({"photo_id": "1", "filename": 5}, "filename: give a text, not a int"),
        ({"photo_id": "1", "titel": "x"}, "unknown argument titel"),
        ({"photo_id": "1", "asynch": 1}, "unknown argument asynch; did you mean async_?"),
    ],
)
def test_invalid_argument_is_reported_before_anything_is_sent(
    perform: Both, sandbox: Sandbox, arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        perform(lambda f: f.replace(photo=NEW, **arguments), options_of(sandbox))
    assert text in str(caught.value) and not sandbox.calls


def test_missing_photo_is_reported_before_the_file_is_sent(perform: Both, sandbox: Sandbox) -> None:
    with pytest.raises(NotFoundError):
        perform(lambda f: f.replace(photo=NEW, photo_id="1"), options_of(sandbox))
    assert not sandbox.calls["replace"]


@pytest.mark.parametrize("source", ["missing.jpg", b""])
def test_source_that_cannot_be_read_is_reported(
    perform: Both, sandbox: Sandbox, photo: str, source: Any
) -> None:
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.replace(photo=source, photo_id=photo), options_of(sandbox))
    assert caught.value.results[0].status == "failed" and not sandbox.calls["replace"]


def test_journal_says_that_the_old_file_is_not_on_flickr_any_more(
    perform: Both, sandbox: Sandbox, tmp_path: Path
) -> None:
    old, new, journal = tmp_path / "old.jpg", tmp_path / "new.jpg", tmp_path / "journal"
    old.write_bytes(OLD)
    new.write_bytes(NEW)
    options, settings = options_of(sandbox), {"journal": journal, "dedupe": True}
    photo = perform(lambda f: f.upload(photo=old, **settings), options)
    answer = perform(lambda f: f.replace(photo=new, photo_id=photo, journal=journal), options)
    assert answer == photo and states_in(journal)[-2:] == ["done", "failed"]
    assert perform(lambda f: f.upload(photo=new, **settings), options) == photo
    assert perform(lambda f: f.upload(photo=old, **settings), options) != photo


@pytest.mark.parametrize("is_lost", [False, True])
def test_replacement_that_fails_leaves_the_upload_of_the_file_in_the_journal(
    perform: Both, sandbox: Sandbox, clock: Clock, photo: str, tmp_path: Path, is_lost: bool
) -> None:
    file, journal = tmp_path / "new.jpg", tmp_path / "journal"
    file.write_bytes(NEW)
    options = options_of(sandbox)
    uploaded = perform(lambda f: f.upload(photo=file, journal=journal), options)
    if is_lost:
        sandbox.faults.add("drop", where="upload", times=9)
    else:
        sandbox.faults.add(Fault("error", code=1, message="Not a pro account"), where="upload")
    with pytest.raises(UploadError):
        perform(lambda f: f.replace(photo=file, photo_id=photo, journal=journal), options)
    sandbox.faults.clear()
    assert perform(lambda f: f.upload(photo=file, journal=journal), options) == uploaded


def test_journal_of_a_replacement_must_be_a_path(sandbox: Sandbox) -> None:
    with Flickr(**options_of(sandbox)) as flickr, pytest.raises(ArgumentError, match="journal"):
        flickr.replace(photo=NEW, photo_id="1", journal=1)  # type: ignore[arg-type]
