"""Test that no file of an earlier version of a photo passes for one of its new version."""

from __future__ import annotations

from typing import Any

from tests.mirror.mirroring import Mirroring, read_files, replace_pictures

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
