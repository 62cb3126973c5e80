"""A server that sends raw bytes, and counts connections."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader

from tests.support.sockets import accepting

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True, slots=True)
class Bytes:
    """An answer, sent once `may_go` is set; `close` then closes the connection."""

    content: bytes
    close: bool = False
    may_go: threading.Event = field(default_factory=threading.Event)


def at_once(content: bytes, close: bool = False) -> Bytes:
    """Return an answer that is sent immediately."""
    answer = Bytes(content, close)
    answer.may_go.set()
    return answer


@dataclass(slots=True)
class Raw:
    """A server's answers, its address, and its requests with their connections' numbers.

    `reached` is set with the first request.
    """

    answers: list[Bytes]
    asked: list[tuple[int, bytes]] = field(default_factory=list)
    url: str = ""
    reached: threading.Event = field(default_factory=threading.Event)

    def talk(self, connection: socket.socket, number: int) -> None:
        """Answer the requests of one connection."""
        # Ignore clients that disconnect.
        with suppress(OSError), connection, connection.makefile("rb") as incoming:
            while request := _read(incoming):
                answer = self.answers[len(self.asked)]
                self.asked.append((number, request))
                self.reached.set()
                answer.may_go.wait()
                connection.sendall(answer.content)
                if answer.close:
                    return


def _read(incoming: BufferedReader) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = incoming.readline()
        if not line:
            return b""
        head += line
    length = _LENGTH.search(head)
    return head + incoming.read(int(length[1]) if length else 0)


@contextmanager
def serve_raw(*answers: Bytes) -> Iterator[Raw]:
    """Run a server that sends one of `answers` for each request; at the end it releases all."""
    raw = Raw(list(answers))
    with accepting(raw.talk) as raw.url:
        try:
            yield raw
        finally:
            for answer in answers:
                answer.may_go.set()
