"""`Flickr` and `AsyncFlickr`: the client on a server, for threads and for tasks."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyflickr_web._generated.table import TABLE
from pyflickr_web.core.checks import check_arguments
from pyflickr_web.core.client import Client
from pyflickr_web.core.exchange import exchange
from pyflickr_web.core.namespace import grow
from pyflickr_web.core.photo import photo_url_below
from pyflickr_web.core.route import request_for
from pyflickr_web.core.wire import to_wire
from pyflickr_web.drivers.pace import Pace
from pyflickr_web.errors import (
    ArgumentError,
    FlickrError,
    LoginError,
    OptionError,
    TokenOnlyError,
    specific,
)
from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.options import read_options
from pyflickr_web.transports.message import Message, ServerRequest, message
from pyflickr_web.transports.unsent import again_where_unsent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

    from pyflickr_web._generated.awaited import Methods as AwaitedMethods
    from pyflickr_web._generated.threaded import Methods as ThreadedMethods
    from pyflickr_web.core.flow import Flow, Request
    from pyflickr_web.drivers.tasks import TaskDriver
    from pyflickr_web.drivers.threads import ThreadDriver
    from pyflickr_web.transports.tasks import TaskTransport
    from pyflickr_web.transports.threads import ThreadTransport
else:
    AwaitedMethods = ThreadedMethods = object

logger = logging.getLogger("pyflickr_web")
logger.addHandler(logging.NullHandler())
RETRIES = 3
WRITES = 8


class ServerClient(Client):
    """What `Flickr` and `AsyncFlickr` share: options, and which calls are signed.

    A page's client takes other options and checks them otherwise, so none of its setting up is used.
    """

    def __init__(self, **options: Any) -> None:
        self._table = TABLE
        self.options = read_options(options)
        if not self.options.get("api_key") and not self.options.get("endpoint"):
            raise OptionError(
                "there is no key: give api_key, or set FLICKR_API_KEY in the environment or in .env"
            )
        self._credentials = _credentials(self.options)
        self._pace = Pace(self.options.get("max_per_hour"))
        base = self.options.get("photo_base_url") or self.options.get("base_url")
        if base:
            self.photo_url = photo_url_below(base)
        grow(self)

    @classmethod
    def token_only(cls, **options: Any) -> Self:
        """A client with nothing but an API key, for what is public, whatever else is set anywhere.

        Methods that need a login raise `TokenOnlyError`, before anything is sent.
        """
        client = cls(**options)
        client._credentials = None
        return client

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.options!r})"

    def _call(self, method: str, values: dict[str, Any]) -> Flow:
        values = dict(values)
        asked = bool(values.pop("authenticated", False))
        # One that the table does not know counts as needing everything.
        level = self._table.levels.get(method, 15)
        signed = self._signs(method, level, asked)
        self._check(method, values)
        writes = level >= WRITES
        wire = to_wire(values, writes) | {"method": method}
        request = ServerRequest(request_for(self.options, wire), signed, writes)
        retries = self.options.get("retry_queries") or 0
        retries = RETRIES if retries is True else retries
        flow = exchange(self._table, method, request, 0 if writes else retries)
        try:
            return (yield from again_where_unsent(flow, retries if writes else 0))
        except FlickrError as error:
            logger.debug("%s failed: code %s, status %s", method, error.code, error.status)
            raise specific(error) from None

    def _check(self, method: str, values: dict[str, Any]) -> None:
        try:
            check_arguments(self, method, values)
        except FlickrError as error:
            raise ArgumentError(str(error), method=method) from None

    def _upload(self, values: dict[str, Any]) -> Flow:
        raise FlickrError("flickr.upload: this release uploads from pages alone, through a proxy")

    def _signs(self, method: str, level: int, asked: bool) -> bool:
        """Whether a call is to be signed; raises where it must be and cannot."""
        if self.options.get("endpoint"):
            return False
        wanted = bool(level) or asked or bool(self.options.get("force_auth"))
        if not wanted:
            return False
        credentials = self._credentials
        if credentials is None:
            raise TokenOnlyError(
                f"{method} needs signing, and this client has an API key alone: give secret, "
                "access_token and access_token_secret too",
                method=method,
            )
        if level & ~1 and not credentials.access_token:
            raise LoginError(
                f"{method} needs a login: give access_token and access_token_secret too",
                method=method,
            )
        return True

    def _prepare(self, request: Request) -> Message:
        prepared = message(request)
        if not getattr(request, "signed", False):
            return prepared
        from pyflickr_web.oauth.signing import sign

        assert self._credentials is not None
        return sign(prepared, self._credentials)

    def _warn(self, text: str) -> None:
        logger.warning(text)


class Flickr(ServerClient, ThreadedMethods):
    """A client of the Flickr API for servers and scripts; calls answer at once.

    ```python
    with Flickr.token_only(api_key="…") as flickr:
        for photo in flickr.photos.search.all(text="red panda"):
            print(photo["title"])
    ```

    Options come from arguments, from `FLICKR_…` in the environment and from `.env`, in this order:
    `api_key`, `secret`, `access_token`, `access_token_secret`, `user_id`, `base_url`,
    `photo_base_url`, `endpoint`, `force_auth`, `retry_queries`, `max_per_hour`, `request_options`
    and others. Calls of methods that need it are signed, others with `authenticated=True`. One client
    may be used by many threads. Raises `OptionError` for options that cannot be.
    """

    _transport: ThreadTransport | None = None

    def _driver(self) -> ThreadDriver:
        from pyflickr_web.drivers.threads import ThreadDriver
        from pyflickr_web.transports.threads import ThreadTransport

        if self._transport is None:
            settings = self.options.get("request_options") or {}
            self._transport = ThreadTransport(self._prepare, self._pace, settings)
        return ThreadDriver(self._transport.send)

    def _run(self, flow: Flow) -> Any:
        return self._driver().run(flow)

    def _iterate(self, flow: Flow) -> Iterator[Any]:
        return self._driver().iterate(flow)

    def close(self) -> None:
        """Close the connections that are kept; a later call opens new ones."""
        if self._transport:
            self._transport.close()
            self._transport = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncFlickr(ServerClient, AwaitedMethods):
    """As `Flickr`, for asyncio: calls are awaited, listings are `async for`. One loop's tasks may
    share a client.

    ```python
    async with AsyncFlickr.token_only(api_key="…") as flickr:
        answer = await flickr.photos.search(text="red panda")
    ```
    """

    _transport: TaskTransport | None = None

    def _driver(self) -> TaskDriver:
        from pyflickr_web.drivers.tasks import TaskDriver

        try:
            from pyflickr_web.transports.tasks import TaskTransport
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"AsyncFlickr needs {error.name}: pip install 'pyflickr-web[async]'",
                name=error.name,
            ) from None
        if self._transport is None:
            settings = self.options.get("request_options") or {}
            self._transport = TaskTransport(self._prepare, self._pace, settings)
        return TaskDriver(self._transport.send)

    async def _run(self, flow: Flow) -> Any:
        return await self._driver().run(flow)

    def _iterate(self, flow: Flow) -> AsyncIterator[Any]:
        return self._driver().iterate(flow)

    async def close(self) -> None:
        """Close the connections that are kept; a later call opens new ones."""
        if self._transport:
            await self._transport.close()
            self._transport = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _credentials(options: Any) -> Credentials | None:
    if not options.get("secret"):
        return None
    return Credentials(
        options.get("api_key", ""),
        options["secret"],
        options.get("access_token", ""),
        options.get("access_token_secret", ""),
        options.get("user_id", ""),
    )
