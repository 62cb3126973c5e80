"""Random requests: Flickr could send each answer, and the sandbox never fails itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flickr_sandbox.answers import entries
from flickr_sandbox.formats import Body
from flickr_sandbox.reflection import methods
from tests.sandbox import answer_checks
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi
from tests.support.sandbox_client import Client

NASTY = (
    "", " ", "0", "-1", "1", "2", "1.5", "-0.0", "nan", "inf", "1e400", "9" * 25, "-" + "9" * 25,
    "9" * 5000, "0x10", "1_000", "+5", "٣", "²", "\0", "a\0b", "🦊", "e\u0301", "\u202e", "\ufffe",
    "\x1b[0m", "'", '"', "' OR 1=1 --", "\"; DROP TABLE photos; --", "%", "_", "*", '"*', "a AND",
    "NEAR(", "(", "\\", "<b>&amp;</b>", "]]>", "\r\n", "\t", "x" * 20000, "a," * 3000, ",,,",
    "1,2,3,4", "1 2 3", "[]", "{}", "null", "true", "me", "unknown", "all", "2024-02-30",
    "2024-01-01", "2024-01-01 25:00:00", "0000-00-00 00:00:00", "99999999999999999999",
    "253402300800", "http://[", "https://www.flickr.com/photos/", "-camera:lens=", "a:b=c",
)  # fmt: skip
NAMES = sorted(set(entries()) & set(methods()))
# Arguments that every method accepts.
EVERYWHERE = ["format", "jsoncallback", "nojsoncallback", "api_key", "extras", "page", "per_page"]
CALLERS = (None, 0, 1, 2, 3)
FORMS: tuple[dict[str, str], ...] = (
    {},
    {"format": "json"},
    {"format": "json", "nojsoncallback": "1"},
    {"format": "rest"},
)


FORMS_NAMES = ("format", "jsoncallback", "nojsoncallback")
# Characters that XML does not allow.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture(scope="module")
def shared_api() -> Iterator[LocalApi]:
    """An API that is restored before each request."""
    api = LocalApi(photos=40)
    api.save()
    yield api
    api.close()


@cache
def _sensible(api: LocalApi, name: str, optional: bool) -> dict[str, str]:
    return sample_arguments.arguments(api, methods()[name], optional)


def _odd_call(
    api: LocalApi, name: str, optional: bool, odd: list[tuple[int, str]]
) -> dict[str, str]:
    """Build a call with sensible arguments, and replace some: `odd` has positions and values."""
    names = [argument.name for argument in methods()[name].arguments]
    changed = {(names + EVERYWHERE)[at % len(names + EVERYWHERE)]: value for at, value in odd}
    return {**_sensible(api, name, optional), **changed, "method": name}


TEXTS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ODD = st.lists(st.tuples(st.integers(0, 60), TEXTS), min_size=1, max_size=4)
# `make soak` sets a larger number.
EXAMPLES = max(600, settings().max_examples)
EXHAUSTIVE = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 600)


@EXHAUSTIVE
@given(st.sampled_from(NAMES), st.booleans(), ODD, st.sampled_from(FORMS), st.sampled_from(CALLERS))
def test_any_request_has_a_well_formed_answer(
    shared_api: LocalApi,
    name: str,
    optional: bool,
    odd: list[tuple[int, str]],
    form: dict[str, str],
    level: int | None,
) -> None:
    shared_api.restore()
    call = form | _odd_call(shared_api, name, optional, odd)
    body = shared_api.body(call, shared_api.caller(None if level is None else ME, level or 0))
    assert answer_checks.check_answer(body) in answer_checks.allowed_codes(name)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=4))
def test_any_arguments_are_echoed_in_every_form(shared_api: LocalApi, odd: dict[str, str]) -> None:
    call = {**odd, "api_key": shared_api.key, "method": "flickr.test.echo"}
    echoed = {name: value for name, value in call.items() if name not in FORMS_NAMES}
    xml = shared_api.body(echoed, shared_api.caller(None))
    assert answer_checks.check_answer(xml) == 0
    expected = Counter(
        answer_checks.with_spaces(_NO_XML.sub("", value)) for value in echoed.values()
    )
    del expected[""]
    assert answer_checks.count_xml_values(xml.text) == expected
    json_ = answer_checks.parse_json(
        shared_api.body({**echoed, **FORMS[2]}, shared_api.caller(None))
    )
    assert {name: json_[name] for name in echoed if name != "stat"} == {
        name: {"_content": value} for name, value in echoed.items() if name != "stat"
    }


def test_random_requests_over_the_socket_have_status_200(flickr: Client) -> None:
    chance = Random("socket")
    key = flickr.sandbox.account.api_key
    for number in range(200):
        method = methods()[chance.choice(NAMES)]
        arguments = {argument.name: chance.choice(NASTY) for argument in method.arguments}
        arguments = {k: v for k, v in arguments.items() if len(v) < 2000 or number % 2}
        arguments |= {"method": method.name, "api_key": key, **chance.choice(FORMS)}
        sent = {"data": arguments} if number % 2 else {"params": arguments}
        auth = flickr.auth if method.perms and number % 3 else None
        response = flickr.raw("POST" if number % 2 else "GET", auth=auth, **sent)
        assert response.status_code == 200, (arguments, response.text)
        body = Body(response.content.decode("utf-8"), response.headers["Content-Type"])
        assert answer_checks.check_answer(body) in answer_checks.allowed_codes(method.name)
