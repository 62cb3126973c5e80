"""The tables of a mirror's index, an SQLite database that other programs such as Datasette read too."""

from __future__ import annotations

# SQLite keeps both in the header: they tell the index from other databases, and from older ones.
APPLICATION_ID = 0x666C6B72
VERSION = 1

# Dates are texts, `2019-05-04 12:00:00`: that of an upload in UTC, that of a photo as its camera has it.
# An album may name photos that the mirror lacks, so no foreign key is enforced.
TABLES = """
CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    title TEXT,
    description TEXT,
    tags TEXT,
    taken TEXT,
    posted TEXT,
    updated TEXT,
    is_public INTEGER,
    media TEXT,
    license INTEGER,
    views INTEGER,
    comment_count INTEGER,
    latitude REAL,
    longitude REAL,
    owner TEXT,
    owner_name TEXT,
    page TEXT
);
CREATE TABLE photosets (
    id INTEGER PRIMARY KEY,
    title TEXT,
    description TEXT,
    created TEXT,
    updated TEXT,
    is_public INTEGER,
    photo_count INTEGER,
    views INTEGER,
    primary_photo INTEGER REFERENCES photos(id)
);
CREATE TABLE photoset_photos (
    photoset INTEGER REFERENCES photosets(id),
    position INTEGER,
    photo INTEGER REFERENCES photos(id),
    PRIMARY KEY (photoset, position)
) WITHOUT ROWID;
CREATE TABLE collections (
    id TEXT PRIMARY KEY,
    title TEXT,
    description TEXT,
    parent TEXT REFERENCES collections(id),
    top TEXT REFERENCES collections(id)
);
CREATE TABLE collection_photosets (
    collection TEXT REFERENCES collections(id),
    position INTEGER,
    photoset INTEGER REFERENCES photosets(id),
    PRIMARY KEY (collection, position)
) WITHOUT ROWID;
CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    photo INTEGER REFERENCES photos(id),
    created TEXT,
    author TEXT,
    author_name TEXT,
    text TEXT
);
CREATE TABLE tags (
    photo INTEGER REFERENCES photos(id),
    tag TEXT,
    raw TEXT,
    author TEXT,
    is_machine_tag INTEGER,
    PRIMARY KEY (photo, tag)
) WITHOUT ROWID;
-- The files that the rows were read from. The problem of a damaged one is the reason why it has no rows.
CREATE TABLE files (
    kind TEXT,
    id,
    size INTEGER,
    time INTEGER,
    problem TEXT,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
-- The stamps of the mirror, and lists of ids in their order, as 64-bit numbers.
CREATE TABLE index_state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE VIRTUAL TABLE photos_fts USING fts5(
    title, description, tags,
    content="photos", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE photosets_fts USING fts5(
    title, description,
    content="photosets", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE comments_fts USING fts5(
    text, content="comments", tokenize="unicode61 remove_diacritics 2"
);
"""

# Made after the rows of a new index, which is faster.
INDEXES = """
CREATE INDEX IF NOT EXISTS photos_by_posted ON photos (posted, is_public);
CREATE INDEX IF NOT EXISTS photos_by_taken ON photos (taken);
CREATE INDEX IF NOT EXISTS photosets_by_photo ON photoset_photos (photo, photoset, position);
CREATE INDEX IF NOT EXISTS collections_by_photoset ON collection_photosets (photoset);
CREATE INDEX IF NOT EXISTS comments_by_photo ON comments (photo);
CREATE INDEX IF NOT EXISTS tags_by_tag ON tags (tag, photo);
"""

# Statements that remove the rows of a file, by its kind.
REMOVALS = {
    "photo": ("DELETE FROM photos WHERE id = ?", "DELETE FROM tags WHERE photo = ?"),
    "comments": ("DELETE FROM comments WHERE photo = ?",),
    "photoset": (
        "DELETE FROM photosets WHERE id = ?",
        "DELETE FROM photoset_photos WHERE photoset = ?",
    ),
    "collection": (
        "DELETE FROM collection_photosets WHERE collection IN"
        " (SELECT id FROM collections WHERE top = ?)",
        "DELETE FROM collections WHERE top = ?",
    ),
}
FULL_TEXT = {"photo": "photos_fts", "photoset": "photosets_fts", "comments": "comments_fts"}
