"""Checks of every method: required levels, arguments, and formats of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.reflect import parse
from flickr_sandbox.answers import entries
from flickr_sandbox.call import Caller
from flickr_sandbox.formats import Body
from flickr_sandbox.reflection import UNDOCUMENTED, methods
from tests.sandbox import answer_checks
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi

METHODS = {m.name: m for m in parse.read(parse.SNAPSHOT).methods if m.name in entries()}
OPEN = sorted(name for name, method in METHODS.items() if method.security.is_public)
CLOSED = sorted(set(METHODS) - set(OPEN))
# Authentication before OAuth is signed, although the reflection does not say so.
UNSIGNED = [name for name in OPEN if not name.startswith("flickr.auth.")]
JSON = {"format": "json", "nojsoncallback": "1"}
LEVELS = ("none", "read", "write", "delete")


@pytest.fixture(scope="module")
def shared_api() -> Iterator[LocalApi]:
    """An API for calls that change nothing, shared by the module."""
    api = LocalApi()
    api.save()
    yield api
    api.close()


@pytest.fixture
def api(shared_api: LocalApi) -> Iterator[LocalApi]:
    """The shared API, restored before and after the test."""
    shared_api.restore()
    yield shared_api
    shared_api.restore()


def _code(api: LocalApi, method: str, arguments: dict[str, str], caller: Caller) -> int:
    return answer_checks.check_answer(api.body({"method": method, **JSON, **arguments}, caller))


@pytest.mark.parametrize("method", CLOSED)
def test_unsigned_call_of_a_closed_method_is_refused(shared_api: LocalApi, method: str) -> None:
    security = METHODS[method].security
    wanted = 99 if security.requiredperms or security.needslogin else 97
    assert _code(shared_api, method, {}, shared_api.caller(None)) == wanted


@pytest.mark.parametrize("method", CLOSED)
def test_token_of_a_lower_level_is_refused(shared_api: LocalApi, method: str) -> None:
    needed = METHODS[method].security.requiredperms
    for granted in range(needed):
        body = shared_api.body({"method": method, **JSON}, shared_api.caller(ME, granted))
        assert answer_checks.check_answer(body) == 99
        message = answer_checks.parse_json(body)["message"]
        assert f"requires {LEVELS[needed]} privileges; {LEVELS[granted]} granted" in message


@pytest.mark.parametrize("method", [n for n in CLOSED if METHODS[n].security.needssigning])
def test_a_call_without_a_signature_is_refused(shared_api: LocalApi, method: str) -> None:
    unsigned = Caller(shared_api.key, ME, METHODS[method].security.requiredperms, signed=False)
    assert _code(shared_api, method, {}, unsigned) == 97


@pytest.mark.parametrize("method", UNSIGNED)
def test_public_method_needs_only_the_key(shared_api: LocalApi, method: str) -> None:
    arguments = sample_arguments.arguments(shared_api, methods()[method])
    assert _code(shared_api, method, arguments, shared_api.caller(None)) not in (96, 97, 98, 99)


TABLE = [
    line.split()
    for line in (Path(__file__).parent / "refusals.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
MAY_BE_EMPTY = ("title", "description", "tags")
REFUSALS = [row for row in TABLE if f"flickr.{row[0]}" in METHODS]


@pytest.mark.parametrize(("method", "argument", "absent", "unknown"), REFUSALS)
def test_missing_or_unknown_argument_has_its_code(
    api: LocalApi, method: str, argument: str, absent: str, unknown: str
) -> None:
    name = f"flickr.{method}"
    arguments = sample_arguments.arguments(api, methods()[name])
    rest = {key: value for key, value in arguments.items() if key != argument}
    if absent != "-":
        assert _code(api, name, rest, api.caller()) == int(absent)
        if argument not in MAY_BE_EMPTY:
            assert _code(api, name, rest | {argument: " "}, api.caller()) == int(absent)
    if unknown != "-":
        for value in _nothing(argument):
            assert _code(api, name, rest | {argument: value}, api.caller()) == int(unknown), value


def _nothing(argument: str) -> tuple[str, ...]:
    """Return values that no object has as its id; a number can be a date."""
    values = ("9" * 5000, "no such thing", "\0", "🦊")
    return values if "date" in argument else (*values, "99999999999")


def test_the_table_holds_every_required_argument() -> None:
    required = {
        (method.name.removeprefix("flickr."), argument.name)
        for method in parse.read(parse.SNAPSHOT).methods
        for argument in method.required
    }
    assert required == {(row[0], row[1]) for row in TABLE}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_an_answer_is_the_same_in_every_form(api: LocalApi, method: str) -> None:
    arguments = {"method": method, **sample_arguments.arguments(api, methods()[method])}
    caller = api.caller(None if METHODS[method].security.is_public else ME)

    def answer(**form: str) -> Body:
        api.restore()
        return api.body(arguments | form, caller)

    bare = answer(**JSON)
    code = answer_checks.check_answer(bare)
    assert code in answer_checks.allowed_codes(method)
    for form in (answer(), answer(format="rest")):
        assert answer_checks.check_answer(form) == code
        if not code and method != "flickr.test.echo":
            found = answer_checks.count_xml_values(form.text)
            assert found == answer_checks.count_json_values(answer_checks.parse_json(bare))
    for form in (answer(format="json"), answer(format="json", jsoncallback="a.b$1")):
        assert answer_checks.check_answer(form) == code
        if method != "flickr.test.echo":
            assert answer_checks.parse_json(form) == answer_checks.parse_json(bare)


def test_every_method_is_routed() -> None:
    documented = {method.name for method in parse.read(parse.SNAPSHOT).methods}
    assert set(entries()) == documented | UNDOCUMENTED.keys()
    assert len(documented) == 223


@pytest.mark.parametrize(
    "method",
    [
        name
        for name, method in METHODS.items()
        if any(argument.name == "page" for argument in method.arguments)
    ],
)
def test_page_past_the_end_repeats_the_last_page(shared_api: LocalApi, method: str) -> None:
    arguments = {
        "method": method,
        **JSON,
        **sample_arguments.arguments(shared_api, methods()[method]),
    }
    # A continuation takes precedence over a page.
    arguments.pop("continuation", None)

    def page(number: int) -> dict[str, Any]:
        call = arguments | {"page": str(number), "per_page": "2"}
        answer: dict[str, Any] = json.loads(shared_api.body(call, shared_api.caller(ME)).text)
        return answer

    beyond = page(999)
    [listing] = [beyond[name] for name in beyond if name not in ("stat", "extra")]
    head = listing["topic"] if method.endswith("replies.getList") else listing
    if "pages" in head:
        first = 0 if method.startswith("flickr.testimonials.") else 1
        assert head["page"] == first + max(0, head["pages"] - 1)
    else:
        # Their answers lack the number of pages.
        assert method in ("flickr.panda.getPhotos", "flickr.people.getPhotosOf")
    if "page" in head:
        assert page(head["page"]) == beyond
