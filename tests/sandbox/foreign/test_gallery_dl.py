"""gallery-dl's extractor of Flickr: the albums of a person, with its own key and with the site's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import find_program
from tests.support.intercepted_programs import run

# It waits between its requests; this is the shortest time that it allows.
PATIENCE = {"sleep-request": 0.5}


def download(sandbox: Sandbox, folder: Path, page: str, **options: object) -> list[Path]:
    """Run gallery-dl for a page; return the files that it downloads."""
    program = find_program("gallery-dl")
    config = folder / "gallery-dl.json"
    config.write_text(json.dumps({"extractor": {"flickr": PATIENCE | options}}))
    command = (program.bin / "gallery-dl", "--config-ignore", "--config", config, "--dest", "out")
    run(sandbox, folder, *command, f"https://www.flickr.com{page}")
    return [file for file in (folder / "out").rglob("*") if file.is_file()]


def photos_of(sandbox: Sandbox, photoset: int, condition: str = "1") -> set[str]:
    rows = sandbox.store.all(
        "SELECT p.id FROM photoset_photos s JOIN photos p ON p.id = s.photo"
        f" WHERE s.photoset = :photoset AND {condition}",
        photoset=photoset,
    )
    return {str(row["id"]) for row in rows}


def smallest_set(sandbox: Sandbox) -> int:
    return int(
        sandbox.store.value(
            "SELECT photoset FROM photoset_photos JOIN photosets ON id = photoset"
            " WHERE owner = :me GROUP BY photoset ORDER BY count(*), photoset LIMIT 1",
            me=sandbox.account.user_id,
        )
    )


def ids(files: list[Path]) -> set[str]:
    return {file.stem.split("_")[1] for file in files}


def test_album_with_the_key_of_the_site(sandbox: Sandbox, tmp_path: Path) -> None:
    photoset = smallest_set(sandbox)
    files = download(sandbox, tmp_path, f"/photos/sandbox/albums/{photoset}")
    assert ids(files) == photos_of(sandbox, photoset, "p.ispublic") != set()
    assert all(file.read_bytes()[:4] in (b"\xff\xd8\xff\xe0", b"\x89PNG") or file.suffix == ".mp4"
               for file in files)  # fmt: skip
    assert {request.user_id for request in sandbox.requests} == {None}


@pytest.mark.soak
def test_photos_of_a_person_with_a_token_and_all_metadata(sandbox: Sandbox, tmp_path: Path) -> None:
    account = sandbox.account
    options = {
        "api-key": account.api_key,
        "api-secret": account.secret,
        "access-token": account.access_token,
        "access-token-secret": account.access_token_secret,
        "exif": True,
        "info": True,
        "contexts": True,
    }
    files = download(sandbox, tmp_path, "/photos/sandbox/", **options)
    rows = sandbox.store.all(
        "SELECT id FROM photos WHERE owner = :me AND video_state = 'ready'", me=account.user_id
    )
    assert {str(row["id"]) for row in rows} <= ids(files)
    assert sandbox.requests.find("flickr.video.getStreamInfo")
    assert any(file.suffix == ".mp4" for file in files)
