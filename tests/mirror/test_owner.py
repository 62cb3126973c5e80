"""Test that a folder mirrors one person, and refuses another."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from pyflickr_web.errors import MirrorError
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.owner import OWNER, claim, find_owner

ME, OTHER = "10000000@N00", "20000000@N00"
FIXTURES = Path(os.environ.get("FLICKR_FIXTURES", "none")) / "node-mirror"


def put_photos(root: Path, *owners: object) -> None:
    """Write photos of these owners, as another program does."""
    folder = root / "ia" / "photos"
    folder.mkdir(parents=True)
    for number, owner in enumerate(owners, 1):
        (folder / f"{number}.json").write_text(json.dumps({"owner": {"nsid": owner}}))


def test_empty_folder_is_claimed_once(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    assert find_owner(tmp_path) is None
    claim(folder, ME, "me")
    assert json.loads((tmp_path / OWNER).read_text()) == {"nsid": ME, "username": "me"}
    before = (tmp_path / OWNER).stat().st_ino
    claim(folder, ME)
    assert (tmp_path / OWNER).stat().st_ino == before
    with pytest.raises(MirrorError, match=f"mirrors {ME}, not {OTHER}: use another folder"):
        claim(folder, OTHER)
    assert find_owner(tmp_path) == ME


def test_photos_of_another_program_show_the_owner(tmp_path: Path) -> None:
    put_photos(tmp_path, ME, ME)
    (tmp_path / "ia" / "photos" / "notes.txt").write_text("mine")
    (tmp_path / "ia" / "photos" / "7.json").write_text('{"owner": 1}')
    (tmp_path / "ia" / "photos" / "8.json").write_text("")
    with pytest.raises(MirrorError, match=f"mirrors {ME}, not {OTHER}"):
        claim(MirrorFolder(tmp_path), OTHER)
    assert not (tmp_path / OWNER).exists()
    claim(MirrorFolder(tmp_path), ME)
    assert find_owner(tmp_path) == ME


def test_photos_of_several_people_are_refused(tmp_path: Path) -> None:
    put_photos(tmp_path, ME, ME, OTHER)
    with pytest.raises(MirrorError, match=rf"several people, {ME} \(2\), {OTHER} \(1\)"):
        claim(MirrorFolder(tmp_path), ME)


@pytest.mark.parametrize("record", ["{", "[]", '{"nsid": ""}', '{"nsid": "a\\nb"}', '{"nsid": 5}'])
def test_damaged_record_is_replaced_by_the_photos(tmp_path: Path, record: str) -> None:
    put_photos(tmp_path, ME, "", "nobody")
    (tmp_path / ".mirror").mkdir()
    (tmp_path / OWNER).write_text(record)
    with pytest.raises(MirrorError):
        claim(MirrorFolder(tmp_path), OTHER)
    claim(MirrorFolder(tmp_path), ME)
    assert json.loads((tmp_path / OWNER).read_text())["nsid"] == ME


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="FLICKR_FIXTURES has no mirror")
def test_mirror_of_node_flickrapi_has_an_owner(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "ia", tmp_path / "ia")
    assert find_owner(tmp_path) == ME
