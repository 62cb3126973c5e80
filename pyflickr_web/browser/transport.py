"""Perform the effects of flows in Pyodide and MicroPython, in a page or a worker; fetch requests."""

import asyncio
import json
import re

import js

from ..core.flow import Request, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match
    from typing import Any

    from ..core.flow import Effect

# Without `{2}`, which MicroPython's `re` lacks.
_SURROGATE_PAIR = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..")


async def perform(effect: "Effect") -> "Any":
    """Send a request and return its response, or sleep."""
    if isinstance(effect, Request):
        return await send(effect)
    await asyncio.sleep(effect.least + js.Math.random() * (effect.most - effect.least))
    return None


async def send(request: "Request") -> "Response":
    """Return the answer to a request. Cancelling the task aborts the request.

    Its `options` are `headers` and `credentials`, of a POST, `timeout` in seconds, `fetch`, and, for an
    upload, `signal` and `onprogress`. Raises `CancelledError` if the signal is aborted.
    """
    options = request.options
    signal, timeout = options.get("signal"), options.get("timeout")
    controller = js.AbortController.new()
    signals = [controller.signal]
    if signal:
        signals.append(signal)
    if timeout:
        signals.append(js.AbortSignal.timeout(timeout * 1000))
    init = js.Object.new()
    # Old browsers lack `any`.
    init.signal = js.AbortSignal.any(js.Array.of(*signals)) if signals[1:] else controller.signal
    try:
        response = await _attempt(_add_request(init, request), init, options)
    except BaseException:
        controller.abort()
        raise
    if signal and signal.aborted:
        raise asyncio.CancelledError
    return response


def _add_request(init: "Any", request: "Request") -> str:
    """Add a request to the options of fetch, and return its address."""
    url = _to_absolute_url(request.url)
    headers = dict(request.options.get("headers") or {})
    if request.body is not None:
        init.body = request.body
        headers["Content-Type"] = "application/json"
    elif request.photo is not None:
        init.body = _append_fields(js.FormData.new(), request)
        init.body.append("photo", _to_blob(request.photo))
    else:
        return url + "?" + str(_append_fields(js.URLSearchParams.new(), request).toString())
    init.method = "POST"
    # Pyodide and MicroPython convert dictionaries to JavaScript objects in different ways.
    init.headers = js.JSON.parse(json.dumps(headers))
    if request.options.get("credentials"):
        init.credentials = request.options["credentials"]
    return url


async def _attempt(url: str, init: "Any", options: "dict[str, Any]") -> "Response":
    result = Response()
    try:
        if options.get("onprogress") and not init.signal.aborted:
            return await _send_with_progress(url, init, options)
        fetch = options.get("fetch")
        sent = fetch(url, init) if fetch else _settle(js.fetch.bind(None, url, init), init.signal)
        response = await sent
        result.status = response.status
        result.retry_after = response.headers.get("Retry-After") or None
        read = response.text() if fetch else _settle(response.text.bind(response), init.signal)
        result.text = _join_surrogates(await read)
    except Exception as error:
        result.cause = error
    return result


async def _settle(send: "Any", signal: "Any") -> "Any":
    """Call a function; return the result of its promise, or raise its error.

    Pyodide waits for ever for a promise whose error has no stack. In WebKit, fetch has such errors.
    """
    # The promise stays in JavaScript.
    (outcome,) = await js.Promise.allSettled(js.Array.of(None).map(send))
    if outcome.status == "fulfilled":
        return outcome.value
    # After a timeout, WebKit's own error is an AbortError.
    error = signal.reason if signal.aborted else outcome.reason
    if getattr(error, "stack", None) is None:
        error.stack = ""
    return await js.Promise.reject(error)


async def _send_with_progress(url: str, init: "Any", options: "dict[str, Any]") -> "Response":
    """Send a form as fetch does, and report its progress to the option `onprogress`."""
    request = js.XMLHttpRequest.new()
    request.open("POST", url)
    headers = options.get("headers") or {}
    for name in headers:
        request.setRequestHeader(name, headers[name])
    request.withCredentials = options.get("credentials") == "include"
    request.upload.onprogress = options["onprogress"]

    def start(resolve: "Any", reject: "Any") -> None:
        # As with fetch, the reason tells a timeout from a lost connection.
        init.signal.onabort = lambda event: (reject(init.signal.reason), request.abort())
        request.onloadend = resolve
        request.send(init.body)

    await js.Promise.new(start)
    # Without an answer, the status is 0.
    return Response(request.status, _join_surrogates(request.responseText))


def _join_surrogates(text: str) -> str:
    """Replace escaped surrogate pairs, which MicroPython's `json` does not join, by their character."""
    return _SURROGATE_PAIR.sub(_decode, text)


def _decode(pair: "Match[str]") -> str:
    return str(js.JSON.parse('"' + pair.group(0) + '"'))


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
