"""Test mirrors of npm's `flickrapi`: they are taken over, and npm's loader reads ours."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import load_locally
from tests.mirror.mirroring import Mirroring, check_sums, read_files
from tests.support.intercepted_programs import run
from tests.support.repository import ROOT

FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"
PHOTOS = 27
DRIVER = ROOT / "tests/sandbox/foreign/drivers/use_npm_flickrapi.cjs"

needs_npm = pytest.mark.skipif(
    not (ROOT / "node_modules/flickrapi").is_dir(), reason="npm's flickrapi is not installed"
)
needs_fixture = pytest.mark.skipif(
    not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror of npm's flickrapi"
)


def copy_fixture(folder: Path) -> None:
    """Copy the fixture, which may be read-only."""
    shutil.copytree(FIXTURES, folder)
    for file in folder.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)


def run_npm(sandbox: Sandbox, folder: Path, *arguments: str) -> str:
    """Use npm's flickrapi in a folder, and return its output."""
    return run(sandbox, folder, "node", DRIVER, *arguments)


@pytest.fixture(scope="module")
def npm_sandbox() -> Iterator[Sandbox]:
    """A sandbox that also answers for Flickr's hosts."""
    with Sandbox(photos=PHOTOS, intercept=True) as sandbox:
        sandbox.store.run(
            "UPDATE photos SET width = width / 4, height = height / 4 WHERE width > 2000"
        )
        sandbox.mark()
        yield sandbox


@pytest.fixture(scope="module")
def npm_mirror(npm_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirror that npm's flickrapi makes of the account."""
    folder = tmp_path_factory.mktemp("npm")
    run_npm(npm_sandbox, folder, "downsync", str(folder / "mirror"), "false")
    return folder / "mirror"


@pytest.fixture
def mirroring(npm_sandbox: Sandbox, tmp_path: Path) -> Mirroring:
    npm_sandbox.reset()
    return Mirroring(npm_sandbox, tmp_path / "mirror")


def load(sandbox: Sandbox, folder: Path) -> dict[str, Any]:
    """Load a mirror with npm's `loadLocally`, private photos too."""
    output = run_npm(sandbox, folder.parent, "load", str(folder), "true")
    loaded: dict[str, Any] = json.loads(output)
    return loaded


def list_ids(items: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """Return the ids of items."""
    return [item["id"] for item in items or []]


def check_loaded(mirroring: Mirroring, loaded: dict[str, Any]) -> None:
    """Check that npm's loader finds the photos, sets and collections that Flickr has."""
    photos = mirroring.list_photos()
    assert set(loaded["photo_keys"]) == {photo["id"] for photo in photos}
    posted = [int(loaded["photos"][key]["dates"]["posted"]) for key in loaded["photo_keys"]]
    assert posted == sorted(posted, reverse=True)
    albums = {album["id"]: album for album in mirroring.list_albums()}
    assert set(loaded["photoset_keys"]) == albums.keys()
    for album_id in albums:
        answer = mirroring.call("photosets.getPhotos", photoset_id=album_id)["photoset"]
        ids = {photo["id"] for photo in answer["photo"]}
        assert set(loaded["photosets"][album_id]["photos"]) == ids
        members = {key for key, photo in loaded["photos"].items() if album_id in photo["sets"]}
        assert members == ids
    for photo in photos:
        found = loaded["photos"][photo["id"]]
        comments = mirroring.call("photos.comments.getList", photo_id=photo["id"])["comments"]
        assert list_ids(found.get("comments")) == list_ids(comments.get("comment"))
        assert found["title"]["_content"] == photo["title"]
        assert set(list_ids(found["contexts"].get("set"))) == set(found["sets"])
    tree = mirroring.call("collections.getTree")["collections"]["collection"]
    assert set(loaded["collection_keys"]) == {collection["id"] for collection in tree}
    for collection in tree:
        found = loaded["collections"][collection["id"]]
        for size in ("large", "small"):
            assert (mirroring.folder / found[f"icon{size}"][1:]).is_file()
        icons = {name: found[name] for name in ("iconlarge", "iconsmall")}
        assert found == {**collection, **icons}


def check_same(folder: Path, loaded: dict[str, Any]) -> None:
    """Check that `load_locally` finds in a mirror what npm's loader does."""
    data = load_locally(folder, load_private=True)
    assert set(data.photo_keys) == set(loaded["photo_keys"])
    posted = [int(data.photos[key]["dates"]["posted"]) for key in data.photo_keys]
    assert posted == [int(loaded["photos"][key]["dates"]["posted"]) for key in loaded["photo_keys"]]
    assert set(data.photoset_keys) == set(loaded["photoset_keys"])
    assert set(data.collection_keys) == set(loaded["collection_keys"])
    for key, photo in data.photos.items():
        other = loaded["photos"][key]
        assert {**photo["title"]} == other["title"]
        assert list_ids(photo.get("comments")) == list_ids(other.get("comments"))
        assert {album["id"] for album in photo["sets"]} == set(other["sets"])
    for key, album in data.photosets.items():
        assert set(album["photos"]) == set(loaded["photosets"][key]["photos"])


@needs_npm
def test_npm_loads_our_mirror(mirroring: Mirroring) -> None:
    assert mirroring.run().is_complete
    before = read_files(mirroring.folder)
    loaded = load(mirroring.sandbox, mirroring.folder)
    check_loaded(mirroring, loaded)
    assert read_files(mirroring.folder) == before
    check_same(mirroring.folder, loaded)


@needs_npm
def test_both_load_the_mirror_that_npm_made(npm_sandbox: Sandbox, npm_mirror: Path) -> None:
    check_same(npm_mirror, load(npm_sandbox, npm_mirror))
    (npm_mirror / "index.db").unlink()


@needs_npm
def test_mirror_that_npm_made_is_taken_over(mirroring: Mirroring, npm_mirror: Path) -> None:
    shutil.copytree(npm_mirror, mirroring.folder)
    before = read_files(mirroring.folder)
    report = mirroring.run()
    calls, photos = mirroring.sandbox.calls, mirroring.list_photos()
    after = read_files(mirroring.folder)
    assert report.is_complete, report.summarize()
    assert (report.repaired, report.unrepaired) == ({}, {})
    assert report.accepted_files == len(before)
    # npm's flickrapi only mirrors public photos, and what everybody sees of them.
    infos = {name: json.loads(data) for name, data in before.items() if "/photos/5" in name}
    incomplete = [name for name, info in infos.items() if "originalsecret" not in info]
    private = {photo["id"] for photo in photos} - {info["id"] for info in infos.values()}
    assert private and len(incomplete) < len(infos)
    assert (report.new_photos, report.updated_photos) == (len(private), len(incomplete))
    assert calls["flickr.photos.getInfo"] == len(private) + len(incomplete)
    pictures = {name: data for name, data in before.items() if name.startswith("images/")}
    assert {name: after[name] for name in pictures} == pictures
    new = {name for name in after if name.startswith("images/")} - pictures.keys()
    assert calls["files"] == report.fetched_files == len(new)
    check_sums(mirroring.folder)
    check_loaded(mirroring, load(mirroring.sandbox, mirroring.folder))
    assert mirroring.run(full=True).fetched_files == 0
    # Nothing tells it from a mirror that is ours from the start.
    shutil.rmtree(mirroring.folder)
    mirroring.run()
    ours = read_files(mirroring.folder)
    assert after.keys() == ours.keys()
    names = {name for name in ours if name.startswith("images/")}
    assert {name: after[name] for name in names} == {name: ours[name] for name in names}


@needs_npm
@needs_fixture
def test_fixture_is_taken_over(account: Sandbox, npm_sandbox: Sandbox, tmp_path: Path) -> None:
    mirroring = Mirroring(account, tmp_path / "mirror")
    copy_fixture(mirroring.folder)
    before = read_files(mirroring.folder)
    report = mirroring.run()
    after = read_files(mirroring.folder)
    assert report.is_complete, report.summarize()
    # npm's flickrapi saved the pages of errors as icons.
    icons = [name for name in before if name.startswith("images/icon/")]
    assert report.repaired == dict.fromkeys(icons, "not a GIF file")
    assert report.accepted_files == len(before) - len(icons)
    pictures = {name for name in before if name.startswith("images/")} - set(icons)
    assert {name: after[name] for name in pictures} == {name: before[name] for name in pictures}
    # Of one, the library of the sandbox has newer metadata than the mirror. Its originals are smaller,
    # so that some photos have fewer sizes.
    photos = [name for name in before if name.startswith("ia/photos/5")]
    changed = [name for name in photos if read_info(after[name]) != read_info(before[name])]
    assert len(changed) <= report.updated_photos <= 2 < len(photos)
    assert report.new_photos == len(mirroring.list_photos()) - len(photos)
    check_sums(mirroring.folder)
    check_loaded(mirroring, load(npm_sandbox, mirroring.folder))


def read_info(content: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(content).items() if name != "sizes"}
