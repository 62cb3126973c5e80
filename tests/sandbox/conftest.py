"""A sandbox for each test that changes it, one for all that only read."""

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
    """One that no test may change."""
    with Sandbox(photos=600, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def fresh_sandbox() -> Iterator[Sandbox]:
    """One that is the test's alone."""
    with Sandbox(photos=60, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def reader(shared_sandbox: Sandbox) -> Client:
    """Calls a sandbox that no test may change."""
    return Client(shared_sandbox)


@pytest.fixture
def flickr(fresh_sandbox: Sandbox) -> Client:
    """Calls a sandbox that is the test's alone."""
    return Client(fresh_sandbox)


@pytest.fixture
def api() -> Iterator[LocalApi]:
    """A library without a socket, the test's alone."""
    api = LocalApi()
    yield api
    api.close()


@pytest.fixture(scope="module")
def complete_api() -> Iterator[LocalApi]:
    """A library with a photo that has everything. Whoever writes to it restores it first."""
    api = LocalApi(photos=600)
    complete_sample_photo(api)
    api.save()
    yield api
    api.close()


@pytest.fixture(scope="session")
def library() -> Iterator[Library]:
    """One in the process that no test may change."""
    library = Library(photos=3000)
    yield library
    library.store.close()


@pytest.fixture
def own_library() -> Iterator[Library]:
    """One in the process that is the test's alone."""
    library = Library(photos=80)
    yield library
    library.store.close()


@pytest.fixture
def uploader(fresh_sandbox: Sandbox) -> Uploader:
    """Uploads to the sandbox of `flickr`."""
    return Uploader.of(fresh_sandbox)
