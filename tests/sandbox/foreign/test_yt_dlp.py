"""yt-dlp's extractor of Flickr: a video, with the key of the site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from flickr_sandbox.files.videos import VIDEO_FILE
from tests.sandbox.foreign.execution import find_program
from tests.support.intercepted_programs import run

pytestmark = pytest.mark.soak


def test_video(sandbox: Sandbox, tmp_path: Path) -> None:
    program = find_program("yt-dlp")
    video = sandbox.store.one(
        "SELECT * FROM photos WHERE media = 'video' AND video_state = 'ready' AND ispublic"
    )
    assert video
    address = f"https://www.flickr.com/photos/{video['owner']}/{video['id']}"
    options = (
        "--ignore-config",
        "--no-cache-dir",
        "--write-info-json",
        "--output",
        "found.%(ext)s",
    )
    run(sandbox, tmp_path, program.bin / "yt-dlp", *options, address)
    saved = json.loads((tmp_path / "found.info.json").read_text("utf-8"))
    assert (saved["id"], saved["title"]) == (str(video["id"]), video["title"])
    [file] = [file for file in tmp_path.glob("found.*") if file.suffix != ".json"]
    assert file.read_bytes() == VIDEO_FILE.read_bytes()
