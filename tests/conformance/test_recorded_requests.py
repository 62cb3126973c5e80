"""Calls that Flickr has answered pass the checks of arguments, in JavaScript and in Python."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compiler.__main__ import OUT
from compiler.reflect import parse
from compiler.reflect.supplement import list_not_required
from pyflickr_web import Flickr
from tests.support import recordings
from tests.support.repository import reflections

# What is not an argument of the method.
_COMMON = {"method", "api_key", "format", "nojsoncallback", "jsoncallback", "auth_token", "api_sig"}
Call = tuple[str, dict[str, str]]
# Calls that clients must be able to make, if there are no recordings.
_KNOWN: list[Call] = [
    ("flickr.photosets.getPhotos", {"photoset_id": "1"}),
    ("flickr.photosets.getInfo", {"photoset_id": "1"}),
    ("flickr.galleries.getList", {"user_id": "1@N00"}),
    ("flickr.groups.discuss.replies.getList", {"topic_id": "1"}),
    ("flickr.photos.geo.batchCorrectLocation", {"lat": "1", "lon": "1", "place_id": "1"}),
]


@cache
def _make_answer() -> list[Call]:
    """Every recorded call that Flickr answered ok, each set of arguments once."""
    exchanges = [recordings.load(file) for file in recordings.files()]
    found = [*_KNOWN, *(call for exchange in exchanges if (call := _call(exchange)))]
    return [json.loads(text) for text in sorted({json.dumps(call) for call in found})]


def _call(exchange: Any) -> Call | None:
    """Return the call of a recorded exchange that was answered ok; None if its request was not kept."""
    if not isinstance(exchange, dict) or exchange.get("provenance") != "vcr":
        return None
    sent = exchange["request"].get("params") or {}
    ok = exchange["response"]["body"].replace(" ", "")
    if "method" not in sent or not ('"stat":"ok"' in ok or 'stat="ok"' in ok):
        return None
    arguments = {name: str(sent[name]) for name in sent if name not in _COMMON}
    return sent["method"], {n: v for n, v in arguments.items() if not n.startswith("oauth_")}


def test_answered_requests_pass_the_checks_of_python() -> None:
    flickr = Flickr(api_key="k")
    for method, arguments in _make_answer():
        if method in flickr.table.levels:
            flickr._check_arguments(method, arguments)


def test_answered_requests_pass_the_checks_of_javascript() -> None:
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ Flickr }} from {json.dumps((OUT / "flickrapi.dev.mjs").as_uri())};
        globalThis.fetch = async () => new Response('{{"stat":"ok"}}');
        console.warn = () => {{}};
        const flickr = new Flickr({{ endpoint: "/services/rest/" }});
        for (const [method, values] of JSON.parse(readFileSync(0))) {{
          const path = method.split(".").slice(1);
          const call = path.reduce((space, key) => space?.[key], flickr);
          try {{
            await call?.(values);
          }} catch (error) {{
            console.log(error.message);
          }}
        }}
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(_make_answer()),
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == ""


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_required_argument_whose_text_says_optional_is_corrected(path: Path) -> None:
    words = ("optional", "default", "omitted", "assumed")
    doubtful = {
        (method.name, argument.name)
        for method in parse.read(path).methods
        for argument in method.required
        if any(word in argument.description.lower() for word in words)
        and argument.name not in list_not_required(method)
    }
    # A code may contain dashes: that is what is optional there.
    assert doubtful <= {("flickr.auth.getFullToken", "mini_token")}
