"""PyPI `flickr_api`: sign-in, listings, changes, upload, replace, download, deletion."""

from __future__ import annotations

from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.foreign.execution import run_driver

pytestmark = pytest.mark.soak


def test_flickr_api(sandbox: Sandbox, picture: Path, tmp_path: Path) -> None:
    me, store = sandbox.account.user_id, sandbox.store
    own = store.all("SELECT id FROM photos WHERE owner = :me", me=me)
    sets = store.all("SELECT id FROM photosets WHERE owner = :me", me=me)
    results = run_driver(sandbox, tmp_path, "flickr-api", "use_flickr_api.py", file=str(picture))
    number = results["uploaded"]
    assert results["me"] == results["found"] == me
    assert sorted(results["photos"]) == sorted(str(row["id"]) for row in own)
    assert {int(found) for found in results["sets"]} > {row["id"] for row in sets}
    assert results["title"] == "neu ü"
    assert results["tags"] == ["New York", "fox", "sea"]
    assert "Original" in results["sizes"]
    assert results["comments"] == ["Schön!"]
    assert results["in album"] == [number]
    assert results["unknown"] == 1
    [saved] = tmp_path.glob("saved*")
    assert saved.read_bytes() == picture.read_bytes()
    assert store.one("SELECT 1 FROM photos WHERE id = :id", id=number) is None
