"""Test that a server's texts in errors and terminals are clean and contain no secrets."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import pickle
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.cli import main
from pyflickr_web.errors import FlickrError, LoginError, NotFoundError, UnavailableError
from pyflickr_web.oauth.refusals import OAUTH_PARAMETERS, PROBLEMS, OAuthProblemError
from pyflickr_web.transports.errors import specialize
from pyflickr_web.transports.text import printable, printable_json
from tests.server.clients import Both
from tests.support.loops import run
from tests.support.scripted_server import Answer, ReceivedRequest, Scripted, run_script, serve

# A colour, a title, C1's CSI, a bell, a bidirectional override, a line of one's own, half a pair.
HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2Jclear \a\u202edeirrevo\u2066 \r\nError: \ud800 \x7f"
CLEAN = "red clear deirrevo   Error: ? "
SECRETS: dict[str, Any] = {
    "api_key": "key-of-the-test",
    "secret": "secret-of-the-test",
    "access_token": "token-of-the-test",
    "access_token_secret": "hidden-of-the-test",
}
ECHOED = 'OAuth oauth_consumer_key="key-of-the-test", oauth_token="token-of-the-test"'
BEGIN: dict[str, Any] = {
    "api_key": SECRETS["api_key"],
    "secret": SECRETS["secret"],
    "callback": "http://a/back",
}


def _refusal(**fields: str) -> Answer:
    return Answer(urlencode(fields).encode(), 401)


def _failure(message: str, code: int = 1) -> Answer:
    return Answer(json.dumps({"stat": "fail", "code": code, "message": message}).encode())


def begin(kind: type[Any], **options: Any) -> Any:
    """Begin a sign-in on either client."""
    begun = kind.begin(**options)
    return run(begun) if kind is AsyncFlickr else begun


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"oauth_problem": ECHOED}, "flickr.test.login: Flickr rejects the signed request"),
        ({"oauth_problem": ""}, "flickr.test.login: Flickr rejects the signed request"),
        ({"oauth_problem": HOSTILE[:-3]}, "flickr.test.login: Flickr rejects the signed request"),
        (
            {"oauth_problem": "parameter_absent", "oauth_parameters_absent": ECHOED},
            "flickr.test.login: the request lacks something; sign in first (parameter_absent)",
        ),
        (
            {
                "oauth_problem": "parameter_absent",
                "oauth_parameters_absent": "oauth_token&token-of-the-test&oauth_nonce",
            },
            "flickr.test.login: the request lacks oauth_token, oauth_nonce; sign in first "
            "(parameter_absent)",
        ),
    ],
)
def test_call_that_is_refused_repeats_known_words_alone(
    perform: Both, fields: dict[str, str], says: str
) -> None:
    with serve(_refusal(**fields)) as server, pytest.raises(LoginError) as caught:
        perform(lambda f: f.test.login(), SECRETS | {"base_url": server.url})
    assert str(caught.value) == says


@pytest.mark.parametrize("kind", [Flickr, AsyncFlickr])
@pytest.mark.parametrize("problem", ["", ECHOED, "\x1b[31m"])
def test_sign_in_that_is_refused_repeats_known_words_alone(kind: type[Any], problem: str) -> None:
    answer = _refusal(oauth_problem=problem, oauth_parameters_absent=ECHOED)
    with serve(answer) as server, pytest.raises(OAuthProblemError) as caught:
        begin(kind, **BEGIN, base_url=server.url)
    assert str(caught.value) == "request_token: Flickr rejects the signed request"
    assert caught.value.problem == ""


@pytest.mark.parametrize("problem", PROBLEMS)
def test_known_problem_is_explained(problem: str) -> None:
    with (
        serve(_refusal(oauth_problem=problem)) as server,
        pytest.raises(OAuthProblemError) as caught,
    ):
        Flickr.begin(**BEGIN, base_url=server.url)
    assert str(caught.value).endswith(f"({problem})") and caught.value.problem == problem


def test_parameters_are_those_of_rfc_5849() -> None:
    assert all(name.startswith("oauth_") for name in OAUTH_PARAMETERS)
    assert len(OAUTH_PARAMETERS) == 9


@pytest.mark.parametrize(
    ("code", "kind"), [(1, NotFoundError), (105, UnavailableError), (7, FlickrError)]
)
def test_message_of_flickrs_is_cleaned(perform: Both, code: int, kind: type[FlickrError]) -> None:
    text = HOSTILE + (" not found" if code == 1 else "")
    with serve(_failure(text, code)) as server, pytest.raises(FlickrError) as caught:
        perform(lambda f: f.photos.getInfo(photo_id=1), SECRETS | {"base_url": server.url})
    assert type(caught.value) is kind
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"flickr.photos.getInfo: {CLEAN}")


class Echo(Scripted):
    """Sends an error that repeats the request."""

    def next(self, asked: ReceivedRequest) -> Answer:
        return _failure(f"{asked.headers.get('Authorization')} {asked.path} {asked.body.decode()}")


@pytest.mark.parametrize("arguments", [{}, {"authenticated": True}])
def test_request_that_a_message_repeats_is_masked(perform: Both, arguments: dict[str, Any]) -> None:
    def call(flickr: Any) -> Any:
        return flickr.photos.getInfo(photo_id=1, **arguments)

    with run_script(Echo()) as server, pytest.raises(FlickrError) as caught:
        perform(call, SECRETS | {"base_url": server.url})
    text = str(caught.value)
    assert "api_key=…" in text and "photo_id=1" in text
    if arguments:
        assert 'oauth_token="…"' in text and 'oauth_signature="…"' in text
    error: BaseException | None = caught.value
    while error:
        assert not any(secret in str(error) for secret in SECRETS.values())
        error = error.__context__


@pytest.mark.parametrize("signature", ["abc%3D", "%2Fabc%3D", "%2B%2F"])
def test_signature_is_masked_from_its_first_character(signature: str) -> None:
    error = specialize(FlickrError(f'oauth_signature="{signature}", oauth_version="1.0"'), [])
    assert str(error) == 'oauth_signature="…", oauth_version="1.0"'


def test_secret_that_is_parted_or_cut_is_masked() -> None:
    secret = "0123456789abcdef"
    parted = FlickrError(f"{secret[:8]}\x1b[0m{secret[8:]}")
    assert str(specialize(parted, [secret])) == "…"
    for length in range(640, 700):
        text = str(specialize(FlickrError("x" * length + secret + "y" * 1000), [secret]))
        assert "012" not in text


def test_word_that_is_a_short_key_stays() -> None:
    assert str(specialize(FlickrError("a photo"), ["photo", ""])) == "a photo"


def test_long_message_loses_its_middle(perform: Both) -> None:
    with serve(_failure("a" * 100_000, 7)) as server, pytest.raises(FlickrError) as caught:
        perform(lambda f: f.photos.getInfo(photo_id=1), SECRETS | {"base_url": server.url})
    text = str(caught.value)
    assert len(text) == 1000
    assert text.startswith("flickr.photos.getInfo: aaa") and "(code 7)" in text


def test_size_of_a_photo_is_cleaned_where_its_file_is_missing(perform: Both) -> None:
    sizes = Answer(b'{"stat":"ok","sizes":{"size":[]}}')
    with serve(sizes) as server, pytest.raises(NotFoundError) as caught:
        perform(lambda f: f.download("1", HOSTILE, "a"), SECRETS | {"base_url": server.url})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "level", [HOSTILE, "", None, {"_content": "read"}, "admin"], ids=lambda level: repr(level)[:9]
)
def test_level_that_is_none_is_no_answer(level: Any) -> None:
    checked = {"oauth": {"perms": {"_content": level}, "user": {"nsid": "1@N00"}}, "stat": "ok"}
    with (
        serve(Answer(json.dumps(checked).encode())) as server,
        pytest.raises(UnavailableError, match="describes no token"),
    ):
        Flickr.authenticate(**SECRETS, base_url=server.url)


@pytest.mark.parametrize("words", [(), ("--all",), ("--table",)])
def test_command_shows_nothing_that_a_terminal_obeys(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = {"id": "1", "title": HOSTILE}
    answer = {"photos": {"page": 1, "pages": 1, "total": 1, "photo": [photo]}, "stat": "ok"}
    with serve(Answer(json.dumps(answer).encode())) as server:
        monkeypatch.setenv("FLICKR_API_KEY", "k")
        monkeypatch.setenv("FLICKR_BASE_URL", server.url)
        done = CliRunner().invoke(main, ["call", "photos.getRecent", *words])
    assert (done.exit_code, done.stderr) == (0, "")
    assert all(line.isprintable() for line in done.stdout.split("\n"))
    if words != ("--table",):
        printed = json.loads(done.stdout)
        assert printed == (photo if words else answer)


@pytest.mark.parametrize("words", [("whoami",), ("call", "test.login")])
def test_command_that_fails_shows_nothing_that_a_terminal_obeys(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(_failure(HOSTILE, 98)) as server:
        for name, value in SECRETS.items():
            monkeypatch.setenv(f"FLICKR_{name.upper()}", value)
        monkeypatch.setenv("FLICKR_BASE_URL", server.url)
        done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert [line.isprintable() for line in done.stderr.split("\n")] == [True, True]


@pytest.mark.parametrize("body", [b'{"stat":"ok"}', b'{"stat":"ok","user":5,"oauth":[]}'])
def test_whoami_tells_an_answer_of_another_shape_in_one_line(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"FLICKR_{name.upper()}", value)
    with serve(Answer(body)) as server:
        monkeypatch.setenv("FLICKR_BASE_URL", server.url)
        done = CliRunner().invoke(main, ["whoami"])
    assert done.exit_code == 1
    assert done.output == "Error: whoami: the answer describes no person\n"


def test_name_of_a_person_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    token = {"oauth_token": "1", "oauth_token_secret": "2"}
    person = token | {"user_nsid": "1@N00", "username": HOSTILE[:-3]}
    answers = [Answer(urlencode(fields).encode()) for fields in (token, person)]
    monkeypatch.setattr("builtins.input", lambda: "123-456-789")
    with serve(*answers) as server:
        for name, value in (BEGIN | {"base_url": server.url, "nobrowser": "1"}).items():
            monkeypatch.setenv(f"FLICKR_{name.upper()}", value)
        done = [CliRunner().invoke(main, words) for words in (["login", "--oob"], ["logout"])]
    assert [each.exit_code for each in done] == [0, 0]
    for each in done:
        assert "red clear deirrevo" in each.output
        assert all(line.isprintable() for line in each.output.split("\n"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("red panda", "red panda"),
        ("Füchse 狐 👨\u200d👩\u200d👧", "Füchse 狐 👨\u200d👩\u200d👧"),
        ("a\x1b[1;31mb\x1b[0m", "ab"),
        ("a\x1b]8;;http://a\x1b\\b", "ab"),
        ("a\x1b]0;never ended", "a0;never ended"),
        ("a\x1bcb", "ab"),
        ("a\u2028b\tc\xa0d", "a b c d"),
        ("\x1b", ""),
    ],
)
def test_text_is_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("opening", ["\x90", "\x9d", "\x1b]", "\x1b[0", "\x9b0"])
def test_openings_of_escape_sequences_are_cleaned_in_linear_time(opening: str) -> None:
    # In quadratic time this takes many minutes.
    assert set(printable(opening * 500_000)) <= {"0"}


def test_middle_of_a_very_long_text_is_not_cleaned_at_all() -> None:
    assert printable("a" + "\a" * 200_000 + "b", 1000) == "a … b"


def test_json_stays_what_it_was() -> None:
    value = {"a": [HOSTILE, "狐", "\U000e0041"]}
    for indent in (None, 2):
        text = printable_json(value, indent)
        assert json.loads(text) == value and "狐" in text
        assert all(line.isprintable() for line in text.split("\n"))


def _tree(kind: type[FlickrError] = FlickrError) -> Iterator[type[FlickrError]]:
    yield kind
    for other in kind.__subclasses__():
        yield from _tree(other)


@pytest.fixture(params=sorted(set(_tree()), key=str))
def error(request: pytest.FixtureRequest) -> FlickrError:
    """An error of each class, with a cause and all that an error tells."""
    kind: type[Any] = request.param
    more = {"problem": "nonce_used"} if issubclass(kind, OAuthProblemError) else {}
    error: FlickrError = kind("message", method="flickr.test.echo", status=401, **more)
    error.code = 98
    error.__cause__ = KeyError("behind it")
    return error


def test_error_is_pickled_with_all_it_tells(error: FlickrError) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is type(error) and str(again) == "message"
        assert vars(again) == vars(error)
        assert repr(again.__cause__) == "KeyError('behind it')"
        assert again.__suppress_context__


class _Unlike(Exception):
    """An object that can be pickled but not unpickled."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


@pytest.mark.parametrize("cause", [_Unlike("a", "b"), ValueError(lambda: None)])
def test_cause_that_cannot_be_pickled_is_told(cause: Exception) -> None:
    error = NotFoundError("message")
    error.__cause__ = cause
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (NotFoundError, "message")
    assert type(cause).__name__ in str(again.__cause__)


def test_error_without_a_cause_has_none_afterwards() -> None:
    again = pickle.loads(pickle.dumps(LoginError("message")))
    assert (again.__cause__, again.__suppress_context__) == (None, False)


def _refuse() -> None:
    raise OAuthProblemError("message", "flickr.test.echo", 401, "nonce_used")


def test_pool_of_processes_outlives_a_refusal() -> None:
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, context) as pool:
        with pytest.raises(OAuthProblemError) as caught:
            pool.submit(_refuse).result()
        assert caught.value.problem == "nonce_used"
        assert pool.submit(abs, -1).result() == 1


def test_error_of_no_kind_stays_one() -> None:
    error = specialize(FlickrError("a\x1bb: message", 7, "flickr.test.echo", 200))
    assert type(error) is FlickrError
    assert (str(error), error.code, error.method, error.status) == (
        "a: message",
        7,
        "flickr.test.echo",
        200,
    )
