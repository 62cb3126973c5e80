"""Write files with types of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(folder: Path, name: str, data: Any) -> None:
    """Write a file of a folder: a text, or data as JSON."""
    (folder / name).write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
