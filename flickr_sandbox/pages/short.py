"""Short addresses: ids in base 58, as in flic.kr/p/…"""

from __future__ import annotations

DIGITS = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
# Of SQLite's integers, in digits of base 58.
LONGEST = 10


def encode(number: int) -> str:
    """Write an id in base 58."""
    text = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text or DIGITS[0]


def decode(text: str) -> int | None:
    """Read an id in base 58; return None if it is invalid."""
    if not 0 < len(text) <= LONGEST or any(letter not in DIGITS for letter in text):
        return None
    number = 0
    for letter in text:
        number = number * len(DIGITS) + DIGITS.index(letter)
    return number
