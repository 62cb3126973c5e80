"""Find recorded exchanges with Flickr in the folders of `FLICKR_RECORDINGS`, separated as in `PATH`.

Each folder has a subfolder for each method or address, with one exchange in each file
`NNN-FORMAT-OUTCOME-HASH.json`. Without the variable there are no folders and no files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

# Read once, as fixtures remove the variables of clients from the environment.
_NAMES = os.environ.get("FLICKR_RECORDINGS", "").split(os.pathsep)


def folders() -> list[Path]:
    """Return the folders of recordings that exist."""
    return [path for path in map(Path, filter(None, _NAMES)) if path.is_dir()]


def files(method: str = "*", pattern: str = "*.json") -> list[Path]:
    """Return the recordings of a method or address; both arguments may have wildcards."""
    return [file for folder in folders() for file in sorted(folder.glob(f"{method}/{pattern}"))]


def load(file: Path) -> dict[str, Any]:
    """Return the exchange in a file: `source`, `request`, `response` and `recorded`, where known."""
    exchange: dict[str, Any] = json.loads(file.read_bytes())
    return exchange


def body(file: Path) -> str:
    """Return the text of the response in a file."""
    return str(load(file)["response"]["body"])


def oauth_vectors() -> list[dict[str, Any]]:
    """Return the published examples of OAuth signatures."""
    found = [path for folder in folders() if (path := folder / "oauth_vectors.json").exists()]
    return [row for file in found for row in json.loads(file.read_bytes())["vectors"]]
