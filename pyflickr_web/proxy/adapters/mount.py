"""Mount a client's proxy in an application of any supported framework."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.upstream import Upstream
from pyflickr_web.proxy.handlers import Handlers
from pyflickr_web.proxy.stores import redis_client
from pyflickr_web.server_client import ServerClient
from pyflickr_web.transports.errors import OptionError

if TYPE_CHECKING:
    from typing import Unpack

    from pyflickr_web.proxy.adapters.asgi import AsgiProxy
    from pyflickr_web.proxy.adapters.wsgi import ThreadProxy, WsgiProxy
    from pyflickr_web.proxy.calls.policy import ProxyOptions
    from pyflickr_web.transports.tasks import TaskTransport
    from pyflickr_web.transports.threads import ThreadTransport

Authenticator = Callable[..., Any]
DEFAULT = "/services/rest"
# The default path of node-flickrapi's proxy.
ALIAS = "/service/rest"


def mount(
    client: ServerClient,
    app: Any,
    path: str,
    authenticator: Authenticator | None,
    settings: Mapping[str, Any],
) -> None:
    """Mount the client's proxy at `path` in `app`, an application of Starlette, FastAPI or Flask. The
    default path also mounts node-flickrapi's `/service/rest/`.

    Raises `OptionError` for an invalid path or setting, `TypeError` for another kind of application and
    for an authenticator with the wrong parameters.
    """
    if not path.startswith("/"):
        raise OptionError(f"path must begin with a slash: /{path}")
    handlers = _make_handlers(client, authenticator, settings)
    if _is_instance(app, "starlette.applications", "Starlette") or _is_instance(
        app, "starlette.routing", "Router"
    ):
        from pyflickr_web.proxy.adapters import starlette

        if _is_instance(app, "fastapi", "FastAPI") or _is_instance(app, "fastapi", "APIRouter"):
            from pyflickr_web.proxy.adapters import fastapi

            if authenticator and fastapi.has_dependencies(authenticator):
                authenticator = fastapi.inject_dependencies(authenticator)
        _check_signature(authenticator, "only the request", 1)
        proxy = starlette.StarletteProxy(handlers, _task_transport(client), authenticator)
        starlette.mount(app, _paths(path), proxy)
    elif _is_instance(app, "flask", "Flask") or _is_instance(app, "flask", "Blueprint"):
        from pyflickr_web.proxy.adapters import flask

        _check_signature(authenticator, "no arguments: use flask.request", 0)
        threads = _thread_proxy(client, handlers)
        for each in _paths(path):
            flask.mount(app, each + "/", threads, authenticator)
    else:
        raise TypeError(
            f"cannot mount the proxy in {type(app).__name__}, only in Starlette, FastAPI and Flask: "
            "use flickr.proxy_urls(…) for Django, else proxy_asgi or proxy_wsgi of pyflickr_web.proxy"
        )


def urls(
    client: ServerClient,
    path: str,
    authenticator: Authenticator | None,
    settings: Mapping[str, Any],
) -> list[Any]:
    """Return Django's patterns for the client's proxy at `path`."""
    from pyflickr_web.proxy.adapters import django

    _check_signature(authenticator, "only the request", 1)
    handlers = _make_handlers(client, authenticator, settings)
    threads = _thread_proxy(client, handlers)
    paths = _paths("/" + path.strip("/"))
    return [each for one in paths for each in django.urls(one, threads, authenticator)]


def proxy_asgi(
    client: ServerClient, authenticator: Authenticator | None = None, **policy: Unpack[ProxyOptions]
) -> AsgiProxy:
    """Return the client's proxy as an ASGI application, to be mounted at any path.

    `authenticator`, sync or async, gets the scope. It admits a visitor by returning None, the visitor's
    name, or the visitor's own client or `Credentials`, which then sign. It refuses by returning False
    or raising `LoginError` (401) or `PermissionRefused` (403). `policy` are the settings of
    `pyflickr_web.proxy.Policy`. Raises `OptionError` for an invalid one.
    """
    from pyflickr_web.proxy.adapters.asgi import AsgiProxy

    _check_signature(authenticator, "only the scope", 1)
    return AsgiProxy(
        _make_handlers(client, authenticator, policy), _task_transport(client), authenticator
    )


def proxy_wsgi(
    client: ServerClient, authenticator: Authenticator | None = None, **policy: Unpack[ProxyOptions]
) -> WsgiProxy:
    """Return the client's proxy as a WSGI application; like `proxy_asgi`, but `authenticator` gets the
    environ."""
    from pyflickr_web.proxy.adapters.wsgi import WsgiProxy

    _check_signature(authenticator, "only the environ", 1)
    return WsgiProxy(
        _make_handlers(client, authenticator, policy), _thread_transport(client), authenticator
    )


def _paths(path: str) -> list[str]:
    """Return the paths to mount at, without a trailing slash."""
    bare = path.rstrip("/")
    return [DEFAULT, ALIAS] if bare == DEFAULT else [bare]


def _make_handlers(
    client: ServerClient, authenticator: Authenticator | None, settings: Mapping[str, Any]
) -> Handlers:
    default = {"perms": client.options.get("permissions") or "read"}
    upstream = Upstream(client)
    policy = Policy.of({**default, **settings})
    policy.check_patterns(upstream.levels)
    if policy.redis:
        redis_client.check_address(policy.redis)
    return Handlers.of(upstream, policy, authenticator is not None)


def _task_transport(client: ServerClient) -> Callable[[], TaskTransport]:
    try:
        from pyflickr_web.transports.tasks import TaskTransport
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the proxy needs {error.name}: pip install 'pyflickr-web[proxy]'", name=error.name
        ) from None
    settings = client.options.get("request_options") or {}
    return lambda: TaskTransport(client.pace, settings)


def _thread_transport(client: ServerClient) -> Callable[[], ThreadTransport]:
    from pyflickr_web.transports.threads import ThreadTransport

    settings = client.options.get("request_options") or {}
    return lambda: ThreadTransport(client.pace, settings)


def _thread_proxy(client: ServerClient, handlers: Handlers) -> ThreadProxy:
    from pyflickr_web.proxy.adapters.wsgi import ThreadProxy

    return ThreadProxy(handlers, _thread_transport(client))


def _check_signature(authenticator: Authenticator | None, takes: str, count: int) -> None:
    """Raise `TypeError` if an authenticator does not accept `count` arguments."""
    try:
        signature = inspect.signature(authenticator) if authenticator else None
    except ValueError:
        # A function in C has no signature.
        return
    try:
        if signature:
            signature.bind(*range(count))
    except TypeError:
        raise TypeError(f"an authenticator takes {takes}, not {signature}") from None


def _is_instance(app: object, module: str, name: str) -> bool:
    """Return True for an instance of a framework's class, without importing the framework."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(app, kind)
