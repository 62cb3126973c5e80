"""`serve` keeps its limits on the oldest allowed uvicorn, and on unsupported versions."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.version import Version

from pyflickr_web.cli import main
from pyflickr_web.commands.serve import SETTINGS
from pyflickr_web.serve import server as serve_server
from tests.support.repository import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Tests of a server's connections.
TESTS = (
    "test_head_timeout.py",
    "test_head_buffer.py",
    "test_pipelining.py",
    "test_write_timeout.py",
)
# Timeout in seconds.
TIMEOUT = 600


def oldest_uvicorn() -> Version:
    """Return the oldest version that the extra `proxy` allows."""
    for line in PYPROJECT["project"]["optional-dependencies"]["proxy"]:
        requirement = Requirement(line)
        if requirement.name == "uvicorn":
            (oldest,) = (each for each in requirement.specifier if each.operator == ">=")
            return Version(oldest.version)
    raise AssertionError("proxy needs no uvicorn")


@pytest.mark.soak
def test_oldest_uvicorn_keeps_the_limits() -> None:
    folder = ROOT / f".venv/uvicorn-{oldest_uvicorn()}"
    assert folder.is_dir(), "`make soak` installs it"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    for plugin in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[plugin]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT / "tests/proxy",
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    found = subprocess.run(
        [sys.executable, "-c", "import uvicorn; print(uvicorn.__version__)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Version(found.stdout.strip()) == oldest_uvicorn()


def test_tested_versions_are_supported() -> None:
    assert serve_server.supports_uvicorn()
    assert serve_server.supports_uvicorn(str(oldest_uvicorn()))
    assert not serve_server.supports_uvicorn("0.33.0")
    # A new version is not supported before it is tested.
    tested = Version(uvicorn.__version__)
    assert not serve_server.supports_uvicorn(f"{tested.major}.{tested.minor + 1}.0")
    assert not serve_server.supports_uvicorn("1.0.0")


@pytest.mark.parametrize("supported", [True, False])
def test_serve_warns_once_if_uvicorn_is_unsupported(
    monkeypatch: pytest.MonkeyPatch, supported: bool
) -> None:
    configs: list[uvicorn.Config] = []

    def run(server: uvicorn.Server, sockets: Any) -> None:
        configs.append(server.config)
        for each in sockets:
            each.close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(serve_server, "supports_uvicorn", lambda: supported)
    monkeypatch.setenv("FLICKR_API_KEY", "nobodys-key")
    monkeypatch.setenv(SETTINGS, "")
    done = CliRunner().invoke(main, ["serve", "--port", "0"])
    assert done.exit_code == 0, done.output
    assert done.stderr.count(f"uvicorn {uvicorn.__version__}") == (0 if supported else 1)
    (config,) = configs
    assert config.http is serve_server.protocol_settings(supported)["http"]
    assert (("connection", "close") in config.headers) is not supported
