"""Examples of each kind of use, which pass mypy --strict."""

from datetime import date

from pyflickr_web import Flickr, FlickrError


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
    async for license in flickr.photos.licenses.getInfo.all():
        print(license["name"])
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
