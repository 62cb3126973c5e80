"""Run flows in a page, with requests by its own fetch; the same in Pyodide and MicroPython, in a page
and in a worker."""

import asyncio

import js

from ..core.flow import Request, Response, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from ..core.flow import Effect, Flow


def drive(flow: "Flow") -> "Coroutine[Any, Any, Any]":
    """Run a flow to its end, or to the next list that a listing finds."""
    return run(flow, _perform)


async def _perform(effect: "Effect") -> "Any":
    if isinstance(effect, Request):
        return await send(effect)
    await asyncio.sleep(effect.least + js.Math.random() * (effect.most - effect.least))
    return None


async def send(request: "Request") -> "Response | None":
    """Return the answer to a request; None without one. Cancelling the task ends the traffic."""
    controller = js.AbortController.new()
    init = js.Object.new()
    init.signal = controller.signal
    url = _to_absolute_url(request.url)
    if request.body is not None:
        init.method = "POST"
        init.body = request.body
        # An object of JavaScript's own, which Pyodide and MicroPython make of a dictionary in two ways.
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
    """Return an answer without escapes: MicroPython makes two halves of an emoji written as two."""
    if "\\ud" in text:
        try:
            return str(js.JSON.stringify(js.JSON.parse(text)))
        except Exception:
            # Not JSON alone; its reader reports that.
            return text
    return text


def _to_absolute_url(url: str) -> str:
    """Return the address as fetch takes it: no relative one in a worker that was made from a blob."""
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
    # Byte by byte takes a second a megabyte; where JavaScript reads base64, that is at once.
    if getattr(js.Uint8Array, "fromBase64", None):
        # Imported where it is used: few pages upload, and each import takes a page's time.
        from binascii import b2a_base64

        array = js.Uint8Array.fromBase64(b2a_base64(photo).decode().strip())
    else:
        array = js.Uint8Array.new(photo)
    return js.Blob.new(js.Array.of(array))
