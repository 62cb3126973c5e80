"""Levels of methods, as numbered in their table, permissions of tokens, and the number of retries."""

# The permissions of a token; each includes those before it.
PERMS = ("none", "read", "write", "delete")
# A level is the sum of a signature, a login and a token's permissions.
SIGNATURE = 1
LOGIN = 2
PERMS_STEP = 4
PERMS_WRITE = 8
# The retries of `retry_queries=True`.
RETRIES = 3


def may_write(level: "int | None") -> bool:
    """Return True if a method may change something, or if its level is unknown."""
    return level is None or level >= PERMS_WRITE


def needs_login(level: int) -> bool:
    """Return True if a method needs a user's token, not only the application's signature."""
    return level >= LOGIN


def required_perms(level: int) -> str:
    """Return the permissions that a token needs for a method."""
    return PERMS[level // PERMS_STEP]


def allows(given: str, wanted: str) -> bool:
    """Return True if a token with the permissions `given` includes those of `wanted`."""
    return PERMS.index(given) >= PERMS.index(wanted)
