"""`flickr.photos.licenses.*`: licenses of photos."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

CC = "https://creativecommons.org/"


@dataclass(frozen=True, slots=True)
class License:
    """A license; if it is not `free`, only institutions may use it."""

    id: int
    name: str
    url: str
    free: bool = True


def _creative_commons(number: int, terms: str, version: str) -> License:
    address = f"{CC}licenses/{terms.lower()}/{version}/"
    return License(number, f"CC {terms} {version}", address)


# In Flickr's order.
LICENSES = (
    License(
        0,
        "All Rights Reserved",
        "https://www.flickrhelp.com/hc/en-us/articles/"
        "10710266545556-Using-Flickr-images-shared-by-other-members",
    ),
    _creative_commons(4, "BY", "2.0"),
    _creative_commons(6, "BY-ND", "2.0"),
    _creative_commons(3, "BY-NC-ND", "2.0"),
    _creative_commons(2, "BY-NC", "2.0"),
    _creative_commons(1, "BY-NC-SA", "2.0"),
    _creative_commons(5, "BY-SA", "2.0"),
    License(
        7, "No known copyright restrictions", "https://www.flickr.com/commons/usage/", free=False
    ),
    License(
        8, "United States Government Work", "https://www.usa.gov/government-copyright", free=False
    ),
    License(9, "Public Domain Dedication (CC0)", f"{CC}publicdomain/zero/1.0/"),
    License(10, "Public Domain Mark", f"{CC}publicdomain/mark/1.0/"),
    _creative_commons(11, "BY", "4.0"),
    _creative_commons(12, "BY-SA", "4.0"),
    _creative_commons(13, "BY-ND", "4.0"),
    _creative_commons(14, "BY-NC", "4.0"),
    _creative_commons(15, "BY-NC-SA", "4.0"),
    _creative_commons(16, "BY-NC-ND", "4.0"),
)
_BY_ID = {str(license.id): license for license in LICENSES}


@answers("photos.licenses.getInfo")
def get_info(call: Call) -> Answer:
    """Return all licenses."""
    return {
        "licenses": {
            "license": [
                {"id": license.id, "name": license.name, "url": license.url} for license in LICENSES
            ]
        }
    }


@answers("photos.licenses.setLicense")
def set_license(call: Call) -> Answer:
    """Change the license of one of the caller's photos, and record it in the license history."""
    photo = find.own_photo(call)
    license = _BY_ID.get(call.text("license_id"))
    if license is None:
        raise call.unknown("license_id")
    if not license.free:
        raise call.fail(4)
    if license.id != photo["license"]:
        call.store.insert(
            "license_history",
            photo=photo["id"],
            changed=call.store.current_time(),
            old_license=photo["license"],
            new_license=license.id,
        )
    update_photo(call, photo["id"], license=license.id)
    return {}


@answers("photos.licenses.getLicenseHistory")
def get_license_history(call: Call) -> Answer:
    """Return the license changes of a photo, oldest first.

    Without changes there is one entry: the license since the photo was posted, and no new one.
    """
    photo = find.photo(call)
    rows = call.store.all(
        "SELECT * FROM license_history WHERE photo = :id ORDER BY changed, rowid", id=photo["id"]
    )
    changes = [(row["changed"], row["old_license"], row["new_license"]) for row in rows]
    changes = changes or [(photo["posted"], photo["license"], None)]
    return {"license_history": [_change(*change) for change in changes]}


def _change(moment: int, old: int, new: int | None) -> Answer:
    before, after = _BY_ID[str(old)], _BY_ID.get(str(new))
    return {
        "date_change": moment,
        "old_license": before.name,
        "old_license_url": before.url,
        "new_license": after.name if after else "",
        "new_license_url": after.url if after else "",
    }
