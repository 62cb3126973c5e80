"""Test that downsync recognises all files if the state of its runs is damaged, edited or lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import MirrorError
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from tests.mirror.mirroring import Mirroring, read_document, read_files, read_times

SIZES = "original,thumbnail"
CALLS_WITHOUT_CHANGES = 5
OTHER = "10000001@N01"
_STRANGE_LINES = (
    b'["unavailable", 5, "x"]\n{}\n["state"]\n["unknown", "a", 1]\n[["a"], "b", 1]\n\xff\xfe\n'
    b'["unavailable", "../../x", 1]\n["failed", "../x", 3]\n["failed", "favorites/1", null]\n'
    b'["failed", "007", "x"]\n["failed", "\xd9\xa3", "x"]\n["failed", "99999999999999999999999", "x"]\n'
    b'["state", "mark", "x"]\n["state", "unfinished", 7]\n[1, 2, 3, 4]\nnull\n["state", "mark'
)


def _append(name: str, content: bytes) -> Callable[[Path], None]:
    def append(folder: Path) -> None:
        with (folder / name).open("ab") as opened:
            opened.write(content)

    return append


def _cut_journal(folder: Path) -> None:
    journal = folder / ".mirror/journal"
    journal.write_bytes(journal.read_bytes()[:30])


def _replace_journal(folder: Path) -> None:
    (folder / ".mirror/journal").write_bytes(_STRANGE_LINES)


def _replace_owner(folder: Path) -> None:
    (folder / ".mirror/owner.json").write_bytes(b'{"nsid": 5}')


DAMAGES: dict[str, Callable[[Path], None]] = {
    "mark": _append(".mirror/journal", b'["state", "mark", %d]\n' % 10**30),
    "lost": lambda folder: shutil.rmtree(folder / ".mirror"),
    "cut": _cut_journal,
    "replaced": _replace_journal,
    "strange lines": _append(".mirror/journal", b"\n" + _STRANGE_LINES),
    "owner": _replace_owner,
    "log": _append(".mirror/sums.log", b"\xff" * 80 + b"\nabc  images/x\n" + b"0" * 64 + b"  ../x"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_all_files_are_recognised(mirroring: Mirroring, damage: Callable[[Path], None]) -> None:
    mirroring.begin(sizes=SIZES)
    files, times = read_files(mirroring.folder), read_times(mirroring.folder)
    damage(mirroring.folder)
    report = mirroring.run(sizes=SIZES)
    assert report.is_complete, report.summarize()
    assert (report.fetched_files, mirroring.sandbox.calls["flickr.photos.getInfo"]) == (0, 0)
    assert (read_files(mirroring.folder), read_times(mirroring.folder)) == (files, times)
    mirroring.run(sizes=SIZES)
    # The state is whole again: changes, not the stream, are listed.
    assert mirroring.sandbox.calls["flickr.photos.recentlyUpdated"] == 1
    with pytest.raises(
        MirrorError, match=rf"{OTHER}: use another folder .* or user \(--user\) 10000000@N00 for"
    ):
        mirroring.run(user=OTHER)


def test_checksums_that_somebody_edited_are_merged(mirroring: Mirroring) -> None:
    """Lines in another order, with the ends of Windows, comments, and a line that is cut."""
    mirroring.begin(sizes=SIZES)
    sums = mirroring.folder / "SHA256SUMS"
    lines = sums.read_text("utf-8").splitlines()
    edited = ["# mine", *reversed(lines), "0" * 30]
    sums.write_bytes("\r\n".join(edited).encode())
    photo_id = mirroring.list_photos()[0]["id"]
    mirroring.sandbox.store.run(
        "UPDATE photos SET title = 'New', lastupdate = lastupdate + 100000000 WHERE id = :id",
        id=int(photo_id),
    )
    assert mirroring.run(sizes=SIZES).updated_photos == 1
    digests = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in read_files(mirroring.folder).items()
        if name != "SHA256SUMS"
    }
    expected = [f"{digest}  {name}" for name, digest in sorted(digests.items())]
    assert sums.read_text("utf-8").splitlines() == expected


def test_journal_is_compacted_at_the_end_of_a_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    journal = Journal(MirrorFolder(mirroring.folder))
    for number in range(100):
        journal.record([("failed", "album 7", str(number))])
    file = mirroring.folder / ".mirror/journal"
    assert len(file.read_bytes().splitlines()) > 100
    assert mirroring.run(sizes=SIZES).is_complete
    assert len(file.read_bytes().splitlines()) < 20


def test_half_a_json_file_does_not_break_the_next_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    folders = ("photos", "photos/comments", "photos/contexts", "photosets", "collections")
    cut = [next((mirroring.folder / "ia" / folder).glob("*.json")) for folder in folders]
    for file in cut:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.run(sizes=SIZES, full=True).is_complete
    assert read_files(mirroring.folder) == files


def test_run_of_an_album_does_not_forget_what_failed_elsewhere(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    album_id = min(mirroring.list_albums(), key=lambda album: int(album["photos"]))["id"]
    album = read_document(mirroring.folder, f"ia/photosets/{album_id}.json")
    photo_id = next(
        one["id"] for one in mirroring.list_photos() if one["id"] not in album["photos"]
    )
    Journal(MirrorFolder(mirroring.folder)).record([("failed", photo_id, "no answer")])
    assert mirroring.run(sizes=SIZES, albums=[album_id]).is_complete
    assert Journal(MirrorFolder(mirroring.folder)).section("failed") == {photo_id: "no answer"}
    assert mirroring.run(sizes=SIZES).is_complete
    assert not Journal(MirrorFolder(mirroring.folder)).section("failed")


def test_interrupted_run_of_an_album_is_completed_by_a_run_over_everything(
    mirroring: Mirroring,
) -> None:
    """Its metadata is new, and the date of the change does not tell that its pictures are not."""
    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    album_id = mirroring.list_albums()[0]["id"]
    mirroring.sandbox.store.run("UPDATE photos SET rotation = 90, secret = 'a' || secret")

    def interrupt(event: Any) -> None:
        if getattr(event, "step", "") == "sizes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirroring.run(sizes=SIZES, albums=[album_id], on_event=interrupt)
    after = read_files(mirroring.folder)
    changed = [name for name in files if files[name] != after[name] and name != "SHA256SUMS"]
    assert changed and all(name.startswith("ia/photos/") for name in changed)
    assert mirroring.run(sizes=SIZES).is_complete
    mirroring.run(fresh := mirroring.folder.parent / "fresh", sizes=SIZES)
    assert read_files(mirroring.folder) == read_files(fresh)


@pytest.mark.parametrize("keeps", [False, True], ids=["photo", "photo beside a kept one"])
def test_metadata_that_was_lost_from_the_disk_is_fetched_again(
    mirroring: Mirroring, keeps: bool
) -> None:
    mirroring.begin(sizes=SIZES)
    kept, lost, changed = (photo["id"] for photo in mirroring.list_photos()[:3])
    if keeps:
        mirroring.call("photos.delete", photo_id=kept)
        assert mirroring.run(sizes=SIZES).deleted_at_flickr == 1
    file = mirroring.folder / f"ia/photos/{lost}.json"
    content = file.read_bytes()
    file.unlink()
    mirroring.call("photos.setMeta", photo_id=changed, title="New")
    report = mirroring.run(sizes=SIZES)
    assert (report.is_complete, report.deleted_at_flickr) == (True, int(keeps))
    assert (report.new_photos, report.updated_photos) == (1, 1)
    assert file.read_bytes() == content
    # Only that made the run list all photos.
    assert mirroring.run(sizes=SIZES).is_complete
    assert mirroring.api_calls == CALLS_WITHOUT_CHANGES


@pytest.mark.parametrize("is_stopped", [False, True], ids=["one run", "a stopped run before"])
def test_groups_of_photos_whose_files_were_lost_are_read_again(
    mirroring: Mirroring, is_stopped: bool
) -> None:
    def stop(event: Any) -> None:
        if getattr(event, "step", "") == "albums":
            raise KeyboardInterrupt

    mirroring.begin(sizes=SIZES)
    files = read_files(mirroring.folder)
    contexts = (mirroring.folder / "ia/photos/contexts").iterdir()
    lost = next(file.stem for file in contexts if "pool" in read_document(file.parent, file.name))
    for file in mirroring.folder.rglob(f"{lost}.*"):
        file.unlink()
    if is_stopped:
        with pytest.raises(KeyboardInterrupt):
            mirroring.run(sizes=SIZES, on_event=stop)
        assert (mirroring.folder / f"ia/photos/{lost}.json").exists()
    assert mirroring.run(sizes=SIZES).is_complete
    assert read_files(mirroring.folder) == files


def test_lost_metadata_is_fetched_again_without_videos(mirroring: Mirroring) -> None:
    options: dict[str, Any] = {"sizes": SIZES, "videos": False}
    mirroring.run(**options)
    files = read_files(mirroring.folder)
    next((mirroring.folder / "ia/photos").glob("*.json")).unlink()
    assert mirroring.run(**options).new_photos == 1
    assert read_files(mirroring.folder) == files


def test_videos_that_somebody_removed_are_missed_by_one_run_without_videos(
    mirroring: Mirroring,
) -> None:
    options: dict[str, Any] = {"sizes": SIZES, "videos": False}
    mirroring.run(sizes=SIZES)
    mirroring.run(**options)
    video = next(photo["id"] for photo in mirroring.list_photos() if photo["media"] == "video")
    for file in mirroring.folder.rglob(f"{video}.*"):
        file.unlink()
    for calls in (1, 0):
        mirroring.run(**options)
        assert mirroring.sandbox.calls["flickr.people.getPhotos"] == calls


def test_kept_photo_that_somebody_removed_is_no_longer_counted(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    deleted = [photo["id"] for photo in mirroring.list_photos()[:2]]
    for photo_id in deleted:
        mirroring.call("photos.delete", photo_id=photo_id)
    assert mirroring.run(sizes=SIZES).deleted_at_flickr == 2
    (mirroring.folder / f"ia/photos/{deleted[0]}.json").unlink()
    for _ in range(2):
        report = mirroring.run(sizes=SIZES)
        assert (report.is_complete, report.deleted_at_flickr) == (True, 1)
