"""`Sandbox`: a local Flickr, as a context manager."""

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
_ALL_INTERFACES = ("", "0.0.0.0", "::")


class StartError(Exception):
    """A sandbox that cannot start: why, and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sandbox is made from.

    `photos` is how many photos its library opens with, `seed` what they are made from; None for what
    a kept library has, else 500 photos and seed 1. `port` is 0 for any that is free. `data` is the
    folder in which library and uploads are kept; without one they are gone at the end.
    With `plain_consent` a form that no page sent can allow an application, for tests without a
    browser: POST `oauth_token`, `perms` and `answer=allow` to `/services/oauth/authorize`.
    Raises `ValueError` for more than a million photos, or fewer than none.
    """

    photos: int | None = None
    seed: int | None = None
    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    plain_consent: bool = False

    def __post_init__(self) -> None:
        if not 0 <= (self.photos or 0) <= MOST_PHOTOS:
            raise ValueError(f"photos must be a number from 0 to {MOST_PHOTOS}")


class Sandbox:
    """A local Flickr with photos, people and a key of its own.

    ```python
    with Sandbox(photos=200, seed=7) as flickr:
        requests.get(flickr.url + "/services/rest/", params={"api_key": flickr.account.api_key, …})
    ```

    `url` is its address (without a slash at its end), for `base_url` and `photo_base_url` of a
    client; `account` holds the key, and the secret and token of the person it belongs to. `faults`
    are what is to go wrong, `counts` what was asked; `store` is its library, and `files` the folder of
    its uploads. Entering it raises `StartError` where port, folder
    or library cannot be used.
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
        data: Path | None = None,
        plain_consent: bool = False,
    ) -> None:
        self.settings = Settings(photos, seed, host, port, data, plain_consent)
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
        """Serve until Ctrl-C, which raises `KeyboardInterrupt` here as everywhere."""
        # Not by `join`: before Python 3.12, a thread for which that was interrupted counts as ended.
        self._stopped.wait()

    @property
    def environ(self) -> dict[str, str]:
        """Key, person, token and address by the names under which a client finds them."""
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
        """How often each method was called; `oauth/…`, `upload`, `replace` and `files` too."""
        return self.counts.calls

    @property
    def answers(self) -> Counter[str]:
        """How often each HTTP status was answered, as texts; `dropped` for none at all."""
        return self.counts.answers

    def fail(
        self, method: str, code: int, message: str | None = None, times: int | None = 1
    ) -> int:
        """Have the next `times` calls of a method (None: all) answer an error.

        Without a `message` it is one that the method declares; with one it may have any code, as Flickr
        does not declare all that it answers. Returns a number for `faults.remove`. Raises `ValueError`
        for a method that there is not and for a code that it does not declare.
        """
        return self.faults.put(make_failure_rule(method, code, message, times))

    def mark(self) -> None:
        """Remember the library as it is, for `reset`. Only one that is not kept in a folder."""
        self._run(self._mark())

    def reset(self) -> None:
        """The library as it was at `mark`, no faults, no limit, counters at nothing."""
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
        # Who listens everywhere is known by many names: answers then name the one that was asked.
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
        await self._runner.cleanup()
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


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        # Python adds what it tried.
        why = str(reason).partition(" (while")[0]
        host, of_port = settings.host, (errno.EADDRINUSE, errno.EACCES)
        if isinstance(error, OverflowError) or error.errno in of_port:
            what = f"port {settings.port} of {host!r} cannot be used ({why}): choose another"
        else:
            what = f"cannot listen on {host!r} ({why}): choose an address of this machine"
        raise StartError(what) from None


def _library(settings: Settings, files: Path) -> tuple[Store, Account]:
    """A library that is kept or new, and its account."""
    place = settings.data / LIBRARY if settings.data else None
    try:
        files.mkdir(parents=True, exist_ok=True)
        store = Store(place)
    except NotALibrary:
        raise StartError(f"{place} is no library of a sandbox: choose another folder") from None
    except LibraryInUse:
        raise StartError(
            f"{settings.data} is in use by another sandbox: end that, or choose another folder"
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise StartError(f"{settings.data} cannot be written to ({_explain(error)})") from None
    try:
        return store, fill(store, settings.photos, settings.seed)
    except LibraryMismatch as unlike:
        store.close()
        raise StartError(f"the library in {settings.data} {unlike}") from None
    except sqlite3.Error as error:
        store.close()
        raise StartError(f"{settings.data} cannot be written to ({_explain(error)})") from None


def _explain(error: OSError | sqlite3.Error) -> str:
    return str(error.strerror if isinstance(error, OSError) else error)
