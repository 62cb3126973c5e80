"""The institutions of the commons that a library has: people without photos."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import FIRST_DAY
from flickr_sandbox.store.store import Store

# NSID, user name, alias, and the domain of its own site.
INSTITUTIONS = (
    ("20000001@N08", "Archive of the Sandbox", "sandboxarchive", "archive.example.org"),
    ("20000002@N08", "Museum of Small Things", "smallthings", "small-things.example.org"),
    ("20000003@N08", "Bibliothèque des Dunes", "dunes", "dunes.example.org"),
)


def fill(store: Store, chance: Random) -> None:
    """Each as a person of Flickr."""
    for nsid, username, alias, _ in INSTITUTIONS:
        store.insert(
            "people",
            nsid=nsid,
            username=username,
            path_alias=alias,
            ispro=1,
            joined=FIRST_DAY - chance.randrange(10**7, 10**8),
        )
