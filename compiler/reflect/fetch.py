"""Fetch Flickr's reflection, and save each answer as a file in node-flickrapi's layout."""

from __future__ import annotations

import asyncio
import email.utils
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from compiler.errors import CompilerError
from compiler.files import make_folder
from compiler.reflect.model import FIRST_SHARED_CODE, METHOD_NAME
from compiler.reflect.parse import LISTING
from pyflickr_web.options import read_env_file
from pyflickr_web.transports.bodies import read_body
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.files import read_regular, require_replaceable

API_KEY = "FLICKR_API_KEY"
Sleep = Callable[[float], Awaitable[object]]
Tick = Callable[[int], None]
TIME_LIMIT = aiohttp.ClientTimeout(total=30)
MAX_PAUSE = 300.0
# Unpacked. Flickr's longest answer is the list of its methods, with 10,000 bytes.
MAX_ANSWER_BYTES = 4_000_000
# A shorter key, for example a sandbox's, may also be a word in a text.
MIN_KEY_LENGTH = 16
TEMPORARY_CODES = frozenset({"0", "105", "201"})
DOCUMENTATION = "https://www.flickr.com/services/api/"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Options of a fetch: the API key, and the folder `out` in which answers are saved.

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
    """Numbers of methods: in total, fetched now, and saved by an earlier run."""

    total: int
    fetched: int
    cached: int


class _TemporaryFailure(Exception):
    """A failure that may pass; `pause` is the wait in seconds that the server requests."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        super().__init__(what)
        self.pause = pause


class _ErrorAnswer(CompilerError):
    """An error in Flickr's answer that a retry would not fix."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"{what}: Flickr answered with error {code}: see {DOCUMENTATION}")
        self.code = int(code)


def find_api_key(environment: Mapping[str, str], env_file: Path) -> str:
    """Return the API key in the environment, else the one in `.env`; empty if neither has one.

    Raises `CompilerError` for an unreadable `.env`.
    """
    if API_KEY in environment:
        return environment[API_KEY]
    try:
        return read_env_file(env_file).get(API_KEY, "")
    except OptionError as error:
        raise CompilerError(str(error)) from None


def fetch(options: FetchOptions, sleep: Sleep = asyncio.sleep) -> FetchReport:
    """Fetch `flickr.reflection.getMethods` and a `getMethodInfo` for each method that is missing.

    A method whose file contains an answer about it is not fetched again; the list always is. `sleep`
    waits for a number of seconds before a retry.

    Raises `CompilerError` if Flickr is unreachable or answers with an error, if a file is not writable,
    if the options are out of range, or if the user interrupts; earlier answers are saved, and the same
    command continues from there. If only entries of the list are wrong (Flickr answers with an error
    about the method, or lists it twice), all other methods are fetched before the error is raised.
    """
    if options.parallel < 1 or options.retries < 0:
        raise CompilerError(
            f"invalid options parallel={options.parallel}, retries={options.retries}: parallel must "
            "be 1 or more, and retries 0 or more"
        )
    fetcher = _Fetcher(options, sleep)
    try:
        return asyncio.run(fetcher.run())
    except KeyboardInterrupt:
        raise CompilerError(
            f"interrupted: {fetcher.describe_progress()}; run the same command to continue"
        ) from None


class _Fetcher:
    def __init__(self, options: FetchOptions, sleep: Sleep) -> None:
        self.options = options
        self.sleep = sleep
        self.saved = 0
        self.total: int | None = None
        self.faults: list[str] = []

    def describe_progress(self) -> str:
        if self.total is None:
            return f"the list of methods was not fetched; {self.options.out} is unchanged"
        return f"{self.saved} of {self.total} methods are saved in {self.options.out}"

    async def run(self) -> FetchReport:
        async with aiohttp.ClientSession(timeout=TIME_LIMIT) as self.session:
            listing = await self._request_with_retries("flickr.reflection.getMethods")
            listed = Counter(_parse_listing(listing))
            names = list(listed)
            self._save(LISTING, listing)
            missing = [name for name in names if not self._is_saved(name)]
            self.total, self.saved = len(names), len(names) - len(missing)
            with _show_progress(self.total, self.options.progress) as tick:
                tick(self.saved)
                await self._fetch_methods(missing, tick)
        twice = [name for name, times in listed.items() if times > 1]
        self.faults += [f"{name} is listed twice: remove one" for name in twice]
        self._raise_faults()
        return FetchReport(len(names), len(missing), len(names) - len(missing))

    async def _fetch_methods(self, names: list[str], tick: Tick) -> None:
        queue = iter(names)

        async def work() -> None:
            for name in queue:
                try:
                    answer = await self._request_with_retries(
                        "flickr.reflection.getMethodInfo", method_name=name
                    )
                except _ErrorAnswer as error:
                    # Such a code is not about the method: all others would fail too.
                    if error.code >= FIRST_SHARED_CODE:
                        raise
                    fault = f"{name}: Flickr answered with error {error.code}: remove it"
                    self.faults.append(fault)
                    continue
                self._save(f"methods/{name}.json", answer)
                self.saved += 1
                tick(1)

        tasks = [asyncio.create_task(work()) for _ in range(self.options.parallel)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _raise_faults(self) -> None:
        """Raise an error that names the wrong entries of the list, if any."""
        if self.faults:
            lines = "".join(f"\n  {fault}" for fault in sorted(self.faults))
            raise CompilerError(
                f"{self.describe_progress()}; to build them, correct {LISTING} there:{lines}"
            )

    def _is_saved(self, name: str) -> bool:
        try:
            answer = json.loads(read_regular(self.options.out / "methods" / f"{name}.json"))
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(answer, dict) and answer.get("stat") == "ok" and _is_about(answer, name)

    def _save(self, name: str, body: bytes) -> None:
        try:
            _write_file(self.options.out / name, body)
        except OSError as error:
            raise CompilerError(f"cannot write {name}: {error.strerror}") from None

    async def _request_with_retries(self, method: str, **arguments: str) -> bytes:
        """Return the body of an ok answer, with retries after temporary failures."""
        what = arguments.get("method_name", method)
        for attempt in range(self.options.retries + 1):
            try:
                return await self._request(method, what, arguments)
            except _TemporaryFailure as failure:
                pause = failure.pause
                if pause is None:
                    pause = 2**attempt * random.uniform(0.5, 1)
                if attempt == self.options.retries or pause > MAX_PAUSE:
                    raise CompilerError(
                        f"{what}: {failure} after {attempt + 1} attempt{'s'[: attempt > 0]}; run the "
                        "same command later to continue"
                    ) from None
                await self.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _request(self, method: str, what: str, arguments: dict[str, str]) -> bytes:
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
                body = await read_body(response.content, MAX_ANSWER_BYTES)
                status, retry_after = response.status, response.headers.get("Retry-After")
        except aiohttp.InvalidURL:
            raise CompilerError(
                f"invalid --base-url {self.options.base_url!r}: use e.g. https://api.flickr.com"
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise _TemporaryFailure("no answer") from None
        if status == 429 or status >= 500:
            raise _TemporaryFailure(f"HTTP {status}", _parse_retry_after(retry_after))
        if body is None:
            raise CompilerError(f"{what}: the answer is longer than {MAX_ANSWER_BYTES} bytes")
        answer = _parse_answer(body, what, status)
        key = self.options.api_key.encode()
        if len(key) >= MIN_KEY_LENGTH and key in body:
            raise CompilerError(f"{what}: the answer contains the API key, so it is not saved")
        if "method_name" in arguments and not _is_about(answer, what):
            raise _TemporaryFailure("an answer about another method")
        return body


def _parse_answer(body: bytes, what: str, status: int) -> dict[str, Any]:
    """Return an ok answer; raise an error for any other."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _TemporaryFailure(f"HTTP {status} without JSON") from None
    if isinstance(answer, dict) and answer.get("stat") == "ok":
        return answer
    code = str(answer.get("code")) if isinstance(answer, dict) else ""
    if not re.fullmatch("[0-9]{1,5}", code) or answer.get("stat") != "fail":
        raise _TemporaryFailure("an answer in another format than Flickr's")
    if code in TEMPORARY_CODES:
        raise _TemporaryFailure(f"Flickr's error {code}")
    if code == "100":
        raise CompilerError(
            f"Flickr rejects the API key (error {code}): check --api-key or {API_KEY}"
        )
    raise _ErrorAnswer(what, code)


def _parse_listing(listing: bytes) -> list[str]:
    try:
        entries: list[Any] = json.loads(listing)["methods"]["method"]
        names = [str(entry["_content"]) for entry in entries]
    except (KeyError, TypeError):
        raise CompilerError("the list of methods is not in Flickr's format") from None
    if not names:
        raise CompilerError("the list of methods is empty: run the command again later")
    for name in names:
        if not METHOD_NAME.fullmatch(name):
            raise CompilerError(f"invalid method name {name!r} in the list of methods")
    return names


def _parse_retry_after(value: str | None) -> float | None:
    """Return the seconds in a Retry-After header: a number, or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _is_about(answer: dict[str, Any], name: str) -> bool:
    method = answer.get("method")
    return isinstance(method, dict) and method.get("name") == name


def _write_file(file: Path, body: bytes) -> None:
    make_folder(file.parent)
    require_replaceable(file)
    temporary = file.with_name(f".fetch-{os.getpid()}-{file.name}")
    try:
        temporary.write_bytes(body)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _show_progress(total: int, is_visible: bool) -> Iterator[Tick]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("methods"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not is_visible) as progress:
        task = progress.add_task("methods", total=total)
        yield lambda count: progress.advance(task, count)
