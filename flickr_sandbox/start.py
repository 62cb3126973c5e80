"""Start a sandbox: its port, and its library, new or kept in a folder."""

from __future__ import annotations

import errno
import socket
import sqlite3
from pathlib import Path

from flickr_sandbox.settings import Settings
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import (
    SEED,
    Account,
    LibraryMismatch,
    add_large_account,
    fill,
    open_kept,
)
from flickr_sandbox.store.store import LibraryInUse, NotALibrary

LIBRARY = "library.sqlite"


class StartError(Exception):
    """An error at start: the reason, and what to do, in one line."""


def listen(settings: Settings) -> socket.socket:
    """Listen on the host and port of the settings; raise `StartError` if that fails."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "invalid port number"
        # Python appends the address that it tried.
        why = str(reason).partition(" (while")[0]
        host, of_port = settings.host, (errno.EADDRINUSE, errno.EACCES)
        if isinstance(error, OverflowError) or error.errno in of_port:
            what = f"cannot listen on port {settings.port} of {host!r} ({why}): choose another port"
        else:
            what = f"cannot listen on {host!r} ({why}): choose an address of this machine"
        raise StartError(what) from None


def open_library(settings: Settings, files: Path) -> tuple[Store, Account]:
    """Open or create the library; return it with its account. Raises `StartError`."""
    store = _open_store(settings, files)
    try:
        account = _fill(store, settings, files)
        _add_accounts(store, settings)
    except LibraryMismatch as mismatch:
        reason = f"the library in {settings.data} {mismatch}"
    except OSError as error:
        reason = f"cannot copy {error.filename!r} ({error.strerror})"
    except sqlite3.Error as error:
        reason = _explain_write(settings, error)
    else:
        return store, account
    store.close()
    raise StartError(reason)


def _open_store(settings: Settings, files: Path) -> Store:
    place = settings.data / LIBRARY if settings.data else None
    try:
        files.mkdir(parents=True, exist_ok=True)
        return Store(place)
    except NotALibrary:
        reason = f"{place} is not the library of a sandbox: choose another folder"
    except LibraryInUse:
        reason = f"{settings.data} is in use by another sandbox: stop it, or choose another folder"
    except (OSError, sqlite3.Error) as error:
        reason = _explain_write(settings, error)
    raise StartError(reason)


def copy_new_library(settings: Settings) -> bytes:
    """Return a copy of the library as it is at the start, without one's own content."""
    store = Store()
    try:
        fill(store, settings.photos, settings.seed)
        _add_accounts(store, settings)
        return store.copy()
    finally:
        store.close()


def _add_accounts(store: Store, settings: Settings) -> None:
    if settings.large_account:
        add_large_account(store)
    for key, secret in settings.applications.items():
        store.run(
            "INSERT OR REPLACE INTO api_keys (key, secret) VALUES (:key, :secret)",
            key=key,
            secret=secret,
        )


def _fill(store: Store, settings: Settings, files: Path) -> Account:
    content = settings.library
    if content is None:
        return fill(store, settings.photos, settings.seed)
    if store.empty:
        from flickr_sandbox.own_library import fill_own

        return fill_own(store, content, SEED if settings.seed is None else settings.seed, files)
    if store.meta("library") != content.digest:
        raise LibraryMismatch("was made from other content: use that, or another folder")
    return open_kept(store, None, settings.seed)


def _explain_write(settings: Settings, error: OSError | sqlite3.Error) -> str:
    reason = error.strerror if isinstance(error, OSError) else error
    return f"cannot write to {settings.data} ({reason}): choose another folder"
