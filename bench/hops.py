"""Count the functions of ours that run in a call: `python -m bench.hops`; `--way` lists them.

Counts each call of a function once, however often its generator is resumed. The second call of a
client is counted: the first also imports and connects.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pyflickr_web
from bench.floor import serve
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.commands.stdio import standard_streams
from pyflickr_web.proxy import proxy_asgi

PACKAGE = Path(pyflickr_web.__file__).parent
KEY = "0" * 32
BODY = b'{"photos":{"page":1,"pages":1,"photo":[]},"stat":"ok"}'
TEXT = "red panda"
# The calls and modules that a call should pass at most.
GOAL, PROXY_GOAL = "40 in 14", "80"


@dataclass(slots=True)
class Hops:
    """The calls of our own functions, in order; use as a context manager around the code to count."""

    frames: list[tuple[int, str, str]] = field(default_factory=list)
    _seen: set[FrameType] = field(default_factory=set)

    @property
    def modules(self) -> set[str]:
        return {module for _, module, _ in self.frames}

    def __enter__(self) -> Hops:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _arg: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event != "call" or frame in self._seen or not path.is_relative_to(PACKAGE):
            return
        self._seen.add(frame)
        module = path.relative_to(PACKAGE).with_suffix("").as_posix()
        self.frames.append((_depth(frame), module, frame.f_code.co_qualname))


def _depth(frame: FrameType) -> int:
    depth, above = 0, frame.f_back
    while above:
        depth += str(PACKAGE) in above.f_code.co_filename
        above = above.f_back
    return depth


def sync_call(url: str) -> Hops:
    """Count a call of `Flickr`."""
    with Flickr(api_key=KEY, base_url=url) as flickr:
        flickr.photos.search(text=TEXT)
        with Hops() as hops:
            flickr.photos.search(text=TEXT)
    return hops


def async_call(url: str) -> Hops:
    """Count a call of `AsyncFlickr`."""

    async def main() -> Hops:
        async with AsyncFlickr(api_key=KEY, base_url=url) as flickr:
            await flickr.photos.search(text=TEXT)
            with Hops() as hops:
                await flickr.photos.search(text=TEXT)
        return hops

    return asyncio.run(main())


def proxied_call(url: str) -> Hops:
    """Count a call through the ASGI application, from its scope to its reply, that is not cached."""

    async def main() -> Hops:
        app = proxy_asgi(Flickr(api_key=KEY, base_url=url))
        await _post(app, {"method": "flickr.photos.search", "text": TEXT})
        with Hops() as hops:
            await _post(app, {"method": "flickr.photos.search", "text": TEXT, "page": "2"})
        await app.close()
        return hops

    return asyncio.run(main())


async def _post(app: Callable[..., Any], arguments: dict[str, str]) -> None:
    body = json.dumps(arguments).encode()
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "scheme": "http",
        "headers": [*headers, (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status"))

    await app(scope, receive, send)
    assert statuses[0] == 200, statuses


def main() -> None:
    """Print the counts, and with `--way` every call."""
    print("\n| one `photos.search` | own calls | modules | goal |\n| --- | --- | --- | --- |")
    with serve(BODY) as url:
        counted = [
            ("`Flickr`", sync_call(url), GOAL),
            ("`AsyncFlickr`", async_call(url), GOAL),
            ("through the proxy (ASGI)", proxied_call(url), PROXY_GOAL),
        ]
    for name, hops, goal in counted:
        print(f"| {name} | {len(hops.frames)} | {len(hops.modules)} | {goal} |")
    if "--way" in sys.argv[1:]:
        for name, hops, _ in counted:
            print(f"\n{name}")
            for depth, module, function in hops.frames:
                print(f"{'  ' * depth}{module}: {function}")


if __name__ == "__main__":
    with standard_streams():
        main()
