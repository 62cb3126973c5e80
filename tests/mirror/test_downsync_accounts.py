"""Test downsync with unusual accounts: changing ones, hostile names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web.errors import FlickrError
from pyflickr_web.mirror.layout import parse_name
from pyflickr_web.mirror.session.session import Session
from tests.mirror.mirroring import (
    Mirroring,
    open_sandbox,
    read_files,
    skip_pauses,
    withhold_files,
)


@pytest.fixture(scope="module")
def large_sandbox() -> Iterator[Sandbox]:
    with open_sandbox(2600) as sandbox:
        yield sandbox


def test_large_account_is_listed_with_one_call_for_500_photos(
    large_sandbox: Sandbox, tmp_path: Path
) -> None:
    mirroring = Mirroring(large_sandbox, tmp_path / "mirror")
    total = large_sandbox.store.value("SELECT count(*) FROM photos WHERE owner = '10000000@N00'")
    assert total > 1000
    planned: set[str] = set()

    def on_event(event: Any) -> None:
        if getattr(event, "kind", "") == "photo":
            planned.add(event.id)

    mirroring.run(dry_run=True, on_event=on_event)
    assert len(planned) == total
    assert large_sandbox.calls["flickr.people.getPhotos"] <= total // 500 + 2


def test_photos_deleted_and_added_after_the_listing(mirroring: Mirroring) -> None:
    photos = [photo["id"] for photo in mirroring.list_photos()]
    store = mirroring.sandbox.store
    added = store.value("SELECT id FROM photos WHERE owner <> '10000000@N00' LIMIT 1")

    def change(event: Any) -> None:
        if type(event).__name__ == "StepStarted" and event.step == "photos":
            store.run("DELETE FROM photos WHERE id = :id", id=int(photos[-1]))
            latest = store.value("SELECT max(lastupdate) FROM photos")
            store.run(
                "UPDATE photos SET owner = '10000000@N00', lastupdate = :now WHERE id = :id",
                now=latest + 10,
                id=added,
            )

    report = mirroring.run(sizes="thumbnail", on_event=change)
    assert (report.failed, report.gone_photos) == ({}, 1)
    report = mirroring.run(sizes="thumbnail")
    assert report.is_complete, report.summarize()
    present = {file.stem for file in (mirroring.folder / "ia/photos").glob("*.json")}
    assert present == {*photos[:-1], str(added)}


@pytest.mark.parametrize(
    "extension",
    [
        "../../../evil",
        pytest.param("jpg/../../x", marks=pytest.mark.soak),
        pytest.param("JPG ", marks=pytest.mark.soak),
        "a:b",
    ],
)
def test_hostile_format_of_an_original_is_refused(mirroring: Mirroring, extension: str) -> None:
    photo_id = mirroring.list_photos()[0]["id"]
    mirroring.sandbox.store.run(
        "UPDATE photos SET originalformat = :format WHERE id = :id",
        format=extension,
        id=int(photo_id),
    )
    before = read_files(mirroring.folder.parent)
    report = mirroring.run(sizes="original,thumbnail")
    assert list(report.failed) == [photo_id]
    assert (mirroring.folder / f"images/thumbnail/{photo_id}.jpg").is_file()
    outside = read_files(mirroring.folder.parent).keys() - before.keys()
    assert all(name.startswith("mirror/") for name in outside)


def _make_hostile(value: Any, name: str, hostile: str) -> Any:
    """Return an answer with a hostile value in each field of a name."""
    if isinstance(value, list):
        return [_make_hostile(item, name, hostile) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: hostile if key == name else _make_hostile(item, name, hostile)
        for key, item in value.items()
    }


@pytest.mark.parametrize(
    "hostile", ["../../../evil", pytest.param("C:\\evil\n", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("flickr.people.getPhotos", "id"),
        ("flickr.people.getPhotos", "server"),
        ("flickr.photos.getInfo", "id"),
        ("flickr.photosets.getList", "id"),
        ("flickr.photosets.getPhotos", "id"),
        ("flickr.collections.getTree", "id"),
        ("flickr.collections.getTree", "iconlarge"),
    ],
)
def test_hostile_answers_write_nothing_outside(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, method: str, name: str, hostile: str
) -> None:
    skip_pauses(monkeypatch)
    call = Session.call

    def answer(session: Session, asked: str, values: dict[str, Any]) -> Any:
        found = yield from call(session, asked, values)
        return _make_hostile(found, name, hostile) if asked == method else found

    monkeypatch.setattr(Session, "call", answer)
    before = read_files(mirroring.folder.parent)
    with suppress(FlickrError):
        mirroring.run(sizes="original")
    written = read_files(mirroring.folder.parent).keys() - before.keys()
    names = {one.removeprefix("mirror/") for one in written if ".mirror/" not in one}
    assert all(one.startswith("mirror/") for one in written)
    assert all(parse_name(one) or one == "SHA256SUMS" for one in names)


@pytest.mark.parametrize("is_refused", [False, True], ids=["none listed", "not shown"])
def test_video_without_a_file_is_listed_with_its_page(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch, is_refused: bool
) -> None:
    with monkeypatch.context() as patch:
        if is_refused:
            mirroring.sandbox.fail("flickr.photos.getSizes", 2, "Permission denied", times=None)
        else:
            patch.setattr("pyflickr_web.mirror.steps.photos.find_video", lambda *_, **__: None)
        report = mirroring.run(sizes="original,thumbnail")
        video = next(photo for photo in mirroring.list_photos() if photo["media"] == "video")
        page = f"https://www.flickr.com/photos/sandbox/{video['id']}/"
        assert report.is_complete
        assert report.unavailable == {f"images/original/{video['id']}.mp4": page}
        assert report.summarize()[-1].endswith(", 1 video without a file")
    mirroring.sandbox.faults.clear()
    report = mirroring.run(sizes="original,thumbnail")
    assert report.summarize()[-1].endswith(", 1 video without a file")
    assert mirroring.sandbox.calls["flickr.photos.getSizes"] == 0
    report = mirroring.run(sizes="original,thumbnail", full=True)
    assert report.summarize()[-1].endswith(" photos")
    assert (mirroring.folder / f"images/original/{video['id']}.mp4").is_file()


def test_originals_that_flickr_does_not_give_are_no_failure(mirroring: Mirroring) -> None:
    store = mirroring.sandbox.store
    owner = store.value(
        "SELECT owner FROM photos WHERE owner <> '10000000@N00' AND ispublic LIMIT 1"
    )
    store.run("UPDATE photos SET license = 0 WHERE owner = :owner", owner=owner)
    notices: list[str] = []

    def on_event(event: Any) -> None:
        notices.extend([event.text] if type(event).__name__ == "Notice" else [])

    report = mirroring.run(sizes="original,thumbnail", user=owner, on_event=on_event)
    assert report.is_complete, report.summarize()
    assert report.unavailable
    assert [text for text in notices if "no sizes above 1024 pixels" in text] == notices[:1]
    assert mirroring.run(sizes="original,thumbnail", user=owner).fetched_files == 0


def test_listed_small_sizes_that_flickr_does_not_give_are_told(
    mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A size that a photo is too small for is no news, and never requested."""
    with monkeypatch.context() as patch:
        listed = withhold_files(patch, "images/large/")
        report = mirroring.run(sizes="large,thumbnail", favorites=True)
    assert report.is_complete
    assert report.unavailable.keys() == listed
    assert any(name.startswith("favorites/") for name in listed)
    pages = report.unavailable.items()
    assert all(page.endswith(f"/{name.rpartition('/')[2][:-4]}/") for name, page in pages)
    mirroring.run(sizes="large,thumbnail", favorites=True)
    assert mirroring.sandbox.calls["files"] == 0
    report = mirroring.run(sizes="large,thumbnail", favorites=True, full=True)
    assert report.unavailable == {}
    assert report.fetched_files == mirroring.sandbox.calls["files"] == len(listed)


def test_host_that_throttles_gives_all_files(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_pauses(monkeypatch)
    either.sandbox.faults.add("429", where="files", rate=0.4)
    report = either.run(sizes="thumbnail,small")
    assert report.is_complete, report.summarize()
    wanted = {f"{photo['id']}.jpg" for photo in either.list_photos()}
    for size in ("thumbnail", "small"):
        assert {file.name for file in (either.folder / "images" / size).iterdir()} == wanted


def test_damaged_metadata_on_the_disk_is_fetched_again(mirroring: Mirroring) -> None:
    mirroring.begin(sizes="thumbnail")
    files = read_files(mirroring.folder)
    photo_id = mirroring.list_photos()[0]["id"]
    (mirroring.folder / f"ia/photos/{photo_id}.json").write_bytes(b'{"id": "5')
    album = next((mirroring.folder / "ia/photosets").iterdir())
    album.write_bytes(b"")
    assert mirroring.run(sizes="thumbnail", full=True).is_complete
    assert read_files(mirroring.folder) == files
    assert json.loads(album.read_bytes())
