"""Writing to a photo: `lastupdate` goes along, so that `photos.recentlyUpdated` shows it."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.call import Call


def change(call: Call, photo: int, **columns: Any) -> None:
    """Set columns of a photo; none where only what hangs on it was changed."""
    columns["lastupdate"] = call.store.now()
    settings = ", ".join(f"{name} = :{name}" for name in columns)
    call.store.run(f"UPDATE photos SET {settings} WHERE id = :photo", photo=photo, **columns)
