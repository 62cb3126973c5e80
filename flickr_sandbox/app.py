"""The sandbox's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from flickr_sandbox.admin import Admin
from flickr_sandbox.call import Failure
from flickr_sandbox.counts import Counts
from flickr_sandbox.fault_injection import Disturbance
from flickr_sandbox.faults import Faults
from flickr_sandbox.files.addresses import PhotoFiles
from flickr_sandbox.gallery import Gallery
from flickr_sandbox.messages import WRONG_FORMAT, other_format, plain, receive, respond
from flickr_sandbox.oauth.addresses import OAuth
from flickr_sandbox.oauth.signature import Refusal
from flickr_sandbox.oauth.verify import identify
from flickr_sandbox.rest import Desk
from flickr_sandbox.store import Store
from flickr_sandbox.upload.addresses import Uploads
from flickr_sandbox.upload.files import Files

LARGEST_FORM = 4 * 1024 * 1024
VERBS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Service:
    """What answers requests: the library, the address that its answers name (empty for the one that
    was asked), and the uploads."""

    store: Store
    base: str
    files: Files

    async def rest(self, request: web.Request) -> web.Response:
        """`/services/rest/` by GET and POST."""
        if request.method == "OPTIONS":
            return web.Response(status=403)
        if request.method not in VERBS:
            raise web.HTTPMethodNotAllowed(request.method, VERBS)
        received = await receive(request)
        arguments = received.parameters
        if WRONG_FORMAT.get():
            arguments = other_format(arguments)
        desk = Desk(self.store, self.base or f"{request.scheme}://{request.host}")
        try:
            caller = identify(self.store, received)
        except Refusal as refused:
            return plain(refused.body, refused.status)
        except Failure as failed:
            return respond(desk.refuse(arguments, failed))
        body = desk.answer(arguments, caller)
        self.files.sweep(self.store)
        return respond(body)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of.

    `base` is the address that answers name, empty for the one that was asked. `files` are the uploads.
    `plain_consent` is told at `Settings`.
    """

    store: Store
    base: str
    files: Files
    faults: Faults
    counts: Counts
    plain_consent: bool = False


def application(parts: Parts) -> web.Application:
    """The aiohttp application of a sandbox."""
    disturbance = Disturbance(parts.faults, parts.counts)
    app = web.Application(client_max_size=LARGEST_FORM, middlewares=[disturbance.middleware])
    service = Service(parts.store, parts.base, parts.files)
    for path in ("/services/rest", "/services/rest/"):
        app.router.add_route("*", path, service.rest)
    OAuth(parts.store, parts.plain_consent).add_to(app)
    Uploads(parts.store, parts.files).add_to(app)
    files = PhotoFiles(parts.store, parts.files.folder)
    app.router.add_routes(files.routes())
    app.cleanup_ctx.append(files.threads)
    app.router.add_routes(Admin(parts.faults, parts.counts).routes())
    app.router.add_get("/", Gallery(parts.store).page)
    return app
