"""The proxy in a Flask application or blueprint."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Flask, current_app, make_response, request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from pyflickr_web.proxy.adapters.authenticators import AuthenticatorResponse, framework_refusal
from pyflickr_web.proxy.adapters.wsgi import ThreadProxy, check_chunks, request_of
from pyflickr_web.proxy.calls.message import Reply
from pyflickr_web.proxy.handlers import UPLOAD_PATH
from pyflickr_web.proxy.stores.in_flight import Slot

# All verbs, so that the proxy itself refuses those that it does not support.
VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def mount(
    app: Flask | Blueprint, path: str, proxy: ThreadProxy, authenticator: Callable[[], Any] | None
) -> None:
    """Mount `proxy` at `path`, and uploads below it, with and without a trailing slash."""
    authenticate = partial(_authenticate, authenticator) if authenticator else None
    authenticate_without_body = (
        partial(_authenticate_without_body, authenticate) if authenticate else None
    )

    def call() -> tuple[Reply, Slot]:
        return proxy.reply(request_of(request.environ), _body(proxy), authenticate)

    def upload() -> tuple[Reply, Slot]:
        return proxy.upload(request_of(request.environ), _read, authenticate_without_body)

    for address, reply in ((path, call), (path.rstrip("/") + UPLOAD_PATH + "/", upload)):
        app.add_url_rule(
            address,
            # Endpoint names must not contain dots; this makes one for each address.
            "flickr_proxy" + address.replace("_", "__").replace("/", "_").replace(".", "-"),
            partial(_view, proxy, reply),
            methods=VERBS,
            strict_slashes=False,
            provide_automatic_options=False,
        )


def _view(
    proxy: ThreadProxy, answer: Callable[[], tuple[Reply, Slot]], **_of_path: Any
) -> Response:
    # `_of_path` has the variables of a prefix that belongs to the application.
    response: Response
    try:
        reply, slot = answer()
    except AuthenticatorResponse as result:
        response = result.response
        proxy.handlers.calls.add_shared_headers(request_of(request.environ), response.headers)
        return response
    response = current_app.response_class(reply.body, reply.status)
    # The reply has its own content type, or no body.
    response.headers.clear()
    response.headers.update(reply.headers)
    response.call_on_close(slot.release)
    return response


def _authenticate(authenticator: Callable[[], Any]) -> Any:
    try:
        result = current_app.ensure_sync(authenticator)()
    except HTTPException as error:
        if error.response:
            raise AuthenticatorResponse(make_response(error.response)) from None
        raise framework_refusal(error.code or 403, error.description, _headers(error)) from None
    # A view may return a tuple of body and status.
    if isinstance(result, Response | tuple):
        raise AuthenticatorResponse(make_response(result))
    return result


def _authenticate_without_body(authenticate: Callable[[], Any]) -> Any:
    """Call an authenticator, and keep it from reading the request's body."""
    request.shallow = True
    try:
        return authenticate()
    finally:
        request.shallow = False


def _read(size: int) -> bytes:
    # The application's own limit does not apply to photos.
    request.max_content_length = None
    try:
        return request.stream.read(size)
    except ClientDisconnected:
        return b""


def _headers(error: HTTPException) -> dict[str, str]:
    names = ("www-authenticate", "retry-after")
    return {name.lower(): value for name, value in error.get_headers() if name.lower() in names}


def _body(proxy: ThreadProxy) -> Callable[[], bytes]:
    def body() -> bytes:
        check_chunks(request.environ)
        # Flask silently cuts a chunked body at this limit: one more byte shows that it is too long.
        request.max_content_length = proxy.handlers.policy.max_body + 1
        try:
            return request.get_data(cache=True)
        except RequestEntityTooLarge:
            raise proxy.handlers.calls.too_large() from None
        except ClientDisconnected:
            raise ConnectionResetError from None

    return body
