"""npm `flickr-sdk`: calls, signed calls, upload, replace and the OAuth flow."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from flickr_sandbox import Sandbox
from tests.support.uploader import file_of

SCRIPT = Path(__file__).parent / "flickr_sdk.mjs"


def _run(sandbox: Sandbox, picture: Path) -> dict[str, Any]:
    account = sandbox.account
    settings = {
        "base": sandbox.url,
        "key": account.api_key,
        "secret": account.secret,
        "token": account.access_token,
        "tokenSecret": account.access_token_secret,
        "file": str(picture),
    }
    done = subprocess.run(
        ["node", SCRIPT],
        input=json.dumps(settings),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(done.stdout)
    return results


def test_flickr_sdk(sandbox: Sandbox, picture: Path) -> None:
    results = _run(sandbox, picture)
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
