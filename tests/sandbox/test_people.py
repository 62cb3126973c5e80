"""`flickr.people.*` without photos, `flickr.prefs.*` and `flickr.profile.*`."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import DELETED, nsid
from tests.sandbox.json_recordings import differences, recorded_answers
from tests.sandbox.library import Library, failure_of

ME = nsid(0)
SHY_NSID = nsid(7)


@pytest.mark.parametrize("person", range(10))
def test_information_is_as_recorded(library: Library, person: int) -> None:
    answer = library.call_public("people.getInfo", user_id=nsid(person))
    # All recorded answers in JSON are of people who do not hide their names.
    hidden = {"person.realname", "person.location"} if nsid(person) == SHY_NSID else set()
    assert differences("people.getInfo", answer, hidden) == []
    for other in recorded_answers("people.getInfo"):
        common = answer["person"].keys() & other["person"].keys()
        assert [k for k in answer["person"] if k in common] == [
            k for k in other["person"] if k in common
        ]


def test_only_the_person_sees_the_account(library: Library) -> None:
    account = {
        "mbox_sha1sum", "upload_count", "upload_limit", "upload_limit_status", "is_cognito_user",
        "all_rights_reserved_photos_count",
    }  # fmt: skip
    mine = library.call_signed("people.getInfo", user_id="me")["person"]
    theirs = library.call_as(1, "people.getInfo", user_id=ME)["person"]
    assert mine.keys() - theirs.keys() == account
    assert "views" in mine["photos"] and "views" not in theirs["photos"]
    assert differences("people.getInfo", {"person": mine, "stat": "ok"}) == []


def test_pro_accounts_have_a_badge_and_an_end(library: Library) -> None:
    for number, is_pro in ((2, 1), (1, 0)):
        person = library.call_public("people.getInfo", user_id=nsid(number))["person"]
        assert person["ispro"] == is_pro
        assert ({"pro_badge", "expire"} <= person.keys()) == bool(is_pro)


def test_hidden_name_and_location_are_missing(library: Library) -> None:
    hidden = {"realname", "location", "timezone"}
    person = library.call_public("people.getInfo", user_id=SHY_NSID)["person"]
    assert not hidden & person.keys()
    own = library.call_as(7, "people.getInfo", user_id="me")["person"]
    assert hidden <= own.keys()
    found = library.call_public("people.getPhotos", user_id=SHY_NSID, extras="realname")
    assert all("realname" not in photo for photo in found["photos"]["photo"])


def test_information_counts_visible_photos(library: Library) -> None:
    photos = library.call_signed("people.getInfo", user_id="me")["person"]["photos"]
    everything = library.store.one(
        "SELECT count(*) AS n, sum(views) AS v, min(posted) AS p, min(taken) AS t FROM photos"
        " WHERE owner = :me",
        me=ME,
    )
    assert everything is not None
    assert photos["count"]["_content"] == everything["n"]
    assert photos["views"]["_content"] == str(everything["v"])
    assert photos["firstdate"]["_content"] == str(everything["p"])
    assert photos["firstdatetaken"]["_content"] == everything["t"]
    public = library.call_public("people.getInfo", user_id=ME)["person"]["photos"]
    assert public["count"]["_content"] == library.store.value(
        "SELECT count(*) FROM photos WHERE owner = :me AND ispublic", me=ME
    )


@pytest.mark.parametrize(
    ("person", "code", "message"),
    [
        ("1234567@N00", 1, "User not found"),
        (DELETED, 5, "User deleted"),
        ("🦊\0", 1, "User not found"),
        ("me", 99, "User not logged in"),
    ],
)
def test_unknown_and_deleted_people_as_recorded(
    library: Library, person: str, code: int, message: str
) -> None:
    answer = library.call_public("people.getInfo", user_id=person)
    assert failure_of(answer)[0] == code
    assert code == 99 or answer["message"] == message


def test_person_is_found_by_name_and_by_address(library: Library) -> None:
    by_name = library.call_public("people.findByUsername", username="aDa lEnS")
    assert differences("people.findByUsername", by_name) == []
    assert by_name["user"]["nsid"] == nsid(1)
    assert library.call_public("people.findByEmail", find_email="Person1@example.org") == by_name
    for method, argument in (("findByUsername", "username"), ("findByEmail", "find_email")):
        answer = library.call_public(f"people.{method}", **{argument: "gone"})
        assert failure_of(answer) == (1, "User not found")


def test_groups_of_a_person(library: Library) -> None:
    def groups(answer: dict[str, Any]) -> set[str]:
        return {group["nsid"] for group in answer["groups"]["group"]}

    own = library.call_signed("people.getGroups", user_id="me", extras="privacy,throttle")
    public = library.call_public("people.getPublicGroups", user_id=ME)
    assert groups(own) - groups(public) == {group_nsid(2)}
    landscapes = next(each for each in own["groups"]["group"] if each["nsid"] == group_nsid(0))
    about = library.call_public("groups.getInfo", group_id=group_nsid(0))["group"]
    assert (landscapes["admin"], landscapes["privacy"]) == (1, "3")
    assert landscapes["members"] == about["members"]["_content"]
    assert landscapes["throttle"] == about["throttle"]
    assert "restrictions" not in landscapes


def test_upload_status_is_as_recorded(library: Library) -> None:
    answer = library.call_as(1, "people.getUploadStatus")
    assert differences("people.getUploadStatus", answer) == []
    assert library.call_signed("people.getUploadStatus")["user"]["videos"]["remaining"] == "lots"


def test_profile_of_a_deleted_account_remains(library: Library) -> None:
    profile = library.call_public("profile.getProfile", user_id=DELETED)["profile"]
    assert (profile["nsid"], profile["first_name"]) == (DELETED, "")


def test_limits(library: Library) -> None:
    limits = library.call_signed("people.getLimits")["person"]
    assert limits["nsid"] == ME
    assert int(limits["photos"]["maxupload"]) == 200 * 1024 * 1024
    assert int(limits["videos"]["maxupload"]) == 1024 * 1024 * 1024


def test_profile_is_as_recorded(library: Library) -> None:
    answer = library.call_signed("profile.getProfile", user_id="me")
    assert differences("profile.getProfile", answer) == []
    first = library.call_signed("photosets.getList")["photosets"]["photoset"][0]
    assert answer["profile"]["showcase_set"] == first["id"]
    public = library.call_public("profile.getProfile", user_id=ME)["profile"]
    assert public == {k: v for k, v in answer["profile"].items() if k != "email"}
    assert failure_of(library.call_public("profile.getProfile", user_id="-1")) == (
        1,
        "Invalid NSID provided",
    )


@pytest.mark.parametrize(
    ("method", "name", "column"),
    [
        ("getContentType", "content_type", "default_content_type"),
        ("getGeoPerms", "geoperms", "default_geo_perms"),
        ("getHidden", "hidden", "default_hidden"),
        ("getPrivacy", "privacy", "default_privacy"),
        ("getSafetyLevel", "safety_level", "default_safety_level"),
    ],
)
def test_preferences_are_the_callers(
    own_library: Library, method: str, name: str, column: str
) -> None:
    own_library.store.run(f"UPDATE people SET {column} = 3 WHERE nsid = :me", me=ME)
    person = own_library.call_signed(f"prefs.{method}")["person"]
    assert (person["nsid"], person[name]) == (ME, "3")
    assert own_library.call_as(1, f"prefs.{method}")["person"][name] != "3"
