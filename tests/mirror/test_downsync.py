"""Test that `downsync` mirrors an account over a socket, with few calls, and then what changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyflickr_web import Flickr
from pyflickr_web.mirror.pacing.estimate import FIXED_CALLS
from tests.mirror.mirroring import (
    Mirroring,
    check_sums,
    read_document,
    read_files,
    read_times,
)

SIZES = "original,small,thumbnail"


def test_first_run_mirrors_everything(either: Mirroring) -> None:
    report = either.run()
    photos, folder = either.list_photos(), either.folder
    assert report.is_complete, report.summarize()
    assert report.new_photos == report.photos_in_mirror == len(photos)
    for photo in photos:
        info = read_document(folder, f"ia/photos/{photo['id']}.json")
        answer = either.call("photos.getInfo", photo_id=photo["id"])["photo"]
        assert {**answer, "sizes": info["sizes"]} == info
        comments = read_document(folder, f"ia/photos/comments/{photo['id']}.json")
        assert comments == either.call("photos.comments.getList", photo_id=photo["id"])["comments"]
        contexts = read_document(folder, f"ia/photos/contexts/{photo['id']}.json")
        assert _ids(contexts) == _ids(either.call("photos.getAllContexts", photo_id=photo["id"]))
    for album in either.list_albums():
        answer = either.call("photosets.getPhotos", photoset_id=album["id"])["photoset"]
        ids = [photo["id"] for photo in answer["photo"]]
        assert read_document(folder, f"ia/photosets/{album['id']}.json") == {**album, "photos": ids}
    check_sums(folder)


def _ids(contexts: dict[str, Any]) -> list[set[str]]:
    return [{item["id"] for item in contexts.get(name, [])} for name in ("set", "pool")]


def test_pictures_have_their_bytes_and_dates(mirroring: Mirroring) -> None:
    mirroring.begin()
    sizes = {"o": "original", "b": "large", "z": "medium", "t": "thumbnail", "q": "square/medium"}
    info = read_document(mirroring.folder, f"ia/photos/{mirroring.list_photos()[0]['id']}.json")
    with Flickr(**mirroring.options) as flickr:
        for size in set(info["sizes"]) & sizes.keys():
            extension = info["originalformat"] if size == "o" else "jpg"
            file = mirroring.folder / f"images/{sizes[size]}/{info['id']}.{extension}"
            copy = flickr.download(info, size, mirroring.folder.parent / "copy")
            assert file.read_bytes() == copy.read_bytes()
            assert int(file.stat().st_mtime) == int(info["dates"]["posted"])


def test_video_is_the_original_film_and_not_its_still(mirroring: Mirroring) -> None:
    video = next(photo for photo in mirroring.list_photos() if photo["media"] == "video")
    mirroring.sandbox.requests.clear()
    mirroring.run(sizes="original")
    assert (mirroring.folder / f"images/original/{video['id']}.mp4").read_bytes()[4:8] == b"ftyp"
    # Flickr lists the file that was uploaded to its owner, beside smaller ones.
    played = [one.url for one in mirroring.sandbox.requests if "/play/" in one.url]
    assert ["/play/orig/" in url for url in played] == [True]


def test_first_run_needs_one_call_for_a_photo(either: Mirroring) -> None:
    report = either.run(sizes="thumbnail")
    assert report.calls == either.api_calls
    photos = either.list_photos()
    calls = either.sandbox.calls
    infos = [read_document(either.folder, f"ia/photos/{photo['id']}.json") for photo in photos]
    commented = sum(info["comments"]["_content"] != "0" for info in infos)
    assert calls["flickr.photos.getInfo"] == len(photos)
    assert calls["flickr.photos.comments.getList"] == commented
    assert calls["flickr.photos.getAllContexts"] == calls["flickr.photos.getSizes"] == 0
    pages = calls["flickr.photosets.getPhotos"] + calls["flickr.groups.pools.getPhotos"] + 1
    assert report.calls <= len(photos) + commented + pages + FIXED_CALLS


def test_second_run_plans_and_writes_nothing(either: Mirroring) -> None:
    """It does not even read the checksums, ten million lines for a million photos."""
    either.begin()
    files, times = read_files(either.folder, state=True), read_times(either.folder)
    sums, kept = either.folder / "SHA256SUMS", either.folder.parent / "kept"
    sums.rename(kept)
    # No run can read or replace a folder.
    sums.mkdir()
    report = either.run()
    sums.rmdir()
    kept.rename(sums)
    assert report.is_complete
    assert either.sandbox.calls["files"] == 0
    assert either.api_calls <= 20
    assert (read_files(either.folder, state=True), read_times(either.folder)) == (files, times)


def test_full_run_of_an_unchanged_account_writes_no_file(mirroring: Mirroring) -> None:
    mirroring.begin()
    files, times = read_files(mirroring.folder), read_times(mirroring.folder)
    assert mirroring.run(full=True).is_complete
    assert (read_files(mirroring.folder), read_times(mirroring.folder)) == (files, times)


def test_changed_counters_rewrite_nothing(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    files = read_files(mirroring.folder)
    store = mirroring.sandbox.store
    store.run("UPDATE photos SET views = views + 7")
    assert store.run("DELETE FROM group_members WHERE person <> '10000000@N00'")
    # The photos of others count, but are not listed.
    added = "SELECT nsid, photos.id, 1 FROM groups, photos WHERE owner <> '10000000@N00'"
    assert store.run(f"INSERT OR IGNORE INTO pool_photos (group_nsid, photo, added) {added}")
    mirroring.run(sizes="thumbnail", full=True)
    assert read_files(mirroring.folder) == files


def test_metadata_that_is_fetched_again_and_equal_is_not_written(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirroring.begin(sizes="thumbnail")
    files, times = read_files(mirroring.folder), read_times(mirroring.folder)
    mirroring.sandbox.store.run("UPDATE photos SET views = views + 7")
    monkeypatch.setattr("pyflickr_web.mirror.steps.photos.is_from_listing", lambda info: True)
    mirroring.run(sizes="thumbnail", full=True)
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] == len(mirroring.list_photos())
    assert (read_files(mirroring.folder), read_times(mirroring.folder)) == (files, times)


def test_changed_photo_costs_what_changed(either: Mirroring) -> None:
    either.begin(sizes=SIZES)
    before, photo_id = read_files(either.folder), either.list_photos()[3]["id"]
    either.call("photos.setMeta", photo_id=photo_id, title="New title", description="")
    either.call("photos.comments.addComment", photo_id=photo_id, comment_text="Well done")
    report = either.run(sizes=SIZES)
    after = read_files(either.folder)
    changed = {name for name in after if after[name] != before.get(name)}
    documents = {f"ia/photos/{photo_id}.json", f"ia/photos/comments/{photo_id}.json"}
    assert changed == {*documents, "SHA256SUMS"}
    assert "Well done" in after[f"ia/photos/comments/{photo_id}.json"].decode()
    assert report.updated_photos == 1
    assert either.sandbox.calls["flickr.photos.getInfo"] == 1
    assert either.sandbox.calls["files"] == 0
    check_sums(either.folder)


def test_rotated_photo_gets_new_sizes(mirroring: Mirroring) -> None:
    mirroring.begin(sizes=SIZES)
    photo = next(photo for photo in mirroring.list_photos() if photo["media"] == "photo")
    name = f"images/small/{photo['id']}.jpg"
    before = (mirroring.folder / name).read_bytes()
    mirroring.call("photos.transform.rotate", photo_id=photo["id"], degrees=90)
    assert mirroring.run(sizes=SIZES).is_complete
    assert (mirroring.folder / name).read_bytes() != before
    info = read_document(mirroring.folder, f"ia/photos/{photo['id']}.json")
    assert int((mirroring.folder / name).stat().st_mtime) == int(info["dates"]["lastupdate"])
    check_sums(mirroring.folder)


def test_replaced_original_goes_to_the_trash(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="original")
    photo = next(photo for photo in mirroring.list_photos() if photo["media"] == "photo")
    info = read_document(mirroring.folder, f"ia/photos/{photo['id']}.json")
    old = f"images/original/{photo['id']}.{info['originalformat']}"
    before = (mirroring.folder / old).read_bytes()
    new_format = "png" if info["originalformat"] == "jpg" else "jpg"
    mirroring.sandbox.store.run(
        "UPDATE photos SET originalsecret = 'abcdef0123', secret = 'abcdef0124', "
        "originalformat = :format, lastupdate = lastupdate + 100000000 WHERE id = :id",
        format=new_format,
        id=int(photo["id"]),
    )
    assert mirroring.run(sizes="original").is_complete
    trash = list((mirroring.folder / ".trash").rglob(f"{photo['id']}.*"))
    assert [file.read_bytes() for file in trash] == [before]
    assert not (mirroring.folder / old).exists()
    new = mirroring.folder / f"images/original/{photo['id']}.{new_format}"
    info = read_document(mirroring.folder, f"ia/photos/{photo['id']}.json")
    assert int(new.stat().st_mtime) == int(info["dates"]["lastupdate"])


def test_new_photo_is_added_with_its_contexts(mirroring: Mirroring) -> None:
    photo_id = mirroring.list_photos()[5]["id"]
    row = mirroring.sandbox.store.one("SELECT * FROM photos WHERE id = :id", id=int(photo_id))
    mirroring.sandbox.store.run(
        "UPDATE photos SET owner = '10000001@N01' WHERE id = :id", id=int(photo_id)
    )
    mirroring.run(sizes="thumbnail")
    assert not (mirroring.folder / f"ia/photos/{photo_id}.json").exists()
    assert row is not None
    mirroring.sandbox.store.run(
        "UPDATE photos SET owner = :owner, lastupdate = lastupdate + 100000000 WHERE id = :id",
        owner=row["owner"],
        id=int(photo_id),
    )
    report = mirroring.run(sizes="thumbnail")
    assert (report.new_photos, report.is_complete) == (1, True)
    for name in ("ia/photos", "ia/photos/comments", "ia/photos/contexts", "images/thumbnail"):
        extension = "jpg" if name.startswith("images") else "json"
        assert (mirroring.folder / f"{name}/{photo_id}.{extension}").is_file()


def test_changed_album_changes_contexts(either: Mirroring) -> None:
    either.begin(sizes="thumbnail")
    album = either.list_albums()[0]
    file = either.folder / f"ia/photosets/{album['id']}.json"
    photos = json.loads(file.read_bytes())["photos"]
    others = [photo["id"] for photo in either.list_photos() if photo["id"] not in photos]
    either.call("photosets.removePhoto", photoset_id=album["id"], photo_id=photos[1])
    if others:
        either.call("photosets.addPhoto", photoset_id=album["id"], photo_id=others[0])
    either.sandbox.store.run(
        "UPDATE photosets SET updated = updated + 1000 WHERE id = :id", id=album["id"]
    )
    assert either.run(sizes="thumbnail").is_complete
    assert json.loads(file.read_bytes())["photos"] == [*photos[:1], *photos[2:], *others[:1]]
    contexts = read_document(either.folder, f"ia/photos/contexts/{photos[1]}.json")
    assert album["id"] not in _ids(contexts)[0]
    assert either.sandbox.calls["flickr.photosets.getPhotos"] == 1


def test_failed_photo_is_told_and_tried_again(mirroring: Mirroring) -> None:
    mirroring.sandbox.fail("flickr.photos.getInfo", 0, "Sorry, not now", times=3)
    mirroring.sandbox.fail("flickr.photos.getInfo", 77, "Out of order")
    report = mirroring.run(sizes="thumbnail")
    assert not report.is_complete
    assert ["Out of order (code 77)" in text for text in report.failed.values()] == [True]
    assert "1 failed; run it again to go on" in report.summarize()[-1]
    report = mirroring.run(sizes="thumbnail")
    assert (report.is_complete, report.new_photos) == (True, 1)
    # Once to find it, unless it is listed with the latest changes.
    assert mirroring.sandbox.calls["flickr.photos.getInfo"] in (1, 2)


def test_missing_file_is_found_by_a_full_run(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    file = next((mirroring.folder / "images/thumbnail").iterdir())
    content = file.read_bytes()
    file.unlink()
    mirroring.run(sizes="thumbnail", full=True)
    assert file.read_bytes() == content
