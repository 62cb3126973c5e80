"""Values in the format of PHP's `serialize`, for `format=php_serial`."""

from __future__ import annotations

import re
from typing import Any

# PHP turns these texts into integers when they are keys of an array.
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")


def serialize(value: Any) -> str:
    """Serialize a value of JSON; lists and objects become arrays, as from `json_decode(…, true)`."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, list):
        return _array(enumerate(value), len(value))
    if isinstance(value, dict):
        return _array(value.items(), len(value))
    # The length is in bytes; half of a surrogate pair has no bytes.
    text = str(value).encode("utf-8", "replace").decode()
    return f's:{len(text.encode())}:"{text}";'


def _array(items: Any, count: int) -> str:
    return f"a:{count}:{{{''.join(_key(key) + serialize(item) for key, item in items)}}}"


def _key(key: int | str) -> str:
    return serialize(int(key) if _INTEGER.fullmatch(str(key)) else key)
