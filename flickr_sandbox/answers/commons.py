"""`flickr.commons.*`: institutions that share photos free of known rights."""

from __future__ import annotations

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store.library.people import INSTITUTIONS


@answers("commons.getInstitutions")
def get_institutions(call: Call) -> Answer:
    """All institutions."""
    items = [_institution(call, nsid, domain) for nsid, _, _, domain in INSTITUTIONS]
    return {"institutions": {"institution": [item for item in items if item]}}


def _institution(call: Call, nsid: str, domain: str) -> Answer:
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=nsid)
    if row is None:
        return {}
    addresses = {
        "site": f"https://{domain}/",
        "license": f"https://{domain}/commons",
        "flickr": f"https://www.flickr.com/photos/{row['path_alias']}/",
    }
    return {
        "nsid": nsid,
        "date_launch": str(row["joined"]),
        "name": {"_content": row["username"]},
        "urls": {"url": [{"type": kind, "_content": url} for kind, url in addresses.items()]},
    }
