"""Test `pyflickr-web upload` in a terminal: its progress bars, and Ctrl-C."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from flickr_sandbox import Fault, Sandbox
from tests.server.upload_gateway import Disturbance, serve_gateway
from tests.server.upload_process import COMMAND, environment_of, run_upload
from tests.server.uploads import uploaded_contents, write_pictures
from tests.support.processes import start_interruptible
from tests.support.timeouts import TIMEOUT
from tests.support.uploader import image

ROWS, COLUMNS = 24, 100
# More bytes than the buffers of both sockets hold.
BUFFERS = 20_000_000
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(slots=True)
class Terminal:
    """A command in a pseudo-terminal."""

    process: subprocess.Popen[str]
    handle: int

    def read_until(self, text: str) -> str:
        """Return the output up to `text`; all output if it never comes."""
        output = b""
        while text not in output.decode("utf-8", "replace"):
            try:
                piece = os.read(self.handle, 4096)
            except OSError as error:
                # Linux reports the end of the process so.
                assert error.errno == errno.EIO
                break
            if not piece:
                break
            output += piece
        return output.decode("utf-8", "replace")

    def end(self) -> str:
        """Return all output, without control sequences, after the end of the process."""
        output = self.read_until("no such text")
        self.process.wait()
        return ESCAPES.sub("", output)


@contextmanager
def in_terminal(
    sandbox: Sandbox, *words: str | Path, stdout: int | None = None
) -> Iterator[Terminal]:
    """Run the command in a pseudo-terminal; `stdout` may be another one."""
    handle, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = start_interruptible(
        [*COMMAND, *map(str, words)],
        env=environment_of(sandbox, TERM="xterm", COLUMNS=str(COLUMNS)),
        stdin=child,
        stdout=child if stdout is None else stdout,
        stderr=child,
    )
    os.close(child)
    with process:
        try:
            yield Terminal(process, handle)
        finally:
            process.kill()
            os.close(handle)


def write_large(folder: Path, count: int, size: int = 3_000_000) -> list[Path]:
    """Write files of at least `size` bytes, with names that look like markup."""
    paths = [folder / f"[b]{number}[x].jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(image(size=(10 + number, 10)) + bytes(size))
    return paths


def test_bars_show_each_file_and_all_with_rate_and_time_left(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.faults.add(Fault("latency", seconds=0.3), where="upload")
    paths = write_large(tmp_path, 3)
    with in_terminal(sandbox, *paths, "--workers", "2", "--album", "Foxes") as terminal:
        output = terminal.end()
    assert terminal.process.returncode == 0, output
    assert re.search(r"\[b\]0\[x\]\.jpg .*3\.0/3\.0 MB", output)
    assert re.search(r"[12] of 3 files .*/9\.0 MB .*(MB|kB)/s .*\d:\d\d:\d\d", output)
    assert "album: 3 of 3 photos" in output
    lines = [line.strip() for line in output.replace("\r", "\n").splitlines() if line.strip()]
    assert sum(line.startswith("uploaded 5") for line in lines) == 3
    assert lines[-1] == "3 files: 3 uploaded"


@pytest.mark.parametrize("as_json", [True, False])
def test_results_for_a_pipe_are_not_mixed_with_the_bars(
    sandbox: Sandbox, tmp_path: Path, as_json: bool
) -> None:
    paths = write_large(tmp_path, 2)
    results = tmp_path / "results"
    words = [*paths, "--json"] if as_json else paths
    with (
        results.open("wb") as file,
        in_terminal(sandbox, *words, stdout=file.fileno()) as terminal,
    ):
        output = terminal.end()
    # Without bars for programs.
    assert ("2 of 2 files" in output) is not as_json
    assert "[b]0[x].jpg: " not in output and "uploaded 5" not in output
    assert results.read_text().count("uploaded") == 2
    assert "\x1b" not in results.read_text()


@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.soak), "3"])
def test_ctrl_c_says_what_was_done_and_the_next_run_continues(
    sandbox: Sandbox, tmp_path: Path, workers: str
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_pictures(folder, 8)
    words = [str(folder), "--album", "Foxes", "--workers", workers]
    # Until all of a form is sent, its file may be sent again at once.
    sandbox.faults.add(Fault("latency", seconds=0.2), where="all")
    with in_terminal(sandbox, *words) as terminal:
        seen = terminal.read_until("uploaded 5")
        terminal.process.send_signal(signal.SIGINT)
        output = seen + terminal.end()
    assert terminal.process.returncode == 1, output
    assert re.search(r"Error: interrupted: 8 files: \d uploaded, \d not finished; run the", output)
    assert "Traceback" not in output
    sandbox.faults.clear()
    again = run_upload(sandbox, *words)
    left = [line for line in again.messages if "may be on Flickr" in line]
    # Files whose forms were complete are on Flickr, or unknown for ten minutes.
    assert len(left) <= int(workers)
    contents = uploaded_contents(sandbox)
    assert len(set(contents)) == len(contents) >= 8 - len(left)


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.soak), 3])
def test_file_that_was_not_wholly_sent_is_sent_again_at_once(
    sandbox: Sandbox, tmp_path: Path, count: int
) -> None:
    paths = write_large(tmp_path, count, BUFFERS)
    words = [*COMMAND, *map(str, paths), "--workers", str(count)]
    with serve_gateway(sandbox, *[Disturbance(100_000, holds=True)] * count) as gateway:
        environment = environment_of(sandbox, FLICKR_BASE_URL=gateway.url)
        with start_interruptible(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            for _ in range(count):
                assert gateway.holding.acquire(timeout=TIMEOUT)
            process.send_signal(signal.SIGINT)
            output, messages = process.communicate()
        assert (process.returncode, output) == (1, ""), messages
        assert f"{count} not finished; run the same command again to continue" in messages
        gateway.leave.set()
        again = run_upload(sandbox, *words[len(COMMAND) :], FLICKR_BASE_URL=gateway.url)
    assert again.status == 0 and len(again.lines) == count, again.messages
    assert len(uploaded_contents(sandbox)) == count
