-- Indexes of photos by owner, time, tag and place. They are created after a new library is filled,
-- which is faster.

CREATE INDEX photos_by_owner ON photos (owner, posted);
CREATE INDEX photos_by_time ON photos (posted);
CREATE INDEX photos_by_place ON photos (latitude, longitude) WHERE latitude IS NOT NULL;
CREATE INDEX photo_tags_by_tag ON photo_tags (tag, photo);
CREATE INDEX machine_tags ON photo_tags (tag, photo) WHERE machine_tag;
