"""Read all photos, licenses, people, albums and comments with flickr-photos-api; print them as JSON."""

import json
import os
import sys
import xml.etree.ElementTree as ET

from flickr_api import FlickrApi, PermissionDenied, ResourceNotFound, UserDeleted

SETTINGS = json.loads(sys.argv[1])
api = FlickrApi.with_api_key(api_key=os.environ["FLICKR_API_KEY"], user_agent="A test of ours")


def search():
    """Yield the ids of all public photos; the library leaves listings to its users."""
    page, pages = 1, 1
    while page <= pages:
        query = {"user_id": SETTINGS["user"], "per_page": "20", "page": str(page)}
        found: ET.Element = api.call(method="flickr.people.getPublicPhotos", params=query)
        photos = found.find(".//photos")
        pages, page = int(photos.attrib["pages"]), page + 1
        yield from (photo.attrib["id"] for photo in photos.findall("photo"))


def read(photo):
    one = api.get_single_photo(photo_id=photo)
    try:
        exif = len(api.get_exif_tags_for_photo(photo_id=photo))
    except PermissionDenied:
        exif = None
    return {
        "title": one["title"],
        "license": one["license"]["id"],
        "owner": one["owner"]["id"],
        "tags": one["tags"],
        "sizes": [size["source"] for size in one["sizes"]],
        "people": [person["user"]["id"] for person in api.list_people_in_photo(photo_id=photo)],
        "comments": [comment["text"] for comment in api.list_all_comments(photo_id=photo)],
        "albums": [album["id"] for album in api.get_photo_contexts(photo_id=photo)["albums"]],
        "changes": len(api.get_license_history(photo_id=photo)),
        "exif": exif,
    }


def failure(call, **arguments):
    try:
        call(**arguments)
    except (ResourceNotFound, UserDeleted) as error:
        return type(error).__name__
    return None


photos = {photo: read(photo) for photo in search()}
results = {
    "licenses": len(api.get_licenses()),
    "user": api.get_user(user_url=f"https://www.flickr.com/photos/{SETTINGS['alias']}/")["id"],
    "profile": api.get_profile(user_id=SETTINGS["user"])["id"],
    "institutions": len(api.list_commons_institutions()),
    "photos": photos,
    "unknown photo": failure(api.get_single_photo, photo_id="1"),
    "unknown user": failure(api.get_user, user_id="1@N00"),
    "deleted user": failure(api.get_user, user_id="10000099@N00"),
    "deleted photo": api.is_photo_deleted(photo_id="1"),
}
print(json.dumps(results))
