"""Flickr's recorded answers arrive unchanged in a page, through every bundle."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.origin import Origin
from tests.support import recordings
from tests.support.vectors import BUNDLES

INVENTED = [
    '{"photos":{"page":1,"total":"3","photo":[{"id":"1","title":"a (b) \u00fc"}]},"stat":"ok"}',
    'jsonFlickrApi({"stat":"fail","code":1,"message":"User not found"})',
]
ASK = """async (count) => {
  const answers = [];
  const flickr = new loaded({ endpoint: "/services/rest/" });
  while (answers.length < count) {
    answers.push(await flickr.test.echo().catch(({ code, message }) => ({ code, message })));
  }
  return answers;
}"""


def _bodies() -> list[str]:
    """Return recorded JSON answers, with and without a function around them, and invented ones.

    Without recordings, there are only invented ones.
    """
    bodies = [recordings.body(file) for file in recordings.files("flickr.*", "*-json*.json")]
    return INVENTED + [body for body in bodies if body and _plain(body).startswith("{")]


def _plain(body: str) -> str:
    return re.sub(r"^\s*\w+\((.*)\)\s*;?\s*$", r"\1", body, flags=re.S).strip()


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(bundle, marks=[] if bundle == "flickrapi.js" else [pytest.mark.soak])
        for bundle in BUNDLES
    ],
)
def test_recorded_answers_arrive_unchanged(page: Page, site: Origin, bundle: str) -> None:
    bodies = _bodies()
    site.bodies = [body.encode() for body in bodies]
    page.goto(f"{site.url}load/{bundle}")
    expect(page).to_have_title("loaded")
    answers: list[dict[str, Any]] = page.evaluate(ASK, len(bodies))
    for body, got in zip(bodies, answers, strict=True):
        answer = json.loads(_plain(body))
        if answer["stat"] == "ok":
            assert got == answer
        else:
            assert got["code"] == int(answer["code"])
            assert answer["message"] in got["message"]
