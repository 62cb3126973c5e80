"""`pyflickr-web sandbox` and its data folder."""

from __future__ import annotations

import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from requests_oauthlib import OAuth1Session

from flickr_sandbox import Sandbox
from flickr_sandbox.start import LIBRARY, StartError
from pyflickr_web.cli import main
from tests.support.oauth_client import code_in
from tests.support.processes import start_interruptible
from tests.support.repository import ROOT
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT

COMMAND = [sys.executable, "-m", "pyflickr_web", "sandbox"]
LINES = [
    "FLICKR_API_KEY", "FLICKR_SECRET", "FLICKR_USER_ID", "FLICKR_ACCESS_TOKEN",
    "FLICKR_ACCESS_TOKEN_SECRET", "FLICKR_BASE_URL",
]  # fmt: skip


@contextmanager
def run_command(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command; yield its process and the settings in its `export` lines."""
    process = start_interruptible(
        [*COMMAND, "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout
    with process:
        try:
            lines = [process.stdout.readline().rstrip("\n") for _ in LINES]
            pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
            yield process, {line[0]: line[1] for line in pairs}
        finally:
            process.kill()


def run_failing_command(*options: str) -> tuple[int, str]:
    """Run the command in this process; return its status and its messages."""
    done = CliRunner().invoke(main, ["sandbox", "--port", "0", *options])
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)
    return done.exit_code, done.stderr


def test_command_prints_settings_of_a_client_and_ends_with_ctrl_c() -> None:
    with run_command("--photos", "20", "--seed", "4") as (process, settings):
        assert list(settings) == LINES
        query = {"method": "flickr.test.echo", "api_key": settings["FLICKR_API_KEY"]}
        address = f"{settings['FLICKR_BASE_URL']}/services/rest/"
        assert requests.get(address, params=query, timeout=TIMEOUT).status_code == 200
        page = requests.get(settings["FLICKR_BASE_URL"], timeout=TIMEOUT)
        assert "not endorsed or certified by SmugMug, Inc." in page.text
        assert "20 photos" in page.text
        assert process.stdout
        assert process.stdout.readline().endswith("Ctrl-C ends it.\n")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=TIMEOUT)[0] == "\n"
        assert process.returncode == 0


def test_large_account_is_an_option() -> None:
    with run_command("--photos", "5", "--large-account") as (process, settings):
        assert process.stdout
        assert process.stdout.readline() == "# The second account, with 12,000 photos:\n"
        lines = [process.stdout.readline().strip() for _ in range(3)]
        pairs = dict(line.removeprefix("# export ").split("=", 1) for line in lines)
        session = OAuth1Session(
            settings["FLICKR_API_KEY"],
            settings["FLICKR_SECRET"],
            pairs["FLICKR_ACCESS_TOKEN"],
            pairs["FLICKR_ACCESS_TOKEN_SECRET"],
        )
        query = {"method": "flickr.test.login", "format": "json", "nojsoncallback": "1"}
        answer = session.get(f"{settings['FLICKR_BASE_URL']}/services/rest/", params=query).json()
        assert answer["user"]["id"] == pairs["FLICKR_USER_ID"]


def test_faults_and_limits_are_options() -> None:
    options = ("--photos", "5", "--rate-limit", "1", "--fault", "502@files", "--latency", "1")
    with run_command(*options, "--throttle-files", "1:0") as (_, settings):
        base = settings["FLICKR_BASE_URL"]
        state = requests.get(f"{base}/sandbox/", timeout=TIMEOUT).json()
        assert state["limit"] == 1
        kinds = [(rule["fault"]["kind"], rule["where"]) for rule in state["faults"]]
        assert kinds == [("502", "files"), ("latency", "all")]
        assert state["faults"][1]["fault"]["seconds"] == 0.001
        picture = f"{base}/65535/1_a_m.jpg"
        statuses = [requests.get(picture, timeout=TIMEOUT).status_code for _ in range(2)]
        assert statuses == [502, 429]


def test_consent_without_a_browser_is_an_option() -> None:
    with run_command("--photos", "5", "--plain-consent") as (_, settings):
        oauth = f"{settings['FLICKR_BASE_URL']}/services/oauth/"
        session = OAuth1Session(
            settings["FLICKR_API_KEY"], settings["FLICKR_SECRET"], callback_uri="oob"
        )
        token = session.fetch_request_token(f"{oauth}request_token")["oauth_token"]
        form = {"oauth_token": token, "answer": "allow"}
        page = requests.post(f"{oauth}authorize", form, timeout=TIMEOUT)
    assert page.status_code == 200 and code_in(page.text)


def test_intercept_prints_the_variables_of_the_proxy(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    with run_command("--photos", "5", "--intercept", "--data", str(folder)) as (process, settings):
        assert list(settings) == LINES
        assert process.stdout
        lines: list[str] = []
        while not (line := process.stdout.readline()).startswith("#"):
            lines.append(line)
        words = [shlex.split(line) for line in lines]
        assert all(word[0] == "export" and len(word) == 2 for word in words)
        names = dict(word[1].split("=", 1) for word in words)
        assert names["HTTPS_PROXY"] == names["http_proxy"] == settings["FLICKR_BASE_URL"]
        assert Path(names["REQUESTS_CA_BUNDLE"]).parent == folder
        assert names["NODE_OPTIONS"].startswith("--require=")
        answer = requests.get(
            "https://api.flickr.com/services/rest/",
            proxies={"https": names["HTTPS_PROXY"]},
            verify=names["SSL_CERT_FILE"],
            timeout=TIMEOUT,
        )
        assert answer.status_code == 200


def test_intercept_without_its_library_is_an_error() -> None:
    code = (
        "import sys; sys.modules['trustme'] = None\n"
        "from pyflickr_web.cli import main; main(['sandbox', '--intercept', '--port', '0'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Error: intercept needs trustme: pip install 'pyflickr-web[sandbox]'\n"


def test_key_of_a_program_is_accepted() -> None:
    key, secret = "0123456789abcdef" * 2, "of a program"
    with run_command("--photos", "5", "--application", f"{key}:{secret}") as (_, settings):
        base = settings["FLICKR_BASE_URL"]
        for _ in range(2):
            session = OAuth1Session(key, secret, callback_uri="oob")
            assert session.fetch_request_token(f"{base}/services/oauth/request_token")
            # Also after a reset.
            assert requests.post(f"{base}/sandbox/reset", json={}, timeout=TIMEOUT).ok


@pytest.mark.parametrize("value", ["0123:secret", "0123456789abcdef" * 2, f"{'x' * 32}:secret"])
def test_invalid_key_of_a_program_is_an_error(value: str) -> None:
    status, output = run_failing_command("--application", value)
    assert status == 2
    assert "Invalid value for --application: invalid application: use a key of 32" in output


def test_port_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: cannot listen on port {port} of '127.0.0.1' (")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b"])
def test_host_of_another_machine_is_an_error(host: str) -> None:
    status, output = run_failing_command("--host", host)
    assert status == 1
    assert output.startswith(f"Error: cannot listen on '{host}' (")
    assert output.endswith("): choose an address of this machine\n")
    assert output.count("\n") == 1


def test_data_folder_inside_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, output = run_failing_command("--data", str(tmp_path / "file" / "below"))
    assert status == 1
    assert "cannot write to" in output and output.count("\n") == 1


def test_unknown_fault_is_an_error() -> None:
    status, output = run_failing_command("--fault", "teapot")
    assert status == 2
    assert "unknown fault 'teapot'" in output


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *[("--latency", latency) for latency in ("nan", "inf", "-1")],
        *[("--photos", photos) for photos in ("-1", "1000001", "99999999999")],
        *[("--throttle-files", text) for text in ("", "30:fast")],
    ],
)
def test_invalid_number_is_an_error(option: str, value: str) -> None:
    status, output = run_failing_command(option, value)
    assert status == 2
    assert output.splitlines()[-1].startswith("Error: Invalid value for ")
    assert option in output.splitlines()[-1] and "Traceback" not in output


def test_invalid_number_of_photos_raises_at_once() -> None:
    with pytest.raises(
        ValueError, match=r"^invalid number of photos -1: use a number from 0 to 1000000$"
    ):
        Sandbox(photos=-1)


def test_sandbox_can_be_entered_again() -> None:
    sandbox = Sandbox(photos=3)
    for _ in range(2):
        with sandbox:
            assert requests.get(sandbox.url, timeout=TIMEOUT).status_code == 200


def start_error(data: Path, photos: int | None = None, seed: int | None = None) -> str:
    with (
        pytest.raises(StartError) as raised,
        Sandbox(photos=photos, seed=seed, data=data),
    ):
        pass
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_file_that_is_not_a_library_is_an_error(tmp_path: Path) -> None:
    (tmp_path / LIBRARY).write_bytes(b"something else, and not small" * 100)
    assert start_error(tmp_path).endswith("is not the library of a sandbox: choose another folder")


def test_database_of_another_program_is_an_error(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / LIBRARY)
    other.execute("CREATE TABLE meta (x)")
    other.close()
    before = (tmp_path / LIBRARY).read_bytes()
    assert "is not the library of a sandbox" in start_error(tmp_path)
    assert (tmp_path / LIBRARY).read_bytes() == before


def test_saved_library_is_opened_again(tmp_path: Path) -> None:
    with Sandbox(photos=30, seed=2, data=tmp_path) as first:
        account = first.account
        first.store.run("UPDATE photos SET title = 'changed'")
        (first.files / "1.jpg").write_bytes(b"x")
    with Sandbox(data=tmp_path) as again:
        assert again.account == account
        assert again.store.value("SELECT count(*) FROM photos WHERE title = 'changed'") == 30
        assert Client(again).call_public("test.echo")["stat"] == "ok"
        assert (again.files / "1.jpg").read_bytes() == b"x"


def test_folder_may_be_text(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Sandbox(photos=3, data=str(folder)) as sandbox:
        assert sandbox.files.is_relative_to(folder)
    assert (folder / LIBRARY).exists()


@pytest.mark.parametrize(("photos", "seed"), [(31, 2), (30, 3)])
def test_library_of_another_size_or_seed_is_an_error(
    tmp_path: Path, photos: int, seed: int
) -> None:
    with Sandbox(photos=30, seed=2, data=tmp_path):
        pass
    assert "was made with 30 photos and seed 2: use these, or another folder" in start_error(
        tmp_path, photos, seed
    )


def test_incomplete_library_is_an_error(tmp_path: Path) -> None:
    with Sandbox(photos=30, seed=2, data=tmp_path) as sandbox:
        sandbox.store.run("DELETE FROM meta WHERE name = 'seed'")
    assert "is incomplete: delete it" in start_error(tmp_path)


def test_folder_in_use_by_another_sandbox_is_an_error(tmp_path: Path) -> None:
    with Sandbox(photos=30, data=tmp_path) as first:
        status, output = run_failing_command("--data", str(tmp_path))
        assert status == 1
        assert output.startswith("Error: ") and "is in use by another sandbox" in output
        assert output.count("\n") == 1
        assert Client(first).call_public("test.echo")["stat"] == "ok"
    with Sandbox(data=tmp_path) as again:
        assert Client(again).call_public("test.echo")["stat"] == "ok"


def test_sandbox_without_a_folder_leaves_no_files() -> None:
    with Sandbox(photos=5) as sandbox:
        folder = sandbox.files
        assert folder.is_dir()
    assert not folder.exists()


def test_same_seed_gives_the_same_library_and_account() -> None:
    contents = []
    for seed in (5, 5, 6):
        with Sandbox(photos=40, seed=seed) as sandbox:
            rows = sandbox.store.all("SELECT * FROM photos ORDER BY id")
            contents.append((sandbox.account, [tuple(row) for row in rows]))
    assert contents[0] == contents[1]
    assert contents[0][0] != contents[2][0] and contents[0][1] != contents[2][1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::1"])
def test_sandbox_listens_on_other_hosts(host: str) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, 0), family=family).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with Sandbox(photos=5, host=host) as sandbox:
        assert Client(sandbox).call_public("test.echo")["stat"] == "ok"


def test_addresses_have_the_requested_host_if_all_are_served() -> None:
    with Sandbox(photos=40, host="0.0.0.0") as sandbox:
        address = sandbox.url.replace("127.0.0.1", "localhost")
        query = {"method": "flickr.photos.getRecent", "extras": "url_sq", "format": "json"}
        query |= {"api_key": sandbox.account.api_key, "nojsoncallback": "1"}
        answer = requests.get(f"{address}/services/rest/", params=query, timeout=TIMEOUT).json()
        assert answer["photos"]["photo"][0]["url_sq"].startswith(address + "/")
