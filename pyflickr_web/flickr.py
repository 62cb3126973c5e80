"""`Flickr` and `AsyncFlickr`: the clients on a server, for threads and for tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, overload

from pyflickr_web.core.paging import AsyncListing, list_pages
from pyflickr_web.server_client import ServerClient
from pyflickr_web.transports.process_local import ProcessLocal

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator
    from typing import Self, Unpack

    from pyflickr_web._generated.awaited import Methods as AwaitedMethods
    from pyflickr_web._generated.threaded import Methods as ThreadedMethods
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.mirror.events import Event
    from pyflickr_web.mirror.load import LocalData
    from pyflickr_web.mirror.report import Report
    from pyflickr_web.mirror.settings import DownsyncOptions
    from pyflickr_web.mirror.verification.report import VerifyReport
    from pyflickr_web.oauth.web import AuthorizationRequest
    from pyflickr_web.options import ClientOptions
    from pyflickr_web.proxy.calls.policy import ProxyOptions
    from pyflickr_web.transports.tasks import TaskDriver, TaskTransport
    from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport
    from pyflickr_web.upload.fields import Photo, PhotoItem
    from pyflickr_web.upload.settings import ReplaceOptions, UploadOptions
else:
    AwaitedMethods = ThreadedMethods = type("Methods", (), {})


class _ProxiedClient(ServerClient):
    """A client that can serve a site's pages through a proxy, and load mirrors."""

    def proxy(
        self,
        app: Any,
        path: str = "/services/rest/",
        authenticator: Callable[..., Any] | None = None,
        **policy: Unpack[ProxyOptions],
    ) -> None:
        """Mount a proxy to Flickr for the site's pages in `app`, of Starlette, FastAPI or Flask.

        It serves `path`; with the default path also node-flickrapi's `/service/rest/`.

        Without an `authenticator` it only passes methods that need no login, unsigned. With one, it also
        passes others, up to the policy's `perms`. An authenticator is a function, sync or async, that
        receives the framework's request (with Flask, no argument). To admit the visitor it returns
        None, their name, or their own client or `Credentials`, which then sign. To refuse, it returns
        False or a response, or raises the framework's error. `policy` has further settings: see
        `pyflickr_web.proxy.Policy`. Raises `OptionError` for an invalid one.
        """
        from pyflickr_web.proxy.adapters.mount import mount

        mount(self, app, path, authenticator, policy)

    def proxy_urls(
        self,
        path: str = "services/rest/",
        authenticator: Callable[..., Any] | None = None,
        **policy: Unpack[ProxyOptions],
    ) -> list[Any]:
        """Return the proxy for Django: `urlpatterns += flickr.proxy_urls("services/rest/")`."""
        from pyflickr_web.proxy.adapters.mount import urls

        return urls(self, path, authenticator, policy)

    @staticmethod
    def load_locally(
        location: str | PathLike[str] = "./data",
        load_private: bool = False,
        *,
        refresh: bool = False,
    ) -> LocalData:
        """Return the data of a mirror: see `pyflickr_web.load_locally`."""
        from pyflickr_web.mirror.load import load_locally

        return load_locally(location, load_private, refresh=refresh)


class Flickr(ThreadedMethods, _ProxiedClient):
    """A client of the Flickr API for servers and scripts, with blocking calls.

    ```python
    with Flickr.token_only(api_key="…") as flickr:
        for photo in flickr.photos.search.all(text="red panda"):
            print(photo["title"])
    ```

    Options come from arguments, from `FLICKR_…` in the environment and from `.env`, in this order:
    `api_key`, `secret`, `access_token`, `access_token_secret`, `user_id`, `base_url`,
    `photo_base_url`, `endpoint`, `force_auth`, `retry_queries`, `max_per_hour`, `request_options`
    and others. Calls are signed if their method needs it, or with `authenticated=True`. Threads may
    share a client. Raises `OptionError` for invalid options.
    """

    _transport: ThreadTransport | None = None
    _driver: ThreadDriver | None = None

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(**options)
        # The lock makes threads share one pool of connections.
        self._opening = ProcessLocal(Lock)

    @classmethod
    def authenticate(cls, **options: Unpack[ClientOptions]) -> Self:
        """Return a client of a signed-in user, with `permissions` (`read` by default).

        A token from the options or an earlier sign-in is checked (`flickr.auth.oauth.checkToken`).
        Without a valid one, a browser opens for authorization. The user types the code that Flickr
        shows (RFC 5849), or is redirected to a `callback` on this machine (`http://127.0.0.1:8080/`).
        Raises `LoginError` without a terminal to ask on, `OptionError` for a `callback` on another
        machine.
        """
        return cls(**options)._run_or_close(cls._sign_in)

    @classmethod
    def begin(cls, **options: Unpack[ClientOptions]) -> AuthorizationRequest:
        """Begin a visitor's sign-in: redirect them to `url`, and store `state` until the callback.

        `callback` is the address to which Flickr redirects them; pass its parameters to `exchange`.
        """
        from pyflickr_web.oauth import web

        with cls(**options) as client:
            authorization: AuthorizationRequest = client.run(web.begin(client.options))
            return authorization

    @classmethod
    def exchange(
        cls, state: str, params: Mapping[str, str], **options: Unpack[ClientOptions]
    ) -> Self:
        """Complete a visitor's sign-in and return their client.

        `state` is from `begin`, `params` are the callback's. `secret` and `base_url` are not in the
        state: they come from the options, the environment, or `begin` in this process. Raises
        `LoginError` if the visitor denied access, or if the state is of another application or older
        than 30 minutes.
        """
        from pyflickr_web.oauth import web

        return cls(**web.restore_options(state, options))._run_or_close(
            cls._exchange, state, params
        )

    def _run_or_close(self, operation: Callable[..., Flow], *given: Any) -> Self:
        """Run an operation of this client and return the client; close it if the operation fails."""
        try:
            self.run(operation(self, *given))
        except BaseException:
            self.close()
            raise
        return self

    def _open(self) -> ThreadDriver:
        """Create the driver and its transport, unless another thread has."""
        from pyflickr_web.transports.limits import Limits
        from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport

        with self._opening.get():
            if self._transport is None or self._driver is None:
                settings = self.options.get("request_options") or {}
                limits = Limits.of(dict(self.options))
                self._transport = ThreadTransport(self.pace, settings, limits)
                self._driver = ThreadDriver(self._transport.send)
            return self._driver

    def _find_driver(self) -> ThreadDriver:
        client = self._original or self
        return client._driver or client._open()

    def run(self, flow: Flow) -> Any:
        return self._find_driver().run(flow)

    def walk(self, method: str, values: dict[str, Any], whole: bool) -> Generator[Any]:
        return self._find_driver().iterate(list_pages(self, method, values, whole))

    def download(
        self,
        photo: Mapping[str, Any] | str | int,
        size: str,
        path: str | PathLike[str],
        *,
        make_folders: bool = False,
    ) -> Path:
        """Download the file of `photo` to `path`, and return the path.

        `photo` is an item of a listing, the `photo` of getInfo, or an id. `size` is Flickr's suffix: `o`
        for the original, `b` for 1024 pixels, empty for 500. An existing file is replaced once the new
        one is complete. `make_folders` creates missing folders. Raises `NotFoundError` if the size is
        missing or you may not see it, `ArgumentError` for an invalid path, and `FileError` if writing
        fails.
        """
        return Path(self.run(self._download(photo, size, path, make_folders)))

    @overload
    def upload(self, *, photo: Photo, **options: Unpack[UploadOptions]) -> str: ...
    @overload
    def upload(
        self, *, photos: Iterable[PhotoItem], **options: Unpack[UploadOptions]
    ) -> list[str]: ...
    def upload(self, **arguments: Any) -> str | list[str]:
        """Upload photos and videos, and return their ids, in the order given.

        ```python
        flickr.upload(photo="fox.jpg", title="Fox", tags=["happy fox", "zoo"])
        flickr.upload(photos=[{"photo": "a.jpg", "title": "A"}, {"photo": "b.jpg"}], is_public=False)
        ```

        `photo` is a path, bytes, an open binary file, or an iterable of bytes with its `length`. The
        other arguments are described in `pyflickr_web.upload.settings.UploadOptions`; those of a photo
        in `photos` come before those of the call. With `async_` and without `wait`, ids are of tickets.

        A file that was not wholly sent is sent again. After a lost answer it is not; with `dedupe` it is
        looked for. Raises `ArgumentError`, `LoginError`, `PermissionRefused` or `TokenOnlyError`
        before anything is sent; and, after the last file, `UploadError` with a result for each file.
        """
        from pyflickr_web.upload.batch import upload

        ids: str | list[str] = self.run(upload(self, arguments))
        return ids

    def replace(
        self, *, photo: Photo, photo_id: str | int, **options: Unpack[ReplaceOptions]
    ) -> str:
        """Replace the file of one of your photos, and return its id. Needs a Pro account.

        `photo` is a source as in `upload`. With `async_` Flickr processes the file later, and the call
        waits for it. The photo gets the hash tag of the new file before that of the old one is removed;
        with `dedupe=False` it gets none. Raises `UploadError`, and the errors of `upload`.
        """
        from pyflickr_web.upload.replace import replace

        return str(self.run(replace(self, photo, photo_id, options)))

    def downsync(
        self, location: str | PathLike[str] = "./data", **options: Unpack[DownsyncOptions]
    ) -> Report:
        """Mirror an account to the folder `location`, and return the report of the run.

        The first run fetches everything, later ones what changed; a run that was stopped continues.
        Without the option `user` it mirrors the person who is signed in. Files that left Flickr stay,
        unless `remove_deleted` moves them to `.trash/`. Photos that fail are in the report, and tried
        again by the next run. In a terminal it shows its progress, unless the client's option `progress`
        is False, or a function `on_event` does so. Afterwards it calls the client's option
        `after_downsync`. For the options see `pyflickr_web.mirror.settings.DownsyncOptions`.

        Raises `OptionError` for an invalid option, `ArgumentError` for an invalid location,
        `MirrorError` if the folder is in use or mirrors another person, `LoginError` if Flickr does not
        accept the token, `RateLimitError` and `NetworkError` if Flickr does not answer for long, and
        `FileError` if the disk is full.
        """
        from pyflickr_web.mirror.sync import downsync, end_flow

        flow = downsync(self, location, options)
        try:
            report: Report = self.run(flow)
        except BaseException as error:
            end_flow(flow, error)
            raise
        if after := self.options.get("after_downsync"):
            after()
        return report

    @staticmethod
    def verify(
        location: str | PathLike[str] = "./data",
        *,
        accept: bool = False,
        workers: int | None = None,
        progress: bool | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> VerifyReport:
        """Compare the mirror in the folder `location` with its checksums, and return the report.

        It reads all files again, and needs no key and no network. The next `downsync` fetches files at
        fault again. With `accept`, the checksums become those of the files as they are. `workers` read
        at a time, by default one for each CPU. In a terminal it shows its progress, unless `progress` is
        False, or a function `on_event` does so.

        Raises `MirrorError` if the folder has no mirror or is in use, `OptionError` or `ArgumentError`
        for an invalid option or location, and `FileError` if the checksums cannot be read, or nothing
        can be written.
        """
        from pyflickr_web.mirror.verify import verify_mirror

        return verify_mirror(
            location, accept=accept, workers=workers, progress=progress, on_event=on_event
        )

    def close(self) -> None:
        """Close all kept connections; a later call opens new ones."""
        client = self._original or self
        if client._transport:
            client._transport.close()
            client._transport = client._driver = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncFlickr(AwaitedMethods, _ProxiedClient):
    """Like `Flickr`, for asyncio: await calls, and iterate over listings with `async for`.

    Tasks may share a client, even across event loops: each loop has its own connections.

    ```python
    async with AsyncFlickr.token_only(api_key="…") as flickr:
        answer = await flickr.photos.search(text="red panda")
    ```
    """

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(**options)
        # Connections belong to one loop in one process.
        self._transports: ProcessLocal[dict[asyncio.AbstractEventLoop, TaskTransport]]
        self._transports = ProcessLocal(dict)

    @classmethod
    async def authenticate(cls, **options: Unpack[ClientOptions]) -> Self:
        """Return a client of a signed-in user: see `Flickr.authenticate`."""
        return await cls(**options)._run_or_close(cls._sign_in)

    @classmethod
    async def begin(cls, **options: Unpack[ClientOptions]) -> AuthorizationRequest:
        """Begin a visitor's sign-in: see `Flickr.begin`."""
        from pyflickr_web.oauth import web

        async with cls(**options) as client:
            authorization: AuthorizationRequest = await client.run(web.begin(client.options))
            return authorization

    @classmethod
    async def exchange(
        cls, state: str, params: Mapping[str, str], **options: Unpack[ClientOptions]
    ) -> Self:
        """Complete a visitor's sign-in: see `Flickr.exchange`."""
        from pyflickr_web.oauth import web

        return await cls(**web.restore_options(state, options))._run_or_close(
            cls._exchange, state, params
        )

    async def _run_or_close(self, operation: Callable[..., Flow], *given: Any) -> Self:
        """Run an operation of this client and return the client; close it if the operation fails."""
        try:
            await self.run(operation(self, *given))
        except BaseException:
            await self.close()
            raise
        return self

    async def _driver(self) -> TaskDriver:
        import asyncio

        from pyflickr_web.transports.limits import Limits
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
            # Another task may have added one during the `await`.
            transports.setdefault(loop, TaskTransport(self.pace, settings, limits))
        return TaskDriver(transports[loop].send)

    async def run(self, flow: Flow) -> Any:
        return await (await self._driver()).run(flow)

    def walk(self, method: str, values: dict[str, Any], whole: bool) -> AsyncListing:
        return AsyncListing(list_pages(self, method, values, whole), self.run)

    async def download(
        self,
        photo: Mapping[str, Any] | str | int,
        size: str,
        path: str | PathLike[str],
        *,
        make_folders: bool = False,
    ) -> Path:
        """Download a photo's file: see `Flickr.download`."""
        return Path(await self.run(self._download(photo, size, path, make_folders)))

    @overload
    async def upload(self, *, photo: Photo, **options: Unpack[UploadOptions]) -> str: ...
    @overload
    async def upload(
        self, *, photos: Iterable[PhotoItem], **options: Unpack[UploadOptions]
    ) -> list[str]: ...
    async def upload(self, **arguments: Any) -> str | list[str]:
        """Upload photos and videos: see `Flickr.upload`."""
        from pyflickr_web.upload.batch import upload

        ids: str | list[str] = await self.run(upload(self, arguments))
        return ids

    async def replace(
        self, *, photo: Photo, photo_id: str | int, **options: Unpack[ReplaceOptions]
    ) -> str:
        """Replace the file of a photo: see `Flickr.replace`."""
        from pyflickr_web.upload.replace import replace

        return str(await self.run(replace(self, photo, photo_id, options)))

    async def downsync(
        self, location: str | PathLike[str] = "./data", **options: Unpack[DownsyncOptions]
    ) -> Report:
        """Mirror an account to a folder: see `Flickr.downsync`; `after_downsync` may be async."""
        from functools import partial
        from inspect import isawaitable

        from pyflickr_web.mirror.sync import downsync, end_flow
        from pyflickr_web.transports.blocking import call_in_thread

        flow = downsync(self, location, options)
        try:
            report: Report = await self.run(flow)
        except BaseException as error:
            # It places what was fetched, and unlocks the folder.
            await call_in_thread(partial(end_flow, flow, error))
            raise
        if after := self.options.get("after_downsync"):
            result = after()
            if isawaitable(result):
                await result
        return report

    @staticmethod
    async def verify(
        location: str | PathLike[str] = "./data",
        *,
        accept: bool = False,
        workers: int | None = None,
        progress: bool | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> VerifyReport:
        """Compare a mirror with its checksums: see `Flickr.verify`; a thread calls `on_event`."""
        from pyflickr_web.mirror.verify import verify_in_task

        return await verify_in_task(
            location, accept=accept, workers=workers, progress=progress, on_event=on_event
        )

    async def close(self) -> None:
        """Close all kept connections, except those of other running loops; later calls open new ones."""
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
