"""Levels of methods, numbered as in their table, and the permissions of tokens."""

# What a token may allow; each includes those before it.
PERMS = ("none", "read", "write", "delete")
# The level of a signature alone, and the lowest one of a token that may write.
SIGNATURE = 1
PERMS_WRITE = 8


def may_write(level: "int | None") -> bool:
    """Return True if a method changes something, or may as its level is unknown."""
    return level is None or level >= PERMS_WRITE


def needs_login(level: int) -> bool:
    """Return True if a method needs a person's token, and not only the application's signature."""
    return level > SIGNATURE


def required_perms(level: int) -> str:
    """Return the permissions that a token needs for a method."""
    return PERMS[level >> 2]


def allows(given: str, wanted: str) -> bool:
    """Return True if a token with the permissions `given` may do what needs `wanted`."""
    return PERMS.index(given) >= PERMS.index(wanted)
