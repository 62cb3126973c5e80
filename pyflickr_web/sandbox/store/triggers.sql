-- Keeps the words of photos findable. Set up behind the first library, which is indexed at once.

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
