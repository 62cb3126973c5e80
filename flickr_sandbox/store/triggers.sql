-- Triggers for the full-text index of photos, and for tables that refer to photos. They are created
-- after a new library is filled.

CREATE TRIGGER photo_text_insert AFTER INSERT ON photos BEGIN
  INSERT INTO photo_text (rowid, title, description, tags)
  VALUES (new.id, new.title, new.description, new.tags);
END;

CREATE TRIGGER photo_text_delete AFTER DELETE ON photos BEGIN
  INSERT INTO photo_text (photo_text, rowid, title, description, tags)
  VALUES ('delete', old.id, old.title, old.description, old.tags);
END;

CREATE TRIGGER photo_text_update AFTER UPDATE OF title, description, tags ON photos BEGIN
  INSERT INTO photo_text (photo_text, rowid, title, description, tags)
  VALUES ('delete', old.id, old.title, old.description, old.tags);
  INSERT INTO photo_text (rowid, title, description, tags)
  VALUES (new.id, new.title, new.description, new.tags);
END;

-- An empty photoset is deleted with its dependent rows; one without its primary photo gets another.
CREATE TRIGGER photoset_photo_gone AFTER DELETE ON photoset_photos BEGIN
  DELETE FROM photosets WHERE id = old.photoset
    AND NOT EXISTS (SELECT 1 FROM photoset_photos WHERE photoset = old.photoset);
  UPDATE photosets SET primary_photo =
      (SELECT photo FROM photoset_photos WHERE photoset = old.photoset ORDER BY position LIMIT 1)
    WHERE id = old.photoset AND primary_photo = old.photo;
END;

CREATE TRIGGER photoset_gone AFTER DELETE ON photosets BEGIN
  DELETE FROM photoset_photos WHERE photoset = old.id;
  DELETE FROM collection_sets WHERE photoset = old.id;
  DELETE FROM comments WHERE photoset = old.id;
END;

-- Remove a deleted photo from sets, galleries, pools and favorites.
CREATE TRIGGER photo_gone AFTER DELETE ON photos BEGIN
  DELETE FROM photoset_photos WHERE photo = old.id;
  DELETE FROM gallery_photos WHERE photo = old.id;
  DELETE FROM pool_photos WHERE photo = old.id;
  DELETE FROM pending_photos WHERE photo = old.id;
  DELETE FROM favorites WHERE photo = old.id;
END;

-- Delete the rows that depend on a deleted photo.
CREATE TRIGGER photo_bared AFTER DELETE ON photos BEGIN
  DELETE FROM photo_tags WHERE photo = old.id;
  DELETE FROM notes WHERE photo = old.id;
  DELETE FROM comments WHERE photo = old.id;
  DELETE FROM photo_people WHERE photo = old.id;
  DELETE FROM license_history WHERE photo = old.id;
  DELETE FROM suggestions WHERE photo = old.id;
  UPDATE galleries SET primary_photo =
      (SELECT photo FROM gallery_photos WHERE gallery = id AND photo <> old.id
      ORDER BY position LIMIT 1)
    WHERE primary_photo = old.id;
END;

CREATE TRIGGER photo_file_gone AFTER DELETE ON photos WHEN old.file IS NOT NULL BEGIN
  INSERT OR IGNORE INTO loose_files VALUES (old.file);
END;

CREATE TRIGGER photo_file_replaced AFTER UPDATE OF file ON photos
WHEN old.file IS NOT NULL AND old.file IS NOT new.file BEGIN
  INSERT OR IGNORE INTO loose_files VALUES (old.file);
END;
