"""flickr-uploader: sign-in, upload of folders as sets, and the removal of files deleted on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import find_program, sign_in
from tests.support.intercepted_programs import run
from tests.support.uploader import image

pytestmark = pytest.mark.soak
FOLDERS = ("Grüße", "Home")


def files_of_sets(sandbox: Sandbox) -> dict[str, set[bytes]]:
    """Return the files of the sets that the program makes, by title."""
    rows = sandbox.store.all(
        "SELECT s.title, p.file FROM photosets s JOIN photoset_photos x ON x.photoset = s.id"
        " JOIN photos p ON p.id = x.photo WHERE p.file IS NOT NULL"
    )
    found: dict[str, set[bytes]] = {}
    for row in rows:
        found.setdefault(row["title"], set()).add((sandbox.files / row["file"]).read_bytes())
    return found


def test_folders_become_sets(sandbox: Sandbox, tmp_path: Path) -> None:
    program = find_program("flickr-uploader")
    pictures, config = tmp_path / "pictures", tmp_path / "uploadr.ini"
    account = sandbox.account
    text = (program.folder / "etc" / "uploadr.ini").read_text("utf-8")
    for old, new in (
        ('"YourKey"', repr(account.api_key)),
        ('"YourSecret"', repr(account.secret)),
        ('"YourDir"', repr(str(pictures))),
    ):
        text = text.replace(old, new)
    config.write_text(text)
    local: dict[str, set[bytes]] = {}
    for place, name in enumerate(FOLDERS):
        (pictures / name).mkdir(parents=True)
        local[name] = {image("JPEG", (40 + place, 30 + number)) for number in range(2)}
        for number, content in enumerate(sorted(local[name])):
            (pictures / name / f"{number}.jpg").write_bytes(content)
    command = (program.bin / "python", program.bin / "uploadr.py", "--config-file", config)
    sign_in(sandbox, tmp_path, *command, "--authenticate")
    run(sandbox, tmp_path, *command)
    assert files_of_sets(sandbox) == local
    # A second run uploads nothing, and deletes what is no longer on disk.
    (pictures / "Home" / "0.jpg").unlink()
    sandbox.counts.clear()
    run(sandbox, tmp_path, *command)
    assert sandbox.calls["upload"] == 0
    assert sandbox.calls["flickr.photos.delete"] == 1
    assert [len(files) for files in files_of_sets(sandbox).values()] == [2, 1]
