"""The repository: its root, and the reflections that tests read."""

from __future__ import annotations

import os
from pathlib import Path

from compiler.reflect.parse import SNAPSHOT

ROOT = Path(__file__).parent.parent.parent


def reflections() -> list[Path]:
    """Return the snapshot, and every reflection in the folder that FLICKR_REFLECTION names."""
    folder = os.environ.get("FLICKR_REFLECTION")
    return [SNAPSHOT, *(sorted(Path(folder).iterdir()) if folder else [])]
