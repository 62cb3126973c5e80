"""Blogs, cameras, the commons, machine tags and pandas."""

from __future__ import annotations

from typing import Any

from tests.sandbox.json_recordings import differences
from tests.support.local_api import ME, LocalApi


def test_listed_brands_have_models(api: LocalApi) -> None:
    for brand in api.call("cameras.getBrands")["brands"]["brand"]:
        cameras = api.call("cameras.getBrandModels", brand=brand["id"])["cameras"]
        assert cameras["brand"] == brand["id"]
        assert len({camera["id"] for camera in cameras["camera"]}) == len(cameras["camera"]) > 0
    assert api.code("cameras.getBrandModels", brand="none") == 1


def test_institutions_have_names_and_addresses(api: LocalApi) -> None:
    found = api.call("commons.getInstitutions")["institutions"]["institution"]
    for institution in found:
        assert institution["name"]["_content"]
        assert [url["type"] for url in institution["urls"]["url"]] == ["site", "license", "flickr"]
    assert len(found) == 3


def test_blogs_accept_only_public_photos(api: LocalApi) -> None:
    blogs = api.call("blogs.getList")["blogs"]["blog"]
    open_, locked = blogs
    assert (open_["needspassword"], locked["needspassword"]) == ("0", "1")
    assert api.call("blogs.getList", service=open_["service"])["blogs"]["blog"] == [open_]
    services = {service["id"] for service in api.call("blogs.getServices")["services"]["service"]}
    assert {blog["service"] for blog in blogs} <= services

    public, private = (
        api.store.value("SELECT id FROM photos WHERE owner = :me AND ispublic = :p", me=ME, p=p)
        for p in (1, 0)
    )
    post = {"photo_id": public, "title": "Hello", "description": ""}
    assert api.code("blogs.postPhoto", **post, blog_id=open_["id"]) == 0
    assert api.code("blogs.postPhoto", **post, service=open_["service"]) == 0
    assert api.code("blogs.postPhoto", **post, blog_id=locked["id"]) == 3
    assert api.code("blogs.postPhoto", **post, blog_id=locked["id"], blog_password="x") == 0
    assert api.code("blogs.postPhoto", **post) == 1
    assert api.code("blogs.postPhoto", **post, blog_id="1") == 1
    for photo in (private, "1", "x"):
        refused = {**post, "photo_id": photo, "blog_id": open_["id"]}
        assert api.code("blogs.postPhoto", **refused) == 2


def test_pandas_share_the_public_photos_among_them(api: LocalApi) -> None:
    listed = api.call("panda.getList")
    assert differences("panda.getList", listed) == []
    seen: set[str] = set()
    for panda in listed["pandas"]["panda"]:
        name = panda["_content"]
        photos = api.call("panda.getPhotos", None, panda_name=name, per_page=500)["photos"]
        ids = {photo["id"] for photo in photos["photo"]}
        assert photos["panda"] == name
        assert len(ids) == photos["total"] > 0
        assert all("ownername" in photo for photo in photos["photo"])
        assert not seen & ids
        seen |= ids
    public = "SELECT count(*) FROM photos WHERE ispublic AND safety_level = 0"
    assert len(seen) == api.store.value(public)
    assert api.code("panda.getPhotos", panda_name="pooh") == 2
    assert api.code("panda.getPhotos") == 1


def test_pages_of_a_panda_follow_each_other(api: LocalApi) -> None:
    def ids(**page: Any) -> list[str]:
        photos = api.call("panda.getPhotos", panda_name="ling ling", **page)["photos"]["photo"]
        return [photo["id"] for photo in photos]

    assert ids(per_page=2, page=1) + ids(per_page=2, page=2) == ids(per_page=4)


def test_machine_tags_are_those_of_the_library(api: LocalApi) -> None:
    photo = api.store.value("SELECT id FROM photos WHERE owner = :me AND ispublic", me=ME)
    for number, tag in enumerate(("geo:lat=1.5", "geo:lat=2", "dc:title=a b")):
        api.store.insert(
            "photo_tags", photo=photo, number=900 + number, raw=tag, tag=tag, machine_tag=1
        )
    namespaces = api.call("machinetags.getNamespaces")["namespaces"]["namespace"]
    by_name = {item["_content"]: item for item in namespaces}
    assert {"geo", "dc"} <= set(by_name)
    for name, item in by_name.items():
        answer = api.call("machinetags.getPredicates", namespace=name)["predicates"]
        assert len(answer["predicate"]) == answer["total"] == item["predicates"]
        assert sum(predicate["usage"] for predicate in answer["predicate"]) == item["usage"]
    pairs = api.call("machinetags.getPairs", namespace="geo")["pairs"]["pair"]
    assert {"namespace": "geo", "predicate": "lat", "usage": 2, "_content": "geo:lat"} in pairs
    values = api.call("machinetags.getValues", namespace="geo", predicate="lat")["values"]
    assert [value["_content"] for value in values["value"]] == ["1.5", "2"]
    recent = api.call("machinetags.getRecentValues", namespace="dc")["values"]["value"]
    assert [(v["_content"], v["predicate"]) for v in recent] == [("a b", "title")]
    since = int(recent[0]["last_added"]) + 1
    assert api.call("machinetags.getRecentValues", namespace="dc", added_since=since)["values"][
        "value"
    ] == []  # fmt: skip


def test_machine_tags_of_private_photos_show_to_their_owner_only(api: LocalApi) -> None:
    photo = api.store.value("SELECT id FROM photos WHERE owner = :me AND NOT ispublic", me=ME)
    api.store.insert(
        "photo_tags", photo=photo, number=900, raw="my:own=1", tag="my:own=1", machine_tag=1
    )
    for person, total in ((ME, 1), (None, 0)):
        answer = api.call("machinetags.getPredicates", person, namespace="my")["predicates"]
        assert answer["total"] == total


def test_pages_of_machine_tags(api: LocalApi) -> None:
    whole = api.call("machinetags.getPairs")["pairs"]
    part = api.call("machinetags.getPairs", per_page=1, page=2)["pairs"]
    assert whole["total"] > 1
    assert part["pair"] == whole["pair"][1:2]
    assert part["pages"] == whole["total"]


def test_invalid_machine_tag_names_are_refused(api: LocalApi) -> None:
    assert api.code("machinetags.getNamespaces", predicate="a b") == 1
    assert api.code("machinetags.getPairs", namespace="1a") == 1
    assert api.code("machinetags.getPairs", predicate="a=b") == 2
    assert api.code("machinetags.getPredicates", namespace="::") == 1
