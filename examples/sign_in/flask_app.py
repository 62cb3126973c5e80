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
    """Return the site. Raises `OptionError` without a key."""
    app = Flask(__name__, static_folder=site.PAGES, static_url_path="/pages")
    app.config["TRUSTED_HOSTS"] = site.HOSTS
    pending, sessions = site.create_pending_store(), site.create_session_store()
    limit = LoginLimit()

    def cookie_options(name: str) -> dict[str, Any]:
        return site.cookie_options(name, request.is_secure)

    def read_cookie(name: str) -> str | None:
        return request.cookies.get(cookie_options(name)["key"])

    def require_visitor() -> Credentials:
        credentials = sessions.get(read_cookie("session"))
        if credentials is None:
            abort(401, "sign in with Flickr first")
        return credentials

    # The client has no token: every call is signed with the visitor's credentials, or refused.
    flickr = Flickr.token_only(force_auth=True)
    flickr.proxy(app, site.ENDPOINT, require_visitor, **site.POLICY)

    @app.get("/")
    def home() -> Response:
        return app.send_static_file("index.html")

    @app.get("/dist/<name>")
    def bundle(name: str) -> Response:
        return send_from_directory(bundles(), name)

    @app.get("/login")
    def login() -> Response:
        # Behind a reverse proxy, use Werkzeug's ProxyFix, or all visitors count as one.
        if not limit.allows(request.remote_addr or ""):
            return Response(site.TOO_OFTEN, 429, {"Retry-After": "60"})
        back = url_for("callback", _external=True)
        try:
            auth = Flickr.begin(callback=back, permissions=site.PERMISSIONS)
        except FlickrError as error:
            return redirect(site.home_path(error))
        answer = redirect(auth.url)
        answer.set_cookie(value=pending.put(auth.state), **cookie_options("sign_in"))
        return answer

    @app.get("/callback")
    def callback() -> Response:
        try:
            state = pending.take(read_cookie("sign_in")) or ""
            with Flickr.exchange(state, request.args) as flickr:
                credentials = site.credentials_of(flickr)
        except FlickrError as error:
            return redirect(site.home_path(error))
        # A new name for each sign-in, so that a name known before is useless (session fixation).
        sessions.take(read_cookie("session"))
        answer = redirect(site.home_path())
        answer.set_cookie(value=sessions.put(credentials), **cookie_options("session"))
        answer.delete_cookie(**cookie_options("sign_in"))
        return answer

    @app.post("/logout")
    def logout() -> Response:
        sessions.take(read_cookie("session"))
        answer = redirect(site.home_path(), 303)
        answer.delete_cookie(**cookie_options("session"))
        return answer

    @app.after_request
    def add_headers(answer: Response) -> Response:
        for name, value in site.security_headers().items():
            answer.headers.setdefault(name, value)
        return answer

    return app
