"""Settings for some calls of a client: `flickr.with_options(timeout=3).photos.search(…)`."""

from __future__ import annotations

import functools
import pickle
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.errors import ArgumentError, NetworkError, OptionError, TimedOut, UnavailableError
from tests.server.clients import Both
from tests.support.scripted_server import Answer, HeldAnswers, run_script, serve
from tests.support.sockets import free_port

KEY = "k" * 32
CLIENTS = pytest.mark.parametrize("kind", [Flickr, AsyncFlickr])


def _echo(flickr: Any, **settings: Any) -> Any:
    return flickr.with_options(**settings).test.echo()


def test_retries_of_a_call_replace_those_of_the_client(perform: Both) -> None:
    options = {"api_key": KEY, "retry_queries": True}
    for retries in (0, None, False):
        with serve(Answer(status=500)) as server:
            with pytest.raises(UnavailableError):
                call = functools.partial(_echo, retries=retries)
                perform(call, {**options, "base_url": server.url})
            assert len(server.asked) == 1


def test_timeout_of_a_call_ends_it(perform: Both) -> None:
    script = HeldAnswers()
    with run_script(script) as server:
        with pytest.raises(TimedOut) as caught:
            perform(
                lambda f: f.with_options(timeout=0.05).test.echo(),
                {"api_key": KEY, "base_url": server.url},
            )
        script.leave.set()
    assert isinstance(caught.value.cause, TimeoutError)


def test_headers_of_a_call_are_added_to_those_of_the_client(perform: Both) -> None:
    headers = {"X-Site": "ours", "X-Token": "site's"}
    with serve() as server:
        options = {"endpoint": server.url, "request_options": {"headers": headers}}
        more = {"X-Token": "call's", "Content-Type": "text/plain"}
        perform(lambda f: f.with_options(headers=more).with_options(retries=1).test.echo(), options)
        perform(lambda f: f.test.echo(), options)
    first, second = [asked.headers for asked in server.asked]
    assert first["X-Site"] == second["X-Site"] == "ours"
    assert (first["X-Token"], second["X-Token"]) == ("call's", "site's")
    assert first["Content-Type"] == "application/json"


def test_view_shares_the_connection_of_its_client() -> None:
    with serve() as server, Flickr(api_key=KEY, base_url=server.url) as flickr:
        view = flickr.with_options(timeout=9)
        view.test.echo()
        flickr.test.echo()
        for _ in view.photos.search.all(text="x"):
            pass
        assert len({asked.port for asked in server.asked}) == 1
        view.close()
        flickr.test.echo()
    assert len({asked.port for asked in server.asked}) == 2


def test_method_belongs_to_its_view_or_its_client() -> None:
    flickr = Flickr(api_key=KEY)
    view = flickr.with_options(retries=2)
    assert (view.retries, flickr.retries) == (2, 0)
    assert vars(flickr.photos.search)["client"] is flickr
    assert vars(view.photos.search)["client"] is view
    assert not hasattr(Flickr(api_key=KEY, no_api=True).with_options(retries=2), "photos")


@CLIENTS
@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"timout": 3}, r"with_options has no setting timout; did you mean timeout\?"),
        ({"api_key": "x"}, "with_options has no setting api_key$"),
        ({"signal": object()}, "cancel the task"),
        ({"timeout": 3000}, r"timeouts are seconds here; did you mean 3\?"),
        ({"timeout": 0}, "timeout must be a number of seconds, above 0"),
        ({"retries": -1}, "retries must be a whole number"),
        ({"headers": {"X Y": "1"}}, "headers must be a mapping"),
        ({"headers": "X-Token: 1"}, "headers must be a mapping"),
    ],
)
def test_invalid_setting_is_refused_by_name(kind: Any, settings: dict[str, Any], text: str) -> None:
    with pytest.raises(OptionError, match=text):
        kind(api_key=KEY).with_options(**settings)


@pytest.mark.parametrize("name", ["timeout", "headers", "retries", "signal"])
def test_setting_among_the_arguments_is_refused_before_a_request(perform: Both, name: str) -> None:
    with serve() as server:
        with pytest.raises(ArgumentError, match=f"{name} is (a setting|not an argument): "):
            perform(
                lambda f: f.photos.search(text="x", **{name: 3}),
                {"api_key": KEY, "base_url": server.url},
            )
        assert server.asked == []


def test_error_of_the_connection_is_the_cause(perform: Both) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(NetworkError) as caught:
        perform(lambda f: f.test.echo(), {"api_key": KEY, "base_url": url})
    assert isinstance(caught.value.cause, ConnectionError)
    assert repr(pickle.loads(pickle.dumps(caught.value)).cause) == repr(caught.value.cause)


@CLIENTS
def test_misspelt_name_of_the_client_is_reported_with_the_nearest(kind: Any) -> None:
    flickr = kind(api_key=KEY)
    for name, nearest in {"photo": "photos", "photoURL": "photo_url", "uplaod": "upload"}.items():
        with pytest.raises(AttributeError, match=f"^flickr has no {name}; did you mean {nearest}"):
            getattr(flickr, name)
    with pytest.raises(AttributeError, match=r"^flickr has no zebra$"):
        _ = flickr.zebra


@pytest.mark.parametrize(
    ("name", "text"),
    [("onprogress", "on_event"), ("signal", "cancel the task"), ("titel", "did you mean title")],
)
def test_option_of_pages_is_no_field_of_an_upload(
    perform: Both, tmp_path: Path, name: str, text: str
) -> None:
    fox = tmp_path / "fox.jpg"
    fox.write_bytes(b"x")
    with serve() as server:
        options = {"api_key": KEY, "secret": "s" * 16, "base_url": server.url}
        with pytest.raises(ArgumentError, match=f"unknown field {name}.*{text}"):
            perform(lambda f: f.upload(photo=fox, **{name: print}), options)
        assert server.asked == []


@CLIENTS
@pytest.mark.parametrize("name", ["Content-Length", "content-length", "Transfer-Encoding"])
def test_headers_cannot_change_where_a_body_ends(kind: Any, name: str) -> None:
    # A wrong length would cut the body off, and its rest would start the next request.
    headers = {name: "3"}
    with pytest.raises(OptionError, match=f"lacks {name}"):
        kind(api_key=KEY).with_options(headers=headers)
    with pytest.raises(OptionError, match=f"lacks {name}"):
        kind(api_key=KEY, request_options={"headers": headers})
