"""`make demo` installs all packages that the demo needs."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from subprocess import PIPE
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from packaging.requirements import Requirement

from tests.support.processes import start_interruptible
from tests.support.repository import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def list_demo_packages() -> list[str]:
    found = re.search(r"^DEMO_PACKAGES := (.+)$", MAKEFILE, re.MULTILINE)
    assert found
    return found[1].split()


def resolve(names: list[str]) -> dict[str, Distribution]:
    """Return the installed packages of these names, with all that they require."""
    found: dict[str, Distribution] = {}
    missing = [*names]
    while missing:
        package = distribution(missing.pop())
        if package.name not in found:
            found[package.name] = package
            requirements = map(Requirement, package.requires or ())
            missing += [
                each.name
                for each in requirements
                if each.marker is None or each.marker.evaluate({"extra": ""})
            ]
    return found


def link_packages(packages: dict[str, Distribution], folder: Path) -> None:
    for package in packages.values():
        for name in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            if not (folder / name).is_symlink():
                (folder / name).symlink_to(str(package.locate_file(name)))


def test_demo_runs_with_its_packages_alone(tmp_path: Path) -> None:
    link_packages(resolve(list_demo_packages()), tmp_path)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    # -S leaves out the packages of the environment in which the tests run.
    command = [sys.executable, "-S", "-m", "examples.demo", "--port", "0", "--no-browser"]
    with start_interruptible(
        command, env=os.environ | {"PYTHONPATH": path}, stdout=PIPE, stderr=PIPE
    ) as program:
        try:
            assert program.stdout
            demo, flickr = re.findall(r"http://127\.0\.0\.1:\d+/", program.stdout.readline())
            _use(demo, flickr)
        finally:
            program.send_signal(signal.SIGINT)
        assert program.wait() == 0


def _use(demo: str, flickr: str) -> None:
    """Search in both ways, and load a picture and a page."""
    arguments = {"method": "flickr.photos.search", "text": "red panda", "extras": "url_m"}
    key = {"api_key": "demo"}
    directly = json.loads(_fetch(f"{demo}services/rest/?{urlencode(arguments | key)}"))
    json_type = {"Content-Type": "application/json"}
    body = json.dumps(arguments).encode()
    proxied = json.loads(_fetch(Request(f"{demo}services/rest/", body, json_type)))
    assert proxied == directly
    photo = proxied["photos"]["photo"][0]
    assert _fetch(photo["url_m"]).startswith(b"\xff\xd8")
    assert photo["title"].encode() in _fetch(f"{flickr}photos/{photo['owner']}/{photo['id']}/")


def _fetch(request: str | Request) -> bytes:
    with urlopen(request) as answer:
        body: bytes = answer.read()
    return body
