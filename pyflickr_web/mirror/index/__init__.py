"""The index of a mirror, an SQLite database: written, opened and searched."""
