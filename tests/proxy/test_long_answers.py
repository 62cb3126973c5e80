"""Long answers of Flickr are read completely, a few at a time."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from aiohttp import StreamReader

from pyflickr_web.transports.bodies import LONG, MAX_LONG, BodyReader
from tests.support.loops import run

PIECE = LONG // 2


class Bodies:
    """Counts the bodies that are read beyond `LONG` at the same time."""

    def __init__(self) -> None:
        self.reading: set[Body] = set()
        self.most = 0


class Body:
    """A body of some pieces, instead of aiohttp's reader."""

    def __init__(self, bodies: Bodies, pieces: int) -> None:
        self._bodies = bodies
        self._pieces = [bytes([number]) * PIECE for number in range(pieces)]
        self.whole = b"".join(self._pieces)
        self._read = 0

    async def readany(self) -> bytes:
        self._read += PIECE
        if self._read > LONG + PIECE:
            self._bodies.reading.add(self)
            self._bodies.most = max(self._bodies.most, len(self._bodies.reading))
        await asyncio.sleep(0)
        if not self._pieces:
            self._bodies.reading.discard(self)
            return b""
        return self._pieces.pop(0)

    async def read(self) -> bytes:
        return self.whole


@pytest.mark.parametrize("has_length", [True, False])
def test_long_answers_are_read_a_few_at_a_time(has_length: bool) -> None:
    bodies = Bodies()
    answers = [Body(bodies, pieces=6) for _ in range(3 * MAX_LONG)]
    headers = {"Content-Length": str(6 * PIECE)} if has_length else {}

    async def read_all() -> list[bytes | None]:
        reader = BodyReader()
        return await asyncio.gather(
            *(reader.read(headers, cast(StreamReader, each), 6 * PIECE) for each in answers)
        )

    assert run(read_all()) == [each.whole for each in answers]
    assert bodies.most == MAX_LONG


@pytest.mark.parametrize("pieces", [1, 2, 3, 6])
def test_answer_is_read_to_its_longest_and_no_further(pieces: int) -> None:
    def read(longest: int) -> Any:
        body = Body(Bodies(), pieces)
        return run(BodyReader().read({}, cast(StreamReader, body), longest))

    assert read(pieces * PIECE) == Body(Bodies(), pieces).whole
    assert read(pieces * PIECE - 1) is None
