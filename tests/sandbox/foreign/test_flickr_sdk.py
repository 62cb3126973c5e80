"""npm `flickr-sdk`: calls, signed calls, upload, replace and the OAuth flow."""

from __future__ import annotations

from pathlib import Path

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import run_driver
from tests.support.uploader import file_of


def test_flickr_sdk(sandbox: Sandbox, picture: Path, tmp_path: Path) -> None:
    results = run_driver(
        sandbox, tmp_path, "npm-flickr-sdk", "use_flickr_sdk.mjs", file=str(picture)
    )
    me = sandbox.account.user_id
    assert results["echo"]["text"] == {"_content": "grüße + 100% ~!*'()"}
    assert results["search"]["stat"] == "ok"
    assert results["unknown"]["cause"] == 1
    assert results["login"]["user"]["id"] == me
    photo = results["info"]["photo"]
    assert photo["title"] == {"_content": "neu ü"}
    assert photo["description"] == {"_content": "a b+c"}
    assert [tag["raw"] for tag in photo["tags"]["tag"]] == ["sea", "'n'", "sand"]
    assert photo["visibility"]["ispublic"] == 0
    number = results["uploaded"]["id"]
    assert results["replaced"]["id"] == number
    assert len(results["replaced"]["secret"]) == 10
    assert file_of(sandbox, number).read_bytes() == picture.read_bytes()
    assert results["wrongSecret"]["error"] == "Unauthorized"
    assert results["signIn"]["nsid"] == me
    assert results["signIn"]["login"]["user"]["id"] == me
