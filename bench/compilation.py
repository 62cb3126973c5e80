"""Compare the time of a build, as a whole process, with node-flickrapi's build from its cache.

The peer's cache is written from our snapshot. Its `compile.js` requires `habitat`, which its package
does not depend on: a stub provides the API key. A build without a cache calls `https://api.flickr.com`,
which is fixed in its source, so it is not measured.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import ROOT
from compiler.reflect.model import Argument, Method
from compiler.reflect.parse import read_snapshot

PEER = ROOT / "node_modules/flickrapi"
HABITAT = """exports.load = () => ({ get: () => ({ api_key: "none", progress: false }) });
"""
RUNS = 7


def main(folder: Path) -> None:
    """Print the seconds of both builds, which run in turn and write to the empty `folder`."""
    out, peer = folder / "out", folder / "peer"
    _prepare(peer)
    ours = [sys.executable, "-m", "compiler", "dev", "--out", str(out)]
    theirs = ["node", str(PEER / "compile.js"), "dev"]
    modules = os.environ | {"NODE_PATH": str(peer / "modules")}
    rows = []
    for _ in range(RUNS + 1):
        # The peer writes to the folder it runs in, which must not be in node_modules.
        rows.append((_measure_seconds(ours, ROOT, None), _measure_seconds(theirs, peer, modules)))
    mine, other = (statistics.median(column) for column in zip(*rows[1:], strict=True))
    written = (peer / "browser/flickrapi.dev.js").stat().st_size
    print(f"\n`python -m compiler dev` (bundles, types and Python): {mine:.2f} s; ", end="")
    print(f"node-flickrapi's `node compile dev` (one bundle, {written:,} bytes): {other:.2f} s")


def _measure_seconds(command: list[str], folder: Path, environment: dict[str, str] | None) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def write_cache(peer: Path) -> None:
    """Write the snapshot as node-flickrapi's cache, for a run in the folder `peer`."""
    api = read_snapshot()
    shared = [(error.code, error.message, error.explanation) for error in api.shared_errors]
    folder = peer / "data/flickr"
    (folder / "methods").mkdir(parents=True)
    for each in api.methods:
        _write_json(folder / f"methods/{each.name}.json", _answer(each, shared))
    listing = {"method": [{"_content": each.name} for each in api.methods]}
    _write_json(folder / "flickr.reflection.getMethods.json", {"methods": listing, "stat": "ok"})


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content), "utf-8")


def _prepare(peer: Path) -> None:
    write_cache(peer)
    (peer / "browser").mkdir()
    (peer / "modules/habitat").mkdir(parents=True)
    (peer / "modules/habitat/index.js").write_text(HABITAT, "utf-8")


def _answer(each: Method, shared: list[tuple[int, str, str]]) -> dict[str, Any]:
    """Return Flickr's reflection of a method, with numbers as strings, which the peer requires."""
    own = [(error.code, error.message, error.explanation) for error in each.errors]
    security = {
        "needslogin": str(int(each.security.needslogin)),
        "needssigning": str(int(each.security.needssigning)),
        "requiredperms": str(each.security.requiredperms),
    }
    method = {"name": each.name, "description": {"_content": each.description}, **security}
    arguments = [_argument(argument) for argument in each.arguments]
    errors = [
        {"code": str(code), "message": message, "_content": text}
        for code, message, text in own + shared
    ]
    return {
        "method": method,
        "arguments": {"argument": arguments},
        "errors": {"error": errors},
        "stat": "ok",
    }


def _argument(argument: Argument) -> dict[str, str]:
    return {
        "name": argument.name,
        "optional": str(int(argument.optional)),
        "_content": argument.description,
    }
