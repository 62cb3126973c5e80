"""`Sandbox`: a local Flickr in a thread, as a context manager."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from flickr_sandbox.app import Components, create_application
from flickr_sandbox.clients import ClientFactory
from flickr_sandbox.counts import Counts
from flickr_sandbox.faults import Faults, make_failure_rule
from flickr_sandbox.intercept.environment import proxy_environ
from flickr_sandbox.recorder import record_refusal
from flickr_sandbox.request_log import RequestLog
from flickr_sandbox.settings import Settings
from flickr_sandbox.start import copy_new_library, listen, open_library
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import Account, add_large_account
from flickr_sandbox.upload.files import UploadFolder

if TYPE_CHECKING:
    from flickr_sandbox.intercept.interceptor import Interceptor
    from flickr_sandbox.own_library import Content

Result = TypeVar("Result")
FILES = "files"
# The steps of the event loop in which it accepts a connection and hands it over.
ACCEPT_STEPS = 4
_ALL_INTERFACES = ("", "0.0.0.0", "::")


class Sandbox(ClientFactory):
    """A local Flickr with photos, people and a key of its own.

    ```python
    with Sandbox(photos=200, seed=7) as flickr:
        requests.get(flickr.url + "/services/rest/", params={"api_key": flickr.account.api_key, …})
    ```

    `client()` and `async_client()` return clients of it. `url` is its address without a trailing slash,
    for the `base_url` and `photo_base_url` of other clients.
    `account` has the API key with its secret, and an access token. `faults` are the faults to
    inject, `counts` the counters, `requests` the last requests, `store` the library, and `files` the
    folder of uploads. Entering raises `StartError` if the port, the folder or the library is not usable.

    `library` is one's own content, as a file in YAML or JSON, or as a mapping (docs/sandbox.md). Raises
    `LibraryProblems`, a `ValueError` with all `problems`, if it is invalid.
    """

    store: Store
    files: Path

    def __init__(
        self,
        photos: int | None = None,
        seed: int | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        data: Path | str | None = None,
        plain_consent: bool = False,
        intercept: bool = False,
        large_account: bool = False,
        library: Path | str | Mapping[str, Any] | None = None,
        applications: Mapping[str, str] | None = None,
    ) -> None:
        folder = Path(data) if data else None
        content = None if library is None else _read_library(library)
        self.settings = Settings(
            photos,
            seed,
            host,
            port,
            folder,
            plain_consent,
            intercept,
            large_account,
            content,
            applications or {},
        )
        self.faults = Faults(seed or 1)
        self.counts = Counts()
        self.requests = RequestLog()
        self._marked: bytes | None = None

    def __enter__(self) -> Sandbox:
        self._stopped = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._thread.start()
        try:
            self._runner = self._run(self._start())
        except BaseException:
            self._stop_loop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._close())
        self._stop_loop()

    def wait(self) -> None:
        """Wait until the sandbox is closed; Ctrl-C raises `KeyboardInterrupt`."""
        # Not `join`: before Python 3.12, an interrupted join marks the thread as finished.
        self._stopped.wait()

    @property
    def environ(self) -> dict[str, str]:
        """Key, person, token and address as environment variables for a client."""
        account = self.account
        return {
            "FLICKR_API_KEY": account.api_key,
            "FLICKR_SECRET": account.secret,
            "FLICKR_USER_ID": account.user_id,
            "FLICKR_ACCESS_TOKEN": account.access_token,
            "FLICKR_ACCESS_TOKEN_SECRET": account.access_token_secret,
            "FLICKR_BASE_URL": self.url,
        }

    @property
    def proxy_environ(self) -> dict[str, str]:
        """Environment variables that lead an unchanged program to this sandbox instead of Flickr.

        They name the proxy and the file of its authority's certificate, for Python, Node, curl and
        others. Raises `ValueError` without `intercept`.
        """
        if self._interceptor is None:
            raise ValueError("the sandbox is not a proxy: start it with intercept=True")
        return proxy_environ(self.url, self._interceptor.certificate)

    @property
    def large_account(self) -> Account:
        """A second account, with 12,000 photos; it is made when it is first used.

        It has the same API key, and a token of its own.
        """
        return self._run(self._add_large_account())

    @property
    def calls(self) -> Counter[str]:
        """The number of calls by method; also of `oauth/…`, `upload`, `replace` and `files`."""
        return self.counts.calls

    @property
    def answers(self) -> Counter[str]:
        """The number of answers by HTTP status, as text; `dropped` for requests without an answer."""
        return self.counts.answers

    def fail(
        self, method: str, code: int, message: str | None = None, times: int | None = 1
    ) -> int:
        """Let the next `times` calls of a method fail (None: all calls).

        Without `message`, the method must declare the code; with it, any code is allowed, because Flickr
        also answers undeclared errors. Returns an id for `faults.remove`. Raises `ValueError` for an
        unknown method and for an undeclared code without a message.
        """
        return self.faults.put(make_failure_rule(method, code, message, times))

    def mark(self) -> None:
        """Save the state of the library, for `reset`. Raises `ValueError` with `data`."""
        self._run(self.mark_library())

    def reset(self) -> None:
        """Restore the library of `mark`, and remove faults, limit, counters and recorded requests.

        Without `mark`, the library is as at the start. Raises `ValueError` with `data`.
        """
        self._run(self.reset_library())

    async def _start(self) -> web.AppRunner:
        settings = self.settings
        listener = listen(settings)
        try:
            self._temporary = None if settings.data else TemporaryDirectory(prefix="sandbox-")
            folder = settings.data or Path(self._temporary.name)  # type: ignore[union-attr]
            self.files = folder / FILES
            self.store, self.account = open_library(settings, self.files)
            port = listener.getsockname()[1]
            self._interceptor = _make_interceptor(
                settings, folder, port, partial(record_refusal, self.requests)
            )
        except BaseException:
            listener.close()
            raise
        host = "127.0.0.1" if settings.host in _ALL_INTERFACES else settings.host
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        # On all interfaces the server has several addresses: answers contain the requested one.
        base = "" if settings.host in _ALL_INTERFACES else self.url
        self._uploads = UploadFolder(self.files)
        self._uploads.sweep(self.store)
        if settings.library and not settings.data:
            # Its files were copied at the start, and are needed after a reset.
            await self.mark_library()
        components = Components(
            self.store,
            base,
            self._uploads,
            self.faults,
            self.counts,
            self.requests,
            self,
            settings.plain_consent,
            self._interceptor.guard if self._interceptor else None,
        )
        app = create_application(components)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        if self._interceptor is None:
            await web.SockSite(runner, listener).start()
        else:
            assert runner.server
            await self._interceptor.listen(runner.server, listener)
        return runner

    async def _close(self) -> None:
        self.requests.close()
        if self._interceptor:
            self._interceptor.stop_listening()
        # asyncio leaks a connection that it has accepted, but not handed over when its server closes.
        for _ in range(ACCEPT_STEPS):
            await asyncio.sleep(0)
        await self._runner.cleanup()
        if self._interceptor:
            await self._interceptor.close()
        await _cancel_tasks()
        self.store.close()
        if self._temporary:
            self._temporary.cleanup()

    async def _add_large_account(self) -> Account:
        return add_large_account(self.store)

    async def mark_library(self) -> None:
        """Do the work of `mark`, in the sandbox's event loop."""
        self._check_reset()
        self._marked = self.store.copy()
        self._uploads.mark()

    async def reset_library(self) -> None:
        """Do the work of `reset`, in the sandbox's event loop."""
        self._check_reset()
        if self._marked is None:
            self._marked = copy_new_library(self.settings)
        self.store.restore(self._marked)
        self._uploads.reset()
        self.faults.clear()
        self.counts.clear()
        self.requests.clear()

    def _check_reset(self) -> None:
        if self.settings.data:
            raise ValueError(
                "a library in a folder cannot be reset: start the sandbox without data"
            )

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._stopped.set()


async def _cancel_tasks() -> None:
    """Cancel what is left, such as the task of a connection that the client has just lost."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _make_interceptor(
    settings: Settings, folder: Path, port: int, on_refusal: Callable[[str, str], None]
) -> Interceptor | None:
    if not settings.intercept:
        return None
    # It needs a library of certificates, which takes long to import.
    from flickr_sandbox.intercept.interceptor import Interceptor

    return Interceptor(folder, settings.host, port, on_refusal)


def _read_library(given: Path | str | Mapping[str, Any]) -> Content:
    # Imported here, because few sandboxes need YAML.
    from flickr_sandbox.own_library import read_content

    return read_content(given)
