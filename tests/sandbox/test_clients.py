"""`Sandbox.client()` and `async_client()`: clients that are ready, whatever the environment holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, ClientOptions, Flickr, FlickrError
from tests.support.loops import run
from tests.support.repository import ROOT

pytest_plugins = ["pytester"]
NOWHERE = "http://127.0.0.1:9"
HOSTILE = {
    "FLICKR_API_KEY": "0" * 32,
    "FLICKR_BASE_URL": NOWHERE,
    "FLICKR_ENDPOINT": NOWHERE,
    "FLICKR_PHOTO_BASE_URL": NOWHERE,
    "FLICKR_NO_API": "1",
    "FLICKR_REQUEST_OPTIONS": '{"proxies": {"http": "http://127.0.0.1:9"}}',
    "HTTP_PROXY": NOWHERE,
    "ALL_PROXY": NOWHERE,
}


@pytest.fixture(params=["environment", "invalid environment", ".env"])
def hostile(request: pytest.FixtureRequest, monkeypatch: Any, tmp_path: Path) -> None:
    """Set every option of a client in the environment or in `.env`."""
    names = [f"FLICKR_{name.upper()}" for name in ClientOptions.__annotations__]
    values = dict.fromkeys(names, "invalid") if "invalid" in request.param else {}
    values |= {} if values else HOSTILE
    monkeypatch.chdir(tmp_path)
    if request.param == ".env":
        lines = (f"{name}='{value}'\n" for name, value in values.items())
        (tmp_path / ".env").write_text("".join(lines))
        values = {name: values[name] for name in values if not name.startswith("FLICKR_")}
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
        if name.endswith("_PROXY"):
            monkeypatch.setenv(name.lower(), value)


@pytest.mark.usefixtures("hostile")
def test_client_ignores_the_environment(shared_sandbox: Sandbox, tmp_path: Path) -> None:
    with shared_sandbox.client() as flickr:
        assert isinstance(flickr, Flickr)
        assert flickr.test.login()["user"]["id"] == shared_sandbox.account.user_id
        photo = flickr.photos.search(text="lake", extras="url_s")["photos"]["photo"][0]
        assert flickr.photo_url(photo, "m") == photo["url_s"]
        assert flickr.download(photo, "m", tmp_path / "a.jpg").stat().st_size


@pytest.mark.usefixtures("hostile")
def test_async_client_ignores_the_environment(shared_sandbox: Sandbox) -> None:
    async def log_in() -> Any:
        async with shared_sandbox.async_client() as flickr:
            assert isinstance(flickr, AsyncFlickr)
            return await flickr.test.login()

    assert run(log_in())["user"]["id"] == shared_sandbox.account.user_id


def test_options_change_a_client(shared_sandbox: Sandbox) -> None:
    with (
        shared_sandbox.client(access_token="", secret="") as flickr,
        pytest.raises(FlickrError, match="login"),
    ):
        flickr.test.login()
    headers = {"User-Agent": "of a test"}
    with shared_sandbox.client(request_options={"headers": headers}) as flickr:
        flickr.call("flickr.test.echo")
    assert shared_sandbox.requests[-1].headers["User-Agent"] == "of a test"


def test_fixture_is_a_client_of_the_sandbox(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("FLICKR_BASE_URL", NOWHERE)
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def flickr_sandbox_options():
            return {"photos": 30}

        def test_client(flickr_client, flickr_sandbox):
            flickr_client.photos.search(text="lake")
            assert flickr_sandbox.calls == {"flickr.photos.search": 1}
        """
    )
    done = pytester.runpytest_subprocess("-p", "flickr_sandbox.pytest_plugin", "-Werror")
    done.assert_outcomes(passed=1)


def test_sandbox_loads_the_client_only_for_a_client() -> None:
    code = (
        "import sys; from flickr_sandbox import Sandbox\n"
        "with Sandbox(photos=3): sys.exit('pyflickr_web' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )
