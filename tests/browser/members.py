"""A site with pages, bundles, sign-in, and a proxy that accepts uploads of its members."""

from __future__ import annotations

import asyncio
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from examples.pyscript.npm import MODULES
from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr
from tests.support.account import options_of
from tests.support.repository import ROOT
from tests.support.web_servers import in_loop

HERE = Path(__file__).parent
BUNDLES = ROOT / "browser_dist"
FOLDERS = {
    "dist": BUNDLES,
    "pages": HERE / "pages",
    "core": MODULES / "@pyscript" / "core" / "dist",
    "micropython": MODULES / "@micropython" / "micropython-webassembly-pyscript",
    "pyodide": MODULES / "pyodide",
}
SCRIPT = """<!doctype html><title>t</title><input type="file" id="file">
<script src="/dist/{bundle}"></script><script src="/pages/classic.js"></script>"""
PYTHON = """<!doctype html><title>t</title><script type="module" src="/core/core.js"></script>
<script type="{kind}" src="/pages/{page}.py" config='{{"interpreter": "{interpreter}",
"files": {{"/dist/{bundle}": "pyflickr_web.py"}}}}'></script>"""


def member(request: Request) -> str:
    """Return the name of the member who is signed in."""
    name = request.session.get("name")
    if not name:
        raise HTTPException(401, "sign in first")
    return str(name)


async def sign_in(request: Request) -> Response:
    request.session["name"] = "ada"
    return HTMLResponse("<!doctype html><title>in</title>")


async def script_page(request: Request) -> Response:
    return HTMLResponse(SCRIPT.format(**request.path_params))


async def python_page(request: Request) -> Response:
    interpreter = {"mpy": "/micropython/micropython.mjs", "py": "/pyodide/pyodide.mjs"}
    kind = request.path_params["kind"]
    page = PYTHON.format(interpreter=interpreter[kind], **request.path_params)
    return HTMLResponse(page)


async def file(request: Request) -> Response:
    path = FOLDERS[request.path_params["folder"]] / request.path_params["path"]
    kind = {".mjs": "text/javascript"}.get(path.suffix) or mimetypes.guess_type(path)[0]
    return FileResponse(path, media_type=kind)


class PausedBody:
    """An application that receives the first MB of a body at once, and the rest after `gate` is set."""

    def __init__(self, app: Any, gate: threading.Event) -> None:
        self.app = app
        self.gate = gate

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        received = 0

        async def paused_receive() -> Any:
            nonlocal received
            if received > 1_000_000:
                await asyncio.to_thread(self.gate.wait, 60)
            message = await receive()
            received += len(message.get("body", b""))
            return message

        await self.app(scope, paused_receive, send)


@contextmanager
def site(
    sandbox: Sandbox,
    photo: Path,
    authenticator: Any = member,
    gate: threading.Event | None = None,
    **policy: Any,
) -> Iterator[str]:
    """Run a site whose members upload to the sandbox's account; yield its address.

    `photo` is at `/fox.jpg`. With a `gate`, the site receives a long body only after it is set.
    """
    flickr = AsyncFlickr(**options_of(sandbox))

    async def fox(request: Request) -> Response:
        return FileResponse(photo)

    app = Starlette(
        routes=[
            Route("/fox.jpg", fox),
            Route("/sign-in", sign_in),
            Route("/script/{bundle}", script_page),
            Route("/python/{kind}/{page}/{bundle}", python_page),
            Route("/{folder}/{path:path}", file),
        ],
        middleware=[Middleware(SessionMiddleware, secret_key="for tests")],
    )
    flickr.proxy(app, "/services/rest/", authenticator, upload=True, perms="write", **policy)
    with in_loop(PausedBody(app, gate) if gate else app) as url:
        yield url
