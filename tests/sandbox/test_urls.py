"""`flickr.urls.*`: addresses of Flickr's and of the sandbox's pages."""

from __future__ import annotations

import pytest

from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.library import Library, failure_of
from tests.support.local_api import BASE

ME = nsid(0)
HOSTS = (
    "https://www.flickr.com",
    "http://flickr.com",
    "www.flickr.com",
    "flickr.com",
    "//m.flickr.com",
    BASE,
    BASE.removeprefix("http://"),
    "",
)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "path",
    [
        "/photos/sandbox",
        "/photos/sandbox/",
        "/people/Sandbox/",
        f"/photos/{ME}/53000000000/in/photostream/",
        f"/people/{ME.replace('@', '%40')}/?x=1",
        "/photos/sandbox?x=/people/adalens",
    ],
)
def test_user_of_an_address(library: Library, host: str, path: str) -> None:
    answer = library.call_public("urls.lookupUser", url=host + path)
    assert answer["user"] == {"id": ME, "username": {"_content": "sandbox"}}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", ["cats", group_nsid(1)])
@pytest.mark.parametrize("rest", ["", "/", "/pool/", "/discuss/1/"])
def test_group_of_an_address(library: Library, host: str, name: str, rest: str) -> None:
    answer = library.call_public("urls.lookupGroup", url=f"{host}/groups/{name}{rest}")
    assert answer["group"] == {"id": group_nsid(1), "groupname": {"_content": "Cats & Co"}}


@pytest.mark.parametrize("host", HOSTS)
def test_gallery_of_an_address(library: Library, host: str) -> None:
    gallery = library.call_signed("galleries.getList")["galleries"]["gallery"][0]
    url = f"{host}/photos/sandbox/galleries/{gallery['gallery_id']}/"
    found = library.call_public("urls.lookupGallery", url=url)["gallery"]
    assert {name: found[name] for name in gallery} | {"count_total": 0} == gallery
    url = f"{host}/photos/adalens/galleries/{gallery['gallery_id']}/"
    assert failure_of(library.call_public("urls.lookupGallery", url=url)) == (
        1,
        "Invalid gallery ID",
    )


@pytest.mark.parametrize(
    "url",
    [
        # As recorded.
        "https://www.flickr.com/photos/DefinitelyDoesNotExist",
        "https://www.flickr.com/photos/thisuserdoesnotexist/",
        "https://example.org/photos/sandbox/",
        "https://flickr.com.example.org/photos/sandbox/",
        "https://www.flickr.com/",
        "https://www.flickr.com/groups/cats/",
        f"https://www.flickr.com/photos/{DELETED}/",
        "http://[::1/photos/sandbox",
        "",
        "\0🦊",
    ],
)
def test_address_without_a_person_is_refused(library: Library, url: str) -> None:
    assert failure_of(library.call_public("urls.lookupUser", url=url)) == (1, "User not found")


def test_address_without_a_group_is_refused(library: Library) -> None:
    # As recorded.
    url = "https://www.flickr.com/groups/doesnotexist/pool/"
    assert failure_of(library.call_public("urls.lookupGroup", url=url)) == (1, "Group not found")


def test_lookup_inverts_addresses(library: Library) -> None:
    for person in range(10):
        for method in ("getUserPhotos", "getUserProfile"):
            address = library.call_public(f"urls.{method}", user_id=nsid(person))["user"]
            found = library.call_public("urls.lookupUser", url=address["url"])["user"]
            assert found["id"] == address["nsid"] == nsid(person)
    for number in range(8):
        address = library.call_public("urls.getGroup", group_id=group_nsid(number))["group"]
        assert (
            library.call_public("urls.lookupGroup", url=address["url"])["group"]["id"]
            == address["nsid"]
        )


def test_user_id_defaults_to_the_caller(library: Library) -> None:
    assert library.call_signed("urls.getUserPhotos")["user"] == {
        "nsid": ME,
        "url": f"{BASE}/photos/sandbox/",
    }
    assert library.call_signed("urls.getUserProfile")["user"]["url"] == f"{BASE}/people/sandbox/"
    assert failure_of(library.call_public("urls.getUserPhotos")) == (2, "No user specified")
    assert failure_of(library.call_public("urls.getUserPhotos", user_id="-1")) == (
        1,
        "User not found",
    )
    assert failure_of(library.call_public("urls.getGroup", group_id="-1")) == (1, "Group not found")
