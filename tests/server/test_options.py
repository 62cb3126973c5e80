"""Test the sources of options, refusals of invalid ones, and the masking of secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.errors import FlickrError, OptionError
from pyflickr_web.options import read_options

SECRETS: dict[str, Any] = {
    "api_key": "key-of-the-test",
    "secret": "secret-of-the-test",
    "access_token": "token-of-the-test",
    "access_token_secret": "hidden-of-the-test",
}


def test_argument_comes_before_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("FLICKR_API_KEY=file\nFLICKR_SECRET=file\nexport FLICKR_USER_ID=file\n")
    monkeypatch.setenv("FLICKR_API_KEY", "environment")
    monkeypatch.setenv("FLICKR_SECRET", "environment")
    options = Flickr(api_key="argument").options
    assert [options[name] for name in ("api_key", "secret", "user_id")] == [
        "argument",
        "environment",
        "file",
    ]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("USER_ID", "12345678%40N00", "12345678@N00"),
        ("USER_ID", "12345678@N00", "12345678@N00"),
        ("API_KEY", "01234567890", "01234567890"),
        ("FORCE_AUTH", "true", True),
        ("FORCE_AUTH", "0", False),
        ("RETRY_QUERIES", "5", 5),
        ("RETRY_QUERIES", "yes", True),
        ("MAX_PER_HOUR", "3600", 3600),
        ("PERMISSIONS", "delete", "delete"),
    ],
)
def test_text_of_the_environment_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: Any
) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", "k")
    monkeypatch.setenv(f"FLICKR_{name}", text)
    assert Flickr().options[name.lower()] == value


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_key": "k", "api_secret": "x"}, "unknown option api_secret; did you mean secret?"),
        ({"api_key": "k", "retry_querys": 1}, "did you mean retry_queries?"),
        ({"api_key": "k", "permissions": "all"}, "read or write or delete"),
        ({"api_key": "k", "token_store": "disk"}, "file or env or keyring or none"),
        ({"api_key": "k", "max_per_hour": -5}, "max_per_hour .* must be a whole number"),
        ({"api_key": "k", "max_per_hour": 0.5}, "max_per_hour .* must be a whole number"),
        ({"api_key": "k", "base_url": "api.flickr.com"}, "begins with https:// or http://"),
        ({"api_key": "k", "retry_queries": "many"}, "a whole number, or 1 or 0"),
        ({"api_key": "k", "request_options": "x"}, "request_options .* must be a mapping"),
        ({"api_key": "k", "request_options": 7}, "must be a mapping, of cert, headers, proxies"),
        ({"api_key": "k", "request_options": {"headers": "x"}}, "in which headers is one too"),
        ({"api_key": "k", "request_options": {"headers": {"X": "a\nb"}}}, "header X is one line"),
        ({"api_key": "k", "request_options": {"headers": {"X": 5}}}, "header X is one line"),
        ({"api_key": "k", "request_options": {"headers": {"X": "\u2192"}}}, "header X is one line"),
        ({"api_key": "k", "request_options": {"headers": {"X:\n": "a"}}}, "headers have names of"),
        ({"api_key": "k", "request_options": {"verify": "none.pem"}}, "files that can be used"),
        ({"api_key": "k", "request_options": {"verify": __file__}}, "files that can be used"),
        ({"api_key": "k", "request_options": {"cert": "none.pem"}}, "files that can be used"),
        ({"api_key": "k", "request_options": {"cert": ("a", "b")}}, "files that can be used"),
        ({"api_key": "k", "request_options": {"verify": 5}}, "verify is a path or False"),
        ({"api_key": "k", "request_options": {"cert": ("a", 5)}}, "cert a path or a pair"),
        ({"api_key": "k", "request_options": {"proxies": {"http": 5}}}, "proxies are addresses"),
        ({"api_key": "k", "request_options": {"proxies": {"http": "http://[::1"}}}, "addresses"),
        ({"api_key": "k", "request_options": "[" * 100_000}, "must be a mapping"),
        ({"api_key": "k", "request_options": {"timeout": True}}, "timeout is seconds or a pair"),
        ({"api_key": "k", "request_options": {"timeout": "x"}}, "timeout is seconds or a pair"),
        ({"api_key": "k", "request_options": {"timeout": (1, 0)}}, "timeout is seconds or a pair"),
        ({"api_key": "k", "request_options": {"timeout": True}}, "timeout is seconds or a pair"),
        ({"api_key": "k", "request_options": {"timeout": 1e999}}, "timeout is seconds or a pair"),
        ({"api_key": "k", "process_credentials": "x"}, "process_credentials .* must be a function"),
        ({"api_key": "k", "base_url": "http://["}, "begins with https:// or http://"),
        ({"api_key": "k", "base_url": "http://a b"}, "begins with https:// or http://"),
        ({"api_key": "k", "base_url": f"http://{'a' * 64}.org"}, "begins with https:// or http://"),
        ({}, "api_key is missing"),
    ],
)
def test_option_that_cannot_be_is_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says.replace("?", r"\?")) as caught:
        Flickr(**options)
    assert isinstance(caught.value, FlickrError)


SECONDS = "timeouts are seconds here"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"timeout": 20000}, f"20000: {SECONDS}; did you mean 20?"),
        ({"timeout": 601}, f"601: {SECONDS}; did you mean 0.601?"),
        ({"timeout": 1500.0}, f"1500.0: {SECONDS}; did you mean 1.5?"),
        ({"timeout": (5, 20000)}, f"20000: {SECONDS}; did you mean 20?"),
        ('{"timeout": [3000, null]}', f"3000: {SECONDS}; did you mean 3?"),
        ({"timeout": 3_600_000}, f"3600000: {SECONDS}, at most 600"),
        ({"tiemout": 5}, "unknown setting tiemout; did you mean timeout?"),
        ({"auth": 1}, "unknown setting auth: use cert, headers, proxies, timeout, verify"),
        ({1: 2}, "unknown setting 1: use cert, headers, proxies, timeout, verify"),
    ],
)
@pytest.mark.parametrize("client", [Flickr, AsyncFlickr])
def test_request_option_in_milliseconds_or_unknown_is_refused(
    client: type[Flickr], settings: Any, says: str
) -> None:
    with pytest.raises(OptionError) as caught:
        client(api_key="k", request_options=settings)
    assert str(caught.value) == f"request_options (or FLICKR_REQUEST_OPTIONS): {says}"


def test_milliseconds_in_the_environment_or_env_file_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("FLICKR_REQUEST_OPTIONS='{\"timeout\": 20000}'\n")
    with pytest.raises(OptionError, match=r"20000: timeouts are seconds here; did you mean 20\?"):
        Flickr(api_key="k")
    monkeypatch.setenv("FLICKR_REQUEST_OPTIONS", '{"timeout": 30000}')
    with pytest.raises(OptionError, match=r"30000: timeouts are seconds here; did you mean 30\?"):
        Flickr(api_key="k")


@pytest.mark.parametrize("timeout", [600, 0.2, None, (5, 600), (None, 20)])
def test_timeout_of_up_to_ten_minutes_or_without_end_is_taken(timeout: Any) -> None:
    options = Flickr(api_key="k", request_options={"timeout": timeout}).options
    assert options["request_options"] == {"timeout": timeout}


@pytest.mark.parametrize("digits", [19, 5000])
def test_number_of_too_many_digits_is_told_in_the_options_own_words(digits: int) -> None:
    with pytest.raises(OptionError, match=r"max_per_hour .* must be a whole number$"):
        read_options({"api_key": "k", "max_per_hour": "9" * digits})


def test_wrong_text_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_MAX_PER_HOUR", "many")
    with pytest.raises(OptionError, match=r"FLICKR_MAX_PER_HOUR.* must be a whole number"):
        Flickr(api_key="k")


def test_nothing_that_is_shown_holds_a_secret() -> None:
    flickr = Flickr(**SECRETS, base_url="http://127.0.0.1")
    shown = repr(flickr) + repr(flickr.options) + str(flickr.options) + repr(flickr.credentials)
    assert [value for value in SECRETS.values() if value in shown] == []
    assert "http://127.0.0.1" in shown


def test_options_can_be_read_but_not_set() -> None:
    flickr = Flickr(api_key="k", retry_queries=2)
    assert flickr.options["retry_queries"] == 2
    assert dict(flickr.options) == {"api_key": "k", "retry_queries": 2}
    with pytest.raises(TypeError):
        flickr.options["retry_queries"] = 3  # type: ignore[index]


def test_photo_addresses_follow_the_base_url() -> None:
    photo = {"id": "1", "server": "2", "secret": "3"}
    assert Flickr(api_key="k", base_url="http://a/").photo_url(photo) == "http://a/2/1_3.jpg"
    both = Flickr(api_key="k", base_url="http://a", photo_base_url="http://b")
    assert both.photo_url(photo, "b") == "http://b/2/1_3_b.jpg"
    assert Flickr.photo_url(photo) == "https://live.staticflickr.com/2/1_3.jpg"


def test_login_in_an_address_or_in_request_options_is_not_shown() -> None:
    options: dict[str, Any] = {
        "base_url": "http://me:PASSWORD@127.0.0.1",
        "request_options": {"proxies": {"https": "http://me:PASSWORD@proxy"}},
    }
    shown = repr(Flickr(api_key="k", **options))
    assert "PASSWORD" not in shown and "@127.0.0.1" in shown


def test_client_that_could_not_be_made_can_be_shown() -> None:
    assert repr(Flickr.__new__(Flickr)) == "Flickr(None)"


def test_given_text_is_read_as_one_of_the_environment_is() -> None:
    given: dict[str, Any] = {
        "api_key": "k",
        "max_per_hour": "100",
        "force_auth": "0",
        "retry_queries": True,
    }
    options = Flickr(**given).options
    assert (options["max_per_hour"], options["force_auth"], options["retry_queries"]) == (
        100,
        False,
        True,
    )
    assert "api_key" in options and "secret" not in options
    assert list(options) == ["api_key", "force_auth", "max_per_hour", "retry_queries"]


def test_environment_that_is_named_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_API_KEY", "k")
    with pytest.raises(OptionError, match="api_key is missing"):
        read_options({}, {})


def test_option_that_no_text_can_be_is_none_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLICKR_PROCESS_CREDENTIALS", "print")
    assert list(Flickr(api_key="k").options) == ["api_key"]


def test_request_options_of_the_environment_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLICKR_REQUEST_OPTIONS", '{"timeout": [5, 20], "verify": false}')
    options = Flickr(api_key="k").options
    assert options["request_options"] == {"timeout": (5, 20), "verify": False}


def test_env_file_in_another_encoding_is_told() -> None:
    Path(".env").write_bytes("FLICKR_USER_ID=Füchse".encode("latin-1"))
    with pytest.raises(OptionError, match=r"^\.env is not UTF-8"):
        Flickr(api_key="k")


@pytest.mark.parametrize("name", SECRETS)
def test_white_space_around_a_key_is_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"api_key": "k", name: " \t1-a\u3000\r\n"}
    assert Flickr(**given).options[name] == "1-a"
    monkeypatch.setenv(f"FLICKR_{name.upper()}", "1-a\n")
    monkeypatch.setenv("FLICKR_API_KEY", "1-a\n")
    assert Flickr().options[name] == "1-a"


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("space", [" ", "\n", "\t", "\xa0", "\u200b", "\0", "\x1b"])
def test_white_space_in_a_key_is_refused(name: str, space: str) -> None:
    given: dict[str, Any] = {"api_key": "k", name: f"half-a{space}secret"}
    with pytest.raises(OptionError, match=f"{name} .* must be one word") as caught:
        Flickr(**given)
    assert "half-a" not in str(caught.value) and str(caught.value).isprintable()


def test_key_of_white_space_alone_is_none() -> None:
    with pytest.raises(OptionError, match="api_key is missing"):
        Flickr(api_key=" \n")
    assert Flickr(api_key="k", secret=" ").options.credentials is None


@pytest.mark.parametrize("callback", ["oob", "nowhere", "http://127.0.0.1:9/", "https://a/back"])
def test_client_is_made_with_any_callback(callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Flickr(api_key="k", callback=callback).options["callback"] == callback
    monkeypatch.setenv("FLICKR_CALLBACK", callback)
    assert Flickr(api_key="k").options["callback"] == callback
