"""The manifest of a folder of outputs: their sizes, hashes and source."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from compiler import __version__
from compiler.build import Build
from pyflickr_web.transports.files import read_regular

MANIFEST = "manifest.json"
SUFFIXES_WITH_ROWS = (".js", ".mjs", ".ts", ".mts", ".py", ".pyi")


def build_manifest(
    build: Build, outputs: Mapping[str, bytes], previous: Mapping[str, Any]
) -> bytes:
    """Return the manifest of a build.

    It takes the rows of the other edition, and of unchanged files, from the manifest `previous`:
    compressing these files again would take as long as the rest of the build.
    """
    api = build.api
    rows = dict(previous.get("files", {}))
    with_rows = {name: data for name, data in outputs.items() if _has_row(name)}
    with ThreadPoolExecutor() as threads:
        fresh = threads.map(lambda name: _make_row(with_rows[name], rows.get(name, {})), with_rows)
        rows |= dict(zip(with_rows, fresh, strict=True))
    content = {
        "generated": build.header,
        "version": __version__,
        "reflection": {"date": api.date or None, "sha256": api.sha256, "methods": len(api.methods)},
        "files": dict(sorted(rows.items())),
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest in a folder of outputs, or an empty one if it is missing or unreadable."""
    try:
        content = json.loads(read_regular(folder / MANIFEST))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _has_row(name: str) -> bool:
    return name.endswith(SUFFIXES_WITH_ROWS)


def _make_row(data: bytes, row: dict[str, Any]) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha384(data).digest()).decode()
    if row.get("integrity") == f"sha384-{digest}":
        return row
    # Imported here: a build without changes does not need it.
    import brotli

    return {
        "bytes": len(data),
        "gzip": len(gzip.compress(data, 9, mtime=0)),
        "brotli": len(brotli.compress(data)),
        "integrity": f"sha384-{digest}",
    }
