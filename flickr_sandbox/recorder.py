"""Record requests and answers in the log of a sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flickr_sandbox.messages import RequestData
from flickr_sandbox.request_log import (
    NOTES,
    REFUSED,
    Notes,
    RecordedRequest,
    RequestLog,
    mask_arguments,
    mask_headers,
)
from flickr_sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Recorder:
    """Adds requests to a log; `store` has the names of the people who signed them."""

    store: Store
    log: RequestLog

    @contextmanager
    def take_notes(self) -> Iterator[Notes]:
        """Collect the notes that the handler of the current request makes."""
        notes = Notes()
        token = NOTES.set(notes)
        try:
            yield notes
        finally:
            NOTES.reset(token)

    def record(
        self,
        method: str,
        data: RequestData,
        headers: Mapping[str, str],
        notes: Notes,
        status: int | None,
        fault: str,
    ) -> None:
        """Add a request and the `status` of its answer, None if it was dropped."""
        caller, arguments = notes.caller, notes.arguments or data.parameters
        request = RecordedRequest(
            method=method,
            verb=data.verb,
            url=data.url,
            arguments=mask_arguments(arguments),
            headers=mask_headers(headers),
            signed=caller.signed,
            user_id=caller.nsid,
            username=self._username(caller.nsid),
            status=status,
            stat=notes.stat,
            code=notes.code,
            fault=fault,
        )
        self.log.add(request)

    def _username(self, nsid: str | None) -> str | None:
        if nsid is None:
            return None
        name = self.store.value("SELECT username FROM people WHERE nsid = :nsid", nsid=nsid)
        return None if name is None else str(name)


def record_refusal(log: RequestLog, verb: str, host: str) -> None:
    """Add a request for a host that a proxy refuses."""
    log.add(RecordedRequest(REFUSED, verb, host, status=403))
