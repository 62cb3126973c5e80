"""The server's clients meet the conformance vectors, but for those that are a page's alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.server import record
from tests.support.vectors import judge, vectors


def _is_for_servers(vector: dict[str, Any]) -> bool:
    page = {"construct", "tokenOnly", "upload", "detached upload", "callback"}
    return vector.get("call", {}).get("as") not in page and vector["name"] not in PAGE_ALONE


PAGE_ALONE = {
    # A server's client may sign, and says in other words what it lacks.
    "token-only refuses a login",
    "token-only refuses signing without login",
    "dev warns of unknown options",
    # A server has errors of its own for a failed connection, and for an answer that is not Flickr's.
    "dev asks about a proxy that does not answer",
    "dev names the address without an answer",
    "dev names the address of an answer that is not Flickr's",
    "dev names the address without a query",
    "the error of the connection is the cause",
    # A server's client has its headers in request_options, and no credentials of fetch.
    "a call takes headers for the proxy",
    "headers are not sent to Flickr",
    "credentials are those of fetch",
    # `tests/server/test_with_options.py` has these, over a socket.
    "a timeout in seconds ends the call",
    "a timeout in seconds is for each retry",
    "dev says that a call ended by its timeout",
    "a timeout in milliseconds of Python's calls is refused",
    # Only a page has such an object.
    "a signal among the arguments of Python is refused",
}
VECTORS = [vector for vector in vectors("dev", "python") if _is_for_servers(vector)]


def test_vectors_are_there() -> None:
    assert len(VECTORS) > 60


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if "abort" not in vector],
    ids=lambda vector: str(vector["name"]),
)
def test_flickr_meets_the_vector(vector: dict[str, Any]) -> None:
    assert list(judge(vector, record(vector, awaited=False), "dev")) == []


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_async_flickr_meets_the_vector(vector: dict[str, Any]) -> None:
    assert list(judge(vector, record(vector, awaited=True), "dev")) == []
