"""Fetch an account, its photos with originals, and its sets with django-ditto; print them as JSON."""

import json
import os
import re
import urllib.parse
import urllib.request
from pathlib import Path

import django
import flickrapi
from django.conf import settings
from django.core.management import call_command

KEY, SECRET = os.environ["FLICKR_API_KEY"], os.environ["FLICKR_SECRET"]
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "ditto.sqlite"}},
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "imagekit",
        "sortedm2m",
        "taggit",
        "ditto.core",
        "ditto.flickr",
    ],
    MEDIA_ROOT=str(Path("media").absolute()),
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    TIME_ZONE="UTC",
)
django.setup()

# As in its script for sign-in; the token is then in the home folder.
flickr = flickrapi.FlickrAPI(KEY, SECRET)
flickr.get_request_token(oauth_callback="oob")
form = urllib.parse.urlencode({"answer": "allow"}).encode()
page = urllib.request.urlopen(flickr.auth_url(perms="read"), form).read().decode()
flickr.get_access_token(re.search(r"\d{3}-\d{3}-\d{3}", page)[0])

from ditto.flickr.models import Account, Photo, Photoset  # noqa: E402

call_command("migrate", verbosity=0)
account = Account.objects.create(api_key=KEY, api_secret=SECRET)
call_command("fetch_flickr_account_user", id=account.pk)
account.refresh_from_db()
call_command("fetch_flickr_photos", account=account.user.nsid, days="all")
call_command("fetch_flickr_photosets", account=account.user.nsid)
call_command("fetch_flickr_originals", account=account.user.nsid)


def describe(photo):
    return {
        "title": photo.title,
        "private": photo.is_private,
        "media": photo.media,
        "tags": sorted(tag.name for tag in photo.tags.all()),
        "license": photo.license,
        "camera": photo.exif_camera,
        "original": photo.original_file.name,
        "video": photo.video_original_file.name,
    }


results = {
    "user": [account.user.nsid, account.user.username, account.user.realname],
    "photos": {photo.flickr_id: describe(photo) for photo in Photo.objects.all()},
    "sets": {
        str(found.flickr_id): [found.title, found.photos.count()]
        for found in Photoset.objects.all()
    },
}
print(json.dumps(results))
