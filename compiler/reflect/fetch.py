"""Ask Flickr for its reflection, and keep each answer as a file in node-flickrapi's layout."""

from __future__ import annotations

import asyncio
import email.utils
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from compiler.files import make_folder
from compiler.reflect.model import FIRST_SHARED_CODE, METHOD_NAME
from compiler.reflect.parse import LISTING
from compiler.reflect.problems import CompilerError
from pyflickr_web.files import read_regular, require_replaceable
from pyflickr_web.transports.bodies import read_body

Sleep = Callable[[float], Awaitable[object]]
Tick = Callable[[int], None]
TIME_LIMIT = aiohttp.ClientTimeout(total=30)
LONGEST_PAUSE = 300.0
# Bytes, unpacked. Flickr's longest is the list of its methods, of 10,000.
LONGEST_ANSWER = 4_000_000
# A shorter key, as a local stand-in may have, can be a word of the texts as well.
SHORTEST_KEY = 16
TEMPORARY_CODES = frozenset({"0", "105", "201"})
DOCUMENTATION = "https://www.flickr.com/services/api/"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Options of a fetch: the API key, and the folder `out` to keep the answers in.

    At most `parallel` (1 or more) requests run at once, each for 30 seconds at most. After a temporary
    failure a request is retried, up to `retries` (0 or more) times. `progress` is shown on stderr.
    """

    api_key: str = field(repr=False)
    out: Path
    base_url: str = "https://api.flickr.com"
    progress: bool = True
    parallel: int = 8
    retries: int = 4


@dataclass(frozen=True, slots=True)
class FetchReport:
    """Counts of methods: in total, asked for now, and kept from an earlier run."""

    total: int
    asked: int
    cached: int


class _TemporaryFailure(Exception):
    """A temporary failure; `pause` is the wait that the server asks for, in seconds."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        super().__init__(what)
        self.pause = pause


class _Refused(CompilerError):
    """An answer of Flickr that refuses, with an error code."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"{what}: Flickr refuses with code {code}: look it up at {DOCUMENTATION}")
        self.code = int(code)


def fetch(options: FetchOptions, sleep: Sleep = asyncio.sleep) -> FetchReport:
    """Fetch `flickr.reflection.getMethods` and a `getMethodInfo` for each method that is missing.

    A method whose file holds an answer about it is not asked for again; the list always is.
    `sleep` waits for a number of seconds before a request is tried again.

    Raises `CompilerError` if Flickr refuses or is unreachable, if a file is not writable, if the options
    are out of range, or if the user interrupts; answers until then are kept, and the same command
    continues from there. If only the list is at fault, with a method that Flickr refuses or one that
    is listed twice, all others are fetched before the error is raised.
    """
    if options.parallel < 1 or options.retries < 0:
        raise CompilerError("parallel has to be 1 or more, and retries 0 or more")
    fetcher = _Fetcher(options, sleep)
    try:
        return asyncio.run(fetcher.run())
    except KeyboardInterrupt:
        raise CompilerError(
            f"interrupted; {fetcher.standing()} kept in {options.out}, "
            "and the same command goes on from there"
        ) from None


class _Fetcher:
    def __init__(self, options: FetchOptions, sleep: Sleep) -> None:
        self.options = options
        self.sleep = sleep
        self.kept = 0
        self.total: int | None = None
        self.faults: list[str] = []

    def standing(self) -> str:
        """Return the progress of the run, as the subject of "kept in ..."."""
        if self.total is None:
            return "the list of methods has not come yet, what was there before is"
        return f"{self.kept} of {self.total} methods are"

    async def run(self) -> FetchReport:
        async with aiohttp.ClientSession(timeout=TIME_LIMIT) as self.session:
            listing = await self._ask("flickr.reflection.getMethods")
            listed = Counter(_names(listing))
            names = list(listed)
            self._keep(LISTING, listing)
            missing = [name for name in names if not self._is_kept(name)]
            self.total, self.kept = len(names), len(names) - len(missing)
            with _progress(self.total, self.options.progress) as tick:
                tick(self.kept)
                await self._bring(missing, tick)
        twice = [name for name, times in listed.items() if times > 1]
        self.faults += [f"{name}: it is listed twice, so take one out" for name in twice]
        self._raise_faults()
        return FetchReport(len(names), len(missing), len(names) - len(missing))

    async def _bring(self, names: list[str], tick: Tick) -> None:
        waiting = iter(names)

        async def work() -> None:
            for name in waiting:
                try:
                    answer = await self._ask("flickr.reflection.getMethodInfo", method_name=name)
                except _Refused as refused:
                    # The others would be refused for such a code as well.
                    if refused.code >= FIRST_SHARED_CODE:
                        raise
                    fault = f"{name}: Flickr refuses it with code {refused.code}, so take it out"
                    self.faults.append(fault)
                    continue
                self._keep(f"methods/{name}.json", answer)
                self.kept += 1
                tick(1)

        tasks = [asyncio.create_task(work()) for _ in range(self.options.parallel)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _raise_faults(self) -> None:
        """Raise an error with the faults of the list, if there are any."""
        if self.faults:
            lines = "".join(f"\n  {fault}" for fault in sorted(self.faults))
            raise CompilerError(
                f"{self.standing()} kept in {self.options.out}; mend {LISTING} there, and they can "
                f"be built:{lines}"
            )

    def _is_kept(self, name: str) -> bool:
        try:
            answer = json.loads(read_regular(self.options.out / "methods" / f"{name}.json"))
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(answer, dict) and answer.get("stat") == "ok" and _describes(answer, name)

    def _keep(self, name: str, body: bytes) -> None:
        try:
            _write(self.options.out / name, body)
        except OSError as error:
            raise CompilerError(f"cannot write {name}: {error.strerror}") from None

    async def _ask(self, method: str, **arguments: str) -> bytes:
        """Return the body of an ok answer, with retries after temporary failures."""
        what = arguments.get("method_name", method)
        for attempt in range(self.options.retries + 1):
            try:
                return await self._ask_once(method, what, arguments)
            except _TemporaryFailure as failure:
                pause = failure.pause
                if pause is None:
                    pause = 2**attempt * random.uniform(0.5, 1)
                if attempt == self.options.retries or pause > LONGEST_PAUSE:
                    raise CompilerError(
                        f"{what}: {failure}, {attempt + 1} times; run the command again later, "
                        "what has come is kept"
                    ) from None
                await self.sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    async def _ask_once(self, method: str, what: str, arguments: dict[str, str]) -> bytes:
        query = {
            "method": method,
            "api_key": self.options.api_key,
            "format": "json",
            "nojsoncallback": "1",
            **arguments,
        }
        address = self.options.base_url.rstrip("/") + "/services/rest/"
        try:
            async with self.session.get(address, params=query) as response:
                body = await read_body(response.content, LONGEST_ANSWER)
                status, retry_after = response.status, response.headers.get("Retry-After")
        except aiohttp.InvalidURL:
            raise CompilerError("--base-url is no address: give one as https://host") from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise _TemporaryFailure("no answer") from None
        if status == 429 or status >= 500:
            raise _TemporaryFailure(f"HTTP {status}", _retry_after(retry_after))
        if body is None:
            raise CompilerError(f"{what}: the answer is longer than {LONGEST_ANSWER} bytes")
        answer = _judge(body, what, status)
        key = self.options.api_key.encode()
        if len(key) >= SHORTEST_KEY and key in body:
            raise CompilerError(f"{what}: the answer holds the API key, so it is not kept")
        if "method_name" in arguments and not _describes(answer, what):
            raise _TemporaryFailure("an answer about another method")
        return body


def _judge(body: bytes, what: str, status: int) -> dict[str, Any]:
    """Return an ok answer; raise the failure in any other."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _TemporaryFailure(f"HTTP {status} and no JSON") from None
    if isinstance(answer, dict) and answer.get("stat") == "ok":
        return answer
    code = str(answer.get("code")) if isinstance(answer, dict) else ""
    if not re.fullmatch("[0-9]{1,5}", code) or answer.get("stat") != "fail":
        raise _TemporaryFailure("an answer that is none of Flickr's")
    if code in TEMPORARY_CODES:
        raise _TemporaryFailure(f"Flickr's error {code}")
    if code == "100":
        raise CompilerError(
            "Flickr does not know this API key: look at --api-key, or at FLICKR_API_KEY"
        )
    raise _Refused(what, code)


def _names(listing: bytes) -> list[str]:
    try:
        entries: list[Any] = json.loads(listing)["methods"]["method"]
        names = [str(entry["_content"]) for entry in entries]
    except (KeyError, TypeError):
        raise CompilerError("the list of methods has not the shape that Flickr's has") from None
    if not names:
        raise CompilerError("the list of methods is empty; run the command again later")
    for name in names:
        if not METHOD_NAME.fullmatch(name):
            raise CompilerError(f"the list of methods holds {name!r}, which is no method name")
    return names


def _retry_after(value: str | None) -> float | None:
    """Return the seconds in a Retry-After header: a number, or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _describes(answer: dict[str, Any], name: str) -> bool:
    method = answer.get("method")
    return isinstance(method, dict) and method.get("name") == name


def _write(file: Path, body: bytes) -> None:
    make_folder(file.parent)
    require_replaceable(file)
    temporary = file.with_name(f".fetch-{os.getpid()}-{file.name}")
    try:
        temporary.write_bytes(body)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _progress(total: int, shown: bool) -> Iterator[Tick]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("methods"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task("methods", total=total)
        yield lambda count: progress.advance(task, count)
