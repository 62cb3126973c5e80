"""The wheel for Pyodide is small, has always the same bytes, and is found by name through its lock."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from base64 import urlsafe_b64encode
from email import message_from_bytes
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from compiler.errors import CompilerError
from compiler.python import lock, wheel
from tests.support.wheels import can_build

LIMIT = 250_000
IN_PYODIDE = {
    "platform_machine": "wasm32",
    "platform_system": "Emscripten",
    "python_version": "3.14",
    "sys_platform": "emscripten",
    "extra": "",
}


@pytest.fixture(scope="module")
def wheel_and_lock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the wheel and the lock file of a build."""
    whl, written = wheel.build_for_pages(tmp_path_factory.mktemp("wheel"))
    return whl, written


def _metadata(whl: Path) -> Message:
    with zipfile.ZipFile(whl) as file:
        name = next(name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(file.read(name))


def test_old_python_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheel, "sys", SimpleNamespace(version_info=(3, 11, 9)))
    with pytest.raises(CompilerError, match=r"^.*needs Python 3\.12\+$"):
        wheel.build_for_pages(tmp_path)
    assert list(tmp_path.iterdir()) == []


@can_build
def test_wheel_is_small(wheel_and_lock: tuple[Path, Path]) -> None:
    whl, written = wheel_and_lock
    assert whl.stat().st_size < LIMIT
    assert written.stat().st_size < 2_000


@can_build
def test_wheel_contains_only_the_package(wheel_and_lock: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(wheel_and_lock[0]) as file:
        names = file.namelist()
    info = "-".join(wheel_and_lock[0].name.split("-")[:2]) + ".dist-info"
    assert {name.split("/")[0] for name in names} == {"pyflickr_web", info}
    assert {"pyflickr_web/__init__.py", "pyflickr_web/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith(wheel.NOT_FOR_PAGES)]
    assert not [name for name in names if "sandbox" in name and "commands/" not in name]
    assert not [name for name in names if name.startswith("pyflickr_web/serve/")]
    assert {Path(name).suffix for name in names if not name.startswith(info)} <= {
        ".json",
        ".py",
        ".pyi",
        ".typed",
    }


@can_build
def test_wheel_has_the_command_and_no_pytest_plugin(wheel_and_lock: tuple[Path, Path]) -> None:
    [own] = distributions(path=[str(wheel_and_lock[0])])
    assert [(each.group, each.name) for each in own.entry_points] == [
        ("console_scripts", "pyflickr-web")
    ]


@can_build
def test_record_lists_every_file_with_its_hash(wheel_and_lock: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(wheel_and_lock[0]) as file:
        record = next(name for name in file.namelist() if name.endswith(".dist-info/RECORD"))
        rows = [row.split(",") for row in file.read(record).decode().splitlines()]
        assert [name for name, _, _ in rows] == file.namelist()
        for name, digest, size in rows:
            if name == record:
                continue
            data = file.read(name)
            sha256 = urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            assert (digest, size) == (f"sha256={sha256}", str(len(data))), name


@can_build
def test_wheel_for_servers_holds_all_rooms_and_the_bundles(tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel.build_wheel(tmp_path)) as file:
        names = file.namelist()
    assert "pyflickr_web/_dist/flickrapi.mjs" in names
    assert "flickr_sandbox/store/schema.sql" in names
    assert "flickr_sandbox/files/video.mp4" in names
    assert "pyflickr_web/proxy/calls/handler.py" in names
    assert "pyflickr_web/sandbox.py" in names


@can_build
def test_wheel_contains_no_path_of_this_machine(wheel_and_lock: tuple[Path, Path]) -> None:
    places = [str(place).encode() for place in (wheel.ROOT, wheel_and_lock[0].parent, Path.home())]
    with zipfile.ZipFile(wheel_and_lock[0]) as file:
        assert not any(name.startswith("/") or ".." in name for name in file.namelist())
        texts = [file.read(name) for name in file.namelist()]
    assert not [place for place in places for text in texts if place in text]
    assert not [place for place in places if place in wheel_and_lock[1].read_bytes()]


@can_build
@pytest.mark.parametrize(
    "circumstances",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        pytest.param(
            {"TZ": "America/Los_Angeles", "SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": "7"},
            marks=pytest.mark.soak,
        ),
    ],
)
def test_bytes_are_the_same_for_any_clock_folder_and_locale(
    wheel_and_lock: tuple[Path, Path], tmp_path: Path, circumstances: dict[str, str]
) -> None:
    code = (
        "import sys, pathlib, compiler.python.wheel as w;"
        "w.build_for_pages(pathlib.Path(sys.argv[1]))"
    )
    unset = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        cwd=tmp_path,
        env=unset | {"PYTHONPATH": str(wheel.ROOT)} | circumstances,
        check=True,
    )
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in wheel_and_lock
    }


@can_build
def test_nothing_is_required_in_pyodide(wheel_and_lock: tuple[Path, Path]) -> None:
    required = [
        Requirement(text) for text in _metadata(wheel_and_lock[0]).get_all("Requires-Dist", [])
    ]
    applies = [
        str(one) for one in required if not one.marker or one.marker.evaluate({**IN_PYODIDE})
    ]
    assert applies == []


@can_build
def test_lock_names_the_wheel_alone_with_its_hash(wheel_and_lock: tuple[Path, Path]) -> None:
    whl, written = wheel_and_lock
    content = json.loads(written.read_bytes())
    assert content["info"] == json.loads(lock.PYODIDE_LOCK.read_bytes())["info"]
    assert list(content["packages"]) == ["pyflickr-web"]
    row = content["packages"]["pyflickr-web"]
    assert row["file_name"] == whl.name
    assert row["sha256"] == hashlib.sha256(whl.read_bytes()).hexdigest()
    assert row["version"] == _metadata(whl)["Version"]
    assert (row["depends"], row["imports"]) == ([], ["pyflickr_web"])


@can_build
def test_missing_npm_package_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PYODIDE_LOCK", tmp_path / "none.json")
    with pytest.raises(CompilerError, match=r"^.*: run npm ci first$"):
        wheel.build_for_pages(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@can_build
@pytest.mark.parametrize("name", ["pkginfo", "pyodide_lock"])
def test_missing_library_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CompilerError, match=r"^the wheel needs pyodide-lock\[wheel\]: run .*$"):
        wheel.build_for_pages(tmp_path)
    assert list(tmp_path.iterdir()) == []


@can_build
def test_error_of_hatchling_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root").mkdir()
    monkeypatch.setattr(wheel, "ROOT", tmp_path / "root")
    with pytest.raises(CompilerError, match=r"^hatchling cannot build the wheel: .+$"):
        wheel.build_for_pages(tmp_path / "out")
    assert not (tmp_path / "out").exists()
