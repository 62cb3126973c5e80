"""A minimal pass-through on aiohttp, without checks; the upstream is FLICKR_BASE_URL."""

from __future__ import annotations

import asyncio
import os
import socket

import aiohttp
import uvloop
from aiohttp import web
from yarl import URL


async def _serve(upstream: str) -> None:
    url = URL(f"{upstream}/services/rest/")
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def forward(request: web.BaseRequest) -> web.Response:
            async with session.post(url, data=await request.read()) as answer:
                return web.Response(body=await answer.read(), content_type="application/json")

        runner = web.ServerRunner(web.Server(forward))
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        await web.SockSite(runner, listener).start()
        print(listener.getsockname()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(os.environ["FLICKR_BASE_URL"]))
