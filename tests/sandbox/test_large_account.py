"""The second account, with 12,000 photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from requests_oauthlib import OAuth1

from flickr_sandbox import Sandbox
from flickr_sandbox.store.library import Account
from tests.support.timeouts import TIMEOUT


def ask(sandbox: Sandbox, account: Account, method: str, **arguments: str) -> dict[str, Any]:
    auth = OAuth1(
        account.api_key, account.secret, account.access_token, account.access_token_secret
    )
    query = {"method": f"flickr.{method}", "format": "json", "nojsoncallback": "1", **arguments}
    url = sandbox.url + "/services/rest/"
    answer: dict[str, Any] = requests.get(url, params=query, auth=auth, timeout=TIMEOUT).json()
    return answer


def test_account_is_made_when_it_is_asked_for(fresh_sandbox: Sandbox) -> None:
    count = "SELECT count(*) FROM photos"
    assert fresh_sandbox.store.value(count) == 60
    fresh_sandbox.mark()
    account = fresh_sandbox.large_account
    assert account.user_id != fresh_sandbox.account.user_id
    answer = ask(fresh_sandbox, account, "people.getPhotos", user_id="me", per_page="500")
    assert int(answer["photos"]["total"]) == 12_000
    assert answer["photos"]["pages"] == 24
    sets = ask(fresh_sandbox, account, "photosets.getList")["photosets"]["photoset"]
    assert sum(int(s["photos"]) + int(s["videos"]) for s in sets) == 10_000
    assert fresh_sandbox.large_account == account
    fresh_sandbox.reset()
    assert fresh_sandbox.store.value(count) == 60
    assert fresh_sandbox.large_account == account


def test_photos_of_the_first_account_stay_the_same(fresh_sandbox: Sandbox) -> None:
    first = "SELECT p.id, t.tag FROM photos p JOIN photo_tags t ON t.photo = p.id WHERE owner = :me"
    me = fresh_sandbox.account.user_id
    before = [tuple(row) for row in fresh_sandbox.store.all(first, me=me)]
    assert fresh_sandbox.large_account
    assert [tuple(row) for row in fresh_sandbox.store.all(first, me=me)] == before


def test_large_account_is_found_by_search(fresh_sandbox: Sandbox) -> None:
    account = fresh_sandbox.large_account
    answer = ask(fresh_sandbox, account, "photos.search", user_id="me", text="lake")
    assert int(answer["photos"]["total"]) > 100


def test_kept_library_keeps_it(tmp_path: Path) -> None:
    with Sandbox(photos=5, data=tmp_path, large_account=True) as sandbox:
        account = sandbox.large_account
    with Sandbox(data=tmp_path) as sandbox:
        assert sandbox.store.value("SELECT count(*) FROM photos") == 12_005
        assert sandbox.large_account == account
