"""Examples of each kind of use, which pass mypy --strict."""

from datetime import date

from pyflickr_web import Flickr, FlickrError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyflickr_web import ListedPhoto, PhotoInfo


def describe(photo: "ListedPhoto", info: "PhotoInfo") -> str:
    return photo["title"] + info["owner"]["username"] + photo.get("url_m", "")


async def works() -> None:
    flickr = Flickr(endpoint="/services/rest/", retry_queries=True)
    public = Flickr.token_only(api_key="…", base_url="http://127.0.0.1")
    answer = await public.photos.search(text="red panda", tags=["a", "b"], has_geo=True, lat=51.5)
    print(answer["photos"]["total"])
    await flickr.photos.search(min_upload_date=date(2024, 2, 13), page=2, user_id=None)
    async for photo in flickr.photos.search.all(text="red panda"):
        print(Flickr.photo_url(photo, "b") or "none", flickr.photo_url(photo))
    async for page in flickr.photos.search.pages(text="red panda"):
        print(page["photos"]["page"])
    async for found in public.photos.search.all(text="red panda"):
        info = await public.photos.getInfo(photo_id=found["id"])
        print(describe(found, info["photo"]), info["photo"]["dates"]["posted"].isdigit())
    untyped: dict[str, Any] = await public.photos.getPopular()
    print(untyped["photos"]["photo"])
    recent = await public.call("photos.getRecent", per_page=2)
    print(recent["photos"]["photo"][0]["owner"])
    async for entry in flickr.photos.licenses.getInfo.all():
        print(entry["name"])
    await flickr.photos.search(sort="relevance", safe_search=2, privacy_filter="1", lat="51.5")
    await flickr.people.getPhotos(user_id="me", content_types=[0, 3], min_upload_date=1700000000)
    names = ["url_m", "name_of_tomorrow"]
    await flickr.photos.search(extras=names)
    await flickr.photos.search(extras={"geo", "url_o"})
    await flickr.people.getGroups(user_id="me", extras="privacy,throttle")
    patient = flickr.with_options(timeout=60, retries=True, headers={"X-Token": "…"})
    await patient.upload(photo=b"", onprogress=lambda event: print(event.loaded), signal=None)
    listing = flickr.photos.getRecent.all()
    print(await anext(listing))
    await listing.aclose()
    await flickr.photos.comments.addComment(photo_id="1", comment_text="Fine!")
    await flickr.call("flickr.photos.search", text="x")
    await flickr.upload(photo=b"JPEG", title="test", tags=["happy fox"], is_public=False)
    try:
        await flickr.test.echo()
    except FlickrError as error:
        print(error.code, error.method, error.status, dict(flickr.options))
