"""flickrbackup, with the application's key in its source: sign-in, and a backup of the whole account."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import find_program, sign_in
from tests.support.intercepted_programs import run

pytestmark = pytest.mark.soak


def test_backup_of_the_account(tmp_path: Path) -> None:
    program = find_program("flickrbackup")
    script, folder = program.bin / "flickrbackup.py", tmp_path / "backup"
    found = re.findall(r'^FLICKR_API_\w+ = "(\w+)"$', script.read_text("utf-8"), re.M)
    applications = {found[0]: found[1]}
    with Sandbox(
        photos=60, plain_consent=True, intercept=True, applications=applications
    ) as sandbox:
        command = (program.bin / "python", script, "--token-cache", tmp_path / "tokens", folder)
        sign_in(sandbox, tmp_path, *command, "--from", "2000-01-01")
        rows = sandbox.store.all(
            "SELECT * FROM photos WHERE owner = :me", me=sandbox.account.user_id
        )
        saved = [file for file in folder.rglob("*") if file.is_file() and file.name != ".stamp"]
        described = {file.name.partition(".")[0] for file in saved if file.suffix == ".txt"}
        pictures = {file.stem: file for file in saved if file.suffix != ".txt"}
        assert described == pictures.keys() == {str(row["id"]) for row in rows}
        for row in rows:
            start = pictures[str(row["id"])].read_bytes()[:12]
            kinds = {"jpg": b"\xff\xd8", "png": b"\x89PNG"}
            assert row["media"] == "video" or start.startswith(kinds[row["originalformat"]])
        # The next run finds its token and its stamp, and only asks for what is new.
        sandbox.counts.clear()
        run(sandbox, tmp_path, *command)
        assert not sandbox.calls["oauth/request_token"] and not sandbox.calls["files"]
        assert sandbox.calls["flickr.photos.recentlyUpdated"]
        assert not sandbox.requests.find("refused")
