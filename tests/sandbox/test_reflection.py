"""The sandbox's reflection, fetched and parsed by the compiler like Flickr's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from compiler.__main__ import main
from compiler.reflect import parse
from compiler.reflect.model import Api
from tests.support.loops import run_in_thread
from tests.support.sandbox_client import Client


def _facts(api: Api) -> Api:
    """Remove source, date and texts that only one of the two reflections has."""
    methods = tuple(replace(m, explanation="", response="") for m in api.methods)
    return replace(api, methods=methods, date="", sha256="")


def test_fetched_reflection_equals_the_snapshot(
    reader: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fetch", "--api-key", reader.sandbox.account.api_key, "--no-progress"]
    command += ["--base-url", reader.sandbox.url, "--out", str(tmp_path)]
    assert run_in_thread(lambda: main(command)) == 0
    assert "223" in capsys.readouterr().out
    fetched, snapshot = parse.read(tmp_path), parse.read(parse.SNAPSHOT)
    assert len(fetched.methods) == 223
    assert _facts(fetched) == _facts(snapshot)


def test_unknown_method_has_no_info(reader: Client) -> None:
    answer = reader.call_public("reflection.getMethodInfo", method_name="flickr.photos.serch")
    assert answer == {"stat": "fail", "code": 1, "message": "Method not found"}
