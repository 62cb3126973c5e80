"""Test tokens in a `.env` file, and as lines for a shell."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.oauth.env_file import EnvFileStore, export_lines
from pyflickr_web.oauth.tokens import Token
from tests.server.tokens import ANN, BOB, names


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


def test_env_files_token_is_found_by_its_person(tmp_path: Path) -> None:
    store = EnvFileStore(tmp_path / ".env")
    assert store.find("k", None) is None
    store.save("k", None, ANN)
    found = store.find("k", None)
    assert found and (found.user_id, found.access_token) == ("1@N00", "token-1")
    assert store.find("k", None, "1@N00") == found
    assert store.find("k", None, "2@N00") is None


# Comments, variables, quotes, several lines, an invalid line, a last line without end.
OTHER_LINES = (
    "# mine: FLICKR_ACCESS_TOKEN=comment\n\n  SPACED = a b # c\n",
    "A=${HOME}\nB='${HOME}'\nC=${FLICKR_USER_ID}\n",
    'D="one\nFLICKR_ACCESS_TOKEN=inside\ntwo" # c\n',
    "export E='it\\'s'\nF\nG=\n",
    "H='a' b'\nI=1\n",
    "J=1\r\nexport K=2\r\n",
    "L=Füchse",
)
OWN_LINES = (
    "FLICKR_USER_ID=old",
    "export FLICKR_ACCESS_TOKEN='o\nld'",
    "'FLICKR_ACCESS_TOKEN_SECRET'=o",
)


@pytest.mark.parametrize("other", OTHER_LINES)
@pytest.mark.parametrize("own", [0, 1, 3])
def test_env_files_other_lines_stay_byte_for_byte(tmp_path: Path, other: str, own: int) -> None:
    file, end = tmp_path / ".env", "\r\n" if "\r\n" in other else "\n"
    lines = "".join(line + end for line in OWN_LINES[:own])
    file.write_bytes((lines + other).encode())
    store = EnvFileStore(file)
    store.save("k", None, BOB)
    store.save("k", None, ANN)
    content = file.read_bytes()
    assert other.encode() in content
    assert b"old" not in content and b"token-2" not in content
    assert content.count(end.encode()) == content.count(b"\n")
    found = store.find("k", None)
    assert found and (found.access_token, found.access_token_secret) == ("token-1", "secret-1")
    store.remove("k", None, ANN)
    assert file.read_bytes().rstrip() == other.encode().rstrip()


def test_env_file_whose_quote_is_never_closed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A='never closed\nB=1\n")
    store = EnvFileStore(file)
    with pytest.raises(OptionError, match="a quote that is not closed"):
        store.check("k", None)
    with pytest.raises(OptionError, match="a quote that is not closed"):
        store.save("k", None, ANN)
    assert file.read_text() == "A='never closed\nB=1\n"


@pytest.mark.parametrize("text", ["${HOME}", "a'b\\\\c\\'d", "#a=b", '"', "$(id)`id`"])
def test_env_files_token_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    store = EnvFileStore(tmp_path / ".env")
    token = Token(text, text + "1", text + "2")
    store.save("k", None, token)
    assert store.find("k", None) == token


def test_env_file_that_others_may_read_becomes_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("OTHER=1\n")
    file.chmod(0o644)
    EnvFileStore(file).save("k", None, ANN)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_env_file_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    store = EnvFileStore(file)
    store.save("k", None, BOB)
    before = file.read_bytes()
    replace = Path.replace
    replaced: list[Path] = []

    def note_target(self: Path, target: Path) -> Path:
        # Up to here the file holds what it held.
        assert file.read_bytes() == before
        replaced.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", note_target)
    store.save("k", None, ANN)
    assert replaced == [file]
    assert store.find("k", None, "1@N00")


@pytest.mark.parametrize("value", ["a b", "$(touch evil)", "`id`", 'a"b', "a'b", "a!b", "1@N00"])
def test_export_lines_are_what_they_say_in_a_shell(tmp_path: Path, value: str) -> None:
    script = "\n".join(
        [*export_lines(Token(value, value, "s")), 'printf %s "$FLICKR_ACCESS_TOKEN"']
    )
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == (value, "")
    assert names(tmp_path) == []
