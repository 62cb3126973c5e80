"""The proxy in a Django project."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from pyflickr_web.proxy.adapters.authenticators import (
    NOT_ALLOWED,
    AuthenticatorResponse,
    framework_refusal,
)
from pyflickr_web.proxy.adapters.wsgi import ThreadProxy, request_of
from pyflickr_web.proxy.calls.message import Refusal, Reply
from pyflickr_web.proxy.handlers import UPLOAD_PATH
from pyflickr_web.proxy.stores.in_flight import Slot


def urls(
    path: str, proxy: ThreadProxy, authenticator: Callable[[HttpRequest], Any] | None
) -> list[URLPattern]:
    """Return patterns for `proxy` at `path`, and for uploads below it, with and without a trailing
    slash."""

    def admit(request: HttpRequest) -> Callable[[], Any] | None:
        return partial(_authenticate, authenticator, request) if authenticator else None

    def call(request: HttpRequest) -> tuple[Reply, Slot]:
        body = partial(_body, request, proxy)
        return proxy.reply(request_of(request.META), body, admit(request))

    def upload(request: HttpRequest) -> tuple[Reply, Slot]:
        # After this, Django does not read the body itself, even if an authenticator accesses the form.
        request.read(0)
        return proxy.upload(request_of(request.META), request.read, admit(request))

    bare = re.escape(path.strip("/"))
    return [
        re_path(f"^{bare}/?$", _view(proxy, call)),
        re_path(f"^{bare}{UPLOAD_PATH}/?$".replace("^/", "^"), _view(proxy, upload)),
    ]


def _view(proxy: ThreadProxy, answer: Callable[[HttpRequest], tuple[Reply, Slot]]) -> Any:
    # The proxy itself checks requests from pages of other sites.
    @csrf_exempt  # type: ignore[untyped-decorator]
    def view(request: HttpRequest, **_of_path: Any) -> HttpResponseBase:
        # `_of_path` has the variables of a prefix that belongs to the project.
        try:
            reply, slot = answer(request)
        except AuthenticatorResponse as result:
            headers = result.response.headers
            proxy.handlers.calls.add_shared_headers(request_of(request.META), headers)
            return result.response
        response = _Response(reply.body, status=reply.status)
        response.slot = slot
        if "content-type" not in reply.headers:
            del response["content-type"]
        for name, value in reply.headers.items():
            response[name] = value
        return response

    return view


class _Response(HttpResponse):  # type: ignore[misc]
    """A response that releases its request's slot when the server has sent or dropped it."""

    slot: Slot

    def close(self) -> None:
        super().close()
        self.slot.release()


def _authenticate(authenticator: Callable[[HttpRequest], Any], request: HttpRequest) -> Any:
    if inspect.iscoroutinefunction(authenticator):
        authenticator = async_to_sync(authenticator)
    try:
        result = authenticator(request)
    except PermissionDenied as error:
        raise framework_refusal(403, str(error)) from None
    except Http404:
        raise framework_refusal(404, NOT_ALLOWED) from None
    if isinstance(result, HttpResponseBase):
        raise AuthenticatorResponse(result)
    return result


def _body(request: HttpRequest, proxy: ThreadProxy) -> bytes:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        # Django does not read chunked bodies.
        raise Refusal(411, "the body needs a Content-Length header")
    try:
        body: bytes = request.body
        return body
    except RequestDataTooBig:
        raise proxy.handlers.calls.too_large() from None
