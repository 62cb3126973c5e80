"""`python -m compiler wheel --lock` adds the wheel to a lock file of Pyodide, and loses nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compiler.__main__ import main
from compiler.python import wheel
from compiler.python.lock import LOCK, PACKAGE, PYODIDE_LOCK, LockOptions, add_wheel, read_base
from tests.support.irregular_paths import KINDS, put
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT
from tests.support.wheels import NEIGHBOR, can_build, write_distribution

pytestmark = can_build
INFO = {"abi_version": "2026_0", "arch": "wasm32", "platform": "emscripten_5_0_3"}
OUR_ROW = {
    "name": PACKAGE,
    "version": "0.0.1",
    "file_name": "pyflickr_web-0.0.1-py3-none-any.whl",
    "install_dir": "site",
    "sha256": "0" * 64,
}


@pytest.fixture(scope="module")
def full_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of the whole package, which takes the longest."""
    return wheel.build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(autouse=True)
def build_once(full_wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the build of the whole package by a copy."""
    monkeypatch.setattr(wheel, "build_wheel", lambda out: Path(shutil.copy(full_wheel, out)))


@pytest.fixture
def whl(tmp_path: Path) -> Path:
    """Return the wheel for pages."""
    return wheel.build_for_pages(tmp_path / "wheel")[0]


def _write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    return path


def _merge(whl: Path, base: Path, packages_url: str | None = None) -> dict[str, Any]:
    lock: dict[str, Any] = json.loads(add_wheel(read_base(LockOptions(base, packages_url)), whl))
    return lock


def test_merged_lock_keeps_all_packages(whl: Path) -> None:
    merged, base = _merge(whl, PYODIDE_LOCK), json.loads(PYODIDE_LOCK.read_bytes())
    row = merged["packages"].pop(PACKAGE)
    assert row["file_name"] == whl.name
    assert row["sha256"] == hashlib.sha256(whl.read_bytes()).hexdigest()
    assert "numpy" in merged["packages"]
    assert merged == base


def test_lock_for_another_pyodide_stays_one_for_it(whl: Path, tmp_path: Path) -> None:
    # Pyodide 0.25 compares `version`, which pyodide-lock does not write.
    info = {"arch": "wasm32", "platform": "emscripten_3_1_46", "python": "3.11.3"}
    base = {"info": info | {"version": "0.25.1"}, "packages": {}}
    merged = _merge(whl, _write(tmp_path / "old.json", base))
    assert merged["info"] == base["info"]
    assert list(merged["packages"]) == [PACKAGE]


def test_row_of_an_earlier_wheel_is_replaced(whl: Path, tmp_path: Path) -> None:
    base = json.loads(PYODIDE_LOCK.read_bytes())
    base["packages"][PACKAGE] = OUR_ROW
    assert _merge(whl, _write(tmp_path / LOCK, base)) == _merge(whl, PYODIDE_LOCK)


def test_bytes_do_not_depend_on_the_order_of_packages(whl: Path, tmp_path: Path) -> None:
    base = json.loads(PYODIDE_LOCK.read_bytes())
    base["packages"] = dict(reversed(base["packages"].items()))
    reordered = _write(tmp_path / LOCK, base)
    expected = add_wheel(read_base(LockOptions(PYODIDE_LOCK)), whl)
    assert add_wheel(read_base(LockOptions(reordered)), whl) == expected
    # The result is a base too, with the same result.
    reordered.write_bytes(expected)
    assert add_wheel(read_base(LockOptions(reordered)), whl) == expected


def test_other_packages_get_the_address_of_a_cdn(whl: Path, tmp_path: Path) -> None:
    row = OUR_ROW | {"name": "elsewhere", "file_name": "https://files.example/elsewhere.whl"}
    relative = OUR_ROW | {"name": "panda", "file_name": "panda-1-py3-none-any.whl"}
    packages = {"elsewhere": row, "panda": relative, PACKAGE: OUR_ROW}
    base = _write(tmp_path / LOCK, {"info": INFO | {"python": "3.14.2"}, "packages": packages})
    merged = _merge(whl, base, "https://cdn.example/v1/full/")
    assert {name: row["file_name"] for name, row in merged["packages"].items()} == {
        "elsewhere": "https://files.example/elsewhere.whl",
        "panda": "https://cdn.example/v1/full/panda-1-py3-none-any.whl",
        # Next to the lock.
        PACKAGE: whl.name,
    }


def test_command_reads_one_folder_and_writes_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write_distribution(tmp_path)
    before, out = base.read_bytes(), tmp_path / "out"
    url = "https://cdn.example/full"
    assert main(["wheel", "--lock", str(base), "--packages-url", url, "--out", str(out)]) == 0
    packages = json.loads((out / LOCK).read_bytes())["packages"]
    assert packages[NEIGHBOR]["file_name"] == f"{url}/red_panda-1.0-py3-none-any.whl"
    assert (out / packages[PACKAGE]["file_name"]).is_file()
    assert base.read_bytes() == before
    info = json.loads(before)["info"]
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith(
            f" bytes, {len(packages)} packages, for Pyodide with Python {info['python']} "
            f"and ABI {info['abi_version']}"
        )
    )
    assert {file.name for file in out.iterdir()} == {LOCK, packages[PACKAGE]["file_name"]}


def test_folder_that_is_read_is_written_only_if_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wheel, "OUT", tmp_path)
    base = write_distribution(tmp_path)
    before = base.read_bytes()
    assert main(["wheel", "--lock", str(base)]) == 1
    assert (
        capsys.readouterr().err
        == f"compiler: {base} would be overwritten: name its folder with --out\n"
    )
    # Without --lock, numpy and all others would be lost.
    for words in (["wheel"], ["wheel", "--out", str(tmp_path)]):
        assert main(words) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"compiler: {base} lists other packages (") and error[-1] == "\n"
        assert error.count("\n") == 1 and f"--lock {base}" in error
    assert base.read_bytes() == before and not list(tmp_path.glob("pyflickr*"))
    assert main(["wheel", "--lock", str(base), "--out", str(tmp_path)]) == 0
    added = json.loads(base.read_bytes())["packages"].keys() - json.loads(before)["packages"].keys()
    assert added == {PACKAGE}
    # A small lock is replaced at any time.
    base.unlink()
    assert main(["wheel"]) == main(["wheel"]) == 0


ROWS = {"panda": {"name": "panda"}}
BAD = {
    "missing": (None, "cannot read BASE: No such file or directory"),
    "text": (
        "panda",
        "BASE is not a lock file of Pyodide: Expecting value: line 1 column 1 (char 0)",
    ),
    "bytes": (b"\x80", "BASE is not a lock file of Pyodide: 'utf-8' codec can't decode"),
    "list": ("[]", "BASE is not a lock file of Pyodide: use its pyodide-lock.json"),
    "rows": ('{"info": {}}', "BASE is not a lock file of Pyodide: 'platform' is missing"),
    "row": (
        json.dumps({"info": INFO | {"python": "3.14.2"}, "packages": ROWS}),
        "BASE is not a lock file of Pyodide: 'version' is missing",
    ),
    "packages": (
        json.dumps({"info": INFO | {"python": "3.14.2"}, "packages": []}),
        "BASE is not a lock file of Pyodide: use its pyodide-lock.json",
    ),
    "nested": ("[" * 100_000, "BASE is not a lock file of Pyodide: "),
    "python": (
        json.dumps({"info": INFO | {"python": "3.10.2"}, "packages": {}}),
        "the lock is for Python 3.10.2, and the wheel needs Python >=3.11: use the lock of a newer",
    ),
    "file name": (
        json.dumps(
            {"info": INFO | {"python": "3.14.2"}, "packages": {"p": OUR_ROW | {"file_name": 3}}}
        ),
        "BASE is not a lock file of Pyodide: use its pyodide-lock.json",
    ),
    "address": (
        json.dumps(
            {"info": INFO | {"python": "3.14.2"}, "packages": {"p": OUR_ROW | {"file_name": "//["}}}
        ),
        "BASE has an invalid address of p: //[",
    ),
    "colors": (
        json.dumps({"info": INFO | {"python": "\x1b[31mred\n"}, "packages": {}}),
        "the lock is for Python red , and the wheel needs Python >=3.11",
    ),
    "no version": (
        json.dumps({"info": INFO | {"python": "new"}, "packages": {}}),
        "the lock is for Python new, and the wheel needs Python >=3.11: use the lock of a newer",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_lock_is_reported_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, expected = BAD[case]
    base, out = tmp_path / "base.json", tmp_path / "out"
    if content is not None:
        base.write_bytes(content.encode() if isinstance(content, str) else content)
    words = ["wheel", "--lock", str(base), "--out", str(out)]
    assert main([*words, "--packages-url", "https://cdn.example/"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"compiler: {expected.replace('BASE', str(base))}")
    assert error.count("\n") == 1
    assert not out.exists()


def test_lock_with_escape_sequences_is_described_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    info = INFO | {"python": "3.14.2", "abi_version": "\x1b[31mred\n"}
    base = _write(tmp_path / "base.json", {"info": info, "packages": {}})
    assert main(["wheel", "--lock", str(base), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.endswith(" with Python 3.14.2 and ABI red \n")


@pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")
@pytest.mark.parametrize("kind", KINDS)
def test_irregular_lock_is_reported_without_waiting(kind: str, tmp_path: Path) -> None:
    base = put(kind, tmp_path / "base.json")
    done = subprocess.run(
        [sys.executable, "-m", "compiler", "wheel", "--lock", base, "--out", tmp_path / "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"compiler: cannot read {base}: ")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--packages-url", "https://cdn.example/"], "--packages-url requires --lock"),
        (
            ["--lock", "x", "--packages-url", "/full/"],
            "invalid address '/full/': use e.g. https://",
        ),
        (["--lock", "x", "--packages-url", "ftp://a/"], "invalid address 'ftp://a/'"),
        (["--lock", "x", "--packages-url", "https://a/?b"], "invalid address 'https://a/?b'"),
    ],
)
def test_wrong_usage_is_reported(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["wheel", *words])
    assert stopped.value.code == 2
    assert expected in capsys.readouterr().err
