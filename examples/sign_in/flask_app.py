"""“Sign in with Flickr” with Flask.

FLICKR_API_KEY=… FLICKR_SECRET=… HOSTS=example.org flask --app examples.sign_in.flask_app run
"""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, redirect, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from examples.sign_in import site
from examples.sign_in.limit import LoginLimit
from pyflickr_web import Flickr, FlickrError
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.serve.site import bundles


def create_app() -> Flask:
    """The site. Raises `OptionError` without a key."""
    app = Flask(__name__, static_folder=site.PAGES, static_url_path="/pages")
    app.config["TRUSTED_HOSTS"] = site.HOSTS
    begun, visitors, limit = site.begun(), site.visitors(), LoginLimit()

    def cookie(name: str) -> dict[str, Any]:
        return site.cookie(name, request.is_secure)

    def sent(name: str) -> str | None:
        return request.cookies.get(cookie(name)["key"])

    def visitor() -> Credentials:
        credentials = visitors.get(sent("session"))
        if credentials is None:
            abort(401, "sign in with Flickr first")
        return credentials

    # With no token of its own, and every call signed: by the visitor, or not at all.
    flickr = Flickr.token_only(force_auth=True)
    flickr.proxy(app, site.ENDPOINT, visitor, **site.POLICY)

    @app.get("/")
    def home() -> Response:
        return app.send_static_file("index.html")

    @app.get("/dist/<name>")
    def bundle(name: str) -> Response:
        return send_from_directory(bundles(), name)

    @app.get("/login")
    def login() -> Response:
        # Behind a server in front: Werkzeug's ProxyFix, or all visitors are one.
        if not limit.allows(request.remote_addr or ""):
            return Response(site.TOO_OFTEN, 429, {"Retry-After": "60"})
        back = url_for("callback", _external=True)
        try:
            auth = Flickr.begin(callback=back, permissions=site.PERMISSIONS)
        except FlickrError as error:
            return redirect(site.home(error))
        answer = redirect(auth.url)
        answer.set_cookie(value=begun.put(auth.state), **cookie("sign_in"))
        return answer

    @app.get("/callback")
    def callback() -> Response:
        try:
            state = begun.take(sent("sign_in")) or ""
            with Flickr.exchange(state, request.args) as flickr:
                credentials = site.credentials_of(flickr)
        except FlickrError as error:
            return redirect(site.home(error))
        # A name of its own for each sign-in: one that somebody knew before is worth nothing.
        visitors.take(sent("session"))
        answer = redirect(site.home())
        answer.set_cookie(value=visitors.put(credentials), **cookie("session"))
        answer.delete_cookie(**cookie("sign_in"))
        return answer

    @app.post("/logout")
    def logout() -> Response:
        visitors.take(sent("session"))
        answer = redirect(site.home(), 303)
        answer.delete_cookie(**cookie("session"))
        return answer

    @app.after_request
    def guarded(answer: Response) -> Response:
        for name, value in site.headers().items():
            answer.headers.setdefault(name, value)
        return answer

    return app
