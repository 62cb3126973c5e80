"""The sandbox's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pyflickr_web.sandbox.call import Failure
from pyflickr_web.sandbox.oauth.addresses import OAuth
from pyflickr_web.sandbox.oauth.refusal import Refusal
from pyflickr_web.sandbox.oauth.verify import identify
from pyflickr_web.sandbox.rest import Desk
from pyflickr_web.sandbox.store import Store
from pyflickr_web.sandbox.wire import plain, receive, respond

LARGEST_FORM = 4 * 1024 * 1024


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


def application(store: Store, base: str, plain_consent: bool = False) -> web.Application:
    """The aiohttp application of a sandbox; `plain_consent` is told at `Settings`."""
    app = web.Application(client_max_size=LARGEST_FORM)
    service = Service(store, base)
    for path in ("/services/rest", "/services/rest/"):
        app.router.add_route("*", path, service.rest)
    OAuth(store, plain_consent).add_to(app)
    return app
