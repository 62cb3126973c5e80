"""The proxy in a Flask application or blueprint."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Flask, current_app, make_response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from pyflickr_web.proxy.visitors import refusal_of
from pyflickr_web.proxy.wsgi import ThreadProxy, request_of

# All, so that the proxy says itself which it knows.
VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def mount(
    app: Flask | Blueprint, path: str, proxy: ThreadProxy, authenticator: Callable[[], Any] | None
) -> None:
    """Have `proxy` answer at `path`, with and without a slash at its end."""
    # A place in the address space is no part of a name.
    endpoint = "flickr_proxy" + path.replace("/", "_").replace(".", "_")

    def view() -> Response:
        try:
            authenticate = partial(_authenticated, authenticator) if authenticator else None
            reply = proxy.reply(request_of(request.environ), _body(proxy), authenticate)
        except _Answered as answered:
            answered.response.headers.update(proxy.handler.shared(request_of(request.environ)))
            return answered.response
        response: Response = current_app.response_class(reply.body, reply.status)
        # A type of the reply's own, or none.
        response.headers.clear()
        response.headers.update(reply.headers)
        return response

    app.add_url_rule(
        path,
        endpoint,
        view,
        methods=VERBS,
        strict_slashes=False,
        provide_automatic_options=False,
    )


class _Answered(Exception):
    """An authenticator has answered in place of the proxy."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _authenticated(authenticator: Callable[[], Any]) -> Any:
    try:
        said = current_app.ensure_sync(authenticator)()
    except HTTPException as error:
        if error.response:
            raise _Answered(make_response(error.response)) from None
        raise refusal_of(error.code or 403, error.description, _headers(error)) from None
    # A body with a status, as a view may return it.
    if isinstance(said, Response | tuple):
        raise _Answered(make_response(said))
    return said


def _headers(error: HTTPException) -> dict[str, str]:
    kept = ("www-authenticate", "retry-after")
    return {name.lower(): value for name, value in error.get_headers() if name.lower() in kept}


def _body(proxy: ThreadProxy) -> Callable[[], bytes]:
    def body() -> bytes:
        request.max_content_length = proxy.handler.policy.max_body
        try:
            return request.get_data(cache=True)
        except RequestEntityTooLarge:
            raise proxy.handler.too_large() from None

    return body
