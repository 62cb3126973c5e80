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
    """Return the site. Raises `OptionError` without a key."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=site.HOSTS)
    pending, sessions = site.create_pending_store(), site.create_session_store()
    limit = LoginLimit()

    def require_visitor(request: Request) -> Credentials:
        credentials = sessions.get(_read_cookie(request, "session"))
        if credentials is None:
            raise HTTPException(401, "sign in with Flickr first")
        return credentials

    # The client has no token: every call is signed with the visitor's credentials, or refused.
    flickr = AsyncFlickr.token_only(force_auth=True)
    flickr.proxy(app, site.ENDPOINT, require_visitor, **site.POLICY)

    app.mount("/pages", StaticFiles(directory=site.PAGES))
    app.mount("/dist", StaticFiles(directory=bundles()))

    @app.get("/")
    def home() -> FileResponse:
        return FileResponse(site.PAGES / "index.html")

    @app.get("/login")
    async def login(request: Request) -> RedirectResponse:
        # Behind a reverse proxy, set uvicorn's --forwarded-allow-ips, or all visitors count as one.
        if not limit.allows(request.client.host if request.client else ""):
            raise HTTPException(429, site.TOO_OFTEN, {"Retry-After": "60"})
        back = str(request.url_for("callback"))
        try:
            auth = await AsyncFlickr.begin(callback=back, permissions=site.PERMISSIONS)
        except FlickrError as error:
            return RedirectResponse(site.home_path(error))
        answer = RedirectResponse(auth.url)
        answer.set_cookie(value=pending.put(auth.state), **_cookie_options(request, "sign_in"))
        return answer

    @app.get("/callback")
    async def callback(request: Request) -> RedirectResponse:
        try:
            state = pending.take(_read_cookie(request, "sign_in")) or ""
            async with await AsyncFlickr.exchange(state, request.query_params) as flickr:
                credentials = site.credentials_of(flickr)
        except FlickrError as error:
            return RedirectResponse(site.home_path(error))
        # A new name for each sign-in, so that a name known before is useless (session fixation).
        sessions.take(_read_cookie(request, "session"))
        answer = RedirectResponse(site.home_path())
        answer.set_cookie(value=sessions.put(credentials), **_cookie_options(request, "session"))
        answer.delete_cookie(**_cookie_options(request, "sign_in"))
        return answer

    @app.post("/logout")
    async def logout(request: Request) -> RedirectResponse:
        sessions.take(_read_cookie(request, "session"))
        answer = RedirectResponse(site.home_path(), 303)
        answer.delete_cookie(**_cookie_options(request, "session"))
        return answer

    @app.middleware("http")
    async def add_headers(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await answer(request)
        for name, value in site.security_headers().items():
            response.headers.setdefault(name, value)
        return response

    return app


def _cookie_options(request: Request, name: str) -> dict[str, Any]:
    return site.cookie_options(name, request.url.scheme == "https")


def _read_cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(_cookie_options(request, name)["key"])
