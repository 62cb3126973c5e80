"""Test the examples of “sign in with Flickr” with a real server and Chromium."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from examples.sign_in import fastapi_app, flask_app, limit
from examples.sign_in.site import ENDPOINT, POLICY, cookie_options
from examples.sign_in.store import ExpiringStore
from flickr_sandbox import Sandbox
from flickr_sandbox.oauth import grants
from tests.server.visitor import Visitor
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop, in_threads

NOTICE = "This product uses the Flickr API but is not endorsed or certified by SmugMug, Inc."
LOGIN = {"method": "flickr.test.login"}
# What a script of the page itself hears.
CALL = """(call) => fetch("/services/rest/", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(call),
}).then(async (answer) => ({ status: answer.status, text: await answer.text() }))"""


@pytest.fixture
def flickr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox as Flickr, with an application's key in the environment.

    Each test has its own: pictures of a closed page may still be requested.
    """
    with Sandbox(photos=200) as sandbox:
        for name in ("FLICKR_API_KEY", "FLICKR_SECRET", "FLICKR_BASE_URL"):
            monkeypatch.setenv(name, sandbox.environ[name])
        yield sandbox


@pytest.fixture(params=["flask", "fastapi"])
def site(request: pytest.FixtureRequest, flickr: Sandbox) -> Iterator[str]:
    """The address of the site in each framework, without a final slash."""
    served = (
        in_threads(flask_app.create_app())
        if request.param == "flask"
        else in_loop(fastapi_app.create_app())
    )
    with served as url:
        yield url


# For tests of the page, which both sites share.
on_one_site = pytest.mark.parametrize(
    "site", ["flask", pytest.param("fastapi", marks=pytest.mark.soak)], indirect=True
)


def sign_in(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="Sign in with Flickr").click()
    expect(page.locator("#perms")).to_have_text("write")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()


def session(context: BrowserContext) -> Any:
    """Return the visitor's session cookie."""
    (found,) = (cookie for cookie in context.cookies() if cookie["name"] == "session")
    return found


def favourites(flickr: Sandbox, nsid: str) -> set[str]:
    rows = flickr.store.all("SELECT photo FROM favorites WHERE person = :nsid", nsid=nsid)
    return {str(row[0]) for row in rows}


def own(answers: list[Response], site: str) -> list[Response]:
    """Return the responses of the site."""
    return [answer for answer in answers if answer.url.startswith(site)]


def test_visitor_signs_in_sees_private_photos_and_marks_a_favourite(
    page: Page, site: str, flickr: Sandbox
) -> None:
    me = flickr.account.user_id
    before = favourites(flickr, me)
    sign_in(page, site)
    assert page.url == site + "/"
    expect(page.locator("#name")).to_have_text("sandbox")
    expect(page.locator("#mine figure")).to_have_count(8)
    total = flickr.store.value("SELECT count(*) FROM photos WHERE owner = :me", me=me)
    expect(page.locator("#mine-count")).to_have_text(f"8 of {total}")
    page.get_by_role("button", name="More").click()
    expect(page.locator("#mine figure")).to_have_count(16)
    expect(page.get_by_text("private", exact=True).first).to_be_visible()
    for image in page.locator("figure img").all():
        image.scroll_into_view_if_needed()
        expect(image).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_text(NOTICE)).to_be_visible()

    heart = page.get_by_role("button", name="Favourite:", pressed=False).first
    title = heart.get_attribute("aria-label")
    heart.click()
    expect(page.get_by_role("status")).to_contain_text("is now a favourite of yours")
    assert len(favourites(flickr, me) - before) == 1
    page.reload()
    pressed = page.get_by_role("button", name=title or "", pressed=True)
    pressed.first.click()
    expect(page.get_by_role("status")).to_contain_text("is no longer a favourite of yours")
    assert favourites(flickr, me) == before


def test_visitor_signs_out_and_the_session_is_worth_nothing(page: Page, site: str) -> None:
    sign_in(page, site)
    kept = session(page.context)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in with Flickr")).to_be_visible()
    assert not page.context.cookies(site)
    answer = requests.post(
        site + ENDPOINT,
        json=LOGIN,
        headers={"Cookie": f"session={kept['value']}", "Origin": site},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 401


@on_one_site
def test_stranger_gets_401_and_sees_the_button(page: Page, site: str, flickr: Sandbox) -> None:
    with page.expect_response(f"**{ENDPOINT}") as answered:
        page.goto(site)
    assert answered.value.status == 401
    expect(page.get_by_role("link", name="Sign in with Flickr")).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.get_by_role("heading", name="Your photos")).to_be_hidden()
    expect(page.get_by_text(NOTICE)).to_be_visible()
    assert not flickr.calls


@on_one_site
def test_visitor_who_says_no_is_told(page: Page, site: str) -> None:
    page.goto(site + "/login")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("status")).to_contain_text("You are not signed in")
    expect(page.get_by_role("link", name="Sign in with Flickr")).to_be_visible()
    assert page.url == site + "/"


@on_one_site
def test_visitor_is_told_that_flickr_cannot_be_reached(
    page: Page, site: str, flickr: Sandbox
) -> None:
    flickr.faults.add("503", where="oauth")
    page.goto(site)
    page.get_by_role("link", name="Sign in with Flickr").click()
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    expect(page.get_by_role("link", name="Sign in with Flickr")).to_be_visible()


@on_one_site
def test_visitors_do_not_mix(
    browser: Browser, site: str, flickr: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = flickr.store.all("SELECT * FROM people ORDER BY nsid LIMIT 2")
    pages = []
    for person in people:
        # Whoever looks at the sandbox's page is this one.
        monkeypatch.setattr(grants, "_person", lambda store, person=person: person)
        pages.append(browser.new_context().new_page())
        sign_in(pages[-1], site)
    for page, person in zip(pages, people, strict=True):
        page.reload()
        expect(page.locator("#name")).to_have_text(person["username"])
        me = person["nsid"]
        total = flickr.store.value("SELECT count(*) FROM photos WHERE owner = :me", me=me)
        expect(page.locator("#mine-count")).to_contain_text(f" of {total}")
        before = [favourites(flickr, each["nsid"]) for each in people]
        page.get_by_role("button", name="Favourite:", pressed=False).first.click()
        expect(page.get_by_role("status")).to_contain_text("is now a favourite")
        after = [favourites(flickr, each["nsid"]) for each in people]
        grown = [each["nsid"] for each, b, a in zip(people, before, after, strict=True) if a != b]
        assert grown == [me]
    assert session(pages[0].context)["value"] != session(pages[1].context)["value"]
    for page in pages:
        page.context.close()


def test_browser_never_gets_a_token_or_a_secret(page: Page, site: str, flickr: Sandbox) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    sign_in(page, site)
    rows = flickr.store.all("SELECT token, secret FROM access_tokens")
    assert len(rows) == 2
    hidden = [
        flickr.account.api_key,
        flickr.account.secret,
        *(text for row in rows for text in row),
    ]
    heard = "".join(answer.url + repr(answer.all_headers()) for answer in own(answers, site))
    for path in ("/", "/pages/page.js"):
        heard += page.evaluate("(path) => fetch(path).then((answer) => answer.text())", path)
    for method in POLICY["allow"]:
        answer = page.evaluate(CALL, {"method": method, "user_id": "me", "text": "a"})
        heard += answer["text"]
    assert "private" in heard and flickr.account.user_id in heard
    assert not [text for text in hidden if text in heard]
    assert not [text for text in hidden if text in repr(page.context.cookies())]
    kept = session(page.context)
    assert kept["httpOnly"] and kept["sameSite"] == "Lax" and kept["expires"] == -1
    assert page.evaluate("document.cookie") == ""


def test_session_that_was_planted_does_not_become_the_visitors(page: Page, site: str) -> None:
    page.context.add_cookies([{"name": "session", "value": "planted", "url": site}])
    sign_in(page, site)
    assert session(page.context)["value"] != "planted"
    first = session(page.context)["value"]
    page.goto(site + "/login")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    for old in ("planted", first):
        headers = {"Cookie": f"session={old}", "Origin": site}
        answer = requests.post(site + ENDPOINT, json=LOGIN, headers=headers, timeout=TIMEOUT)
        assert answer.status_code == 401


@on_one_site
def test_answer_of_flickrs_signs_in_only_the_browser_that_asked(page: Page, site: str) -> None:
    asked = requests.get(site + "/login", allow_redirects=False, timeout=TIMEOUT)
    back = Visitor().press(asked.headers["Location"])
    assert back.startswith(site + "/callback?")
    for begins in (False, True):
        if begins:
            page.goto(site + "/login")
        page.goto(back)
        expect(page.get_by_role("status")).to_contain_text("You are not signed in")
    cookies = {"Cookie": asked.headers["Set-Cookie"].partition(";")[0]}
    done = requests.get(back, headers=cookies, allow_redirects=False, timeout=TIMEOUT)
    assert done.headers["Location"] == "/"


@on_one_site
@pytest.mark.parametrize("method", ["flickr.photos.delete", "flickr.photos.setMeta"])
def test_page_may_call_no_more_than_it_needs(
    page: Page, site: str, flickr: Sandbox, method: str
) -> None:
    sign_in(page, site)
    assert page.evaluate(CALL, {"method": method, "photo_id": "1"})["status"] == 403
    assert not flickr.calls[method]


def test_every_answer_says_what_a_page_may_do(site: str, flickr: Sandbox) -> None:
    for path in ("/", "/pages/page.js", "/login", "/callback", "/nothing", ENDPOINT):
        answer = requests.get(site + path, allow_redirects=False, timeout=TIMEOUT)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    strange = requests.get(site + "/login", headers={"Host": "evil.example"}, timeout=TIMEOUT)
    assert strange.status_code == 400
    assert flickr.calls == {"oauth/request_token": 1}


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the limits: at the start of a minute, they would admit one more."""
    now = time.time()
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: now))


@pytest.mark.usefixtures("stopped_clock")
def test_sign_ins_are_limited(site: str, flickr: Sandbox) -> None:
    def begin() -> requests.Response:
        # A new cookie jar each time: it is not the browser that is counted.
        return requests.get(site + "/login", allow_redirects=False, timeout=TIMEOUT)

    amount = limit.EACH.amount
    assert all(begin().is_redirect for _ in range(amount))
    refused = begin()
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Set-Cookie" not in refused.headers
    assert flickr.calls == {"oauth/request_token": amount}


@pytest.mark.usefixtures("stopped_clock")
def test_sign_ins_from_many_addresses_are_limited_together() -> None:
    login = limit.LoginLimit()
    allowed = [login.allows(f"2001:db8::{number:x}") for number in range(1000)]
    assert allowed == [True] * limit.ALL.amount + [False] * (1000 - limit.ALL.amount)


@on_one_site
def test_link_of_another_site_signs_nobody_out(page: Page, site: str) -> None:
    sign_in(page, site)
    assert page.goto(site + "/logout").status == 405  # type: ignore[union-attr]
    page.goto(site)
    expect(page.get_by_text("Signed in as")).to_be_visible()


def test_cookie_is_of_this_host_alone_over_https() -> None:
    assert cookie_options("session", True)["key"] == "__Host-session"
    assert cookie_options("session", True)["secure"]
    assert cookie_options("session", False)["key"] == "session"


def test_what_is_kept_ends() -> None:
    now = [0.0]
    kept: ExpiringStore[str] = ExpiringStore(10, 2, lambda: now[0])
    first, second = kept.put("first"), kept.put("second")
    assert first != second
    assert (kept.get(first), kept.get("first"), kept.get(None)) == ("first", None, None)
    third = kept.put("third")
    assert (kept.get(first), kept.get(second), kept.get(third)) == (None, "second", "third")
    assert (kept.take(second), kept.take(second)) == ("second", None)
    now[0] = 10.0
    assert kept.get(third) is None
    kept.put("fourth")
    assert len(kept._values) == 1


@pytest.mark.parametrize("framework", ["flask", "fastapi"])
def test_one_command_shows_it(framework: str) -> None:
    words = [sys.executable, "-m", "examples.sign_in", framework, "--port", "0", "--no-browser"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
    ) as process:
        try:
            assert process.stdout
            found = re.search(r"http://\S+/(?=,)", process.stdout.readline())
            assert found
            answer = requests.get(found[0], timeout=TIMEOUT)
            assert "Sign in with Flickr" in answer.text
        finally:
            process.kill()
