"""Every address that an answer names is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from flickr_sandbox.reflection import methods
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi
from tests.support.sandbox_client import TIMEOUT, Client

# The value of an address or a path, without spaces.
_ADDRESS = re.compile(r"(https?:/)?/\S+")
# Answers may name addresses of other sites.
_ELSEWHERE = re.compile(
    r"https?://(creativecommons\.org|www\.usa\.gov|[\w.]*flickr(help)?\.com|[\w.-]*example\.org)/"
)
# getSizes names the addresses of all sizes; to draw the large ones takes long.
EXTRAS = "description,icon_urls,owner_name,url_sq,url_m,geo,tags,media,path_alias"
# They end what other calls need.
_SKIPPED = ("delete", "remove", "leave", "unsubscribe")


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
    """The library of `shared_sandbox`, to choose arguments from."""
    api = LocalApi(photos=600)
    yield api
    api.close()


def _calls(samples: LocalApi) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield calls of all methods that read, with and without optional arguments, and of videos."""
    video = samples.store.one("SELECT * FROM photos WHERE media = 'video' AND owner = :me", me=ME)
    in_set = samples.store.one("SELECT * FROM photoset_photos JOIN photosets ON id = photoset")
    pooled = samples.store.one("SELECT * FROM pool_photos")
    assert video and in_set and pooled
    for name, method in methods().items():
        if name.rpartition(".")[2].startswith(_SKIPPED) or method.perms > 1:
            continue
        arguments = sample_arguments.arguments(samples, method)
        yield name, arguments
        yield name, arguments | {"extras": EXTRAS, "user_id": "me", "per_page": "3"}
        if "photo_id" in arguments:
            for photo in (video["id"], in_set["photo"], pooled["photo"]):
                yield name, arguments | {"photo_id": str(photo)}


def test_every_address_in_answers_is_served(samples: LocalApi, reader: Client) -> None:
    named: dict[str, str] = {}
    for name, arguments in _calls(samples):
        answer = reader.call_signed(name.removeprefix("flickr."), **arguments)
        if answer["stat"] == "ok" and name != "flickr.test.echo":
            named |= dict.fromkeys(_addresses(answer), name)
    assert len(named) > 150
    for part in ("/sizes/", "/play/", "/galleries/", "/groups/", "/people/", "_5k.jpg",
                 "collection_default", "/pool/", "/in/photostream/"):  # fmt: skip
        assert any(part in address for address in named), part
    for address, name in named.items():
        absolute = reader.sandbox.url + address if address.startswith("/") else address
        assert absolute.startswith(reader.sandbox.url + "/"), (name, address)
        # HEAD makes the file, as GET does.
        response = requests.head(absolute, timeout=TIMEOUT, allow_redirects=True)
        assert response.status_code == 200, (name, address)
