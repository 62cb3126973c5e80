"""Test that no file of an earlier version of a photo passes for one of its new version."""

from __future__ import annotations

from typing import Any

import pytest

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.damage import flip_bit
from tests.mirror.mirroring import (
    Mirroring,
    read_document,
    read_files,
    replace_pictures,
    withhold_files,
)

SIZES = "original,small,thumbnail"


def _read_mirror(mirroring: Mirroring) -> dict[str, bytes]:
    """Return the files of the mirror without its trash and checksums."""
    files = read_files(mirroring.folder)
    return {name: data for name, data in files.items() if not name.startswith((".trash", "SHA"))}


def _mirror_anew(mirroring: Mirroring, **options: Any) -> dict[str, bytes]:
    """Return the files of a new mirror, without its checksums."""
    mirroring.run(fresh := mirroring.folder.parent / "fresh", **options)
    return {name: data for name, data in read_files(fresh).items() if not name.startswith("SHA")}


def test_narrower_run_leaves_replaced_pictures_to_a_wider_one(either: Mirroring) -> None:
    either.begin(sizes=SIZES)
    replace_pictures(either)
    assert either.run(sizes="thumbnail").is_complete
    assert either.run(sizes=SIZES).is_complete
    assert _read_mirror(either) == _mirror_anew(either, sizes=SIZES)
    assert either.run(sizes=SIZES).fetched_files == 0


def test_run_without_comments_and_exif_leaves_the_changed_ones_to_a_later_one(
    mirroring: Mirroring,
) -> None:
    options: dict[str, Any] = {"sizes": "thumbnail", "exif": True}
    mirroring.begin(**options)
    store = mirroring.sandbox.store
    store.run("UPDATE comments SET text = text || ' Indeed.'")
    store.run(
        "UPDATE photos SET taken = '2001-02-03 04:05:06', "
        "lastupdate = (SELECT max(lastupdate) FROM photos) + 9"
    )
    assert mirroring.run(sizes="thumbnail", metadata="listing").is_complete
    assert mirroring.run(**options).is_complete
    assert _read_mirror(mirroring) == _mirror_anew(mirroring, **options)


def test_narrower_run_leaves_sizes_that_a_photo_gains_to_a_wider_one(mirroring: Mirroring) -> None:
    """The first version was too small for the size, which counts as unavailable."""
    store = mirroring.sandbox.store
    photo_id = next(one["id"] for one in mirroring.list_photos() if one["media"] == "photo")
    large = mirroring.folder / f"images/large/{photo_id}.jpg"
    for width, scopes in ((300, ["large"]), (1200, ["thumbnail", "large"])):
        store.run(
            "UPDATE photos SET width = :width, height = 200, secret = 's' || :width, "
            "lastupdate = (SELECT max(lastupdate) FROM photos) + 9 WHERE id = :id",
            width=width,
            id=int(photo_id),
        )
        for sizes in scopes:
            assert mirroring.run(sizes=sizes).is_complete
    assert large.exists()


def _replace_by_a_smaller_one(mirroring: Mirroring, photo_id: str) -> None:
    mirroring.sandbox.store.run(
        "UPDATE photos SET width = 300, height = 200, rotation = 0, secret = 'abcdef0124', "
        "lastupdate = (SELECT max(lastupdate) FROM photos) + 9 WHERE id = :id",
        id=int(photo_id),
    )


@pytest.mark.parametrize("is_narrow", [False, True], ids=["at once", "after a narrower run"])
def test_size_that_a_smaller_version_lacks_goes_to_the_trash(
    mirroring: Mirroring, is_narrow: bool
) -> None:
    options: dict[str, Any] = {"sizes": "large,thumbnail"}
    mirroring.begin(**options)
    large = next((mirroring.folder / "images/large").iterdir())
    before = large.read_bytes()
    _replace_by_a_smaller_one(mirroring, large.stem)
    if is_narrow:
        assert mirroring.run(sizes="thumbnail").is_complete
        assert large.read_bytes() == before
    assert mirroring.run(**options).is_complete
    [moved] = (mirroring.folder / ".trash").glob(f"*/images/large/{large.name}")
    assert moved.read_bytes() == before
    assert read_document(mirroring.folder, f"ia/photos/{large.stem}.json")["sizes"] == ["t"]
    assert _read_mirror(mirroring) == _mirror_anew(mirroring, **options)
    assert Journal(MirrorFolder(mirroring.folder)).section("outdated") == {}
    assert verify_mirror(mirroring.folder).is_intact
    mirroring.run(**options)
    assert mirroring.sandbox.calls["files"] == 0


@pytest.mark.parametrize("folder", ["original", "thumbnail"])
def test_replaced_file_stays_until_flickr_gives_the_new_one(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    options: dict[str, Any] = {"sizes": "original,thumbnail"}
    mirroring.begin(**options)
    before = read_files(mirroring.folder / "images" / folder)
    replace_pictures(mirroring)
    with monkeypatch.context() as patch:
        withhold_files(patch, f"images/{folder}/")
        for options["full"] in (False, True):
            report = mirroring.run(**options)
            assert report.is_complete
            assert len(report.unavailable) == len(mirroring.list_photos())
            assert read_files(mirroring.folder / "images" / folder) == before
    assert verify_mirror(mirroring.folder).is_intact
    mirroring.run(**options | {"full": False})
    assert mirroring.sandbox.calls["files"] == 0
    assert mirroring.run(**options).unavailable == {}
    assert _read_mirror(mirroring) == _mirror_anew(mirroring, **options)


def test_video_of_which_flickr_lists_no_new_file_stays(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="original")
    before = {name: data for name, data in _read_mirror(mirroring).items() if name[-3:] == "mp4"}
    replace_pictures(mirroring)
    monkeypatch.setattr("pyflickr_web.mirror.steps.photos.find_video", lambda *_, **__: None)
    assert mirroring.run(sizes="original").unavailable.keys() == before.keys()
    assert before.items() <= _read_mirror(mirroring).items()


def test_damaged_size_that_flickr_does_not_give_stays_and_is_not_repaired(
    mirroring: Mirroring,
) -> None:
    options: dict[str, Any] = {"sizes": "large,thumbnail"}
    mirroring.begin(**options)
    large = next((mirroring.folder / "images/large").iterdir())
    name = f"images/large/{large.name}"
    flip_bit(large)
    damaged = large.read_bytes()
    verify_mirror(mirroring.folder)
    mirroring.sandbox.store.run(
        "UPDATE photos SET width = 300, height = 200 WHERE id = :id", id=int(large.stem)
    )
    for _ in range(2):
        report = mirroring.run(**options)
        assert (list(report.repaired), list(report.unrepaired)) == ([], [name])
        assert large.read_bytes() == damaged
    assert mirroring.sandbox.calls["files"] == 0
    mirroring.run(**options, full=True)
    assert large.read_bytes() == damaged


def test_original_that_a_new_version_lacks_goes_to_the_trash_in_all_formats(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="original")
    original = next((mirroring.folder / "images/original").glob("*.jpg"))
    other = original.with_suffix(".png")
    other.write_bytes(original.read_bytes())
    mirroring.sandbox.store.run(
        "UPDATE photos SET originalsecret = 'abcdef0123', "
        "lastupdate = (SELECT max(lastupdate) FROM photos) + 9 WHERE id = :id",
        id=int(original.stem),
    )
    monkeypatch.setattr("pyflickr_web.mirror.steps.photos.find_address", lambda *given: None)
    assert mirroring.run(sizes="original").is_complete
    trash = (mirroring.folder / ".trash").rglob(f"{original.stem}.*")
    assert {file.name for file in trash} == {original.name, other.name}
    assert not original.exists() and not other.exists()
    assert read_document(mirroring.folder, f"ia/photos/{original.stem}.json")["sizes"] == []
