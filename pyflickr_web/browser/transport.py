"""Requests by the page's own fetch; the same in Pyodide and MicroPython, in a page and in a worker."""

from binascii import b2a_base64

import js

from ..core.flow import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.flow import Request


async def send(request: "Request") -> "Response | None":
    """The answer to a request, or None where there is none. Cancelling the task ends the traffic."""
    controller = js.AbortController.new()
    init = js.Object.new()
    init.signal = controller.signal
    if request.photo is not None:
        init.method = "POST"
        init.body = _form(request)
    elif request.body is not None:
        init.method = "POST"
        init.body = request.body
        # An object of JavaScript's own, which Pyodide and MicroPython make of a dictionary in two ways.
        init.headers = js.JSON.parse('{"Content-Type": "application/json"}')
    try:
        return await _attempt(request.url, init)
    except BaseException:
        controller.abort()
        raise


async def _attempt(url: str, init: "Any") -> "Response | None":
    try:
        response = await js.fetch(_absolute(url), init)
    except Exception:
        return None
    try:
        text = await response.text()
    except Exception:
        text = None
    return Response(response.status, text, response.headers.get("Retry-After") or None)


def _absolute(url: str) -> str:
    """The address as fetch takes it; a worker that was made from a blob knows no relative ones."""
    location = getattr(js, "location", None)
    if location and location.protocol == "blob:":
        return str(js.URL.new(url, location.origin).href)
    return url


def _form(request: "Request") -> "Any":
    body = js.FormData.new()
    for name in request.fields or {}:
        body.append(name, (request.fields or {})[name])
    photo = request.photo
    body.append("photo", _blob(photo) if isinstance(photo, (bytes, bytearray)) else photo)
    return body


def _blob(data: "bytes | bytearray") -> "Any":
    # Byte by byte takes a second a megabyte; where JavaScript reads base64, that is at once.
    if getattr(js.Uint8Array, "fromBase64", None):
        array = js.Uint8Array.fromBase64(b2a_base64(data).decode().strip())
    else:
        array = js.Uint8Array.new(data)
    return js.Blob.new(js.Array.of(array))
