"""PyPI `flickrapi`: calls in its formats, listings, the OAuth flow, upload and replace."""

from __future__ import annotations

from pathlib import Path

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import run_driver
from tests.support.uploader import file_of


def test_flickrapi(sandbox: Sandbox, picture: Path, tmp_path: Path) -> None:
    own = sandbox.store.value(
        "SELECT count(*) FROM photos WHERE owner = :me", me=sandbox.account.user_id
    )
    (tmp_path / "a.txt").write_text("no picture")
    files = {"file": str(picture), "no_picture": str(tmp_path / "a.txt")}
    results = run_driver(sandbox, tmp_path, "flickrapi", "use_flickrapi.py", **files)
    me = sandbox.account.user_id
    assert results["login"] == me
    assert results["echo"] == {"_content": "grüße + 100%"}
    assert results["unknown"][0] == 1
    assert results["etree"]["id"] == me
    assert "1: Photo" in results["unknown etree"][1]
    assert results["rest"].startswith("<?xml")
    assert results["json"] == '{"stat":"ok"}'
    assert results["valid"] is True
    assert "401" in results["wrong secret"][1]
    photo = results["uploaded"]
    assert photo["title"] == {"_content": "Grüße & +"}
    assert [tag["raw"] for tag in photo["tags"]["tag"]] == ["sea", "New York"]
    assert results["replaced"] == photo["id"]
    assert file_of(sandbox, photo["id"]).read_bytes() == picture.read_bytes()
    assert results["by ticket"]["title"] == {"_content": picture.name}
    assert results["no picture"][1].startswith("Error: 5: Filetype")
    # The listing also has the two uploads.
    assert results["listed"] == own + 2
    assert results["code"] == results["callback"] == [me, [True, False]]
