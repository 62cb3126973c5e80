"""Test the stores for tokens: files and the keyring."""

from __future__ import annotations

import errno
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.oauth.env_file import EnvFileStore
from pyflickr_web.oauth.store import FileStore, open_store
from pyflickr_web.oauth.tokens import Store, Token
from tests.server.tokens import ANN, BOB, names
from tests.support.repository import ROOT


class Ring(dict[tuple[str, str], str]):
    """A keyring in memory."""

    def set_password(self, service: str, name: str, password: str) -> None:
        self[service, name] = password

    def get_password(self, service: str, name: str) -> str | None:
        return self.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self[service, name]


@pytest.fixture(params=["file", "keyring"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return FileStore(tmp_path, Ring() if request.param == "keyring" else None)


def test_token_is_found_by_person_name_or_as_the_last(store: Store) -> None:
    store.save("k", None, BOB)
    store.save("k", None, ANN)
    assert store.find("k", None) == ANN
    assert store.find("k", None, "2@N00") == store.find("k", None, "bob") == BOB
    assert store.find("k", None, "carl") is None


def test_token_is_one_keys_at_one_address(store: Store) -> None:
    store.save("k", None, ANN)
    assert store.find("other", None) is None
    assert store.find("k", "http://127.0.0.1") is None


def test_token_is_replaced_and_forgotten(store: Store) -> None:
    store.save("k", None, ANN)
    newer = Token("1@N00", "token-3", "secret-3", "write", "ann")
    store.save("k", None, newer)
    assert store.find("k", None) == newer
    store.remove("k", None, newer)
    assert store.find("k", None) is None


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    FileStore(tmp_path).save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "k" not in file.parent.name.split("/")


def test_keyring_leaves_no_token_in_the_file(tmp_path: Path) -> None:
    FileStore(tmp_path, Ring()).save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    assert "token-1" not in file.read_text() and "secret-1" not in file.read_text()


def test_write_that_fails_leaves_the_token_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, ANN)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(
        OptionError, match=r"1@N00\.json: No space left.*choose another token_store"
    ):
        store.save("k", None, Token("1@N00", "new", "new"))
    assert store.find("k", None) == ANN
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["1@N00.json"]


def test_file_that_cannot_be_read_is_no_token(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    file.write_text('{"user_id": "1@N0')
    assert store.find("k", None) is None


def test_keyring_is_told_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(OptionError, match="pip install keyring"):
        open_store("keyring")


def test_keyring_is_used_when_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_keyring=lambda: ring))
    chosen = open_store("keyring")
    assert chosen
    chosen.save("k", None, ANN)
    assert len(ring) == 1


def test_keyrings_token_is_found_without_naming_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    FileStore(tmp_path, ring).save("k", None, ANN)
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_keyring=lambda: ring))
    plain = FileStore(tmp_path)
    assert plain.find("k", None) == ANN
    plain.remove("k", None, ANN)
    assert ring == {} and plain.find("k", None) is None


@pytest.mark.parametrize("person", ["../../evil", "/evil", "..", "a\\b", "a\0b", "x" * 5000, ""])
def test_person_of_any_name_stays_in_the_folder(tmp_path: Path, person: str) -> None:
    folder = tmp_path / "settings"
    store = FileStore(folder)
    token = Token(person, "token-1", "secret-1")
    store.check("k", None)
    store.save("k", None, token)
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    assert file.is_relative_to(folder) and store.find("k", None, person) == token
    store.remove("k", None, token)
    assert store.find("k", None, person) is None


KILLED = """
import os, signal, sys
from pathlib import Path
from pyflickr_web.transports.files import atomic_write
with atomic_write(Path(sys.argv[1]), 0o600) as file:
    file.write(b"token-1")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", ["check", "save"])
@pytest.mark.parametrize("kind", ["file", "env"])
def test_next_run_removes_what_a_killed_process_left(tmp_path: Path, kind: str, step: str) -> None:
    store: Store = FileStore(tmp_path)
    if kind == "env":
        store = EnvFileStore(tmp_path / ".env")
    store.save("k", None, BOB)
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    killed = subprocess.run([sys.executable, "-c", KILLED, file], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert len(names(file.parent)) == 2
    store.check("k", None) if step == "check" else store.save("k", None, BOB)
    assert names(file.parent) == [file.name]


class BrokenRing(Ring):
    """A keyring on which one operation fails, or silently does nothing."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self.broken = broken

    def set_password(self, service: str, name: str, password: str) -> None:
        if self.broken == "set":
            raise RuntimeError("No recommended backend was available")
        if self.broken != "forgets":
            super().set_password(service, name, password)

    def get_password(self, service: str, name: str) -> str | None:
        if self.broken == "get":
            raise RuntimeError("locked")
        return super().get_password(service, name)


@pytest.mark.parametrize("broken", ["set", "get", "forgets"])
def test_keyring_that_keeps_nothing_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    ring = BrokenRing(broken)
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_keyring=lambda: ring))
    chosen = open_store("keyring")
    assert chosen
    with pytest.raises(OptionError, match=r"keyring failed .*choose token_store file"):
        chosen.check("k", None)
    # Tokens of the files beside it are found all the same.
    FileStore().save("k", None, BOB)
    assert chosen.find("k", None) == BOB


def test_keyring_without_any_back_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise RuntimeError("no back end")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_keyring=none))
    with pytest.raises(OptionError, match="keyring failed"):
        open_store("keyring")


def test_keyring_is_tried_without_a_trace(tmp_path: Path) -> None:
    ring = Ring()
    FileStore(tmp_path, ring).check("k", None)
    assert ring == {} and not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_token_that_has_left_the_keyring_is_forgotten(tmp_path: Path) -> None:
    ring = Ring()
    store = FileStore(tmp_path, ring)
    store.save("k", None, ANN)
    ring.clear()
    store.remove("k", None, ANN)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
