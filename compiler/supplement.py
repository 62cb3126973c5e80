"""What Flickr's reflection does not tell, or tells wrongly, as data: `reflection/supplement.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SUPPLEMENT = Path(__file__).parent / "reflection" / "supplement.json"


@cache
def supplement() -> dict[str, Any]:
    """`results_limit` by method, `values`: rules of arguments, `told_twice`: arguments by method."""
    data: dict[str, Any] = json.loads(SUPPLEMENT.read_bytes())
    return data
