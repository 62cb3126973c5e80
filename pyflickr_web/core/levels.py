"""Levels: what a method needs, as the table of methods numbers it, and what a token allows."""

# What a token may allow; each includes those before it.
PERMS = ("none", "read", "write", "delete")
_SIGNATURE = 1
_WRITES = 8


def writes(level: "int | None") -> bool:
    """Return True if a method changes something; one of unknown level may."""
    return level is None or level >= _WRITES


def needs_login(level: int) -> bool:
    """Whether a method needs a person's token, where the application's signature is not enough."""
    return level > _SIGNATURE


def perms_of(level: int) -> str:
    """What a token must allow for a method."""
    return PERMS[level >> 2]


def allows(given: str, wanted: str) -> bool:
    """Whether a token that allows `given` may do what wants one that allows `wanted`."""
    return PERMS.index(given) >= PERMS.index(wanted)
