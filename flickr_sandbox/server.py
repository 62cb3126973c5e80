"""`Sandbox`: a local Flickr in a thread, as a context manager."""

from __future__ import annotations

import asyncio
import errno
import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from flickr_sandbox.app import Components, create_application
from flickr_sandbox.counts import Counts
from flickr_sandbox.faults import Faults, make_failure_rule
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import Account, LibraryMismatch, fill
from flickr_sandbox.store.store import LibraryInUse, NotALibrary
from flickr_sandbox.upload.files import UploadFolder

Result = TypeVar("Result")
LIBRARY = "library.sqlite"
FILES = "files"
MOST_PHOTOS = 1_000_000
# The steps of the event loop in which it accepts a connection and hands it over.
ACCEPT_STEPS = 4
_ALL_INTERFACES = ("", "0.0.0.0", "::")


class StartError(Exception):
    """An error at start: the reason, and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox.

    `photos` is the number of photos in a new library, and `seed` decides their content; the defaults
    are 500 photos and seed 1, or the values of a kept library. `port` 0 chooses a free port. `data`
    is the folder for library and uploads; without it they are deleted at the end.

    With `plain_consent`, tests without a browser can allow an application without opening the page:
    POST `oauth_token`, `perms` and `answer=allow` to `/services/oauth/authorize`.

    Raises `ValueError` for a negative number of photos, or more than a million.
    """

    photos: int | None = None
    seed: int | None = None
    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    plain_consent: bool = False

    def __post_init__(self) -> None:
        if not 0 <= (self.photos or 0) <= MOST_PHOTOS:
            raise ValueError(
                f"invalid number of photos {self.photos}: use a number from 0 to {MOST_PHOTOS}"
            )


class Sandbox:
    """A local Flickr with photos, people and a key of its own.

    ```python
    with Sandbox(photos=200, seed=7) as flickr:
        requests.get(flickr.url + "/services/rest/", params={"api_key": flickr.account.api_key, …})
    ```

    `url` is its address without a trailing slash, for a client's `base_url` and `photo_base_url`.
    `account` has the API key with its secret, and an access token. `faults` are the faults to
    inject, `counts` the counters, `store` the library, and `files` the folder of uploads. Entering
    raises `StartError` if the port, the folder or the library is not usable.
    """

    url: str
    account: Account
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
    ) -> None:
        folder = Path(data) if data else None
        self.settings = Settings(photos, seed, host, port, folder, plain_consent)
        self.faults = Faults(seed or 1)
        self.counts = Counts()

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
        """Save the state of the library, for `reset`. Not available with `data`."""
        self._run(self._mark())

    def reset(self) -> None:
        """Restore the library of `mark`, remove faults and limit, and reset the counters."""
        self._run(self._reset())

    async def _start(self) -> web.AppRunner:
        settings = self.settings
        listener = _listen(settings)
        try:
            self._temporary = None if settings.data else TemporaryDirectory(prefix="sandbox-")
            folder = settings.data or Path(self._temporary.name)  # type: ignore[union-attr]
            self.files = folder / FILES
            self.store, self.account = _library(settings, self.files)
        except BaseException:
            listener.close()
            raise
        port = listener.getsockname()[1]
        host = "127.0.0.1" if settings.host in _ALL_INTERFACES else settings.host
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        # On all interfaces the server has several addresses: answers contain the requested one.
        base = "" if settings.host in _ALL_INTERFACES else self.url
        self._uploads = UploadFolder(self.files)
        self._uploads.sweep(self.store)
        components = Components(
            self.store, base, self._uploads, self.faults, self.counts, settings.plain_consent
        )
        app = create_application(components)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner

    async def _close(self) -> None:
        # asyncio leaks a connection that it has accepted, but not handed over when its server closes.
        for _ in range(ACCEPT_STEPS):
            await asyncio.sleep(0)
        await self._runner.cleanup()
        await _cancel_tasks()
        self.store.close()
        if self._temporary:
            self._temporary.cleanup()

    async def _mark(self) -> None:
        self._marked = self.store.copy()
        self._uploads.mark()

    async def _reset(self) -> None:
        self.store.restore(self._marked)
        self._uploads.reset()
        self.faults.clear()
        self.counts.clear()

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


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "invalid port number"
        # Python appends the address that it tried.
        why = str(reason).partition(" (while")[0]
        host, of_port = settings.host, (errno.EADDRINUSE, errno.EACCES)
        if isinstance(error, OverflowError) or error.errno in of_port:
            what = f"cannot listen on port {settings.port} of {host!r} ({why}): choose another port"
        else:
            what = f"cannot listen on {host!r} ({why}): choose an address of this machine"
        raise StartError(what) from None


def _library(settings: Settings, files: Path) -> tuple[Store, Account]:
    """Open or create the library; return it with its account."""
    place = settings.data / LIBRARY if settings.data else None
    try:
        files.mkdir(parents=True, exist_ok=True)
        store = Store(place)
    except NotALibrary:
        raise StartError(
            f"{place} is not the library of a sandbox: choose another folder"
        ) from None
    except LibraryInUse:
        raise StartError(
            f"{settings.data} is in use by another sandbox: stop it, or choose another folder"
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise StartError(
            f"cannot write to {settings.data} ({_explain(error)}): choose another folder"
        ) from None
    try:
        return store, fill(store, settings.photos, settings.seed)
    except LibraryMismatch as mismatch:
        store.close()
        raise StartError(f"the library in {settings.data} {mismatch}") from None
    except sqlite3.Error as error:
        store.close()
        raise StartError(
            f"cannot write to {settings.data} ({_explain(error)}): choose another folder"
        ) from None


def _explain(error: OSError | sqlite3.Error) -> str:
    return str(error.strerror if isinstance(error, OSError) else error)
