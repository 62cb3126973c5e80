"""flickr_download: the list of a person's sets, and sets and photos on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import find_program, sign_in
from tests.support.intercepted_programs import run

pytestmark = pytest.mark.soak


def test_sets_of_a_person(sandbox: Sandbox, tmp_path: Path) -> None:
    account, store = sandbox.account, sandbox.store
    (tmp_path / ".flickr_download").write_text(
        json.dumps({"api_key": account.api_key, "api_secret": account.secret})
    )
    program = find_program("flickr-download")
    command = program.bin / "flickr_download"
    output = run(sandbox, tmp_path, command, "--list", "sandbox")
    rows = store.all(
        "SELECT s.* FROM photosets s WHERE owner = :me AND EXISTS (SELECT 1 FROM photoset_photos x"
        " JOIN photos p ON p.id = x.photo WHERE x.photoset = s.id AND p.ispublic)",
        me=account.user_id,
    )
    assert rows and all(f"{row['id']} - {row['title']}" in output for row in rows)
    smallest = min(
        rows, key=lambda row: (store.value(
            "SELECT count(*) FROM photoset_photos WHERE photoset = :id", id=row["id"]
        ), row["id"]),
    )  # fmt: skip
    # Signed in, it also downloads private photos.
    assert "OAuth token was saved" in sign_in(sandbox, tmp_path, command, "--user_auth")
    arguments = ("--user_auth", "--save_json", "--naming", "id", "--download", str(smallest["id"]))
    run(sandbox, tmp_path, command, *arguments)
    photos = store.all("SELECT photo FROM photoset_photos WHERE photoset = :id", id=smallest["id"])
    files = [file for file in tmp_path.rglob("*.*") if file.parent != tmp_path]
    wanted = {str(photo["photo"]) for photo in photos}
    assert {file.stem for file in files if file.suffix != ".json"} == wanted
    saved = [json.loads(file.read_text()) for file in files if file.suffix == ".json"]
    assert {photo["id"] for photo in saved} == wanted
