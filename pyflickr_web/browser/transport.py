"""Perform the effects of flows in Pyodide and MicroPython, in a page or a worker; fetch requests."""

import asyncio

import js

from ..core.flow import Request, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.flow import Effect


async def perform(effect: "Effect") -> "Any":
    """Send a request and return its response, or sleep."""
    if isinstance(effect, Request):
        return await send(effect)
    await asyncio.sleep(effect.least + js.Math.random() * (effect.most - effect.least))
    return None


async def send(request: "Request") -> "Response | None":
    """Return the answer to a request, or None. Cancelling the task aborts the request."""
    controller = js.AbortController.new()
    init = js.Object.new()
    init.signal = controller.signal
    url = _to_absolute_url(request.url)
    if request.body is not None:
        init.method = "POST"
        init.body = request.body
        # Pyodide and MicroPython convert dictionaries to JavaScript objects in different ways.
        init.headers = js.JSON.parse('{"Content-Type":"application/json"}')
    elif request.photo is not None:
        init.method = "POST"
        init.body = _append_fields(js.FormData.new(), request)
        init.body.append("photo", _to_blob(request.photo))
    else:
        url += "?" + _append_fields(js.URLSearchParams.new(), request).toString()
    try:
        return await _attempt(url, init)
    except BaseException:
        controller.abort()
        raise


async def _attempt(url: str, init: "Any") -> "Response | None":
    try:
        response = await js.fetch(url, init)
    except Exception:
        return None
    try:
        text = _join_surrogates(await response.text())
    except Exception:
        text = None
    return Response(response.status, text, response.headers.get("Retry-After") or None)


def _join_surrogates(text: str) -> str:
    """Replace escaped surrogate pairs, which MicroPython's `json` does not join, by their character."""
    # A `u` after an escaped backslash is a letter.
    parts = [part.split("\\u") for part in text.split("\\\\")]
    return "\\\\".join(["\\u".join(_join_pairs(escapes)) for escapes in parts])


def _join_pairs(escapes: "list[str]") -> "list[str]":
    """Join each escape of a first half with that of a second half; texts start with their digits."""
    joined = escapes[:1]
    for escape in escapes[1:]:
        high, low = joined[-1].lower(), escape[:4].lower()
        if len(joined) > 1 and len(high) == 4 and "d8" <= high < "dc" <= low < "e":
            joined.pop()
            joined[-1] += js.JSON.parse(f'"\\u{high}\\u{low}"') + escape[4:]
        else:
            joined.append(escape)
    return joined


def _to_absolute_url(url: str) -> str:
    """Return an absolute address in a worker made from a blob, where fetch rejects relative ones."""
    location = getattr(js, "location", None)
    if location and location.protocol == "blob:":
        return str(js.URL.new(url, location.origin).href)
    return url


def _append_fields(target: "Any", request: "Request") -> "Any":
    fields = request.fields or {}
    for name in fields:
        target.append(name, fields[name])
    return target


def _to_blob(photo: "Any") -> "Any":
    if not isinstance(photo, (bytes, bytearray)):
        return photo
    # Copying byte by byte takes a second per megabyte; base64 is fast where JavaScript decodes it.
    if getattr(js.Uint8Array, "fromBase64", None):
        # Imported here: few pages upload, and an import delays all of them.
        from binascii import b2a_base64

        array = js.Uint8Array.fromBase64(b2a_base64(photo).decode().strip())
    else:
        array = js.Uint8Array.new(photo)
    return js.Blob.new(js.Array.of(array))
