"""A reflection that is newer than the release is kept, and then known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flickr_sandbox import Sandbox, reflection
from pyflickr_web import ClientOptions, Flickr
from pyflickr_web.cli import main
from pyflickr_web.core.details import load_details
from pyflickr_web.errors import ArgumentError, FlickrError, UnavailableError
from pyflickr_web.reflection_cache import cache_file
from pyflickr_web.refresh import refresh
from tests.support.irregular_paths import KINDS, put
from tests.support.repository import ROOT
from tests.support.scripted_server import Answer, serve
from tests.support.timeouts import TIMEOUT

KEY = "k" * 32


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(photos=5) as sandbox:
        yield sandbox


def _options(sandbox: Sandbox) -> dict[str, Any]:
    return {"api_key": sandbox.account.api_key, "base_url": sandbox.url}


def _info(name: str, level: str, *arguments: tuple[str, str]) -> Answer:
    rows = [{"name": "api_key", "optional": 0}]
    rows += [{"name": n, "optional": o, "_content": f"About {n}"} for n, o in arguments]
    method = {"name": name, "needslogin": 0, "needssigning": 0, "requiredperms": level}
    content = {
        "method": method | {"description": {"_content": "Something new."}},
        "arguments": {"argument": rows},
        "errors": {"error": [{"code": "1", "message": "None"}, {"code": 100, "message": "Key"}]},
        "stat": "ok",
    }
    return Answer(json.dumps(content).encode())


def _list_answer(*names: str) -> Answer:
    rows = [{"_content": name} for name in names]
    return Answer(json.dumps({"methods": {"method": rows}, "stat": "ok"}).encode())


def test_refreshed_table_is_the_same_where_nothing_is_new(sandbox: Sandbox) -> None:
    with Flickr(**_options(sandbox)) as flickr:
        levels = dict(flickr.table.levels)
        assert refresh(flickr) == len(reflection.methods()) == 223
    with Flickr(**_options(sandbox)) as flickr:
        assert flickr.table is not Flickr(api_key=KEY).table
        assert flickr.table.levels == levels
        with pytest.raises(ArgumentError, match="missing photo_id"):
            flickr.photos.getInfo()  # type: ignore[call-arg]


def test_refreshed_flags_bring_back_no_required_argument_that_flickr_answers_without(
    sandbox: Sandbox,
) -> None:
    with Flickr(**_options(sandbox)) as flickr:
        info = flickr.reflection.getMethodInfo(method_name="flickr.photosets.getInfo")
        flags = {row["name"]: row["optional"] for row in info["arguments"]["argument"]}
        assert int(flags["user_id"]) == 0
        refresh(flickr)
    with Flickr(**_options(sandbox)) as flickr:
        details = load_details(flickr.table)
        assert details
        described = details.method("flickr.photosets.getInfo")
        assert described
        assert list(described.required) == ["photoset_id"] and "user_id" in described.optional


def test_new_method_is_known_afterwards() -> None:
    with serve(
        _list_answer("flickr.new.thing"), _info("flickr.new.thing", "0", ("a", "0"), ("b", "1"))
    ) as s:
        options: ClientOptions = {"api_key": KEY, "base_url": s.url}
        with Flickr(**options) as flickr:
            assert not hasattr(flickr, "new")
            refresh(flickr)
        s.answers = [Answer()]
        with Flickr(**options) as flickr:
            new: Any = flickr
            assert new.new.thing(a=1) == {"stat": "ok"}
            with pytest.raises(ArgumentError, match="missing a"):
                new.new.thing(b=1)
            assert "About b" in str(flickr.table.details.method("flickr.new.thing"))  # type: ignore[union-attr]


def test_failure_leaves_what_was_kept() -> None:
    with serve(_list_answer("flickr.new.thing"), _info("flickr.new.thing", "0")) as server:
        with Flickr(api_key=KEY, base_url=server.url) as flickr:
            refresh(flickr)
            before = cache_file(server.url).read_bytes()
            server.answers = [_list_answer("flickr.other"), Answer(status=500)]
            with pytest.raises(FlickrError):
                refresh(flickr)
        assert cache_file(server.url).read_bytes() == before


def test_cache_that_cannot_be_read_is_passed_over(sandbox: Sandbox) -> None:
    file = cache_file(sandbox.url)
    file.parent.mkdir(parents=True)
    file.write_text('[{"name": ')
    with Flickr(**_options(sandbox)) as flickr:
        assert len(flickr.table.levels) == 223


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("name", 5),
        ("name", "flickr.another.thing"),
        ("description", {"_content": 5}),
        ("requiredperms", "9" * 5000),
        ("requiredperms", 4),
        ("needslogin", 1e300),
        ("needssigning", -1),
    ],
)
def test_answer_of_another_shape_is_not_kept(part: str, value: Any) -> None:
    info = json.loads(_info("flickr.new.thing", "0").body)
    info["method"][part] = value
    answer = Answer(json.dumps(info).encode())
    with serve(_list_answer("flickr.new.thing"), answer) as server:
        options: ClientOptions = {"api_key": KEY, "base_url": server.url}
        with Flickr(**options) as flickr, pytest.raises(UnavailableError, match="no method"):
            refresh(flickr)
        assert not cache_file(server.url).exists()


@pytest.mark.parametrize("name", ["name", "description", "required", "errors", "level"])
def test_kept_methods_of_another_shape_are_passed_over(name: str) -> None:
    with serve(_list_answer("flickr.new.thing"), _info("flickr.new.thing", "0")) as server:
        options: ClientOptions = {"api_key": KEY, "base_url": server.url}
        with Flickr(**options) as flickr:
            refresh(flickr)
        file = cache_file(server.url)
        kept = json.loads(file.read_text())
        kept["methods"][0][name] = None
        file.write_text(json.dumps(kept))
        with Flickr(**options) as flickr:
            assert "flickr.new.thing" not in flickr.table.levels


@pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")
@pytest.mark.parametrize("kind", KINDS)
def test_cache_that_is_no_file_is_passed_over(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = cache_file(None)
    file.parent.mkdir(parents=True)
    put(kind, file)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # In a process of its own, which is ended if it waits.
    script = "from pyflickr_web import Flickr; print(len(Flickr(api_key='k').table.levels))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=TIMEOUT)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"223", b"")


@pytest.mark.parametrize(
    "name", ["flickr.close", "flickr.call.x", "flickr.__class__", "flickr.a._name", "flickr", ""]
)
def test_name_that_would_hide_a_clients_own_is_passed_over(name: str) -> None:
    with serve(_list_answer("flickr.new.thing", name), _info("flickr.new.thing", "0")) as server:
        options: ClientOptions = {"api_key": KEY, "base_url": server.url}
        with Flickr(**options) as flickr:
            assert refresh(flickr) == 1
        assert len(server.asked) == 2
        with Flickr(**options) as flickr:
            assert "flickr.new.thing" in flickr.table.levels
            assert name not in flickr.table.levels
            server.answers = [Answer()]
            assert flickr.call(name or "x") == {"stat": "ok"}


def test_command_refreshes(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", sandbox.account.api_key)
    monkeypatch.setenv("FLICKR_BASE_URL", sandbox.url)
    done = CliRunner().invoke(main, ["methods", "--refresh", "test.*"])
    assert "223 methods are stored" in done.stderr
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == [
        "flickr.test.echo",
        "flickr.test.login",
        "flickr.test.null",
    ]


def test_what_another_release_kept_is_passed_over(sandbox: Sandbox) -> None:
    with Flickr(**_options(sandbox)) as flickr:
        refresh(flickr)
    file = cache_file(sandbox.url)
    kept = json.loads(file.read_text("utf-8"))
    kept["methods"][0]["level"] = 15
    file.write_text(json.dumps(kept))
    name = kept["methods"][0]["name"]
    assert Flickr(**_options(sandbox)).table.levels[name] == 15
    file.write_text(json.dumps(kept | {"release": "another"}))
    assert Flickr(**_options(sandbox)).table.levels[name] != 15


def test_command_lists_what_the_env_file_is_about(sandbox: Sandbox) -> None:
    Path(".env").write_text(
        f"FLICKR_API_KEY={sandbox.account.api_key}\nFLICKR_BASE_URL={sandbox.url}\n"
    )
    CliRunner().invoke(main, ["methods", "--refresh"])
    file = cache_file(sandbox.url)
    kept = json.loads(file.read_text("utf-8"))
    kept["methods"].append(kept["methods"][0] | {"name": "flickr.new.thing"})
    file.write_text(json.dumps(kept))
    done = CliRunner().invoke(main, ["methods", "new.thing"])
    assert done.exit_code == 0 and "flickr.new.thing" in done.stdout


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(b'{"stat":"ok","methods":[]}'),
        Answer(b'{"stat":"ok","methods":{"method":[5]}}'),
    ],
)
def test_list_of_methods_in_another_shape_is_told(answer: Answer) -> None:
    with (
        serve(answer) as server,
        Flickr(api_key=KEY, base_url=server.url) as flickr,
        pytest.raises(UnavailableError, match="lists no methods"),
    ):
        refresh(flickr)


@pytest.mark.parametrize("level", ["1e999", '"x"', "[]"])
def test_method_told_in_another_shape_is_told(level: str) -> None:
    body = b'{"stat":"ok","method":{"name":"a","requiredperms":%s},"arguments":{"argument":[]}}'
    info = Answer(body % level.encode())
    with (
        serve(_list_answer("flickr.things.get"), info) as server,
        Flickr(api_key=KEY, base_url=server.url) as flickr,
        pytest.raises(UnavailableError, match="describes no method"),
    ):
        refresh(flickr)
