"""Every address that an answer names is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from flickr_sandbox.reflection import methods
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi
from tests.support.sandbox_client import Client
from tests.support.timeouts import TIMEOUT

# The value of an address or a path, without spaces.
_ADDRESS = re.compile(r"(https?:/)?/\S+")
# Answers may name addresses of other sites.
_ELSEWHERE = re.compile(
    r"https?://(creativecommons\.org|www\.usa\.gov|[\w.]*flickr(help)?\.com|[\w.-]*example\.org)/"
)
# getSizes names the addresses of all sizes; to draw the large ones takes long.
READ = 1
EXTRAS = "description,icon_urls,owner_name,url_sq,url_m,geo,tags,media,path_alias"


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from _addresses(part)
    elif isinstance(value, str) and _ADDRESS.fullmatch(value) and not _ELSEWHERE.match(value):
        yield value


@pytest.fixture(scope="module")
def samples() -> Iterator[LocalApi]:
    """The library of the test's sandbox, to choose arguments from."""
    api = LocalApi(photos=600)
    yield api
    api.close()


@pytest.fixture
def changeable() -> Iterator[Client]:
    """A client of a sandbox with the library of `samples`."""
    with Sandbox(photos=600) as sandbox:
        yield Client(sandbox)


def _calls(samples: LocalApi) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield calls of all methods, those that read first.

    They are with and without optional arguments, and of a video and of photos in sets and pools.
    """
    video = samples.store.one(
        "SELECT * FROM photos WHERE media = 'video' AND owner = :me AND video_state = 'ready'",
        me=ME,
    )
    in_set = samples.store.one("SELECT * FROM photoset_photos JOIN photosets ON id = photoset")
    pooled = samples.store.one("SELECT * FROM pool_photos")
    assert video and in_set and pooled
    for name, method in sorted(methods().items(), key=lambda pair: pair[1].perms):
        arguments = sample_arguments.arguments(samples, method)
        yield name, arguments
        yield name, arguments | {"extras": EXTRAS, "user_id": "me", "per_page": "3"}
        if "photo_id" in arguments and method.perms <= READ:
            for photo in (video["id"], in_set["photo"], pooled["photo"]):
                yield name, arguments | {"photo_id": str(photo)}


@pytest.mark.soak
def test_every_address_in_answers_is_served(samples: LocalApi, changeable: Client) -> None:
    url = changeable.sandbox.url
    named: dict[str, str] = {}
    for name, arguments in _calls(samples):
        answer = changeable.call_signed(name.removeprefix("flickr."), **arguments)
        found = _addresses(answer) if answer["stat"] == "ok" and name != "flickr.test.echo" else ()
        for address in found:
            if address in named:
                continue
            named[address] = name
            absolute = url + address if address.startswith("/") else address
            assert absolute.startswith(url + "/"), (name, address)
            # HEAD makes the file, as GET does.
            response = changeable.session.head(absolute, timeout=TIMEOUT, allow_redirects=True)
            assert response.status_code == 200, (name, address)
    assert len(named) > 150
    for part in ("/sizes/", "/play/", "/galleries/", "/groups/", "/people/", ".swf", "_5k.jpg",
                 "collection_default", "/pool/", "/in/photostream/"):  # fmt: skip
        assert any(part in address for address in named), part
    assert {"flickr.photosets.create", "flickr.galleries.create"} <= set(named.values())
