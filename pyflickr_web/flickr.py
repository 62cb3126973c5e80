"""`Flickr` and `AsyncFlickr`: the client on a server, for threads and for tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.paging import AsyncListing
from pyflickr_web.process_local import ProcessLocal
from pyflickr_web.server import ServerClient
from pyflickr_web.transports.limits import Limits

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator
    from typing import Self

    from pyflickr_web._generated.awaited import Methods as AwaitedMethods
    from pyflickr_web._generated.threaded import Methods as ThreadedMethods
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.oauth.web import AuthorizationRequest
    from pyflickr_web.transports.tasks import TaskDriver, TaskTransport
    from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport
else:
    AwaitedMethods = ThreadedMethods = object


class _ProxiedClient(ServerClient):
    """A client that a site's pages may use through a proxy."""

    def proxy(
        self,
        app: Any,
        path: str = "/services/rest/",
        authenticator: Callable[..., Any] | None = None,
        **policy: Any,
    ) -> None:
        """Have `app`, of Starlette, FastAPI or Flask, pass its pages' calls on to Flickr, at `path`;
        beside the default also at node-flickrapi's `/service/rest/`.

        Alone it passes what needs no login, unsigned. With an `authenticator` also what needs one, up
        to the policy's `perms`: a function, sync or async, that gets the framework's request (Flask's
        gets nothing). It lets in by returning None or the visitor's name, or the visitor's own client
        or `Credentials`, which then sign; it refuses by returning False or a response, or by raising
        the framework's error. `policy` are settings: see `pyflickr_web.proxy.Policy`. Raises
        `OptionError` for one that cannot be.
        """
        from pyflickr_web.proxy.adapters.mount import mount

        mount(self, app, path, authenticator, policy)

    def proxy_urls(
        self,
        path: str = "services/rest/",
        authenticator: Callable[..., Any] | None = None,
        **policy: Any,
    ) -> list[Any]:
        """As `proxy`, for Django: `urlpatterns += flickr.proxy_urls("services/rest/")`."""
        from pyflickr_web.proxy.adapters.mount import urls

        return urls(self, path, authenticator, policy)


class Flickr(_ProxiedClient, ThreadedMethods):
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

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Threads that call at the same moment share one pool of connections.
        self._opening = ProcessLocal(Lock)

    @classmethod
    def authenticate(cls, **options: Any) -> Self:
        """A client of somebody who is signed in, at the level `permissions` (`read` unless named).

        A token that is given, or kept from an earlier sign-in, is checked
        (`flickr.auth.oauth.checkToken`); where there is none that is good enough, a browser opens, the
        person says yes there and types the code that Flickr shows (RFC 5849), or comes back by itself
        to a `callback` on this machine (`http://127.0.0.1:8080/`). Raises `LoginError` where nobody can
        be asked, `OptionError` for a `callback` elsewhere.
        """
        return cls(**options)._run_or_close(cls._sign_in)

    @classmethod
    def begin(cls, **options: Any) -> AuthorizationRequest:
        """Begin a visitor's sign-in: `url` is where to send them, `state` what to keep until then.

        `callback` is the address to which Flickr sends them back; give its parameters to `exchange`.
        """
        from pyflickr_web.oauth import web

        with cls(**options) as client:
            authorization: AuthorizationRequest = client._run(web.begin(client.options))
            return authorization

    @classmethod
    def exchange(cls, state: str, params: Mapping[str, str], **options: Any) -> Self:
        """The client of a visitor who has come back: `state` is `begin`'s, `params` the callback's.

        `secret` and `base_url` are not in the state: they come from the options, the environment, or
        what `begin` was given in this process. Raises `LoginError` where they said no, and if the state
        is not this application's or older than 30 minutes.
        """
        from pyflickr_web.oauth import web

        return cls(**web.restore_options(state, options))._run_or_close(
            cls._exchange, state, params
        )

    def _run_or_close(self, operation: Callable[..., Flow], *given: Any) -> Self:
        """This client, once an operation of its own has gone well; else it keeps no connection."""
        try:
            self._run(operation(self, *given))
        except BaseException:
            self.close()
            raise
        return self

    def _driver(self) -> ThreadDriver:
        from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport

        with self._opening.get():
            if self._transport is None:
                settings = self.options.get("request_options") or {}
                limits = Limits.of(dict(self.options))
                self._transport = ThreadTransport(self._pace, settings, limits)
            return ThreadDriver(self._transport.send)

    def _run(self, flow: Flow) -> Any:
        return self._driver().run(flow)

    def _iterate(self, flow: Flow) -> Generator[Any]:
        return self._driver().iterate(flow)

    def download(
        self,
        photo: Mapping[str, Any] | str | int,
        size: str,
        path: str | PathLike[str],
        *,
        make_folders: bool = False,
    ) -> Path:
        """Write the file of `photo`, in a size, to `path`, and return that.

        `photo` is an item of a listing, the `photo` of getInfo, or an id. `size` is Flickr's suffix (`o`
        the original, `b` 1024 pixels, an empty text 500). What was at `path` stays there until the new
        file is whole. `make_folders` makes the folders of `path` that are missing. Raises
        `NotFoundError` for a size that is missing, or that you may not have, `ArgumentError` for a
        path where no file can be, and `FileError` if the file cannot be written.
        """
        return Path(self._run(self._download(photo, size, path, make_folders)))

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


class AsyncFlickr(_ProxiedClient, AwaitedMethods):
    """As `Flickr`, for asyncio: calls are awaited, listings are `async for`. Tasks may share a client,
    also those of several loops, each of which has connections of its own.

    ```python
    async with AsyncFlickr.token_only(api_key="…") as flickr:
        answer = await flickr.photos.search(text="red panda")
    ```
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Connections belong to the loop that opened them, and to its process.
        self._transports: ProcessLocal[dict[asyncio.AbstractEventLoop, TaskTransport]]
        self._transports = ProcessLocal(dict)

    @classmethod
    async def authenticate(cls, **options: Any) -> Self:
        """As `Flickr.authenticate`."""
        return await cls(**options)._run_or_close(cls._sign_in)

    @classmethod
    async def begin(cls, **options: Any) -> AuthorizationRequest:
        """As `Flickr.begin`."""
        from pyflickr_web.oauth import web

        async with cls(**options) as client:
            authorization: AuthorizationRequest = await client._run(web.begin(client.options))
            return authorization

    @classmethod
    async def exchange(cls, state: str, params: Mapping[str, str], **options: Any) -> Self:
        """As `Flickr.exchange`."""
        from pyflickr_web.oauth import web

        return await cls(**web.restore_options(state, options))._run_or_close(
            cls._exchange, state, params
        )

    async def _run_or_close(self, operation: Callable[..., Flow], *given: Any) -> Self:
        """This client, once an operation of its own has gone well; else it keeps no connection."""
        try:
            await self._run(operation(self, *given))
        except BaseException:
            await self.close()
            raise
        return self

    async def _driver(self) -> TaskDriver:
        import asyncio

        from pyflickr_web.transports.tasks import TaskDriver

        try:
            from pyflickr_web.transports.tasks import TaskTransport
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"AsyncFlickr needs {error.name}: pip install 'pyflickr-web[async]'",
                name=error.name,
            ) from None
        loop, transports = asyncio.get_running_loop(), self._transports.get()
        if loop not in transports:
            await self._close([other for other in list(transports) if other.is_closed()])
            settings = self.options.get("request_options") or {}
            limits = Limits.of(dict(self.options))
            # Another task may have come here meanwhile.
            transports.setdefault(loop, TaskTransport(self._pace, settings, limits))
        return TaskDriver(transports[loop].send)

    async def _run(self, flow: Flow) -> Any:
        return await (await self._driver()).run(flow)

    def _iterate(self, flow: Flow) -> AsyncListing:
        return AsyncListing(flow, self._run)

    async def download(
        self,
        photo: Mapping[str, Any] | str | int,
        size: str,
        path: str | PathLike[str],
        *,
        make_folders: bool = False,
    ) -> Path:
        """As `Flickr.download`."""
        return Path(await self._run(self._download(photo, size, path, make_folders)))

    async def close(self) -> None:
        """Close the connections that are kept, but those of other loops that are running; a later call
        opens new ones."""
        import asyncio

        here = asyncio.get_running_loop()
        loops = list(self._transports.get())
        await self._close([loop for loop in loops if loop is here or not loop.is_running()])

    async def _close(self, loops: list[asyncio.AbstractEventLoop]) -> None:
        transports = self._transports.get()
        for loop in loops:
            if transport := transports.pop(loop, None):
                await transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
