"""Test that an invalid folder is named before anything is done, and that an empty one is not `.`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr, load_locally
from pyflickr_web.cli import main
from pyflickr_web.errors import ArgumentError, OptionError
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.mirroring import Mirroring
from tests.mirror.small_mirror import write_mirror

INVALID = [None, 5, b"mirror", "a\0b", Path("a\0b"), "\ud800", ""]


@pytest.fixture
def current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a mirror, in which the test runs."""
    write_mirror(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("location", INVALID, ids=repr)
@pytest.mark.parametrize("name", ["downsync", "verify", "load_locally"])
def test_invalid_location_is_named(
    account: Sandbox, current: Path, name: str, location: Any
) -> None:
    with Flickr(api_key="k", secret="s", base_url=account.url) as flickr:
        functions: Any = {
            "downsync": flickr.downsync,
            "verify": verify_mirror,
            "load_locally": load_locally,
        }
        with pytest.raises(ArgumentError, match=f"^{name}: .*location.*: use the path of a folder"):
            functions[name](location)
    assert not sum(account.calls.values())


@pytest.mark.parametrize("words", ["downsync", "verify", "mirror ls --dir"])
def test_commands_refuse_an_empty_location(
    account: Sandbox, current: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an unset variable of a script, for which the mirror must not go to the current folder."""
    for name, value in account.environ.items():
        monkeypatch.setenv(name, value)
    before = sorted(current.rglob("*"))
    done = CliRunner().invoke(main, [*words.split(), ""])
    assert done.exit_code == 1
    [line] = done.stderr.splitlines()
    assert "the location is empty: use the path of a folder, '.' for the current one" in line
    assert sorted(current.rglob("*")) == before


def test_function_for_events_is_checked_before_any_call(either: Mirroring, current: Path) -> None:
    with pytest.raises(OptionError, match="downsync: on_event must be a function, not 5"):
        either.run(on_event=5)
    assert not either.api_calls
    with pytest.raises(OptionError, match="verify: on_event must be a function, not 5"):
        verify_mirror(current, on_event=5)  # type: ignore[arg-type]
