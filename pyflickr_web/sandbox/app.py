"""The sandbox's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pyflickr_web.sandbox.call import Failure
from pyflickr_web.sandbox.formats import Body
from pyflickr_web.sandbox.oauth.refusal import Refusal
from pyflickr_web.sandbox.oauth.verify import identify
from pyflickr_web.sandbox.received import Received, clean, pairs
from pyflickr_web.sandbox.rest import Desk
from pyflickr_web.sandbox.store import Store

LARGEST_FORM = 4 * 1024 * 1024
# Flickr answers any page, but no request that a browser must ask about first.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class Service:
    """What answers requests: the library, and the address that its answers name."""

    store: Store
    base: str

    async def rest(self, request: web.Request) -> web.Response:
        """`/services/rest/` by GET and POST."""
        if request.method == "OPTIONS":
            return web.Response(status=403)
        received = await receive(request)
        desk = Desk(self.store, self.base)
        try:
            caller = identify(self.store, received)
        except Refusal as refused:
            return plain(refused.body, refused.status)
        except Failure as failed:
            return respond(desk.refuse(received.parameters, failed))
        return respond(desk.answer(received.parameters, caller))


def respond(body: Body) -> web.Response:
    """An answer of Flickr's, which comes with status 200 whatever it says."""
    headers = ANY_ORIGIN | {"Content-Type": body.content_type, "Cache-Control": "private"}
    return web.Response(body=body.text.encode("utf-8", "replace"), headers=headers)


def plain(body: str, status: int = 200) -> web.Response:
    """An answer of Flickr's OAuth addresses, and its refusal of a signature anywhere."""
    headers = ANY_ORIGIN | {"Content-Type": "text/plain;charset=UTF-8"}
    return web.Response(status=status, body=body.encode(), headers=headers)


async def receive(request: web.Request) -> Received:
    """A request with all of its parameters, for addresses that take no files."""
    form: tuple[tuple[str, str], ...] = ()
    if request.content_type == "application/x-www-form-urlencoded":
        form = pairs((await request.read()).decode("utf-8", "replace"))
    return received(request, form)


def received(request: web.Request, form: tuple[tuple[str, str], ...]) -> Received:
    """A request whose body has been read already."""
    return Received(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=clean(request.headers.get("Authorization", "")),
    )


def application(store: Store, base: str) -> web.Application:
    """The aiohttp application of a sandbox."""
    app = web.Application(client_max_size=LARGEST_FORM)
    service = Service(store, base)
    for path in ("/services/rest", "/services/rest/"):
        app.router.add_route("*", path, service.rest)
    return app
