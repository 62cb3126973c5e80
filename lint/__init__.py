"""Lints of our own: words in code and docs (`lint.words`), the list of rooms (`lint.rooms`)."""
