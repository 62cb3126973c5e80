"""Request Flickr's current reflection and cache it, so that clients have newer methods."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.levels import PERMS_STEP
from pyflickr_web.reflection_cache import cache_file, check_row, release_hash
from pyflickr_web.transports.errors import UnavailableError
from pyflickr_web.transports.files import atomic_write
from pyflickr_web.transports.gather import Gather

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.flickr import Flickr

ShowProgress = Callable[[int], AbstractContextManager[Callable[[], object]]]
# Requests at the same time.
MAX_CONCURRENT = 4
_METHOD_NAME = re.compile(r"flickr(?:\.[A-Za-z][A-Za-z0-9_]*)+")
# Errors from this code on are shared by all methods.
FIRST_SHARED_CODE = 95


def refresh(
    flickr: Flickr,
    show_progress: ShowProgress = lambda _: nullcontext(lambda: None),
) -> int:
    """Request every method (`flickr.reflection.getMethods`, `getMethodInfo`), and cache the answers.

    `show_progress` receives the number of methods and returns a context, whose function is called after
    each method. Returns the number of methods, without those whose names clash with attributes of the
    client. If a request fails, the cache stays unchanged.
    """
    names = [
        name
        for name in _read_names(flickr.reflection.getMethods())
        if _is_attribute_name(flickr, name)
    ]
    with show_progress(len(names)) as advance:
        rows = flickr.run(_fetch_methods(flickr.flow, names, advance))
    with atomic_write(cache_file(flickr.options.get("base_url"))) as file:
        kept = {"release": release_hash(), "methods": rows}
        file.write(json.dumps(kept, ensure_ascii=False).encode())
    return len(rows)


def _fetch_methods(
    call: Callable[[str, dict[str, Any]], Flow], names: list[str], advance: Callable[[], object]
) -> Flow:
    def fetch(name: str) -> Flow:
        info = yield from call("flickr.reflection.getMethodInfo", {"method_name": name})
        return _read_method(name, info)

    return (yield Gather([fetch(name) for name in names], MAX_CONCURRENT, advance))


def _is_attribute_name(flickr: Flickr, name: str) -> bool:
    """Return True if a method's name is a valid attribute that clashes with none of the client."""
    return bool(_METHOD_NAME.fullmatch(name)) and not hasattr(type(flickr), name.split(".")[1])


def _read_names(answer: Mapping[str, Any]) -> list[str]:
    try:
        return sorted(str(row["_content"]) for row in answer["methods"]["method"])
    except (KeyError, TypeError):
        raise UnavailableError("getMethods: the answer lists no methods") from None


def _read_method(name: str, info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert an answer of getMethodInfo to a row. Raises `UnavailableError` if it is invalid."""
    try:
        method = info["method"]
        arguments = [a for a in info["arguments"]["argument"] if a["name"] != "api_key"]
        errors = info.get("errors", {}).get("error", [])
        level = PERMS_STEP * int(method["requiredperms"])
        level += 2 * int(method["needslogin"]) + int(method["needssigning"])
        if method["name"] != name:
            raise ValueError("another method")
        row = {
            "name": name,
            "level": level,
            "description": method.get("description", {}).get("_content", ""),
            "required": {
                a["name"]: a.get("_content", "") for a in arguments if not _is_optional(a)
            },
            "optional": {a["name"]: a.get("_content", "") for a in arguments if _is_optional(a)},
            "errors": {
                str(int(e["code"])): e["message"]
                for e in errors
                if int(e["code"]) < FIRST_SHARED_CODE
            },
        }
        return check_row(row)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise UnavailableError("getMethodInfo: the answer describes no method") from None


def _is_optional(argument: Mapping[str, Any]) -> bool:
    return bool(int(argument["optional"]))
