"""A listing behaves as a native asynchronous generator does, in every interpreter."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from compiler.__main__ import OUT
from pyflickr_web import AsyncFlickr, FlickrError
from pyflickr_web.core.flow import Request, Response
from pyflickr_web.core.flow import run as run_flow
from pyflickr_web.core.paging import AsyncListing
from pyflickr_web.transports.tasks import TaskDriver
from pyflickr_web.transports.threads import ThreadDriver
from tests.conformance import steps
from tests.support.loops import run
from tests.support.timeouts import TIMEOUT
from tests.support.vectors import HERE

Outcomes = dict[str, list[str]]
END = "StopAsyncIteration"
EXPECTED: Outcomes = {
    "at once": ["a", "RuntimeError", "RuntimeError", "RuntimeError", "b", "c", END, END],
    "cancelled": ["a", "CancelledError", END, END],
    "failed": ["a", "FlickrError", END, END],
    "closed": ["a", "closed", END, END, "closed"],
    "closed before a step": ["closed", END],
    "closed within a step": ["a", "RuntimeError", "RuntimeError", "CancelledError", END],
}


def _outcomes(make: Any) -> Outcomes:
    found: Outcomes = run(steps.outcomes(make))  # type: ignore[no-untyped-call]
    return found


async def _native(pages: list[str]) -> AsyncIterator[dict[str, str]]:
    for page in pages:
        await asyncio.sleep(0)
        if page == "hang":
            await asyncio.Event().wait()
        if page == "error":
            raise FlickrError(page)
        for name in page:
            yield {"id": name}


def _of_a_server(pages: list[str]) -> Any:
    async def send(request: Request) -> Response | None:
        await asyncio.sleep(0)
        page = int((request.fields or {}).get("page", 1))
        ids = pages[page - 1]
        if ids == "hang":
            await asyncio.Event().wait()
        photos = {"page": page, "pages": len(pages), "photo": [{"id": name} for name in ids]}
        text = json.dumps({"stat": "ok", "photos": photos})
        return Response(500 if ids == "error" else 200, text, None)

    class Scripted(AsyncFlickr):
        async def _driver(self) -> TaskDriver:
            return TaskDriver(send)

    return Scripted(api_key="0123key").photos.search.all(text="x")


def test_native_generator_behaves_as_expected() -> None:
    assert _outcomes(_native) == EXPECTED


def test_listing_of_a_server_behaves_as_a_native_generator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # On a server the error has a name of its own.
    monkeypatch.setattr("pyflickr_web.server_client.specialize", lambda error, _secrets: error)
    assert _outcomes(_of_a_server) == EXPECTED


@pytest.mark.parametrize(
    ("interpreter", "module"),
    [
        ("micropython", "pyflickr_web.py"),
        ("micropython", "pyflickr_web.dev.py"),
        ("pyodide", "pyflickr_web.py"),
        pytest.param("pyodide", "pyflickr_web.dev.py", marks=pytest.mark.soak),
    ],
)
def test_listing_of_a_page_behaves_as_a_native_generator(interpreter: str, module: str) -> None:
    assert _in_node(interpreter, OUT / module) == EXPECTED


@pytest.mark.parametrize("bundle", ["flickrapi.mjs", "flickrapi.dev.mjs"])
def test_listing_of_javascript_queues_its_steps(bundle: str) -> None:
    assert _in_node("node", OUT / bundle) == {
        "at once": ["a", "b", "c", "done", "done"],
        "failed": ["a", "FlickrError", "done", "done"],
        "returned": ["a", "done", "done"],
        "returned before a step": ["done", "done"],
    }


def _in_node(interpreter: str, module: Path) -> Outcomes:
    command: list[str | Path] = ["node", HERE / "steps.mjs", interpreter, module]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    found: Outcomes = json.loads(done.stdout)
    return found


class Interrupted(BaseException):
    pass


def _flow() -> Generator[Any, Any, None]:
    yield Request("https://flickr.test/")
    yield ["a", "b"]
    yield Request("https://flickr.test/")


async def _fail(effect: Any) -> None:
    raise Interrupted


def test_flow_of_a_listing_is_closed_with_it() -> None:
    async def closed() -> None:
        async def send(effect: Any) -> None: ...

        flow = _flow()
        async with aclosing(AsyncListing(flow, lambda flow: run_flow(flow, send))) as listing:
            assert await anext(listing) == "a"
            assert inspect.getgeneratorstate(flow) == inspect.GEN_SUSPENDED
        assert inspect.getgeneratorstate(flow) == inspect.GEN_CLOSED

    async def fail() -> None:
        flow = _flow()
        with pytest.raises(Interrupted):
            await anext(AsyncListing(flow, lambda flow: run_flow(flow, _fail)))
        assert inspect.getgeneratorstate(flow) == inspect.GEN_CLOSED

    run(closed())
    run(fail())


def test_flow_of_a_threads_listing_is_closed_with_it() -> None:
    flow = _flow()
    listing = ThreadDriver(lambda request: None).iterate(flow)
    assert next(listing) == "a"
    listing.close()
    assert inspect.getgeneratorstate(flow) == inspect.GEN_CLOSED
    assert list(listing) == []


def test_listing_of_threads_ends_with_an_error() -> None:
    def send(request: Request) -> Response | None:
        raise Interrupted

    flow = _flow()
    listing = ThreadDriver(send).iterate(flow)
    with pytest.raises(Interrupted):
        next(listing)
    assert inspect.getgeneratorstate(flow) == inspect.GEN_CLOSED
    assert list(listing) == []
