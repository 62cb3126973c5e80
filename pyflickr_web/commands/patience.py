"""Ends connections whose clients do not come to an end with a request's head: uvicorn would wait."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

# Seconds in which a request's head must be there.
HEAD = 10.0


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's own, with a limit on the time between a request's first byte and its start."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        elif self._late:
            self._late.cancel()
            self._late = None

    def connection_lost(self, error: Exception | None) -> None:
        if self._late:
            self._late.cancel()
        super().connection_lost(error)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD, self.transport.abort)
