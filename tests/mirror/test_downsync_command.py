"""Test `pyflickr-web downsync`: its lines, its exit status, and its end by signals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from flickr_sandbox import Fault, Sandbox
from pyflickr_web.cli import main
from pyflickr_web.oauth.prompts import CODE_PROMPT
from pyflickr_web.oauth.store import FileStore
from tests.mirror.mirroring import FirstRuns, forget_sums
from tests.support.oauth_client import code_in, fields_of
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT


@pytest.fixture(autouse=True)
def environment(account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in account.environ.items():
        monkeypatch.setenv(name, value)


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["downsync", *map(str, words)])


def test_command_mirrors_the_account(tmp_path: Path) -> None:
    done = command(tmp_path, "--sizes", "thumbnail")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("complete: ")
    assert "first run: " in done.stderr
    assert "Stop it at any time, and run it again to go on." in done.stderr
    assert list((tmp_path / "images/thumbnail").iterdir())


def test_report_as_json(tmp_path: Path) -> None:
    done = command(tmp_path, "--sizes", "thumbnail", "--json", "--no-videos")
    report = json.loads(done.stdout)
    assert report["is_complete"] is True
    assert report["failed"] == {}
    assert report["new_photos"] > 0
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["first run"]


def test_run_that_cannot_go_on_is_json_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyflickr_web.transports.threads._pause", lambda seconds: None)
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "72157-withdrawn")
    done = command(tmp_path, "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"Error: {report['error']}: remove FLICKR_ACCESS_TOKEN")
    assert (report["is_complete"], report["calls"]) == (False, 5)


def test_texts_of_flickr_do_not_control_the_terminal(account: Sandbox, tmp_path: Path) -> None:
    evil = "\x1b]0;title\x07\x1b[2J\r\nsecond line\u202e\x9b1m"
    account.fail("flickr.photos.getInfo", 77, evil)
    account.store.run("UPDATE photosets SET title = :evil", evil=evil)
    done = command(tmp_path, "--sizes", "thumbnail")
    assert done.exit_code == 1
    assert not set(done.output) & set("\x1b\x07\r\x9b\u202e")
    assert [line for line in done.output.splitlines() if line.startswith("second")] == []
    done = command(tmp_path, "--albums", evil + "x")
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr


def test_no_secret_is_printed_written_or_logged(
    account: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    account.fail("flickr.photos.getInfo", 77, "Out of order", times=2)
    account.fail("flickr.photosets.getPhotos", 98, "Invalid auth token")
    text = "".join(
        command(tmp_path, "--sizes", "original", *more).output for more in ([], ["--json"])
    )
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    person = account.account
    credentials = (
        person.api_key,
        person.secret,
        person.access_token,
        person.access_token_secret,
    )
    for secret in credentials:
        assert secret not in text + caplog.text
        assert not any(secret.encode() in content for content in files)


def test_failure_is_exit_status_1(account: Sandbox, tmp_path: Path) -> None:
    account.fail("flickr.photos.getInfo", 77, "Out of order")
    done = command(tmp_path, "--sizes", "thumbnail")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == "Error: 1 failed"
    assert done.stdout.splitlines()[-1].endswith(", 1 failed; run it again to go on")


def test_dry_run_prints_the_plan(tmp_path: Path) -> None:
    done = command(tmp_path / "new", "--dry-run", "--sizes", "original")
    assert done.exit_code == 0
    assert "metadata, comments, original" in done.stdout
    assert not (tmp_path / "new").exists()


def test_dry_run_as_json_is_one_document_with_the_plan(tmp_path: Path) -> None:
    done = command(tmp_path / "new", "--dry-run", "--sizes", "original", "--json")
    report = json.loads(done.stdout)
    assert report["planned"] == len(report["plan"]) > 30
    assert report["plan"][0]["kind"] == "photo"
    assert report["plan"][0]["parts"] == ["metadata", "comments", "original"]
    assert "first run: " in done.stderr
    assert "plan" not in json.loads(command(tmp_path / "b", "--sizes", "t", "--json").stdout)


def test_prune_of_a_part_is_refused(tmp_path: Path) -> None:
    done = command(tmp_path, "--prune", "--no-videos")
    assert done.exit_code == 1
    assert "needs the whole account: leave out videos (--no-videos)" in done.stderr


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--file-rate", "0"], "invalid file_rate 0.0: use a number above 0"),
        (["--albums", ""], "albums is empty: leave it out for all of them"),
        (
            ["--max-prune", "5"],
            "max_prune (--max-prune) only has an effect with remove_deleted (--prune)",
        ),
        (["--sizes", ""], "sizes is empty: leave it out for all of them"),
        (["--since", "2024"], "invalid since '2024': use YYYY-MM-DD, or Unix seconds"),
    ],
)
def test_invalid_option_is_one_line_and_nothing_is_called(
    account: Sandbox, tmp_path: Path, words: list[str], text: str
) -> None:
    account.counts.clear()
    done = command(tmp_path / "new", *words)
    assert (done.exit_code, done.stderr) == (1, f"Error: downsync: {text}\n")
    assert not account.calls
    assert not (tmp_path / "new").exists()


def test_titles_of_albums_may_have_commas(account: Sandbox, tmp_path: Path) -> None:
    account.store.run("UPDATE photosets SET title = 'Street, 2015'")
    done = command(tmp_path, "--albums", "Street, 2015", "--albums", "Alps")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: downsync: no album has the id or title 'Alps'; to list them: "
        "pyflickr-web call photosets.getList user_id=10000000@N00 --table\n"
    )
    assert command(tmp_path, "--albums", "Street, 2015", "--dry-run").exit_code == 0


def test_max_prune_of_0_lets_nothing_go(
    account: Sandbox, tmp_path: Path, first_runs: FirstRuns
) -> None:
    shutil.copytree(first_runs.make(sizes="thumbnail"), tmp_path, dirs_exist_ok=True)
    with account.client() as flickr:
        photo_id = flickr.people.getPhotos(user_id="me")["photos"]["photo"][0]["id"]
        flickr.photos.delete(photo_id=photo_id)
    done = command(tmp_path, "--sizes", "thumbnail", "--prune", "--max-prune", "0")
    assert done.exit_code == 1
    assert "1 of 27 photos left Flickr, more than 0" in done.stdout
    advice = "to remove what left Flickr, add --max-prune 2"
    assert done.stdout.splitlines()[-1] == (
        f"complete, but the removal failed: 26 of 26 photos; {advice}"
    )
    assert done.stderr.splitlines()[-1] == "Error: 1 failed"
    assert (tmp_path / f"images/thumbnail/{photo_id}.jpg").is_file()


def test_invalid_option_is_reported_in_json(tmp_path: Path) -> None:
    done = command(tmp_path, "--sizes", "bogus", "--json", "--dry-run")
    report = json.loads(done.stdout)
    assert "bogus" in report["error"]
    assert (report["is_dry_run"], report["is_complete"]) == (True, None)
    assert done.stderr == f"Error: {report['error']}\n"
    assert command(tmp_path, "--sizes", "bogus").stdout == ""


def test_sign_in_that_fails_is_reported_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "")
    monkeypatch.setenv("FLICKR_TOKEN_STORE", "none")
    done = command(tmp_path, "--json")
    assert "run `pyflickr-web login`" in json.loads(done.stdout)["error"]
    assert done.exit_code == 1


def test_without_a_token_and_a_terminal_the_command_says_how_to_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "")
    monkeypatch.setenv("FLICKR_TOKEN_STORE", "none")
    done = command(tmp_path)
    assert done.exit_code == 1
    assert "run `pyflickr-web login`" in done.stderr


@pytest.mark.parametrize("store", ["none", "file"])
def test_command_signs_in_and_then_mirrors(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    """Its only need is the key in `.env`.

    Standard output has the report alone: no prompt, and never the token, even if it is not stored.
    """
    key = {name: os.environ[name] for name in ("FLICKR_API_KEY", "FLICKR_SECRET")}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in key.items()))
    monkeypatch.chdir(tmp_path)
    for name in key:
        monkeypatch.delenv(name)
    opened: list[str] = []

    def type_code() -> str:
        fields = fields_of(requests.get(opened[-1], timeout=TIMEOUT).text) | {"answer": "allow"}
        page = requests.post(opened[-1].partition("?")[0], fields, timeout=TIMEOUT)
        return code_in(page.text)

    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("builtins.input", type_code)
    monkeypatch.setattr("pyflickr_web.oauth.prompts.stdin_is_interactive", lambda: True)
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN", "")
    monkeypatch.setenv("FLICKR_ACCESS_TOKEN_SECRET", "")
    monkeypatch.setenv("FLICKR_TOKEN_STORE", store)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    done = command("--sizes", "thumbnail", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["is_complete"]
    assert list((tmp_path / "data/images/thumbnail").iterdir())
    assert CODE_PROMPT in done.stderr
    assert "FLICKR_ACCESS_TOKEN" not in done.output
    stored = FileStore().find(account.account.api_key, account.url)
    assert (stored is not None) == (store == "file")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_command_and_the_next_run_goes_on(
    account: Sandbox, tmp_path: Path, number: signal.Signals
) -> None:
    account.faults.add(Fault("latency", seconds=0.05), where="all")
    words = [
        sys.executable,
        "-m",
        "pyflickr_web",
        "downsync",
        str(tmp_path),
        "--sizes",
        "thumbnail",
    ]
    program = start_interruptible(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ.copy()
    )
    assert program.stderr
    # The first line that a run prints once photos are listed.
    assert "first run" in program.stderr.readline()
    program.send_signal(number)
    output, errors = program.communicate(timeout=TIMEOUT)
    assert program.returncode == 1, errors
    assert errors.splitlines()[-1] == "Error: interrupted"
    assert output.splitlines()[-1].startswith("incomplete")
    assert output.count("run it again to go on") == 1
    account.faults.clear()
    assert command(tmp_path, "--sizes", "thumbnail").exit_code == 0


@pytest.mark.parametrize("unusable", ["a file", "not writable", "of another person"])
def test_unusable_folder_is_one_line(tmp_path: Path, unusable: str) -> None:
    folder = tmp_path / "folder"
    if unusable == "a file":
        folder.write_text("not a folder")
    elif unusable == "of another person":
        (folder / ".mirror").mkdir(parents=True)
        (folder / ".mirror/owner.json").write_text('{"nsid": "1@N00"}')
    else:
        folder = Path("/proc/mirror")
    done = command(folder)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert str(folder) in done.stderr


def test_repairs_are_printed_and_reported(tmp_path: Path, first_runs: FirstRuns) -> None:
    words = (tmp_path, "--sizes", "thumbnail")
    shutil.copytree(first_runs.make(sizes="thumbnail"), tmp_path, dirs_exist_ok=True)
    file = next((tmp_path / "images/thumbnail").iterdir())
    name = f"images/thumbnail/{file.name}"
    content = file.read_bytes()
    file.write_bytes(content[:-20])
    forget_sums(tmp_path)
    done = command(*words)
    assert done.exit_code == 0, done.output
    assert f"to repair: {name}: the JPG file is cut short" in done.stderr.splitlines()
    assert "photos whose files are checked: " in done.stderr
    assert "1 file repaired: the JPG file is cut short (1)" in done.stdout
    assert file.read_bytes() == content
    forget_sums(tmp_path)
    file.write_bytes(b"")
    report = json.loads(command(*words, "--json").stdout)
    assert (report["repaired"], report["unrepaired"]) == ({name: "the file is empty"}, {})
    assert report["accepted_files"] > 100


@pytest.mark.parametrize("progress", ["0", ""])
def test_command_shows_lines_unless_progress_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, progress: str
) -> None:
    monkeypatch.setenv("FLICKR_PROGRESS", progress)
    done = command(tmp_path, "--sizes", "thumbnail")
    assert ("photos: smaller sizes" in done.stderr) is not bool(progress)
    assert "first run: " in done.stderr
