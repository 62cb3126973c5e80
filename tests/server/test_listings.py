"""Test that `.all()` yields the items of a method, and is an error if it lists nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flickr_sandbox.reflection import methods
from pyflickr_web import Flickr, FlickrError
from pyflickr_web._generated.table import TABLE
from pyflickr_web.core import levels
from pyflickr_web.core.flow import Request, Response
from pyflickr_web.core.paging import find_items
from pyflickr_web.reflection_cache import RefreshedTable
from pyflickr_web.transports.threads import ThreadDriver
from tests.support import recordings, sample_arguments
from tests.support.local_api import LocalApi

Answer = dict[str, Any]
# Their lists are empty here, and have no key then.
WITHOUT_A_KEY = {
    "flickr.contacts.getListRecentlyUploaded",
    "flickr.photos.comments.getList",
    "flickr.photosets.comments.getList",
}


def _recordings() -> list[tuple[str, Answer]]:
    """Return successful recorded answers in JSON, with the names of their methods."""
    found = []
    for file in recordings.files("flickr.*", "*-json*-ok-*.json"):
        body = recordings.body(file)
        answer = json.loads(body[body.find("{") : body.rfind("}") + 1])
        found.append((file.parent.name, answer))
    return found


class Client(Flickr):
    """A client that gets one answer, and empty further pages."""

    answer: Answer
    requests: int

    def _driver(self) -> ThreadDriver:
        def send(request: Request) -> Response:
            self.requests += 1
            answer = self.answer if self.requests == 1 else {"stat": "ok"}
            return Response(200, json.dumps(answer), None)

        return ThreadDriver(send)

    def find_ids(self, method: str, answer: Answer) -> list[Any]:
        """Return the items of `.all()` of a method for this first answer."""
        self.answer, self.requests = answer, 0
        required = {name: 1 for name in _required(method) if name != "per_page"}
        node: Any = self
        for name in method.split(".")[1:]:
            node = getattr(node, name)
        return list(node.all(**required))


def _required(method: str) -> list[str]:
    return [argument.name for argument in methods()[method].arguments if not argument.optional]


@pytest.mark.skipif(not _recordings(), reason="FLICKR_RECORDINGS names no folder of answers")
def test_recorded_answer_is_listed_or_an_error() -> None:
    flickr = Client(
        api_key="k" * 32, secret="s" * 16, access_token="t" * 34, access_token_secret="u" * 16
    )
    listings = 0
    for method, answer in _recordings():
        parts = [part for part in answer.values() if isinstance(part, dict)]
        lists = [items for part in parts for items in part.values() if isinstance(items, list)]
        if lists:
            listings += 1
            assert flickr.find_ids(method, answer) in lists
        else:
            with pytest.raises(FlickrError, match=f"^{method} lists nothing"):
                flickr.find_ids(method, answer)
            assert flickr.requests == 0
    assert 0 < listings < len(_recordings())


def test_table_tells_which_methods_list_something() -> None:
    """Check all methods of the sandbox that only read; those that write list nothing."""
    reads = {name for name, level in TABLE.levels.items() if not levels.may_write(level)}
    assert set(TABLE.page_sizes) <= reads
    # Its photo has tags, but is no list of them.
    reads.remove("flickr.photos.getInfo")
    api = LocalApi()
    given = {name: sample_arguments.arguments(api, methods()[name]) for name in sorted(reads)}
    answers = {
        name: api.call(name.removeprefix("flickr."), **arguments)
        for name, arguments in given.items()
    }
    api.close()
    listed = {name for name, answer in answers.items() if find_items(answer)[0]}
    assert listed | WITHOUT_A_KEY == {
        name for name in TABLE.page_sizes if answers[name]["stat"] == "ok"
    }


def test_newer_method_may_list_something_unless_it_writes() -> None:
    row = {"required": {}, "optional": {}, "errors": {}, "description": ""}
    rows = {"flickr.new.getThings": row | {"level": 0}, "flickr.new.remove": row | {"level": 11}}
    table = RefreshedTable(rows)
    assert table.page_sizes == TABLE.page_sizes | {"flickr.new.getThings": 0}
