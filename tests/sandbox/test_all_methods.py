"""What holds for every method that is answered: levels, arguments, and the forms of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.reflect import parse
from flickr_sandbox.call import Caller
from flickr_sandbox.formats import Body
from flickr_sandbox.reflection import methods
from flickr_sandbox.registry import entries
from tests.sandbox import wellformed
from tests.support import sample_arguments
from tests.support.room import ME, Room

METHODS = {m.name: m for m in parse.read(parse.SNAPSHOT).methods if m.name in entries()}
OPEN = sorted(name for name, method in METHODS.items() if method.security.is_public)
CLOSED = sorted(set(METHODS) - set(OPEN))
# The old way to log in is signed, though its reflection does not say so.
UNSIGNED = [name for name in OPEN if not name.startswith("flickr.auth.")]
JSON = {"format": "json", "nojsoncallback": "1"}
LEVELS = ("none", "read", "write", "delete")


@pytest.fixture(scope="module")
def still() -> Iterator[Room]:
    """A library of which calls are made that change nothing."""
    room = Room()
    room.keep()
    yield room
    room.close()


@pytest.fixture
def room(still: Room) -> Iterator[Room]:
    """The same library for calls that may change it, as it was at first."""
    still.restore()
    yield still
    still.restore()


def _code(room: Room, method: str, given: dict[str, str], caller: Caller) -> int:
    return wellformed.code(room.body({"method": method, **JSON, **given}, caller))


@pytest.mark.parametrize("method", CLOSED)
def test_nobody_is_let_in_where_a_login_or_a_signature_is_needed(still: Room, method: str) -> None:
    security = METHODS[method].security
    wanted = 99 if security.requiredperms or security.needslogin else 97
    assert _code(still, method, {}, still.caller(None)) == wanted


@pytest.mark.parametrize("method", CLOSED)
def test_a_token_of_a_lower_level_is_refused_by_name(still: Room, method: str) -> None:
    needed = METHODS[method].security.requiredperms
    for granted in range(needed):
        body = still.body({"method": method, **JSON}, still.caller(ME, granted))
        assert wellformed.code(body) == 99
        message = wellformed.parsed(body)["message"]
        assert f"requires {LEVELS[needed]} privileges; {LEVELS[granted]} granted" in message


@pytest.mark.parametrize("method", [n for n in CLOSED if METHODS[n].security.needssigning])
def test_a_call_without_a_signature_is_refused(still: Room, method: str) -> None:
    unsigned = Caller(still.key, ME, METHODS[method].security.requiredperms, signed=False)
    assert _code(still, method, {}, unsigned) == 97


@pytest.mark.parametrize("method", UNSIGNED)
def test_the_key_alone_is_enough_where_no_login_is_needed(still: Room, method: str) -> None:
    given = sample_arguments.arguments(still, methods()[method])
    assert _code(still, method, given, still.caller(None)) not in (96, 97, 98, 99)


TABLE = [
    line.split()
    for line in (Path(__file__).parent / "refusals.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
MAY_BE_EMPTY = ("title", "description", "tags")
REFUSALS = [row for row in TABLE if f"flickr.{row[0]}" in METHODS]


@pytest.mark.parametrize(("method", "argument", "absent", "unknown"), REFUSALS)
def test_an_argument_that_is_missing_or_names_nothing_gets_its_code(
    room: Room, method: str, argument: str, absent: str, unknown: str
) -> None:
    name = f"flickr.{method}"
    given = sample_arguments.arguments(room, methods()[name])
    rest = {key: value for key, value in given.items() if key != argument}
    if absent != "-":
        assert _code(room, name, rest, room.caller()) == int(absent)
        if argument not in MAY_BE_EMPTY:
            assert _code(room, name, rest | {argument: " "}, room.caller()) == int(absent)
    if unknown != "-":
        for value in _nothing(argument):
            assert _code(room, name, rest | {argument: value}, room.caller()) == int(unknown), value


def _nothing(argument: str) -> tuple[str, ...]:
    """Values that name nothing; a number can be a time."""
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
def test_an_answer_is_the_same_in_every_form(room: Room, method: str) -> None:
    given = {"method": method, **sample_arguments.arguments(room, methods()[method])}
    caller = room.caller(None if METHODS[method].security.is_public else ME)

    def answer(**form: str) -> Body:
        room.restore()
        return room.body(given | form, caller)

    bare = answer(**JSON)
    code = wellformed.code(bare)
    assert code in wellformed.known_codes(method)
    for form in (answer(), answer(format="rest")):
        assert wellformed.code(form) == code
        if not code and method != "flickr.test.echo":
            found = wellformed.scalars_of_xml(form.text)
            assert found == wellformed.scalars(wellformed.parsed(bare))
    for form in (answer(format="json"), answer(format="json", jsoncallback="a.b$1")):
        assert wellformed.code(form) == code
        if method != "flickr.test.echo":
            assert wellformed.parsed(form) == wellformed.parsed(bare)


def test_every_method_is_routed() -> None:
    assert set(entries()) == {method.name for method in parse.read(parse.SNAPSHOT).methods}
    assert len(entries()) == 223


@pytest.mark.parametrize(
    "method",
    [
        name
        for name, method in METHODS.items()
        if any(argument.name == "page" for argument in method.arguments)
    ],
)
def test_page_behind_the_end_is_the_last_one_again(still: Room, method: str) -> None:
    given = {"method": method, **JSON, **sample_arguments.arguments(still, methods()[method])}
    # A continuation goes before a page.
    given.pop("continuation", None)

    def page(number: int) -> dict[str, Any]:
        asked = given | {"page": str(number), "per_page": "2"}
        answer: dict[str, Any] = json.loads(still.body(asked, still.caller(ME)).text)
        return answer

    beyond = page(999)
    [listing] = [beyond[name] for name in beyond if name != "stat"]
    head = listing["topic"] if method.endswith("replies.getList") else listing
    if "pages" in head:
        first = 0 if method.startswith("flickr.testimonials.") else 1
        assert head["page"] == first + max(0, head["pages"] - 1)
    else:
        # They tell less of where a page is.
        assert method in ("flickr.panda.getPhotos", "flickr.people.getPhotosOf")
    if "page" in head:
        assert page(head["page"]) == beyond
