"""The mapping of Flickr's host names."""

from __future__ import annotations

import pytest

from flickr_sandbox.intercept.guard import Guard
from flickr_sandbox.intercept.hosts import Authority, Kind, parse_authority


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        *[(f"{name}.flickr.com", Kind.API) for name in ("api", "up", "www", "secure")],
        ("flickr.com", Kind.API),
        ("flic.kr", Kind.API),
        ("live.staticflickr.com", Kind.FILES),
        ("farm66.staticflickr.com", Kind.FILES),
        ("farm1.static.flickr.com", Kind.FILES),
        ("static.flickr.com", Kind.FILES),
        ("c2.staticflickr.com", Kind.FILES),
        ("www.flickr.com.example.com", None),
        ("notflickr.com", None),
        ("status.flickr.com", None),
        ("farm.static.flickr.com", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_kind_of_a_host(host: str, kind: Kind | None) -> None:
    assert Authority(host, 443).kind is kind
    assert Authority(host, 80).kind is kind
    assert Authority(host, 8080).kind is None


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("API.flickr.com:443", Authority("api.flickr.com", 443)),
        ("api.flickr.com.", Authority("api.flickr.com", 80)),
        ("[::1]:8100", Authority("::1", 8100)),
        ("[::1]", Authority("::1", 80)),
        ("a:b", Authority("a", 0)),
        ("a:٣", Authority("a", 0)),
        ("a:999999", Authority("a", 0)),
        ("", Authority("", 80)),
    ],
)
def test_parsing_of_an_authority(text: str, authority: Authority) -> None:
    assert parse_authority(text) == authority


def test_refusal_is_reported_and_one_line_of_ascii() -> None:
    refused: list[tuple[str, str]] = []
    guard = Guard(frozenset(), lambda verb, host: refused.append((verb, host)))
    shown = "a??b???" + "x" * 246
    text = guard.refuse("CONNECT", "a\r\nb é<" + "x" * 999)
    assert text == f"the sandbox refused {shown}: it only plays the hosts of Flickr"
    assert refused == [("CONNECT", shown)]
