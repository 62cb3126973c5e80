"""Mistakes that mypy finds: each marked line gives the error code it names."""

from pyflickr_web import Flickr, FlickrError


async def fails(flickr: Flickr) -> None:
    await flickr.photos.serach(text="x")  # error: attr-defined
    await flickr.photo.search(text="x")  # error: attr-defined
    await flickr.photos.search(txt="x")  # error: call-arg
    await flickr.photos.search("x")  # error: call-arg
    await flickr.photos.getInfo()  # error: call-arg
    await flickr.photos.getInfo(photo_id=None)  # error: arg-type
    await flickr.photos.search(text={"a": 1})  # error: arg-type
    flickr.photos.search(text="x")["photos"]  # error: index
    (await flickr.photos.search(text="x"))["photo"]  # error: typeddict-item
    (await flickr.photos.getInfo(photo_id="1"))["photo"]["title"].strip()  # error: attr-defined
    (await flickr.photos.getRecent())["photos"]["total"] + 1  # error: operator
    (await flickr.photos.getPopular())["photos"]["photo"]  # error: index
    (await flickr.call("photos.getRecent"))["photo"]  # error: typeddict-item
    flickr.photos.getInfo.all(photo_id="1")  # error: attr-defined
    await flickr.photos.search(sort="relevant")  # error: arg-type
    await flickr.photos.search(safe_search=4)  # error: arg-type
    await flickr.photos.search(min_upload_date=[1])  # error: arg-type
    await flickr.photos.geo.setContext(photo_id=1, context=3)  # error: arg-type
    Flickr()  # error: call-overload
    Flickr("key")  # error: call-overload
    Flickr(api_kye="key")  # error: call-overload
    Flickr(api_key=3)  # error: call-overload
    Flickr(endpoint="/", retry_queries="lots")  # error: call-overload
    Flickr.token_only()  # error: call-arg
    Flickr.photo_url({}, 5)  # error: arg-type
    await flickr.upload(title="no photo")  # error: call-arg
    await flickr.upload(photo=b"", hidden=3)  # error: arg-type
    await flickr.upload(photo=b"", onprogress=3)  # error: arg-type
    await flickr.photos.search(extras=[b"url_m"])  # error: list-item
    flickr.with_options(timout=3)  # error: call-arg
    flickr.with_options(timeout="3s")  # error: arg-type
    for photo in flickr.photos.search.all(text="x"):  # error: attr-defined
        print(photo)
    print(FlickrError("x").number)  # error: attr-defined
