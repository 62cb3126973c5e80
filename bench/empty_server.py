"""An empty server on aiohttp, the floor of the sandbox's rate: `python -m bench.empty_server`."""

from __future__ import annotations

import asyncio

from aiohttp import web

from pyflickr_web.commands.stdio import standard_streams


async def _answer(_: web.Request) -> web.Response:
    return web.json_response({"stat": "ok"})


async def _serve() -> None:
    app = web.Application()
    app.router.add_get("/services/rest/", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with standard_streams():
        asyncio.run(_serve())
