"""Real names that people keep private: in no answer, and on no page, of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.reflection import methods
from flickr_sandbox.store import Store
from flickr_sandbox.store.library.people import nsid
from tests.support import sample_arguments
from tests.support.local_api import ME, LocalApi
from tests.support.timeouts import TIMEOUT

NAME, PLACE = "Xanthippe Quux", "Xanthippe Creek"


def hide_all_names(store: Store) -> None:
    """Make everybody except the account hide the same real name and location."""
    store.run(
        "UPDATE people SET hides_name = 1, realname = :name, location = :place WHERE nsid <> :me",
        name=NAME,
        place=PLACE,
        me=ME,
    )


@pytest.fixture(scope="module")
def api() -> Iterator[LocalApi]:
    library = LocalApi(photos=200)
    hide_all_names(library.store)
    library.save()
    yield library
    library.close()


@pytest.mark.parametrize("method", sorted(methods()))
def test_no_answer_has_a_private_name(api: LocalApi, method: str) -> None:
    api.restore()
    arguments = sample_arguments.arguments(api, methods()[method], True)
    answers = [
        api.body(arguments | changes | {"method": method, "extras": "realname,owner_name"}, caller)
        for caller in (api.caller(), api.caller(None))
        for changes in ({}, {"user_id": nsid(7)}, {"user_id": nsid(3)})
    ]
    assert not [answer.text for answer in answers if "Xanthippe" in answer.text]


def test_own_private_name_is_shown(api: LocalApi) -> None:
    person = api.call("people.getInfo", nsid(7), user_id=nsid(7))["person"]
    assert (person["realname"]["_content"], person["location"]["_content"]) == (NAME, PLACE)


def test_member_of_a_group_without_a_public_name_has_no_key_for_it(api: LocalApi) -> None:
    group = api.store.value("SELECT group_nsid FROM group_members WHERE person <> :me", me=ME)
    members = api.call("groups.members.getList", group_id=group)["members"]["member"]
    assert {member["nsid"] == ME for member in members if "realname" in member} <= {True}
    assert any("realname" not in member for member in members)


def test_no_page_has_a_private_name() -> None:
    with Sandbox(photos=200) as sandbox:
        hide_all_names(sandbox.store)
        photo = sandbox.store.one("SELECT id, owner FROM photos WHERE owner = :n", n=nsid(7))
        assert photo
        home = f"/photos/{nsid(7)}/"
        for page in (home, f"/people/{nsid(7)}/", f"{home}{photo['id']}/", f"{home}sets/"):
            shown = requests.get(sandbox.url + page, timeout=TIMEOUT)
            assert shown.status_code == 200
            assert "Xanthippe" not in shown.text
