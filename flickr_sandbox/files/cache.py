"""Pictures that were made lately, so that a page's second look costs nothing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

LIMIT = 64 * 1024 * 1024
THREADS = 2


class Made:
    """Makes files in threads, each once, and keeps the latest of them: `limit` bytes at most."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, asyncio.Future[bytes]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sandbox pictures")

    async def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The file of a key; `make` is called, in another thread, where it is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._making:
            loop = asyncio.get_running_loop()
            self._making[key] = loop.run_in_executor(self._threads, make)
            self._making[key].add_done_callback(lambda future: self._keep(key, future))
        # One who goes away does not take it from the others who wait for it.
        return await asyncio.shield(self._making[key])

    def _keep(self, key: Hashable, future: asyncio.Future[bytes]) -> None:
        del self._making[key]
        if future.cancelled() or future.exception():
            return
        self._kept[key] = future.result()
        self._size += len(future.result())
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)
