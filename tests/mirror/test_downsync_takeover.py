"""Test that downsync takes over files without a checksum: complete ones stay, others are repaired."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.contents.document_checks import EMPTY, INVALID_JSON, NO_OBJECT, OTHER_ITEM
from pyflickr_web.mirror.events import Event, FaultFound, Notice
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.takeover.rules import DOUBLED_SIZES, ICON_PATH, STILL
from tests.mirror.mirroring import FirstRuns, Mirroring, forget_sums, read_files, read_times
from tests.mirror.pictures import picture

SIZES = "thumbnail,square-small"


@pytest.fixture(autouse=True)
def copy_mirror(first_runs: FirstRuns, tmp_path: Path) -> None:
    """Begin each test with a copy of a mirror of the account."""
    shutil.copytree(first_runs.make(sizes=SIZES), tmp_path / "mirror")


def edit(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file."""
    value = json.loads(file.read_bytes())
    change(value)
    file.write_text(json.dumps(value))


def count_answers(mirroring: Mirroring) -> dict[str, int]:
    """Return the number of calls for single photos, and of files."""
    methods = ("photos.getInfo", "photos.comments.getList", "photos.getAllContexts")
    calls = mirroring.sandbox.calls
    return {name: calls[f"flickr.{name}"] for name in methods} | {"files": calls["files"]}


NO_ANSWERS = {
    "photos.getInfo": 0,
    "photos.comments.getList": 0,
    "photos.getAllContexts": 0,
    "files": 0,
}


def test_complete_files_are_not_fetched_and_get_their_sums(either: Mirroring) -> None:
    files, times = read_files(either.folder), read_times(either.folder)
    forget_sums(either.folder)
    report = either.run(sizes=SIZES)
    assert report.is_complete
    assert count_answers(either) == NO_ANSWERS
    del times["SHA256SUMS"]
    assert read_files(either.folder) == files
    assert {**read_times(either.folder), **times} == read_times(either.folder)
    assert (report.accepted_files, report.repaired, report.unrepaired) == (len(files) - 1, {}, {})
    assert either.run(sizes=SIZES).accepted_files == 0


@pytest.mark.parametrize("full", [False, True])
def test_sums_of_our_own_mirror_are_not_made_unasked(mirroring: Mirroring, full: bool) -> None:
    sums = mirroring.folder / "SHA256SUMS"
    lines = sums.read_text().splitlines(keepends=True)
    sums.write_text("".join(lines[::2]))
    assert mirroring.run(sizes=SIZES, full=full).accepted_files == 0
    assert sums.read_text() == "".join(lines[::2])
    sums.unlink()
    notices: list[str] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.text)

    assert mirroring.run(sizes=SIZES, full=full, on_event=on_event).accepted_files == 0
    assert not sums.exists()
    assert [text for text in notices if "verify --accept" in text] == notices[:1] != []


def test_every_fault_is_repaired_and_reported(either: Mirroring) -> None:
    files, folder = read_files(either.folder), either.folder
    photos = [photo["id"] for photo in either.list_photos()]
    album = either.list_albums()[0]["id"]
    collection = next((folder / "ia/collections").iterdir()).name
    icon = next((folder / "images/icon/small").iterdir()).name
    damages: dict[str, tuple[bytes, str]] = {
        f"images/thumbnail/{photos[0]}.jpg": (b"", EMPTY),
        f"images/thumbnail/{photos[1]}.jpg": (
            files[f"images/thumbnail/{photos[1]}.jpg"][:-20],
            "the JPG file is cut short",
        ),
        f"images/square/small/{photos[1]}.jpg": (
            b"<html>404</html>",
            "a page of text, not a picture",
        ),
        f"images/square/small/{photos[2]}.jpg": (
            picture("jpg", side=54),
            "54 x 54 pixels instead of 75 x 75",
        ),
        f"images/icon/small/{icon}": (b"404: Not Found", "not a GIF file"),
        f"ia/photos/{photos[3]}.json": (b"", EMPTY),
        f"ia/photos/{photos[4]}.json": (b'{"id": "5', INVALID_JSON),
        f"ia/photos/{photos[5]}.json": (files[f"ia/photos/{photos[6]}.json"], OTHER_ITEM),
        f"ia/photos/comments/{photos[3]}.json": (b"", EMPTY),
        f"ia/photos/comments/{photos[7]}.json": (b"{", INVALID_JSON),
        f"ia/photos/contexts/{photos[3]}.json": (b"", EMPTY),
        f"ia/photos/contexts/{photos[8]}.json": (b'{"set": 7}', OTHER_ITEM),
        f"ia/photosets/{album}.json": (b"[]", NO_OBJECT),
    }
    for name, (content, _) in damages.items():
        (folder / name).write_bytes(content)
    doubled = f"ia/photos/{photos[9]}.json"
    edit(folder / doubled, lambda info: info["sizes"].extend(info["sizes"]))
    path = f"/home/me{folder}/images/icon/small/{icon}"
    edit(folder / "ia/collections" / collection, lambda tree: tree.update(iconsmall=path))
    faults = {name: fault for name, (_, fault) in damages.items()}
    faults |= {doubled: DOUBLED_SIZES, f"ia/collections/{collection}": ICON_PATH}
    forget_sums(folder)
    events: dict[str, str] = {}

    def on_event(event: Any) -> None:
        if isinstance(event, FaultFound):
            events[event.name] = event.fault

    report = either.run(sizes=SIZES, on_event=on_event)
    assert report.is_complete, report.summarize()
    assert (report.repaired, report.unrepaired) == (faults, {})
    assert events == faults
    assert report.accepted_files == len(files) - 1 - len(faults)
    after = {name: data for name, data in read_files(folder).items() if ".trash" not in name}
    assert after == files
    assert count_answers(either)["photos.getInfo"] == 3
    assert either.sandbox.calls["files"] == sum(name.startswith("images/") for name in faults)
    accepted, repaired = report.summarize()[1:3]
    assert accepted == (f"{report.accepted_files} complete files without a checksum got one")
    assert repaired.startswith("15 files repaired: ") and "invalid JSON (2)" in repaired


def test_damaged_json_moves_to_the_trash(mirroring: Mirroring) -> None:
    name = f"ia/photos/{mirroring.list_photos()[0]['id']}.json"
    (mirroring.folder / name).write_bytes(b'{"id": "5')
    forget_sums(mirroring.folder)
    mirroring.run(sizes=SIZES)
    [moved] = (mirroring.folder / ".trash").glob(f"*/{name}")
    assert moved.read_bytes() == b'{"id": "5'


def test_faults_of_a_photo_that_left_flickr_are_listed(mirroring: Mirroring) -> None:
    photo_id = mirroring.list_photos()[0]["id"]
    small, document = f"images/square/small/{photo_id}.jpg", f"ia/photos/{photo_id}.json"
    (mirroring.folder / small).write_bytes(b"cut")
    (mirroring.folder / document).write_bytes(b"{")
    mirroring.sandbox.store.run("DELETE FROM photos WHERE id = :id", id=int(photo_id))
    forget_sums(mirroring.folder)
    report = mirroring.run(sizes=SIZES)
    assert report.unrepaired == {document: INVALID_JSON, small: "not a JPG file"}
    assert f"not repaired: {small}: not a JPG file" in report.summarize()
    # The only copy, however damaged, stays.
    files = read_files(mirroring.folder)
    assert files[small] == b"cut" and document not in files
    assert any(name.startswith(".trash/") and name.endswith(document) for name in files)
    sums = files["SHA256SUMS"].decode()
    assert small not in sums and f"  images/thumbnail/{photo_id}.jpg\n" in sums


@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed"])
def test_interrupted_check_continues_where_it_stopped(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    files = read_files(either.folder)
    forget_sums(either.folder)

    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "checking" and getattr(event, "done", 0) == 20:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        if is_killed:
            # Nothing is done at the end, as after a power failure.
            patch.setattr("pyflickr_web.mirror.sync.MirrorFolder.finish", lambda folder: None)
            patch.setattr("pyflickr_web.mirror.sync.Placement.flush", lambda placement: None)
        either.run(sizes=SIZES, on_event=interrupt)
    log = either.folder / (".mirror/sums.log" if is_killed else "SHA256SUMS")
    checked = [line for line in log.read_text().splitlines() if line]
    assert 64 <= len(checked) < len(files) - 1
    report = either.run(sizes=SIZES)
    assert report.accepted_files == len(files) - 1 - len(checked)
    assert report.is_complete
    assert either.sandbox.calls["files"] == 0
    assert read_files(either.folder) == files


def test_pools_of_damaged_contexts_are_read_again(mirroring: Mirroring) -> None:
    files = read_files(mirroring.folder)
    name = next(name for name, data in files.items() if "/contexts/" in name and b'"pool"' in data)
    (mirroring.folder / name).write_bytes(b"{")
    forget_sums(mirroring.folder)
    assert mirroring.run(sizes=SIZES).repaired == {name: INVALID_JSON}
    after = json.loads((mirroring.folder / name).read_bytes())
    assert {pool["id"] for pool in after["pool"]} == {
        pool["id"] for pool in json.loads(files[name])["pool"]
    }


def test_album_of_which_another_program_has_a_part(mirroring: Mirroring) -> None:
    files = read_files(mirroring.folder)
    name = f"ia/photosets/{mirroring.list_albums()[0]['id']}.json"
    edit(mirroring.folder / name, lambda album: album["photos"].pop())
    forget_sums(mirroring.folder)
    assert mirroring.run(sizes=SIZES).written_albums == 1
    assert read_files(mirroring.folder) == files


def test_damaged_picture_of_another_size_waits_for_a_run_that_fetches_it(
    mirroring: Mirroring,
) -> None:
    files = read_files(mirroring.folder)
    name = f"images/square/small/{mirroring.list_photos()[0]['id']}.jpg"
    (mirroring.folder / name).write_bytes(files[name][:-9])
    forget_sums(mirroring.folder)
    fault = {name: "the JPG file is cut short"}
    report = mirroring.run(sizes="thumbnail")
    assert (report.repaired, report.unrepaired) == ({}, fault)
    assert Journal(MirrorFolder(mirroring.folder)).section("outdated") == {name: "damaged"}
    report = mirroring.run(sizes="thumbnail")
    assert (list(report.unrepaired), report.fetched_files) == ([name], 0)
    report = mirroring.run(sizes=SIZES)
    assert (list(report.repaired), report.unrepaired, report.fetched_files) == ([name], {}, 1)
    assert Journal(MirrorFolder(mirroring.folder)).section("outdated") == {}
    assert read_files(mirroring.folder) == files


def test_comments_that_another_program_did_not_read_again(mirroring: Mirroring) -> None:
    files = read_files(mirroring.folder)
    name = next(
        name
        for name, data in files.items()
        if "/comments/" in name and len(json.loads(data).get("comment", [])) > 1
    )
    edit(mirroring.folder / name, lambda comments: comments["comment"].pop())
    forget_sums(mirroring.folder)
    report = mirroring.run(sizes=SIZES)
    assert report.repaired == {}
    assert count_answers(mirroring) == {**NO_ANSWERS, "photos.comments.getList": 1}
    assert read_files(mirroring.folder) == files


def test_still_in_place_of_a_video_is_replaced(mirroring: Mirroring) -> None:
    video = next(photo["id"] for photo in mirroring.list_photos() if photo["media"] == "video")
    mirroring.call("photosets.create", title="Films", primary_photo_id=video)
    folder = mirroring.folder / "images/original"
    folder.mkdir()
    (folder / f"{video}.jpg").write_bytes(picture("jpg"))
    forget_sums(mirroring.folder)
    report = mirroring.run(sizes="original", albums=["Films"])
    assert report.repaired == {f"images/original/{video}.jpg": STILL}
    assert [file.name for file in folder.iterdir()] == [f"{video}.mp4"]
    assert (folder / f"{video}.mp4").read_bytes()[4:8] == b"ftyp"
    report = mirroring.run(sizes="original", albums=["Films"], full=True)
    assert (report.repaired, report.fetched_files) == ({}, 0)


def test_dry_run_says_that_a_run_checks_the_files(mirroring: Mirroring) -> None:
    forget_sums(mirroring.folder)
    files = read_files(mirroring.folder, state=True)
    notices: list[str] = []

    def on_event(event: Any) -> None:
        notices.extend([event.text] if type(event).__name__ == "Notice" else [])

    assert mirroring.run(sizes=SIZES, dry_run=True, on_event=on_event).planned == 0
    assert [text for text in notices if "a run checks all files" in text] == notices[:1] != []
    assert read_files(mirroring.folder, state=True) == files


def test_dry_run_after_a_first_run_was_killed_checks_no_files(mirroring: Mirroring) -> None:
    sums = (mirroring.folder / "SHA256SUMS").read_bytes()
    forget_sums(mirroring.folder)
    log = mirroring.folder / ".mirror/sums.log"
    log.parent.mkdir()
    log.write_bytes(sums)
    events: list[Any] = []
    mirroring.run(sizes=SIZES, dry_run=True, on_event=events.append)
    assert [event for event in events if isinstance(event, Notice)] == []


def test_file_that_is_damaged_at_flickr_stays(mirroring: Mirroring) -> None:
    name = f"images/thumbnail/{mirroring.list_photos()[0]['id']}.jpg"
    content = (mirroring.folder / name).read_bytes()[:-20]
    (mirroring.folder / name).write_bytes(content)
    forget_sums(mirroring.folder)
    digest = hashlib.sha256(content).hexdigest()
    (mirroring.folder / ".mirror").mkdir()
    entry = json.dumps(["damaged", name, digest])
    (mirroring.folder / ".mirror/journal").write_text(f"{entry}\n")
    report = mirroring.run(sizes=SIZES)
    assert (report.repaired, report.unrepaired) == ({}, {})
    assert (mirroring.folder / name).read_bytes() == content
    assert f"{digest}  {name}\n" in (mirroring.folder / "SHA256SUMS").read_text()


def test_favorites_get_their_sums_without_being_listed(mirroring: Mirroring) -> None:
    mirroring.run(sizes="square-small", favorites=True)
    files = read_files(mirroring.folder)
    assert any(name.startswith("favorites/images/") for name in files)
    forget_sums(mirroring.folder)
    mirroring.run(sizes="square-small")
    assert read_files(mirroring.folder) == files


def test_unreadable_picture_is_fetched_again(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_files(mirroring.folder)
    forget_sums(mirroring.folder)
    name = f"images/thumbnail/{mirroring.list_photos()[0]['id']}.jpg"

    def read(file: Path) -> str:
        if file == mirroring.folder / name:
            raise OSError(5, "Input/output error")
        return hash_file(file)

    monkeypatch.setattr("pyflickr_web.mirror.takeover.file_check.hash_file", read)
    report = mirroring.run(sizes=SIZES)
    assert report.repaired == {name: "not readable: Input/output error"}
    assert read_files(mirroring.folder) == files
