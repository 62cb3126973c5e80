"""Levels of methods, numbered as in their table, and the permissions of tokens."""

# The permissions of a token; each includes those before it.
PERMS = ("none", "read", "write", "delete")
# The level of a signature without a login, and the lowest level that needs write permission.
SIGNATURE = 1
PERMS_WRITE = 8


def may_write(level: "int | None") -> bool:
    """Return True if a method may change something, or if its level is unknown."""
    return level is None or level >= PERMS_WRITE


def needs_login(level: int) -> bool:
    """Return True if a method needs a user's token, not only the application's signature."""
    return level > SIGNATURE


def required_perms(level: int) -> str:
    """Return the permissions that a token needs for a method."""
    return PERMS[level >> 2]


def allows(given: str, wanted: str) -> bool:
    """Return True if a token with the permissions `given` includes those of `wanted`."""
    return PERMS.index(given) >= PERMS.index(wanted)
