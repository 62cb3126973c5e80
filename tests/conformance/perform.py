"""Run one conformance vector on a Python client, in any interpreter: MicroPython runs this file too.

`perform(flickr_module, vector)` returns JSON: the result or the error, and the pauses.
"""

import asyncio
import datetime
import json

# The events of the upload that is running.
_progress: "list" = []

# Values that JSON lacks.
_SPECIAL = {
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "function": lambda: None,
    "bytes": b"\1\2",
    "complex": 1j,
    "time": datetime.time(10, 11, 12),
    "progress": lambda event: _progress.append([event.loaded, event.total]),
}


def _revive(value):
    if isinstance(value, list):
        return [_revive(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$date" in value:
        parts = value["$date"][:19].replace("T", "-").replace(":", "-").split("-")
        year, month, day, hour, minute, second = [int(part) for part in parts]
        utc = datetime.timezone.utc
        return datetime.datetime(year, month, day, hour, minute, second, 0, utc)
    if "$set" in value:
        return set(value["$set"])
    if "$special" in value:
        kind = value["$special"]
        if kind not in _SPECIAL:
            return _make_in_page(kind)
        return _SPECIAL[kind]
    if "$file" in value:
        return value["$file"].encode()
    return {name: _revive(value[name]) for name in value}


def _make_in_page(kind):
    """Return a value that only a page has."""
    import js

    if kind == "aborted signal":
        return js.AbortSignal.abort()
    controller = js.AbortController.new()
    return controller.signal if kind == "signal" else controller


def _make_signal():
    """Return a signal that `cancel` aborts."""
    import js

    controller = js.AbortController.new()
    _cancelling.append(lambda: controller.abort())
    return controller.signal


async def _outcome(module, vector):
    call = vector.get("call") or {}
    kind = call.get("as") or "promise"
    make = module.Flickr.token_only if kind == "tokenOnly" else module.Flickr
    flickr = make(**_revive(vector["options"]))
    values = _revive(call.get("arguments") or {})
    settings = _revive(call.get("settings") or {})
    if vector.get("abort") == "signal":
        settings["signal"] = _make_signal()
    if settings and kind != "upload":
        flickr = flickr.with_options(**settings)
    name = call.get("method") or ""
    if kind in ("construct", "tokenOnly"):
        return {key: flickr.options[key] for key in flickr.options.keys()}  # noqa: SIM118
    if kind == "named":
        return await flickr.call(name, **values)
    if kind == "upload":
        # Most settings are those of a client, but these are of the upload.
        for setting in ("onprogress", "signal"):
            if setting in settings:
                values[setting] = settings.pop(setting)
        return await flickr.with_options(**settings).upload(**values)
    if kind == "detached call":
        call_by_name = flickr.call
        return await call_by_name(name, **values)
    if kind == "detached upload":
        upload = flickr.upload
        return await upload(**values)
    if kind == "detached photoURL":
        return next(map(flickr.photo_url, [values["photo"]]))
    if kind == "photoURL":
        return flickr.photo_url(**values)
    method = flickr
    for part in name.split(".")[1:]:
        method = getattr(method, part)
    if kind == "promise":
        return await method(**values)
    if kind == "id":
        # As a text: JavaScript, which reads this result, would cut the digits.
        return str((await method(**values))["id"])
    found = []
    async for item in getattr(method, kind)(**values):
        found.append(item)
        if len(found) == call.get("take"):
            break
    return found


async def _abort(module, vector, when):
    """Cancel the vector's task, as JavaScript aborts a signal."""
    task = asyncio.create_task(_outcome(module, vector))
    if when == "before":
        task.cancel()
    else:
        _cancelling.append(task.cancel)
    return await task


_cancelling: "list" = []


def cancel():
    """Cancel the task of the vector that is running."""
    while _cancelling:
        _cancelling.pop()()


async def _cancel_soon():
    cancel()


async def perform(module, text):
    vector = json.loads(text)
    record: dict = {"pauses": []}
    kept = asyncio.sleep
    when = vector.get("abort")
    _progress.clear()

    async def sleep(seconds, *rest):
        record["pauses"].append(seconds * 1000)
        if when == "pause":
            # In MicroPython a task cannot cancel itself.
            task = asyncio.create_task(_cancel_soon())
            await kept(60)
            await task
        await kept(0)

    asyncio.sleep = sleep
    try:
        if when and when != "signal":
            record["result"] = await _abort(module, vector, when)
        else:
            record["result"] = await _outcome(module, vector)
    except BaseException as error:
        record["error"] = describe_error(error)
    finally:
        record["progress"] = _progress
        asyncio.sleep = kept
        _cancelling.clear()
    return json.dumps(record)


def describe_error(error):
    facts = {"name": type(error).__name__, "message": str(error)}
    for field in ("code", "method", "status"):
        if getattr(error, field, None) is not None:
            facts[field] = getattr(error, field)
    cause = getattr(error, "cause", None)
    if cause is not None:
        facts["cause"] = type(cause).__name__
        if facts["cause"] == "JsException":
            # The name of JavaScript's error; MicroPython has it among the arguments.
            facts["cause"] = getattr(cause, "name", None) or cause.args[1]
    facts["dump"] = str(error) + repr(error) + str(getattr(error, "__dict__", ""))
    return facts
