"""The mirrors of the benchmark: ours, and programs of other projects, which the tests install."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import ROOT
from bench.mirrors.account import NAME
from flickr_sandbox import Sandbox

FOREIGN = "tests.sandbox.foreign"
NODE, DOWNLOAD, GALLERY = "npm-flickrapi", "flickr-download", "gallery-dl"
DRIVER = ROOT / "tests/sandbox/foreign/drivers/use_npm_flickrapi.cjs"
# Those of the account's photos that node-flickrapi fetches: it asks for sizes without a signature.
NODE_SIZES = "small,thumbnail,square-medium,square-small"
# The least seconds between calls that gallery-dl accepts.
LEAST_PAUSE = 0.5

# The folders of the installed programs by name.
Programs = Mapping[str, Path]
# Writes settings to the folder in which a program runs, and returns its command.
Prepare = Callable[[Programs, Sandbox, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A mirror. One that `is_foreign` knows only Flickr's hosts, which the sandbox's proxy plays for it.

    The time of one that `has_pauses` of its own says nothing.
    """

    name: str
    prepare: Prepare
    is_foreign: bool = True
    has_pauses: bool = False
    rounds: int = 1


def find_programs() -> dict[str, Path]:
    """Install the programs that are missing; return the folders of all."""
    names = (NODE, DOWNLOAD, GALLERY)
    subprocess.run([sys.executable, "-m", FOREIGN, *names], cwd=ROOT, check=True)
    command = [sys.executable, "-m", FOREIGN, "--folders", *names]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return {name: Path(folder) for name, folder in json.loads(done.stdout).items()}


def make_environment(mirror: Mirror, sandbox: Sandbox, home: Path) -> dict[str, str]:
    """Return the environment of a mirror that runs in the folder `home`."""
    others = {
        name: value
        for name, value in os.environ.items()
        # An installed package has its bytecode.
        if not name.startswith("FLICKR_")
        and "PROXY" not in name.upper()
        and name != "PYTHONDONTWRITEBYTECODE"
    }
    proxy = sandbox.proxy_environ if mirror.is_foreign else {"PYTHONPATH": str(ROOT)}
    return others | sandbox.environ | proxy | {"HOME": str(home)}


def _downsync(*options: str) -> Prepare:
    command = [sys.executable, "-m", "pyflickr_web", "downsync", "mirror", *options]
    return lambda programs, sandbox, home: command


def _node_flickrapi(programs: Programs, sandbox: Sandbox, home: Path) -> list[str]:
    # Node looks for packages beside the script.
    script = shutil.copy(DRIVER, programs[NODE])
    return ["node", str(script), "downsync", "mirror", "false"]


def _flickr_download(programs: Programs, sandbox: Sandbox, home: Path) -> list[str]:
    account = sandbox.account
    settings = {"api_key": account.api_key, "api_secret": account.secret}
    (home / ".flickr_download").write_text(json.dumps(settings), "utf-8")
    program = str(programs[DOWNLOAD] / "bin/flickr_download")
    return [program, "--naming", "id", "--save_json", "--download_user_photos", NAME]


def _gallery_dl(info: bool) -> Prepare:
    def prepare(programs: Programs, sandbox: Sandbox, home: Path) -> list[str]:
        account = sandbox.account
        settings = {
            "sleep-request": LEAST_PAUSE,
            "api-key": account.api_key,
            "api-secret": account.secret,
            "access-token": account.access_token,
            "access-token-secret": account.access_token_secret,
            "info": info,
        }
        file = home / "gallery-dl.json"
        file.write_text(json.dumps({"extractor": {"flickr": settings}}), "utf-8")
        program = str(programs[GALLERY] / "bin/gallery-dl")
        page = f"https://www.flickr.com/photos/{NAME}/"
        return [program, "--config-ignore", "--config", str(file), "--dest", "mirror", page]

    return prepare


PEER = Mirror("node-flickrapi", _node_flickrapi)
SAME_SIZES = Mirror(
    "`downsync`, sizes of node-flickrapi", _downsync("--sizes", NODE_SIZES), False, rounds=3
)
MIRRORS = (
    PEER,
    Mirror("flickr_download, with JSON", _flickr_download),
    Mirror("gallery-dl", _gallery_dl(False), has_pauses=True),
    Mirror("gallery-dl, with `info`", _gallery_dl(True), has_pauses=True),
    SAME_SIZES,
    Mirror("`downsync`, all sizes", _downsync(), False, rounds=3),
    Mirror("`downsync --metadata listing`", _downsync("--metadata", "listing"), False, rounds=3),
)
