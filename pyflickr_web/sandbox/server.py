"""`Sandbox`: a local Flickr, as a context manager."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from pyflickr_web.sandbox.app import application
from pyflickr_web.sandbox.store import Store
from pyflickr_web.sandbox.store.library import Account, fill

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sandbox is made from.

    `photos` is how many photos its library opens with, `seed` what they are made from, `port` 0 for
    any that is free. `data` is the folder in which it is kept; without one it is gone at the end.
    With `plain_consent` a form that no page sent can allow an application, for tests without a
    browser: POST `oauth_token`, `perms` and `answer=allow` to `/services/oauth/authorize`.
    """

    photos: int = 500
    seed: int = 1
    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    plain_consent: bool = False


class Sandbox:
    """A local Flickr with photos, people and a key of its own.

    ```python
    with Sandbox(photos=200, seed=7) as flickr:
        requests.get(flickr.url + "/services/rest/", params={"api_key": flickr.account.api_key, …})
    ```

    `url` is its address (without a slash at its end), for `base_url` and `photo_base_url` of a
    client; `account` holds the key, and the secret and token of the person it belongs to.
    """

    url: str
    account: Account

    def __init__(
        self,
        photos: int = 500,
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        data: Path | None = None,
        plain_consent: bool = False,
    ) -> None:
        self.settings = Settings(photos, seed, host, port, data, plain_consent)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)

    def __enter__(self) -> Sandbox:
        self._thread.start()
        try:
            self._runner = self._do(self._start())
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
        self._do(self._close())
        self._stop_loop()

    def wait(self) -> None:
        """Serve until Ctrl-C."""
        try:
            self._thread.join()
        except KeyboardInterrupt:
            print()

    async def _start(self) -> web.AppRunner:
        settings = self.settings
        if settings.data:
            settings.data.mkdir(parents=True, exist_ok=True)
        self._store = Store(settings.data / "library.sqlite" if settings.data else None)
        self.account = fill(self._store, settings.photos, settings.seed)
        # Answers name the sandbox's address, so the port must be known before there are any.
        listener = socket.create_server((settings.host, settings.port))
        self.url = f"http://{settings.host}:{listener.getsockname()[1]}"
        app = application(self._store, self.url, settings.plain_consent)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner

    async def _close(self) -> None:
        await self._runner.cleanup()
        self._store.close()

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
