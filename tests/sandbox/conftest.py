"""Fixtures: a shared sandbox for tests that read, a new one for tests that write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flickr_sandbox import Sandbox
from tests.sandbox.complete_photo import complete_sample_photo
from tests.sandbox.library import Library
from tests.support.local_api import LocalApi
from tests.support.sandbox_client import Client
from tests.support.uploader import Uploader


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    """A sandbox that all tests share; do not change it."""
    with Sandbox(photos=600, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def fresh_sandbox() -> Iterator[Sandbox]:
    """A new sandbox for each test."""
    with Sandbox(photos=60, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def reader(shared_sandbox: Sandbox) -> Client:
    """A client of the shared sandbox."""
    return Client(shared_sandbox)


@pytest.fixture
def flickr(fresh_sandbox: Sandbox) -> Client:
    """A client of the new sandbox."""
    return Client(fresh_sandbox)


@pytest.fixture
def api() -> Iterator[LocalApi]:
    """A new API without a socket for each test."""
    api = LocalApi()
    yield api
    api.close()


@pytest.fixture(scope="module")
def complete_api() -> Iterator[LocalApi]:
    """An API with a complete sample photo, shared by a module: call `restore` before each use."""
    api = LocalApi(photos=600)
    complete_sample_photo(api)
    api.save()
    yield api
    api.close()


@pytest.fixture(scope="session")
def library() -> Iterator[Library]:
    """A library without a socket that all tests share; do not change it."""
    library = Library(photos=3000)
    yield library
    library.close()


@pytest.fixture
def own_library() -> Iterator[Library]:
    """A new library without a socket for each test."""
    library = Library(photos=80)
    yield library
    library.close()


@pytest.fixture
def uploader(fresh_sandbox: Sandbox) -> Uploader:
    """An uploader to the sandbox of `flickr`."""
    return Uploader.of(fresh_sandbox)
