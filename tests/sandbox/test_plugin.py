"""The fixture `flickr_sandbox` in tests of users."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module

import pytest

from tests.support.repository import ROOT

pytest_plugins = ["pytester"]
PLUGIN = "flickr_sandbox.pytest_plugin"
TESTS = """
import requests
import pytest

def titles(sandbox):
    return [row["title"] for row in sandbox.store.all("SELECT title FROM photos")]

@pytest.mark.parametrize("time", [1, 2])
def test_each_test_has_a_library_as_new(flickr_sandbox, time):
    assert len(titles(flickr_sandbox)) == COUNT
    assert "changed" not in titles(flickr_sandbox)
    assert list(flickr_sandbox.files.iterdir()) == []
    assert not flickr_sandbox.calls and not flickr_sandbox.faults.rules()
    flickr_sandbox.store.run("UPDATE photos SET title = 'changed'")
    flickr_sandbox.store.run("DELETE FROM photos WHERE id % 2")
    (flickr_sandbox.files / "upload").write_text("x")
    flickr_sandbox.faults.add("500")
    flickr_sandbox.faults.limit(3)
    response = requests.get(flickr_sandbox.url + "/services/rest/")
    assert response.status_code == 500

def test_search_by_words_works_after_a_restore(flickr_sandbox):
    found = "SELECT count(*) FROM photo_text WHERE photo_text MATCH 'lake'"
    assert flickr_sandbox.store.value(found) > 0

def test_environ_points_a_client_at_it(flickr_sandbox, monkeypatch):
    for name, value in flickr_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    assert flickr_sandbox.environ["FLICKR_BASE_URL"] == flickr_sandbox.url
"""
OPTIONS = """
import pytest

@pytest.fixture(scope="session")
def flickr_sandbox_options():
    return {"photos": 70}
"""


@pytest.mark.parametrize(
    ("conftest", "count"), [pytest.param("", 1500, marks=pytest.mark.soak), (OPTIONS, 70)]
)
def test_fixture_gives_each_test_a_sandbox_as_new(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, conftest: str, count: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(conftest)
    pytester.makepyfile(TESTS.replace("COUNT", str(count)))
    done = pytester.runpytest_subprocess("-p", PLUGIN, f"--rootdir={pytester.path}", "-Werror")
    done.assert_outcomes(passed=4)


@pytest.mark.soak
def test_installed_wheel_brings_the_fixture(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(pytester.path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = pytester.path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(pytester.path / "site")
    monkeypatch.setenv("PYTHONPATH", str(pytester.path / "site"))
    pytester.makepyfile(
        "def test_it(flickr_sandbox): assert 'site' in __import__('flickr_sandbox').__file__"
    )
    pytester.runpytest_subprocess("-Werror").assert_outcomes(passed=1)


def test_package_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [named] = project["entry-points"]["pytest11"].values()
    assert named == PLUGIN
    assert hasattr(import_module(named), "flickr_sandbox")


def test_plugin_loads_no_server_library() -> None:
    code = f"import sys, {PLUGIN}; sys.exit('aiohttp' in sys.modules or 'PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_missing_extra_is_reported_in_one_line() -> None:
    code = (
        "import sys; sys.modules['aiohttp'] = None\n"
        "try: from flickr_sandbox import Sandbox\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "the sandbox needs aiohttp: pip install 'pyflickr-web[sandbox]'\n"
