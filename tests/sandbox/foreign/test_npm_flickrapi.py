"""npm `flickrapi` on a server: sign-in, upload, downsync of the account, removal of deleted photos."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import DRIVERS, find_program, sign_in
from tests.support.intercepted_programs import run
from tests.support.uploader import file_of

pytestmark = pytest.mark.soak


def command(*arguments: str) -> tuple[str | Path, ...]:
    program = find_program("npm-flickrapi")
    script = shutil.copy(DRIVERS / "use_npm_flickrapi.cjs", program.folder)
    return ("node", script, *arguments)


def test_sign_in(sandbox: Sandbox, tmp_path: Path) -> None:
    output = sign_in(sandbox, tmp_path, *command("sign-in"))
    assert f"signed in as {sandbox.account.user_id}" in output


def test_upload(sandbox: Sandbox, picture: Path, tmp_path: Path) -> None:
    output = run(sandbox, tmp_path, *command("upload", str(picture)))
    [number] = json.loads(output.splitlines()[-1])
    title = sandbox.store.value("SELECT title FROM photos WHERE id = :id", id=number)
    assert title == 'It\'s "quoted"'
    tags = sandbox.store.all("SELECT raw FROM photo_tags WHERE photo = :id", id=number)
    assert {row["raw"] for row in tags} == {"happy fox", "test 1"}
    assert file_of(sandbox, str(number)).read_bytes() == picture.read_bytes()


def own_photos(sandbox: Sandbox) -> set[str]:
    # It searches without a signature, and so finds only public photos.
    rows = sandbox.store.all(
        "SELECT id FROM photos WHERE owner = :me AND ispublic AND safety_level = 0 AND NOT hidden",
        me=sandbox.account.user_id,
    )
    return {str(row["id"]) for row in rows}


def names(folder: Path) -> set[str]:
    return {file.stem for file in folder.iterdir() if file.is_file()}


def test_downsync_of_the_account_and_removal(sandbox: Sandbox, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    run(sandbox, tmp_path, *command("downsync", str(mirror), "false"))
    photos = own_photos(sandbox)
    assert names(mirror / "ia" / "photos") == photos
    images = mirror / "images"
    assert names(images / "thumbnail") == names(images / "square" / "medium") == photos
    # Everybody may download the originals of some photos only.
    assert names(images / "original") < photos
    assert all(file.stat().st_size for file in images.rglob("*.*"))
    sets = sandbox.store.all(
        "SELECT id FROM photosets WHERE owner = :me", me=sandbox.account.user_id
    )
    assert names(mirror / "ia" / "photosets") == {str(row["id"]) for row in sets}
    deleted = sorted(photos)[0]
    with sandbox.client() as flickr:
        flickr.photos.delete(photo_id=deleted)
    run(sandbox, tmp_path, *command("downsync", str(mirror), "true"))
    assert names(mirror / "ia" / "photos") == photos - {deleted} == own_photos(sandbox)
