"""Test that the vectors can fail: a bug injected into the runtime makes its vector fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiler.build import Build
from compiler.javascript import render as render_javascript
from compiler.python import render as render_python
from compiler.reflect import parse
from tests.conformance.cpython import run_here
from tests.support.vectors import judge_all, run_in_node

# The module, the code and its replacement, and the vector that fails.
Bug = tuple[str, str, str, str]

BUGS: list[Bug] = [
    (
        "method.js",
        "values ?? {}, settings ?? {}",
        "settings ?? {}, values ?? {}",
        "settings may come without arguments",
    ),
    ("method.js", "callback(null, result)", "callback(result)", "a callback gets the answer"),
    (
        "call.js",
        "isRead ? (retries === true ? 3 : retries) : 0",
        "retries === true ? 3 : retries",
        "a write is not retried",
    ),
    ("call.js", "!endpoint && ", "0 && ", "token-only refuses a login"),
    (
        "call.js",
        "!endpoint && (level ||",
        "!endpoint && (level !== 0 ||",
        "an unknown method is sent unsigned with only a key",
    ),
    ("call.js", "level < 8", "!(level >= 8)", "an unknown method is not retried"),
    ("checks.js", "if (!isChecked)", "if (false)", "a method called by name is not checked"),
    ("flickr.js", '"flickr." + name', "name", "a method called by name needs no prefix"),
    (
        "explanations.js",
        'findArgument(request, "method_name")',
        "undefined",
        "dev names the method nearest to one that is asked about",
    ),
    ("names.js", '"flickr.upload": 11', "", "token-only refuses an upload"),
    ("call.js", 'method == "flickr.upload"', "0", "an upload goes to the proxy"),
    (
        "retrying.js",
        "signal?.throwIfAborted();",
        "if (signal?.aborted) throw new FlickrError(method);",
        "an abort ends the call",
    ),
    ("retrying.js", "retryAfter > 0 ?", "0 ?", "Retry-After is obeyed"),
    ("call.js", ": JSON.stringify(wire)", ': "{}"', "a proxy gets JSON"),
    ("retrying.js", "/{.*}|", "/^{.*}|", "a wrapped answer is unwrapped"),
    ("retrying.js", "|\\[/s", "/s", "a list of answers is no answer"),
    (
        "retrying.js",
        "code = Number(answer.code)",
        "code = answer.code",
        "a code in quotes becomes a number",
    ),
    (
        "explanations.js",
        " + causes",
        "",
        "dev names the address of an answer that is not Flickr's",
    ),
    (
        "wire.js",
        "if (value != null)",
        "if (value !== undefined)",
        "undefined and null are left out",
    ),
    ("wire.js", "return Number(value)", "return String(value)", "booleans are 1 and 0"),
    ("wire.js", 'isWrite && name == "tags"', "false", "tags of a write are quoted"),
    ("wire.js", "value / 1000", "value / 1", "dates are Unix seconds"),
    ("paging.js", "page < list.pages", "page <= list.pages", "pages stop at the last page"),
    (
        "paging.js",
        "reportedPage != requestedPage",
        "false",
        "a repeated page ends the listing",
    ),
    (
        "paging.js",
        "reportedPage != requestedPage",
        "false",
        "has_next_page does not cause a loop",
    ),
    ("paging.js", "requestedPage &&", "", "all yields every item"),
    ("paging.js", "reportedPage >= 0 && ", "", "an answer without a page is not compared"),
    (
        "paging.js",
        "continuations.includes(continuation)",
        "false",
        "continuations do not cause a loop",
    ),
    ("paging.js", "firstPage = 0", "firstPage = 1", "pages that count from 0 are all yielded"),
    ("paging.js", "Number(size) || null", "null", "all requests the largest page of its method"),
    (
        "paging.js",
        "...values }",
        "...values, per_page: size }",
        "all requests the given page size",
    ),
    ("paging.js", "if (!isByPage)", "if (true)", "pages have Flickr's default size"),
    ("paging.js", "...answer.who,", "", "the tags of a person are yielded"),
    ("paging.js", "...answer.photo ", "", "the tags of a photo are yielded"),
    ("paging.js", "if (!size)", "if (false)", "all of a method that lists nothing is an error"),
    ("checks.js", "nextPages.has(values)", "false", "a listing warns of an argument once"),
    ("checks.js", "hooks.repeat =", "hooks.unused =", "a repeated page ends the listing"),
    ("paging.js", "...answer.replies,", "", "replies have their page numbers in the topic"),
    ("checks.js", "method == ECHO ||", "", "echo takes any argument"),
    ("checks.js", "endpoint && name", "0 && name", "a proxy may be asked to sign"),
    ("paging.js", ">= limit", ">= 9e9", "pages stop at Flickr's limit"),
    ("paging.js", "continuation != -1", "true", "pages follow a continuation"),
    ("photo.js", 'photo["url_" +', 'photo["uri_" +', "photoURL prefers the answer's own address"),
    (
        "flickr.js",
        "secret|",
        "sacred|",
        "a secret in the options is an error",
    ),
    ("wire.js", "/\\/?$/", "/$/", "an upload goes to the proxy"),
    ("call.js", "{ photo: null }", "{}", "an upload goes to the proxy"),
    ("wire.js", ": Number.isFinite", ": (item) => item !== null", "NaN is no argument"),
    (
        "wire.js",
        "? Number.isSafeInteger",
        "? Number.isFinite",
        "an id that has lost digits is refused",
    ),
    ("wire.js", "!value.toISOString || isNaN(value)", "!value", "an invalid date is no argument"),
    ("wire.js", " || value instanceof Set", "", "a set is a list"),
    ("method.js", "if (another)", "if (false)", "two callbacks are an error"),
    (
        "retrying.js",
        "failure.startsWith(method)",
        "0",
        "a proxy's own message names the method once",
    ),
    ("retrying.js", "status == 429", "false", "HTTP 429 asks to slow down"),
    ("retrying.js", "cause = error", "error", "the error of the connection is the cause"),
    (
        "retrying.js",
        "AbortSignal.any([deadline, signal])",
        "deadline",
        "an abort ends a call with a timeout",
    ),
    (
        "flickr.js",
        "this[name].bind(flickr)",
        "this[name]",
        "upload works on its own",
    ),
    ("call.js", "...moreHeaders,", "", "a call takes headers for the proxy"),
    ("call.js", "    credentials,\n  };", "  };", "credentials are those of fetch"),
    ("call.js", "retries = retry_queries", "retries", "a read is retried"),
    ("nearest.js", "before[j - 2] + 1", "9", "swapped letters are near"),
    (
        "nearest.js",
        ": Infinity;\n};\n\n/**",
        ": 9;\n};\n\n/**",
        "no argument is named if none is near",
    ),
    ("explanations.js", "status >= 400", "false", "a proxy's own message has no link"),
    ("checks.js", "settingNames.includes(name)", "0", "settings are no arguments"),
    (
        "checks.js",
        'kind == ","',
        "false",
        "a valid list of values causes no warning",
    ),
    (
        "details.js",
        "rules.set(argument, rule)",
        "rules",
        "a warning names the valid values",
    ),
]


PYTHON_BUGS: list[Bug] = [
    ("core/plan", "= level or", "= sign or", "token-only refuses a login"),
    ("core/retrying", "and not writes", "", "a write is not retried"),
    ("core/levels", "level is None or level >= PERMS_WRITE", "False", "tags of a write are quoted"),
    ("core/levels", "level is None or", "", "an unknown method is not retried"),
    ("core/checks", "or not checked", "", "a method called by name is not checked"),
    ("core/client", "full_name(method)", "method", "a method called by name needs no prefix"),
    (
        "core/details",
        'return str(sent.get("method_name"))',
        "return ''",
        "dev names the method nearest to one that is asked about",
    ),
    (
        "core/plan",
        "levels.get(method)",
        "levels.get(method, 15)",
        "an unknown method is sent unsigned with only a key",
    ),
    ("browser/flickr", 'join_url(endpoint, "upload")', "endpoint", "an upload goes to the proxy"),
    (
        "core/retrying",
        "depth >= _DEEPEST",
        "False",
        "an answer with 100,000 nested lists is an error",
    ),
    ("core/retrying", "asked, asked) if", "1, 2) if", "Retry-After is obeyed"),
    (
        "core/retrying",
        "code in (None",
        "code not in (None",
        "a failure of Flickr is not retried",
    ),
    ("core/retrying", 'text.find("{")', "0", "a wrapped answer is unwrapped"),
    ("core/retrying", 'text.rfind("}") + 1', "9999", "text around an answer is ignored"),
    ("core/retrying", "in text[:start]", "in text[:0]", "a list of answers is no answer"),
    (
        "core/wire",
        "return int(float(value))",
        "return value",
        "a code in quotes becomes a number",
    ),
    ("core/plan", "json.dumps(", '"{}" or (', "a proxy gets JSON"),
    (
        "core/checks",
        'if kind == ","',
        "if False",
        "a valid list of values causes no warning",
    ),
    ("core/checks", 'kind == "." or', "True or", "a warning names the valid values"),
    ("core/wire", "if part is not None", "", "None among the tags of a write is left out"),
    ("core/wire", "int(value) if value % 1 == 0 else value", "value", "booleans are 1 and 0"),
    ("core/wire", "date.timestamp() // 1", "date.timestamp() * 1000", "dates are Unix seconds"),
    ("core/wire", 'if "taken" in name', 'if "token" in name', "dates taken are MySQL's"),
    ("core/paging", "return page <", "return page <=", "pages stop at the last page"),
    (
        "core/paging",
        "not in (None, requested_page)",
        "in ()",
        "a repeated page ends the listing",
    ),
    (
        "core/paging",
        "not in (None, requested_page)",
        "in ()",
        "has_next_page does not cause a loop",
    ),
    (
        "core/paging",
        "(None, requested_page)",
        "(requested_page,)",
        "an answer without a page is not compared",
    ),
    (
        "core/paging",
        "continuation in continuations",
        "False",
        "continuations do not cause a loop",
    ),
    (
        "core/paging",
        'to_whole_number(body.get("page"))',
        'body.get("page")',
        "page numbers in quotes are compared as numbers",
    ),
    ("core/paging", "first = 0", "first = 1", "pages that count from 0 are all yielded"),
    (
        "core/paging",
        "page_sizes.get(method)",
        "limits.get(method)",
        "all requests the largest page of its method",
    ),
    ("core/paging", "page is None", "True", "a listing warns of an argument once"),
    ("core/paging", "if not whole", "if True", "pages have Flickr's default size"),
    ("core/paging", 'answer.get("who") or', "", "the tags of a person are yielded"),
    ("core/paging", 'or answer.get("photo")', "", "the tags of a photo are yielded"),
    (
        "core/paging",
        "method not in table.page_sizes",
        "False",
        "all of a method that lists nothing is an error",
    ),
    (
        "core/paging",
        "warn_of_repeat(client, method, requested_page, reported_page)",
        "pass",
        "a repeated page ends the listing",
    ),
    ("core/paging", '"replies"', '""', "replies have their page numbers in the topic"),
    ("core/checks", "method != _ECHO and", "", "echo takes any argument"),
    ("core/checks", 'name == "authenticated"', "False", "a proxy may be asked to sign"),
    ("core/paging", "get(method, 9e9)", "get('', 9e9)", "pages stop at Flickr's limit"),
    ("core/paging", '!= "-1"', '!= "-2"', "pages follow a continuation"),
    ("core/photo", '"url_" +', '"uri_" +', "photoURL prefers the answer's own address"),
    ("browser/transport", "except BaseException", "except ValueError", "an abort ends the call"),
    (
        "browser/transport",
        "+ pair.group(0) +",
        "+",
        "an emoji escaped as a surrogate pair is one character",
    ),
    ("core/wire", "value - value == 0", "value == value", "infinity is no argument"),
    ("core/wire", "except Exception", "except ValueError", "an object is no argument"),
    ("core/wire", '"toordinal"', '"isoformat"', "a time is no argument"),
    ("browser/transport", "upload.onprogress", "upload.x", "an upload reports its progress"),
    ("browser/transport", '== "include"', "== 1", "an upload reports its progress"),
    ("browser/transport", "request.abort()", "0", "a signal ends an upload with progress"),
    (
        "browser/transport",
        " and not init.signal.aborted",
        "",
        "an upload with progress and an aborted signal sends nothing",
    ),
    ("browser/transport", "if signal and signal.aborted", "if 0", "a signal ends an upload"),
    ("browser/transport", "if timeout:", "if 0:", "a timeout in seconds ends the call"),
    (
        "browser/transport",
        "result.cause = error",
        "pass",
        "the error of the connection is the cause",
    ),
    (
        "browser/transport",
        'request.options.get("credentials")',
        "0",
        "credentials are those of fetch",
    ),
    ("browser/flickr", 'settings.get("headers")', "0", "a call takes headers for the proxy"),
    (
        "browser/flickr",
        '("onprogress", "signal")',
        '("onprogress",)',
        "an upload with an aborted signal sends nothing",
    ),
    ("core/client", '"retries", options', '"", options', "a call takes retries"),
    (
        "core/checks",
        "if name in SETTINGS",
        "if 0",
        "timeout among the arguments is a setting",
    ),
    ("core/nearest", "edits = min(edits, before[j - 1] + 1)", "pass", "swapped letters are near"),
    (
        "core/nearest",
        "else _FAR",
        "else 9",
        "no argument is named if none is near",
    ),
    (
        "core/retrying",
        "if not reason.startswith(method)",
        "if True",
        "a proxy's own message names the method once",
    ),
    ("core/retrying", "== 429", "== 428", "HTTP 429 asks to slow down"),
    (
        "core/details",
        ", 1) + causes",
        ", 1)",
        "dev names the address of an answer that is not Flickr's",
    ),
    (
        "core/details",
        "response.status >= 400",
        "response.status >= 900",
        "a proxy's own message has no link",
    ),
    (
        "browser/flickr",
        '"secret" in name',
        '"sacred" in name',
        "a secret in the options is an error",
    ),
]


def _mark(bugs: list[Bug]) -> list[Any]:
    """Return the bugs as parameters: `make test` injects the first of each module, soak the others."""
    modules: set[str] = set()
    found = []
    for bug in bugs:
        marks = [pytest.mark.soak] if bug[0] in modules else []
        modules.add(bug[0])
        found.append(pytest.param(*bug, marks=marks))
    return found


def test_every_bug_has_its_place() -> None:
    sources = render_python.read_sources()
    for module, right, _, _ in PYTHON_BUGS:
        assert right in sources[module]
    for module, right, _, _ in BUGS:
        assert right in (render_javascript.RUNTIME / module).read_text("utf-8")


@pytest.mark.parametrize(("module", "right", "wrong", "vector"), _mark(PYTHON_BUGS))
def test_bug_in_python_is_found(
    module: str,
    right: str,
    wrong: str,
    vector: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modules = render_python.read_sources()
    modules[module] = modules[module].replace(right, wrong)
    monkeypatch.setattr(render_python, "read_sources", lambda: modules)
    file = tmp_path / "pyflickr_web.dev.py"
    file.write_text(
        render_python.render_module(Build(parse.read_snapshot(), "dev"))[file.name], "utf-8"
    )
    assert judge_all(run_here(file, "dev", vector), "dev")[vector] != []


@pytest.mark.parametrize(("module", "right", "wrong", "vector"), _mark(BUGS))
def test_bug_is_found(
    module: str,
    right: str,
    wrong: str,
    vector: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for source in render_javascript.RUNTIME.glob("*.js"):
        text = source.read_text("utf-8")
        if source.name == module:
            text = text.replace(right, wrong)
        (tmp_path / source.name).write_text(text, "utf-8")
    monkeypatch.setattr(render_javascript, "RUNTIME", tmp_path)
    bundle = tmp_path / "out.mjs"
    outputs = render_javascript.render_bundles(Build(parse.read_snapshot(), "dev"))
    bundle.write_text(outputs["flickrapi.dev.mjs"], "utf-8")
    assert run_in_node(bundle, "dev")[vector] != []
