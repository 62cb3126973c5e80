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


# In Flickr's order.
LICENSES = (
    License(0, "All Rights Reserved", ""),
    License(4, "Attribution License", f"{CC}licenses/by/2.0/"),
    License(6, "Attribution-NoDerivs License", f"{CC}licenses/by-nd/2.0/"),
    License(3, "Attribution-NonCommercial-NoDerivs License", f"{CC}licenses/by-nc-nd/2.0/"),
    License(2, "Attribution-NonCommercial License", f"{CC}licenses/by-nc/2.0/"),
    License(1, "Attribution-NonCommercial-ShareAlike License", f"{CC}licenses/by-nc-sa/2.0/"),
    License(5, "Attribution-ShareAlike License", f"{CC}licenses/by-sa/2.0/"),
    License(
        7, "No known copyright restrictions", "https://www.flickr.com/commons/usage/", free=False
    ),
    License(8, "United States Government Work", "http://www.usa.gov/copyright.shtml", free=False),
    License(9, "Public Domain Dedication (CC0)", f"{CC}publicdomain/zero/1.0/"),
    License(10, "Public Domain Mark", f"{CC}publicdomain/mark/1.0/"),
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
    """Return the license changes of a photo, oldest first."""
    photo = find.photo(call)
    rows = call.store.all(
        "SELECT * FROM license_history WHERE photo = :id ORDER BY changed, rowid", id=photo["id"]
    )
    return {
        "license_history": [
            {"date_change": row["changed"]}
            | _license_change("old", row["old_license"])
            | _license_change("new", row["new_license"])
            for row in rows
        ]
    }


def _license_change(when: str, license_id: int) -> Answer:
    license = _BY_ID[str(license_id)]
    return {f"{when}_license": license.name, f"{when}_license_url": license.url}
