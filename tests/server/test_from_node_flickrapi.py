"""The Python in docs/from-node-flickrapi.md runs, against a sandbox, as the page says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from PIL import Image
from starlette.applications import Starlette

from flickr_sandbox import Sandbox
from pyflickr_web import ClientOptions, Flickr, load_locally
from pyflickr_web.errors import OptionError
from tests.support.account import options_of
from tests.support.doc_tables import read_tables
from tests.support.repository import ROOT

PAGE = ROOT / "docs/from-node-flickrapi.md"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Run a sandbox whose mirror is small."""
    with Sandbox(photos=4) as sandbox:
        yield sandbox


@pytest.fixture
def env_file(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a token to `.env` as node-flickrapi prints it."""
    account = sandbox.account
    lines = [
        f'export FLICKR_USER_ID="{account.user_id.replace("@", "%40")}"',
        f'export FLICKR_ACCESS_TOKEN="{account.access_token}"',
        f'export FLICKR_ACCESS_TOKEN_SECRET="{account.access_token_secret}"',
    ]
    Path(".env").write_text("\n".join(lines))
    monkeypatch.setenv("FLICKR_BASE_URL", sandbox.url)


@pytest.fixture
def flickr(sandbox: Sandbox) -> Iterator[Flickr]:
    with Flickr(**options_of(sandbox)) as flickr:
        yield flickr


def test_lines_of_python_run_in_their_order(sandbox: Sandbox, env_file: None) -> None:
    (rows,) = (rows for head, rows in read_tables(PAGE) if head == ("node-flickrapi", "Python"))
    assert len(rows) == 9
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    Path("test.jpg").write_bytes(picture.getvalue())
    account = sandbox.account
    names: dict[str, Any] = {
        "Flickr": Flickr,
        "load_locally": load_locally,
        "api_key": account.api_key,
        "secret": account.secret,
        "nsid": account.user_id,
        "app": Starlette(),
        "authenticator": lambda request: "ada",
    }
    for _, code in rows:
        exec(code.strip("`"), names)
    assert names["flickr"].options["user_id"] == account.user_id
    titles = [photo["title"]["_content"] for photo in names["data"].photos.values()]
    assert "test" in titles
    assert "/service/rest/" in [route.path for route in names["app"].routes]
    names["flickr"].close()


def test_options_exist() -> None:
    (rows,) = (rows for head, rows in read_tables(PAGE) if head[0] == "option")
    names = [name for row in rows for name in re.findall(r"`(\w+)`", row[1])]
    assert len(names) == 16
    assert set(names) <= get_type_hints(ClientOptions).keys()


def test_calls_that_mean_the_caller_are_signed(flickr: Flickr, sandbox: Sandbox) -> None:
    own = sandbox.account.user_id
    photo = flickr.people.getPhotos(user_id="me")["photos"]["photo"][0]
    flickr.photos.setPerms(photo_id=photo["id"], is_public=False, is_friend=False, is_family=False)
    assert flickr.photosets.getList()["photosets"]["photoset"]

    def count(**values: Any) -> int:
        return int(flickr.people.getPhotos(**values)["photos"]["total"])

    assert count(user_id=own) < count(user_id="me") == count(user_id=own, authenticated=True)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"request_options": {"timeout": 20000}}, "timeouts are seconds here; did you mean 20?"),
        ({"requestOptions": {"timeout": 20}}, "did you mean request_options?"),
        ({"oauth_timestamp": "1700000000"}, "unknown option oauth_timestamp"),
        ({"oauth_nonce": "0123"}, "unknown option oauth_nonce"),
    ],
)
def test_old_options_are_errors(options: dict[str, Any], text: str) -> None:
    with pytest.raises(OptionError, match=text.replace("?", r"\?")):
        Flickr(api_key="0123", **options)
    with Flickr(api_key="0123", request_options={"timeout": 20}):
        pass


def test_arguments_without_a_name_are_errors(flickr: Flickr, sandbox: Sandbox) -> None:
    with pytest.raises(TypeError):
        Flickr.authenticate(options_of(sandbox))  # type: ignore[arg-type, call-arg]
    with pytest.raises(TypeError, match="give names to the arguments"):
        flickr.photos.search("lake")  # type: ignore[call-arg]


def test_key_and_format_of_a_call_are_ignored_with_a_warning(
    flickr: Flickr, caplog: pytest.LogCaptureFixture
) -> None:
    values: dict[str, Any] = {"text": "lake", "api_key": "4567", "format": "rest"}
    assert flickr.photos.search(**values)["stat"] == "ok"
    for name in ("api_key", "format"):
        assert f"flickr.photos.search takes no argument {name}" in caplog.text
