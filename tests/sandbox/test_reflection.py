"""The sandbox's reflection, fetched and parsed by the compiler like Flickr's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from compiler.__main__ import main
from compiler.reflect import parse
from compiler.reflect.model import Api
from flickr_sandbox.reflection import samples
from tests.sandbox.method_samples import WITH_SECRETS, make_sample
from tests.sandbox.sample_answers import names_in
from tests.support.local_api import LocalApi
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


def test_sample_answers_have_the_names_of_real_ones(complete_api: LocalApi) -> None:
    assert len(samples()) > 150 and not any(name.startswith(WITH_SECRETS) for name in samples())
    for method in ("flickr.photos.getInfo", "flickr.people.getInfo", "flickr.groups.getInfo"):
        about = complete_api.call("reflection.getMethodInfo", method_name=method)["method"]
        shown = ElementTree.fromstring(f"<sample>{about['response']['_content']}</sample>")
        sent = ElementTree.fromstring(f"<sample>{make_sample(complete_api, method)}</sample>")
        assert names_in(shown) == names_in(sent)


def test_samples_are_well_formed_and_methods_with_extras_explained() -> None:
    for text in samples().values():
        ElementTree.fromstring(f"<sample>{text}</sample>")
    api = LocalApi(photos=10)
    for method, is_explained in (("flickr.photos.search", True), ("flickr.photos.delete", False)):
        about = api.call("reflection.getMethodInfo", method_name=method)["method"]
        assert ("explanation" in about) == is_explained
    assert "response" not in about
    api.close()


def test_unknown_method_has_no_info(reader: Client) -> None:
    answer = reader.call_public("reflection.getMethodInfo", method_name="flickr.photos.serch")
    assert answer == {"stat": "fail", "code": 1, "message": "Method not found"}
