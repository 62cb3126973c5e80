"""The sandbox's application: all addresses and their handlers."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from flickr_sandbox.admin import Admin, Controls
from flickr_sandbox.answers import entries
from flickr_sandbox.bases import BaseRule
from flickr_sandbox.call import Failure
from flickr_sandbox.counts import Counts
from flickr_sandbox.fault_injection import FaultInjector
from flickr_sandbox.faults import Faults
from flickr_sandbox.files.addresses import PhotoFiles
from flickr_sandbox.intercept.guard import Guard
from flickr_sandbox.messages import (
    WRONG_FORMAT,
    api_response,
    read_request,
    switch_format,
    text_response,
)
from flickr_sandbox.oauth.addresses import OAuth
from flickr_sandbox.oauth.signature import OAuthProblem
from flickr_sandbox.oauth.verify import identify
from flickr_sandbox.pages.addresses import Pages
from flickr_sandbox.recorder import Recorder
from flickr_sandbox.request_log import RequestLog, current_notes
from flickr_sandbox.rest import RestApi
from flickr_sandbox.store import Store
from flickr_sandbox.upload.addresses import Uploads
from flickr_sandbox.upload.files import UploadFolder

LARGEST_FORM = 4 * 1024 * 1024
VERBS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class RestEndpoint:
    """The handler of the REST address.

    `bases` chooses the addresses that answers contain. `files` are the uploads.
    """

    store: Store
    bases: BaseRule
    files: UploadFolder

    async def rest(self, request: web.Request) -> web.Response:
        """Answer `/services/rest/` by GET and POST."""
        if request.method == "OPTIONS":
            return web.Response(status=403)
        if request.method not in VERBS:
            raise web.HTTPMethodNotAllowed(request.method, VERBS)
        data = await read_request(request)
        arguments = data.parameters
        if WRONG_FORMAT.get():
            arguments = switch_format(arguments)
        api = RestApi(self.store, self.bases.choose(request), entries())
        try:
            caller = current_notes().caller = identify(self.store, data)
        except OAuthProblem as problem:
            return text_response(problem.body, problem.status)
        except Failure as failure:
            return api_response(api.refuse(arguments, failure))
        body = api.answer(arguments, caller)
        self.files.sweep(self.store)
        return api_response(body)


@dataclass(frozen=True, slots=True)
class Components:
    """The parts of an application.

    `base` is the address that answers contain; if empty, the address of the request. `files` are the
    uploads. For `plain_consent` see `Settings`. With a `guard`, the sandbox is also a proxy.
    """

    store: Store
    base: str
    files: UploadFolder
    faults: Faults
    counts: Counts
    requests: RequestLog
    controls: Controls
    plain_consent: bool = False
    guard: Guard | None = None


def create_application(components: Components) -> web.Application:
    """Create the aiohttp application of a sandbox."""
    recorder = Recorder(components.store, components.requests)
    injector = FaultInjector(components.faults, components.counts, recorder)
    guard = components.guard
    middlewares = [*([guard.middleware] if guard else []), injector.middleware]
    app = web.Application(client_max_size=LARGEST_FORM, middlewares=middlewares)
    bases = BaseRule(components.base, intercept=guard is not None)
    endpoint = RestEndpoint(components.store, bases, components.files)
    for path in ("/services/rest", "/services/rest/"):
        app.router.add_route("*", path, endpoint.rest)
    OAuth(components.store, components.plain_consent).add_to(app)
    Uploads(components.store, components.files).add_to(app)
    files = PhotoFiles(components.store, components.files.folder)
    app.router.add_routes(files.routes())
    app.cleanup_ctx.append(files.threads)
    app.router.add_routes(
        Admin(
            components.faults, components.counts, components.requests, components.controls
        ).routes()
    )
    # The last ones: they also answer unknown addresses.
    app.router.add_routes(Pages(components.store, bases).routes())
    return app
