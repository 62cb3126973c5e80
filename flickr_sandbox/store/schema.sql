-- The library of a sandbox. Times are Unix seconds, flags 0 or 1, ids in Flickr's formats.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE people (
  nsid TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  realname TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  hides_name INTEGER NOT NULL DEFAULT 0,     -- from others: the real name and the location
  description TEXT NOT NULL DEFAULT '',
  path_alias TEXT,
  email TEXT NOT NULL DEFAULT '',
  iconserver TEXT NOT NULL DEFAULT '0',
  iconfarm INTEGER NOT NULL DEFAULT 0,
  ispro INTEGER NOT NULL DEFAULT 0,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  joined INTEGER NOT NULL,
  default_privacy INTEGER NOT NULL DEFAULT 1,
  default_content_type INTEGER NOT NULL DEFAULT 1,
  default_safety_level INTEGER NOT NULL DEFAULT 1,
  default_hidden INTEGER NOT NULL DEFAULT 1,
  default_geo_perms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Rows of `contacts` describe `contact` from the side of `owner`.
CREATE TABLE contacts (
  owner TEXT NOT NULL,
  contact TEXT NOT NULL,
  friend INTEGER NOT NULL DEFAULT 0,
  family INTEGER NOT NULL DEFAULT 0,
  ignored INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (owner, contact)
) WITHOUT ROWID;

CREATE TABLE photos (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  secret TEXT NOT NULL,
  originalsecret TEXT NOT NULL,
  server TEXT NOT NULL,
  farm INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',             -- normalised, by spaces, in the order of photo_tags
  posted INTEGER NOT NULL,
  taken TEXT NOT NULL,                       -- YYYY-MM-DD HH:MM:SS
  takengranularity INTEGER NOT NULL DEFAULT 0,
  takenunknown INTEGER NOT NULL DEFAULT 0,   -- 1 if `taken` is the time of posting
  lastupdate INTEGER NOT NULL,
  license INTEGER NOT NULL DEFAULT 0,
  safety_level INTEGER NOT NULL DEFAULT 0,   -- 0 safe, 1 moderate, 2 restricted
  content_type INTEGER NOT NULL DEFAULT 0,   -- 0 photo, 1 screenshot, 2 other, 3 virtual
  hidden INTEGER NOT NULL DEFAULT 0,         -- from public searches
  media TEXT NOT NULL DEFAULT 'photo',       -- photo or video
  originalformat TEXT NOT NULL DEFAULT 'jpg',
  width INTEGER NOT NULL,                    -- of the original, before `rotation`
  height INTEGER NOT NULL,
  duration INTEGER,                          -- of a video, in seconds
  video_state TEXT NOT NULL DEFAULT 'ready', -- ready, pending or failed
  exif TEXT NOT NULL DEFAULT 'shown',        -- shown, hidden from others, or none
  rotation INTEGER NOT NULL DEFAULT 0,
  views INTEGER NOT NULL DEFAULT 0,
  ispublic INTEGER NOT NULL DEFAULT 1,
  isfriend INTEGER NOT NULL DEFAULT 0,
  isfamily INTEGER NOT NULL DEFAULT 0,
  permcomment INTEGER NOT NULL DEFAULT 3,
  permaddmeta INTEGER NOT NULL DEFAULT 2,
  latitude REAL,                             -- NULL if the photo has no location
  longitude REAL,
  accuracy INTEGER NOT NULL DEFAULT 0,
  geo_context INTEGER NOT NULL DEFAULT 0,
  geo_public INTEGER NOT NULL DEFAULT 1,
  geo_contact INTEGER NOT NULL DEFAULT 0,
  geo_friend INTEGER NOT NULL DEFAULT 0,
  geo_family INTEGER NOT NULL DEFAULT 0,
  file TEXT                                  -- of an upload; NULL: the picture is made from the id
);

-- Uploads whose photos were deleted or replaced; `upload/files.py` removes them.
CREATE TABLE loose_files (file TEXT PRIMARY KEY) WITHOUT ROWID;

-- `number` is unique within a photo; author NULL is the photo's owner; tag is normalised.
CREATE TABLE photo_tags (
  photo INTEGER NOT NULL,
  number INTEGER NOT NULL,
  author TEXT,
  raw TEXT NOT NULL,
  tag TEXT NOT NULL,
  machine_tag INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (photo, number)
) WITHOUT ROWID;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  photo INTEGER NOT NULL,
  author TEXT NOT NULL,
  x INTEGER NOT NULL, y INTEGER NOT NULL, w INTEGER NOT NULL, h INTEGER NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX notes_by_photo ON notes (photo);

-- A comment belongs to a photo or to a photoset.
CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  photo INTEGER,
  photoset INTEGER,
  author TEXT NOT NULL,
  created INTEGER NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX comments_by_photo ON comments (photo);
CREATE INDEX comments_by_photoset ON comments (photoset);

CREATE TABLE favorites (
  person TEXT NOT NULL,
  photo INTEGER NOT NULL,
  faved INTEGER NOT NULL,
  PRIMARY KEY (person, photo)
) WITHOUT ROWID;
CREATE INDEX favorites_by_photo ON favorites (photo);

CREATE TABLE photo_people (
  photo INTEGER NOT NULL,
  person TEXT NOT NULL,
  added_by TEXT NOT NULL,
  x INTEGER, y INTEGER, w INTEGER, h INTEGER,
  PRIMARY KEY (photo, person)
) WITHOUT ROWID;
CREATE INDEX photo_people_by_person ON photo_people (person);

CREATE TABLE license_history (
  photo INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  old_license INTEGER NOT NULL,
  new_license INTEGER NOT NULL
);
CREATE INDEX license_history_by_photo ON license_history (photo);

CREATE TABLE suggestions (
  id INTEGER PRIMARY KEY,
  photo INTEGER NOT NULL,
  suggested_by TEXT NOT NULL,
  created INTEGER NOT NULL,
  status INTEGER NOT NULL DEFAULT 0,         -- 0 pending, 1 approved, 2 rejected
  latitude REAL NOT NULL, longitude REAL NOT NULL, accuracy INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT ''
);

CREATE TABLE photosets (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  primary_photo INTEGER NOT NULL,
  position INTEGER NOT NULL,                 -- among the owner's
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  views INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX photosets_by_owner ON photosets (owner, position);
CREATE TABLE photoset_photos (
  photoset INTEGER NOT NULL,
  photo INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (photoset, photo)
) WITHOUT ROWID;
CREATE INDEX photoset_photos_by_photo ON photoset_photos (photo);

-- A collection holds collections (by `parent`) or photosets.
CREATE TABLE collections (
  id TEXT PRIMARY KEY,                       -- 12345-72157600000000000
  owner TEXT NOT NULL,
  parent TEXT,
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE collection_sets (
  collection TEXT NOT NULL,
  photoset INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (collection, photoset)
) WITHOUT ROWID;

CREATE TABLE galleries (
  id TEXT PRIMARY KEY,                       -- 12345-72157600000000000
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  primary_photo INTEGER,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  views INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE gallery_photos (
  gallery TEXT NOT NULL,
  photo INTEGER NOT NULL,
  position INTEGER NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  added INTEGER NOT NULL,
  PRIMARY KEY (gallery, photo)
) WITHOUT ROWID;
CREATE INDEX gallery_photos_by_photo ON gallery_photos (photo);

CREATE TABLE groups (
  nsid TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  rules TEXT NOT NULL DEFAULT '',
  path_alias TEXT,
  iconserver TEXT NOT NULL DEFAULT '0',
  iconfarm INTEGER NOT NULL DEFAULT 0,
  privacy INTEGER NOT NULL DEFAULT 3,        -- 1 private, 2 by invitation, 3 open
  ispoolmoderated INTEGER NOT NULL DEFAULT 0,
  eighteenplus INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  throttle_count INTEGER,                    -- photos a person may add per `throttle_mode`
  throttle_mode TEXT NOT NULL DEFAULT 'none', -- none, day, week, month, ever
  photos_ok INTEGER NOT NULL DEFAULT 1,
  videos_ok INTEGER NOT NULL DEFAULT 1,
  images_ok INTEGER NOT NULL DEFAULT 1,
  screens_ok INTEGER NOT NULL DEFAULT 1,
  art_ok INTEGER NOT NULL DEFAULT 1,
  virtual_ok INTEGER NOT NULL DEFAULT 1,
  safe_ok INTEGER NOT NULL DEFAULT 1,
  moderate_ok INTEGER NOT NULL DEFAULT 1,
  restricted_ok INTEGER NOT NULL DEFAULT 1,
  has_geo INTEGER NOT NULL DEFAULT 0         -- accepts only photos with a location
) WITHOUT ROWID;
CREATE TABLE group_members (
  group_nsid TEXT NOT NULL,
  person TEXT NOT NULL,
  membertype INTEGER NOT NULL DEFAULT 2,     -- 2 member, 3 moderator, 4 admin
  joined INTEGER NOT NULL,
  PRIMARY KEY (group_nsid, person)
) WITHOUT ROWID;
CREATE INDEX group_members_by_person ON group_members (person);
CREATE TABLE join_requests (
  group_nsid TEXT NOT NULL,
  person TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (group_nsid, person)
) WITHOUT ROWID;
CREATE TABLE pool_photos (
  group_nsid TEXT NOT NULL,
  photo INTEGER NOT NULL,
  added INTEGER NOT NULL,
  PRIMARY KEY (group_nsid, photo)
) WITHOUT ROWID;
CREATE INDEX pool_photos_by_photo ON pool_photos (photo);
CREATE TABLE pending_photos (                -- wait for a moderator
  group_nsid TEXT NOT NULL,
  photo INTEGER NOT NULL,
  PRIMARY KEY (group_nsid, photo)
) WITHOUT ROWID;
CREATE TABLE topics (
  id INTEGER PRIMARY KEY,
  group_nsid TEXT NOT NULL,
  author TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  created INTEGER NOT NULL,
  is_sticky INTEGER NOT NULL DEFAULT 0,
  is_locked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX topics_by_group ON topics (group_nsid);
CREATE TABLE replies (
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL,
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  created INTEGER NOT NULL,
  lastedit INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX replies_by_topic ON replies (topic);

CREATE TABLE blogs (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  needspassword INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE testimonials (
  id INTEGER PRIMARY KEY,
  author TEXT NOT NULL,
  about TEXT NOT NULL,
  text TEXT NOT NULL,
  created INTEGER NOT NULL,
  approved INTEGER                           -- when; NULL while it waits
);

CREATE TABLE subscriptions (
  person TEXT NOT NULL,
  topic TEXT NOT NULL,
  callback TEXT NOT NULL,
  lease_seconds INTEGER NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (person, topic, callback)
) WITHOUT ROWID;

CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  complete INTEGER NOT NULL DEFAULT 0,       -- 0 not yet, 1 done, 2 failed
  photo INTEGER,
  imported INTEGER,
  asked INTEGER NOT NULL DEFAULT 0           -- the number of checks so far
) WITHOUT ROWID;

CREATE TABLE api_keys (
  key TEXT PRIMARY KEY,
  secret TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE request_tokens (
  token TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  api_key TEXT NOT NULL,
  callback TEXT NOT NULL,
  created INTEGER NOT NULL,
  perms INTEGER NOT NULL DEFAULT 0,
  nsid TEXT,                                 -- the person who allowed it; NULL before that
  verifier TEXT,
  denied INTEGER NOT NULL DEFAULT 0,
  ticket TEXT,                               -- of the last consent page
  frob INTEGER NOT NULL DEFAULT 0            -- 1: a frob of the authentication before OAuth
) WITHOUT ROWID;
CREATE TABLE access_tokens (
  token TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  api_key TEXT NOT NULL,
  nsid TEXT NOT NULL,
  perms INTEGER NOT NULL                     -- 1 read, 2 write, 3 delete
) WITHOUT ROWID;
-- Tokens of the authentication before OAuth.
CREATE TABLE auth_tokens (
  token TEXT PRIMARY KEY,
  api_key TEXT NOT NULL,
  nsid TEXT NOT NULL,
  perms INTEGER NOT NULL                     -- 1 read, 2 write, 3 delete
) WITHOUT ROWID;
CREATE TABLE nonces (
  api_key TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  nonce TEXT NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (api_key, timestamp, nonce, token)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE photo_text USING fts5 (
  title, description, tags, content = 'photos', content_rowid = 'id', columnsize = 0
);
