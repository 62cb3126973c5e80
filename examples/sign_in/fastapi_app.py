r"""“Sign in with Flickr” with FastAPI.

FLICKR_API_KEY=… FLICKR_SECRET=… HOSTS=example.org \
  uvicorn --factory examples.sign_in.fastapi_app:create_app
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from examples.sign_in import site
from examples.sign_in.limit import LoginLimit
from pyflickr_web import AsyncFlickr, FlickrError
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.serve.site import bundles


def create_app() -> FastAPI:
    """The site. Raises `OptionError` without a key."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=site.HOSTS)
    begun, visitors, limit = site.begun(), site.visitors(), LoginLimit()

    def visitor(request: Request) -> Credentials:
        credentials = visitors.get(_sent(request, "session"))
        if credentials is None:
            raise HTTPException(401, "sign in with Flickr first")
        return credentials

    # With no token of its own, and every call signed: by the visitor, or not at all.
    flickr = AsyncFlickr.token_only(force_auth=True)
    flickr.proxy(app, site.ENDPOINT, visitor, **site.POLICY)

    app.mount("/pages", StaticFiles(directory=site.PAGES))
    app.mount("/dist", StaticFiles(directory=bundles()))

    @app.get("/")
    def home() -> FileResponse:
        return FileResponse(site.PAGES / "index.html")

    @app.get("/login")
    async def login(request: Request) -> RedirectResponse:
        # Behind a server in front: uvicorn's --forwarded-allow-ips, or all visitors are one.
        if not limit.allows(request.client.host if request.client else ""):
            raise HTTPException(429, site.TOO_OFTEN, {"Retry-After": "60"})
        back = str(request.url_for("callback"))
        try:
            auth = await AsyncFlickr.begin(callback=back, permissions=site.PERMISSIONS)
        except FlickrError as error:
            return RedirectResponse(site.home(error))
        answer = RedirectResponse(auth.url)
        answer.set_cookie(value=begun.put(auth.state), **_cookie(request, "sign_in"))
        return answer

    @app.get("/callback")
    async def callback(request: Request) -> RedirectResponse:
        try:
            state = begun.take(_sent(request, "sign_in")) or ""
            async with await AsyncFlickr.exchange(state, request.query_params) as flickr:
                credentials = site.credentials_of(flickr)
        except FlickrError as error:
            return RedirectResponse(site.home(error))
        # A name of its own for each sign-in: one that somebody knew before is worth nothing.
        visitors.take(_sent(request, "session"))
        answer = RedirectResponse(site.home())
        answer.set_cookie(value=visitors.put(credentials), **_cookie(request, "session"))
        answer.delete_cookie(**_cookie(request, "sign_in"))
        return answer

    @app.post("/logout")
    async def logout(request: Request) -> RedirectResponse:
        visitors.take(_sent(request, "session"))
        answer = RedirectResponse(site.home(), 303)
        answer.delete_cookie(**_cookie(request, "session"))
        return answer

    @app.middleware("http")
    async def guarded(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await answer(request)
        for name, value in site.headers().items():
            response.headers.setdefault(name, value)
        return response

    return app


def _cookie(request: Request, name: str) -> dict[str, Any]:
    return site.cookie(name, request.url.scheme == "https")


def _sent(request: Request, name: str) -> str | None:
    return request.cookies.get(_cookie(request, name)["key"])
