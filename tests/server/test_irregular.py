"""Test that a FIFO, a device or a loop of links in place of a file never blocks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.oauth.env_file import EnvFileStore
from pyflickr_web.oauth.store import FileStore
from pyflickr_web.options import read_env_file
from pyflickr_web.transports.files import remove_leftovers
from tests.server.tokens import ANN, BOB, names
from tests.support.irregular_paths import KINDS, put
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")

IRREGULAR = [kind for kind in KINDS if kind != "directory"]
USES: dict[str, Callable[[EnvFileStore], object]] = {
    "check": lambda store: store.check("k", None),
    "save": lambda store: store.save("k", None, ANN),
    "remove": lambda store: store.remove("k", None, ANN),
}


def _reason(kind: str) -> str:
    return {
        "loop": "Too many levels of symbolic links",
        "directory": "(Is a directory|not a regular file)",
    }.get(kind, "not a regular file")


@pytest.mark.parametrize("kind", IRREGULAR)
def test_env_file_is_refused_with_its_reason(kind: str, tmp_path: Path) -> None:
    file = put(kind, tmp_path / ".env")
    with pytest.raises(OptionError, match=rf"\.env cannot be read: {_reason(kind)}"):
        read_env_file(file)
    with pytest.raises(OptionError, match=rf"\.env cannot be read: {_reason(kind)}"):
        EnvFileStore(file).find("k", None)


def test_folder_named_env_holds_no_settings(tmp_path: Path) -> None:
    folder = put("directory", tmp_path / ".env")
    assert read_env_file(folder) == {}
    assert EnvFileStore(folder).find("k", None) is None
    assert read_env_file(put("fifo", tmp_path / "fifo") / ".env") == {}


def test_env_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    file = tmp_path / ".env"
    file.touch()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(OptionError, match=r"\.env cannot be read: Permission denied$"):
        read_env_file(file)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("kind", KINDS)
def test_env_file_that_cannot_hold_a_token_is_an_option_error(
    kind: str, use: str, tmp_path: Path
) -> None:
    file = put(kind, tmp_path / ".env")
    with pytest.raises(
        OptionError, match=rf"^token_store env: .*(\.env|/dev/null): {_reason(kind)};"
    ):
        USES[use](EnvFileStore(file))
    assert names(tmp_path) == [".env"] and not file.is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_token_file_is_passed_over_and_not_replaced(kind: str, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, BOB)
    (file,) = tmp_path.rglob("*.json")
    put(kind, file.with_name("1@N00.json"))
    assert store.find("k", None) == BOB
    assert store.find("k", None, "1@N00") is None
    with pytest.raises(OptionError, match=rf"^token_store file: .*1@N00\.json: {_reason(kind)};"):
        store.save("k", None, ANN)


@pytest.mark.parametrize("place", ["", "tokens"])
@pytest.mark.parametrize("kind", IRREGULAR)
def test_settings_folder_that_is_none_holds_no_token(kind: str, place: str, tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    if place:
        folder.mkdir()
    put(kind, folder / place if place else folder)
    store = FileStore(folder)
    assert store.find("k", None) is None
    with pytest.raises(OptionError, match=r"^token_store file: .*choose another token_store"):
        store.check("k", None)
    with pytest.raises(OptionError, match=r"^token_store file: .*choose another token_store"):
        store.save("k", None, ANN)


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '["access_token"]', '"access_token"', "1", json.dumps({"access_token": 1})],
)
def test_file_of_another_shape_is_no_token(content: str, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    file.write_text(content)
    assert store.find("k", None) is None


def test_token_whose_parts_are_no_texts_is_none(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    file.write_text('{"user_id": "1@N00", "access_token": 1, "access_token_secret": ["s"]}')
    assert store.find("k", None) is None


@pytest.mark.parametrize("kind", KINDS)
def test_only_files_are_taken_for_leftovers(kind: str, tmp_path: Path) -> None:
    put(kind, tmp_path / (".pyflickr-web-" + "0" * 16))
    remove_leftovers(tmp_path)
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("command", ["whoami", "login", "logout", "call flickr.test.echo", "serve"])
def test_commands_tell_a_fifo_in_place_of_the_env_file_in_one_line(
    command: str, tmp_path: Path
) -> None:
    put("fifo", tmp_path / ".env")
    words = [sys.executable, "-m", "pyflickr_web", *command.split()]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FLICKR_API_KEY": "k", "FLICKR_SECRET": "s"},
        timeout=TIMEOUT,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: .env cannot be read: not a regular file\n"
