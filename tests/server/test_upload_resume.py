"""Test that a later run continues with the journal, and uploads nothing twice."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Fault, Sandbox
from pyflickr_web import Flickr
from pyflickr_web.errors import FileError, UploadError
from pyflickr_web.upload.events import FileFinished, FileStarted
from pyflickr_web.upload.journal import Journal, JournalEntry
from tests.server.clients import Both
from tests.server.upload_gateway import LOST, Disturbance, serve_gateway
from tests.server.uploads import Clock, picture, states_in, uploaded_contents, write_pictures
from tests.support.account import options_of
from tests.support.uploader import image


class Killed(BaseException):
    """Ends an upload at an event, as a kill would: nothing more is written."""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


def photos_of(paths: list[Path]) -> list[dict[str, Any]]:
    return [{"photo": path} for path in paths]


def statuses_of(perform: Both, options: dict[str, Any], **arguments: Any) -> list[str]:
    """Return the statuses of the files of an upload, whether it fails or not."""
    found: dict[int, str] = {}

    def on_event(event: Any) -> None:
        if isinstance(event, FileFinished):
            found[event.index] = event.result.status

    try:
        perform(lambda f: f.upload(on_event=on_event, **arguments), options)
    except UploadError as error:
        assert [result.status for result in error.results] == [found[i] for i in sorted(found)]
    return [found[index] for index in sorted(found)]


def interrupt(perform: Both, options: dict[str, Any], at: type, **arguments: Any) -> None:
    """Run an upload until an event."""

    def on_event(event: Any) -> None:
        if isinstance(event, at):
            raise Killed

    with pytest.raises(Killed):
        perform(lambda f: f.upload(on_event=on_event, **arguments), options)


@pytest.mark.parametrize("dedupe", [False, True])
def test_finished_files_are_not_sent_again(
    perform: Both, sandbox: Sandbox, tmp_path: Path, journal: Path, dedupe: bool
) -> None:
    arguments = {
        "photos": photos_of(write_pictures(tmp_path, 3)), "journal": journal, "dedupe": dedupe
    }  # fmt: skip
    first = perform(lambda f: f.upload(**arguments), options_of(sandbox))
    # Not by their tags.
    sandbox.store.run("DELETE FROM photo_tags")
    assert perform(lambda f: f.upload(**arguments), options_of(sandbox)) == first
    assert sandbox.calls["upload"] == 3


def test_unchanged_size_and_time_save_the_hashing(
    sandbox: Sandbox, tmp_path: Path, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[Path] = []
    new_hash = hashlib.sha256

    def count_hashes() -> Any:
        hashed.append(tmp_path)
        return new_hash()

    monkeypatch.setattr("pyflickr_web.upload.sources.hashlib.sha256", count_hashes)
    (path,) = write_pictures(tmp_path, 1)
    with Flickr(**options_of(sandbox)) as flickr:
        first = flickr.upload(photo=path, journal=journal)
        hashed.clear()
        assert flickr.upload(photo=path, journal=journal) == first and not hashed
        os.utime(path, ns=(1, 1))
        assert flickr.upload(photo=path, journal=journal) == first and hashed


@pytest.mark.parametrize(("dedupe", "uploads"), [(True, 1), (False, 2)])
def test_moved_file_is_done_only_with_dedupe(
    perform: Both, sandbox: Sandbox, tmp_path: Path, journal: Path, dedupe: bool, uploads: int
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    for photo in (path, tmp_path / "moved.jpg"):
        if photo != path:
            path.rename(photo)
        perform(
            lambda f, p=photo: f.upload(photo=p, journal=journal, dedupe=dedupe),  # type: ignore[misc]
            options_of(sandbox),
        )
    assert sandbox.calls["upload"] == uploads


@pytest.mark.parametrize("dedupe", [False, True])
def test_changed_content_is_a_new_file(
    perform: Both, sandbox: Sandbox, tmp_path: Path, journal: Path, dedupe: bool
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photo": path, "journal": journal, "dedupe": dedupe}
    perform(lambda f: f.upload(**arguments), options_of(sandbox))
    path.write_bytes(picture(9) + b"longer")
    perform(lambda f: f.upload(**arguments), options_of(sandbox))
    assert uploaded_contents(sandbox) == [picture(0), picture(9) + b"longer"]


def test_interrupted_file_is_looked_for_and_after_ten_minutes_sent_again(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photos": photos_of([path]), "journal": journal, "dedupe": True}
    interrupt(perform, options_of(sandbox), FileStarted, **arguments)
    assert states_in(journal) == ["sending"]
    clock.now += 599
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["unknown"]
    assert not sandbox.calls["upload"] and sandbox.calls["flickr.photos.search"] == 1
    clock.now += 2
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["uploaded"]
    assert uploaded_contents(sandbox) == [picture(0)]


def test_age_of_an_attempt_counts_from_its_last_byte(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    """A long upload that was interrupted at its end is as new as its last byte."""
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photo": path, "journal": journal, "dedupe": True}

    def take_long(event: Any) -> None:
        if type(event).__name__ == "FileProgress":
            clock.now += 2400

    with serve_gateway(sandbox, Disturbance(forwards=False)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        with pytest.raises(UploadError):
            perform(lambda f: f.upload(on_event=take_long, **arguments), options)
    clock.now += 500
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["unknown"]


def test_interrupted_file_that_arrived_is_found(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photos": photos_of([path]), "journal": journal, "dedupe": True}
    sandbox.faults.add(Fault("index_delay", seconds=3600))
    with serve_gateway(sandbox, LOST) as gateway:
        # The answer is lost, and the process is killed before it looks for the photo.
        interrupt_at_look(perform, options_of(sandbox) | {"base_url": gateway.url}, arguments)
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["present"]
    assert states_in(journal) == ["sending", "sending", "done"]
    assert uploaded_contents(sandbox) == [picture(0)]


def interrupt_at_look(perform: Both, options: dict[str, Any], arguments: dict[str, Any]) -> None:
    patch = pytest.MonkeyPatch()

    def look_for(*_: Any) -> Any:
        raise Killed

    patch.setattr("pyflickr_web.upload.files.look_for", look_for)
    try:
        with pytest.raises(Killed):
            perform(lambda f: f.upload(**arguments), options)
    finally:
        patch.undo()


@pytest.mark.parametrize("sixteenth", range(17))
def test_body_that_is_cut_anywhere_arrives_once(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path, sixteenth: int
) -> None:
    """The client cannot know where: the buffers of the sockets hold the whole body."""
    (path,) = write_pictures(tmp_path, 1)
    content = picture(0) + bytes(100_000)
    path.write_bytes(content)
    arguments = {"photo": path, "journal": journal, "dedupe": True}
    with serve_gateway(sandbox, Disturbance(len(content) * sixteenth // 16)) as gateway:
        options = options_of(sandbox) | {"base_url": gateway.url}
        first = statuses_of(perform, options, **arguments)
    assert first in (["uploaded"], ["unknown"])
    assert uploaded_contents(sandbox) == [content] * (first == ["uploaded"])
    clock.now += 601
    assert statuses_of(perform, options_of(sandbox), **arguments) in (["uploaded"], ["present"])
    assert uploaded_contents(sandbox) == [content]


@pytest.mark.parametrize("later", [False, True])
def test_without_dedupe_an_interrupted_file_stays_unknown(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path, later: bool
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    interrupt(perform, options_of(sandbox), FileStarted, photo=path, journal=journal)
    clock.now += 6000
    # Without its tag it cannot be found by a later run with dedupe either.
    arguments = {"photo": path, "journal": journal, "dedupe": later}
    with pytest.raises(UploadError, match="if it is missing, upload it without this journal"):
        perform(lambda f: f.upload(**arguments), options_of(sandbox))
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["unknown"]
    assert not sandbox.calls["upload"]


def test_failed_file_is_sent_again_at_once(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    sandbox.faults.add(Fault("error", code=3, message="failure"), where="upload", times=1)
    arguments = {"photo": path, "journal": journal}
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["failed"]
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["uploaded"]


def test_open_ticket_is_checked_by_a_later_run(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    arguments = {
        "photos": photos_of(write_pictures(tmp_path, 2)), "journal": journal, "async_": True
    }  # fmt: skip
    tickets = perform(lambda f: f.upload(**arguments), options_of(sandbox))
    # The sandbox's first check of a ticket answers that it is not complete.
    assert perform(lambda f: f.upload(**arguments), options_of(sandbox)) == tickets
    ids = perform(lambda f: f.upload(wait=True, **arguments), options_of(sandbox))
    rows = sandbox.store.all("SELECT id FROM photos WHERE file IS NOT NULL ORDER BY id")
    assert ids == [str(row["id"]) for row in rows] and sandbox.calls["upload"] == 2
    assert states_in(journal)[-2:] == ["done", "done"]


def test_ticket_that_flickr_forgot_counts_as_interrupted(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photo": path, "journal": journal, "async_": True}
    perform(lambda f: f.upload(**arguments), options_of(sandbox))
    sandbox.store.run("DELETE FROM tickets")
    assert statuses_of(perform, options_of(sandbox), **arguments) == ["unknown"]


def test_failed_ticket_is_sent_again(
    perform: Both, sandbox: Sandbox, clock: Clock, tmp_path: Path, journal: Path
) -> None:
    (path,) = write_pictures(tmp_path, 1)
    arguments = {"photo": path, "journal": journal, "async_": True}
    perform(lambda f: f.upload(**arguments), options_of(sandbox))
    sandbox.store.run("UPDATE tickets SET complete = 2, asked = 1")
    perform(lambda f: f.upload(**arguments), options_of(sandbox))
    assert sandbox.calls["upload"] == 2


def test_bytes_and_iterators_are_recorded_by_their_content(
    perform: Both, sandbox: Sandbox, journal: Path
) -> None:
    content = image()
    arguments = {"journal": journal, "dedupe": True, "filename": "a.jpg"}
    first = perform(lambda f: f.upload(photo=content, **arguments), options_of(sandbox))
    sandbox.store.run("DELETE FROM photo_tags")
    again = perform(
        lambda f: f.upload(photo=iter([content]), length=len(content), **arguments),
        options_of(sandbox),
    )
    assert again == first and sandbox.calls["upload"] == 1


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("filename", [None, "a.jpg"])
def test_same_bytes_in_a_batch_with_a_journal_are_one_file(
    perform: Both, sandbox: Sandbox, journal: Path, workers: int, filename: str | None
) -> None:
    photos = [{"photo": image(), "filename": filename}] * 2
    first, second = perform(
        lambda f: f.upload(photos=photos, journal=journal, workers=workers), options_of(sandbox)
    )
    assert first == second and sandbox.calls["upload"] == 1


@pytest.mark.parametrize(
    ("syncs", "statuses", "states"),
    [
        # The folder is flushed first, and then three entries for each file.
        (4, ["uploaded", "failed", "not tried"], 3),
        (5, ["uploaded", "failed", "not tried"], 4),
        (6, ["uploaded", "uploaded", "not tried"], 5),
    ],
)
def test_full_disk_ends_the_batch_with_true_results(
    perform: Both,
    sandbox: Sandbox,
    tmp_path: Path,
    journal: Path,
    monkeypatch: pytest.MonkeyPatch,
    syncs: int,
    statuses: list[str],
    states: int,
) -> None:
    sync, count = os.fsync, itertools.count()

    def fill_up(handle: int) -> None:
        if next(count) >= syncs:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr("os.fsync", fill_up)
    photos = photos_of(write_pictures(tmp_path, 3))
    with pytest.raises(UploadError) as caught:
        perform(lambda f: f.upload(photos=photos, journal=journal), options_of(sandbox))
    assert [result.status for result in caught.value.results] == statuses
    assert "cannot be written: No space left on device" in str(caught.value.results[2].error)
    assert uploaded_contents(sandbox) == [picture(n) for n in range(statuses.count("uploaded"))]
    assert states_in(journal) == ["sending", "sending", "done", "sending", "sending"][:states]


def test_journal_of_another_account_is_refused(
    perform: Both, sandbox: Sandbox, journal: Path
) -> None:
    other = Journal(journal, "1@N00")
    other.append(JournalEntry("1@N00", "ab" * 32, "/a.jpg", "done", 1.0, True, "1"))
    other.close()
    with pytest.raises(FileError, match="is of the account '1@N00', not '10000000@N00': use ano"):
        perform(lambda f: f.upload(photo=image(), journal=journal), options_of(sandbox))
    assert not sandbox.calls["upload"]
