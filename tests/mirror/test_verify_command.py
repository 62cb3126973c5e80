"""Test `pyflickr-web verify`, and the method `verify` of both clients."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.cli import main
from pyflickr_web.mirror.events import StepAdvanced
from pyflickr_web.mirror.files.lock import lock_mirror
from pyflickr_web.mirror.verification.findings import read_findings
from pyflickr_web.mirror.verify import verify_mirror
from tests.mirror.damage import edit_lines, flip_bit
from tests.mirror.small_mirror import write_mirror
from tests.support.loops import run
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT
from tests.support.terminal import use_terminal
from tests.support.timeouts import TIMEOUT

THUMBNAIL = "images/thumbnail/1.jpg"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    write_mirror(folder)
    return folder


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, words)])


def test_intact_mirror_is_exit_status_0(mirror: Path) -> None:
    done = command(mirror)
    assert done.exit_code == 0, done.output
    assert re.match(r"intact: 13 files \(4\.\d kB\)$", done.stdout)
    assert done.stderr == ""


def test_faults_are_listed_with_exit_status_1(mirror: Path) -> None:
    flip_bit(mirror / THUMBNAIL)
    (mirror / "ia/photos/comments/2.json").unlink()
    (mirror / "notes.txt").write_text("mine")
    done = command(mirror, "--workers", "1")
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "not of the mirror: notes.txt",
        "missing: ia/photos/comments/2.json",
        f"damaged: {THUMBNAIL}: its SHA-256 differs",
        "faults: 1 missing, 1 damaged; 12 files (4.1 kB)",
    ]
    advice = f"run `pyflickr-web downsync {mirror}` to fetch these files again"
    assert done.stderr == f"Error: 2 faults: {advice}\n"


def test_advice_about_a_mirror_without_checksums(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    write_mirror(folder, has_checksums=False)
    take_over = f"run `pyflickr-web downsync {folder}` to check these files"
    assert command(folder).stderr.startswith(f"Error: 13 faults: {take_over}")
    (folder / ".mirror/owner.json").write_text('{"nsid": "1@N00"}')
    accept = f"run `pyflickr-web verify {folder} --accept` to make SHA256SUMS"
    assert command(folder).stderr.startswith(f"Error: 14 faults: {accept}")
    assert command(folder, "--accept").exit_code == 0
    flip_bit(folder / THUMBNAIL)
    assert command(folder).stderr.startswith("Error: 1 fault: run ")


def test_report_as_json(mirror: Path) -> None:
    flip_bit(mirror / THUMBNAIL)
    done = command(mirror, "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["is_intact"] is False
    assert report["counts"]["damaged"] == 1
    assert report["counts"]["missing"] == 0
    assert report["findings"] == [
        {
            "kind": "damaged",
            "name": THUMBNAIL,
            "reason": "its SHA-256 differs",
            "photo_id": "",
        }
    ]
    assert report["findings_file"] == str(mirror / ".mirror/findings")
    assert json.loads(command(mirror, "--json", "--accept").stdout)["accepted_count"] == 1


def test_report_as_json_if_the_verification_cannot_begin(mirror: Path, tmp_path: Path) -> None:
    done = command(tmp_path / "nowhere", "--json")
    report = json.loads(done.stdout)
    assert (report["is_intact"], report["location"]) == (False, str(tmp_path / "nowhere"))
    assert done.stderr == f"Error: {report['error']}\n"
    with lock_mirror(mirror):
        done = command(mirror, "--json")
    assert "is in use by process" in json.loads(done.stdout)["error"]
    assert done.exit_code == 1
    with lock_mirror(mirror):
        assert command(mirror).stdout == ""


def test_accepted_checksums_are_listed_with_exit_status_0(mirror: Path) -> None:
    edit_lines(mirror, lambda lines: lines[1:])
    done = command(mirror, "--accept")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "accepted: without checksum: ia/photos/1.json"
    assert command(mirror).exit_code == 0


def test_names_cannot_control_the_terminal(mirror: Path) -> None:
    (mirror / "images/\x1b[2Jx").write_text("x")
    done = command(mirror)
    assert done.exit_code == 0
    assert "not of the mirror: images/x" in done.stdout


def test_folder_without_a_mirror_is_one_line(tmp_path: Path) -> None:
    done = command(tmp_path)
    assert done.exit_code == 1
    assert done.stdout == ""
    problem = "it has no SHA256SUMS and no folder 'ia'"
    advice = f"make one with `pyflickr-web downsync {tmp_path}`"
    assert done.stderr == f"Error: no mirror at {str(tmp_path)!r} ({problem}): {advice}\n"
    done = command(tmp_path / "nowhere")
    assert "(the folder is missing): make one with" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_command_and_its_findings_are_kept(
    mirror: Path, number: signal.Signals
) -> None:
    flip_bit(mirror / "ia/photos/1.json")
    # A file that is not the mirror's keeps a worker busy until the signal.
    edit_lines(mirror, lambda lines: [*lines, f"{'0' * 64}  large\n"])
    with (mirror / "large").open("wb") as large:
        large.truncate(64 * 1024**3)
    words = [sys.executable, "-c", SLOW, str(mirror)]
    program = start_interruptible(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ.copy()
    )
    assert program.stderr
    assert program.stderr.readline() == "begun\n"
    program.send_signal(number)
    output, errors = program.communicate(timeout=TIMEOUT)
    assert program.returncode == 1, errors
    assert errors.splitlines()[-1] == "Error: interrupted: the faults so far are kept"
    assert output.splitlines()[-1].startswith("not verified to the end (interrupted): ")


# The command, which says when it has begun.
SLOW = """
import sys
from pyflickr_web.cli import main
from pyflickr_web.mirror.verification import file_checks

read_on = file_checks.FileChecker._read_on

def say_and_read(*arguments):
    print("begun", file=sys.stderr, flush=True)
    return read_on(*arguments)

file_checks.FileChecker._read_on = say_and_read
main(["verify", sys.argv[1]])
"""


def test_verify_needs_no_client_and_no_key(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("FLICKR_"):
            monkeypatch.delenv(name)
    flip_bit(mirror / THUMBNAIL)
    reports = [
        Flickr.verify(mirror),
        run(AsyncFlickr.verify(mirror)),
        Flickr(api_key="key").verify(mirror, workers=1),
        run(AsyncFlickr(api_key="key").verify(mirror)),
    ]
    assert {report.findings[0].name for report in reports} == {THUMBNAIL}
    assert Flickr.verify(mirror, accept=True).is_intact


def test_terminal_shows_a_bar(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    verify_mirror(mirror)
    assert "files verified" in terminal.getvalue()
    assert "13/13" in terminal.getvalue()


@pytest.mark.parametrize("options", [{"progress": False}, {"on_event": lambda event: None}])
def test_bar_can_be_left_out(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    terminal = use_terminal(monkeypatch)
    verify_mirror(mirror, **options)
    assert terminal.getvalue() == ""


def test_cancelled_task_ends_the_thread_first(tmp_path: Path) -> None:
    write_mirror(tmp_path, 200)
    flip_bit(tmp_path / "ia/photos/1.json")

    async def cancel() -> None:
        loop = asyncio.get_running_loop()
        begun, is_cancelled = asyncio.Event(), threading.Event()

        def on_event(event: Any) -> None:
            if isinstance(event, StepAdvanced):
                loop.call_soon_threadsafe(begun.set)
                is_cancelled.wait(TIMEOUT)

        task = asyncio.create_task(AsyncFlickr.verify(tmp_path, on_event=on_event))
        await begun.wait()
        task.cancel()
        # The task runs once, and asks the thread to stop.
        await asyncio.sleep(0)
        is_cancelled.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Otherwise the thread would still hold the lock.
        with lock_mirror(tmp_path):
            pass

    run(cancel())
    assert [one.name for one in read_findings(tmp_path)] == ["ia/photos/1.json"]
