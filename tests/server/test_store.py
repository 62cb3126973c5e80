"""Where tokens are kept: a file each, `.env`, the keyring."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.oauth.env_file import EnvFileStore
from pyflickr_web.oauth.store import FileStore, Store, Token, open_store

ANN = Token("1@N00", "token-1", "secret-1", "read", "ann")
BOB = Token("2@N00", "token-2", "secret-2", "delete", "bob")


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
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.save("k", None, Token("1@N00", "new", "new"))
    assert store.find("k", None) == ANN
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["1@N00.json"]


def test_file_that_cannot_be_read_is_no_token(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save("k", None, ANN)
    (file,) = tmp_path.rglob("*.json")
    file.write_text('{"user_id": "1@N0')
    assert store.find("k", None) is None


def test_env_file_keeps_all_else_in_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nOTHER='a b'\nFLICKR_USER_ID=old\nLAST=1\n")
    EnvFileStore(file).save("k", None, ANN)
    EnvFileStore(file).save("k", None, ANN)
    lines = file.read_text().splitlines()
    assert lines[:2] == ["# mine", "OTHER='a b'"]
    assert sum(line.startswith("FLICKR_USER_ID=") for line in lines) == 1
    assert "LAST=1" in lines and len(lines) == 6


def test_env_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    EnvFileStore(file).save("k", None, ANN)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    EnvFileStore(file).remove("k", None, ANN)
    assert "FLICKR" not in file.read_text()


def test_env_file_behind_a_link_is_written_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("OTHER=1\n")
    link = tmp_path / ".env"
    link.symlink_to("shared")
    EnvFileStore(link).save("k", None, ANN)
    EnvFileStore(link).remove("k", None, ANN)
    assert link.is_symlink()
    assert (tmp_path / "shared").read_text() == "OTHER=1\n"


def test_env_file_for_a_shell_stays_one(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("export FLICKR_USER_ID=old\nexport FLICKR_ACCESS_TOKEN=old\n")
    EnvFileStore(file).save("k", None, ANN)
    lines = file.read_text().splitlines()
    assert [line.startswith("export ") for line in lines] == [True, True, False]
    assert EnvFileStore(file).find("k", None) is not None


def test_token_that_is_half_there_is_forgotten_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / ".env"
    file.write_text("FLICKR_ACCESS_TOKEN=a\n")
    EnvFileStore(file).remove("k", None, ANN)
    assert (file.read_text(), caplog.records) == ("", [])


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


def test_env_files_token_is_found_by_its_person(tmp_path: Path) -> None:
    store = EnvFileStore(tmp_path / ".env")
    assert store.find("k", None) is None
    store.save("k", None, ANN)
    found = store.find("k", None)
    assert found and (found.user_id, found.access_token) == ("1@N00", "token-1")
    assert store.find("k", None, "1@N00") == found
    assert store.find("k", None, "2@N00") is None
