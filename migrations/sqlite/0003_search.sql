-- What the search box finds a conversation by, in an index of three letters at a time, so that a piece of a word is found,
-- too. Triggers keep it in the unit that writes conversations.search. Two spaces stand before every word: with them a word
-- of one or two letters is looked for at the beginning of words.

CREATE TABLE conversation_search_ids (
    -- a key of its own: other row numbers may change when the file is compacted
    id INTEGER PRIMARY KEY,
    conversation_id BLOB NOT NULL UNIQUE
);

CREATE VIRTUAL TABLE conversation_search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'trigram');

INSERT INTO conversation_search_ids (conversation_id) SELECT id FROM conversations ORDER BY created_at;
INSERT INTO conversation_search (rowid, words)
    SELECT i.id, replace('  ' || c.search, ' ', '  ')
    FROM conversation_search_ids i JOIN conversations c ON c.id = i.conversation_id;

CREATE TRIGGER conversation_search_begins AFTER INSERT ON conversations BEGIN
    INSERT INTO conversation_search_ids (conversation_id) VALUES (new.id);
    INSERT INTO conversation_search (rowid, words) VALUES (last_insert_rowid(), replace('  ' || new.search, ' ', '  '));
END;

CREATE TRIGGER conversation_search_changes AFTER UPDATE OF search ON conversations WHEN old.search <> new.search BEGIN
    DELETE FROM conversation_search WHERE rowid = (SELECT id FROM conversation_search_ids WHERE conversation_id = new.id);
    INSERT INTO conversation_search (rowid, words)
        SELECT id, replace('  ' || new.search, ' ', '  ') FROM conversation_search_ids WHERE conversation_id = new.id;
END;

CREATE TRIGGER conversation_search_ends AFTER DELETE ON conversations BEGIN
    DELETE FROM conversation_search WHERE rowid = (SELECT id FROM conversation_search_ids WHERE conversation_id = old.id);
    DELETE FROM conversation_search_ids WHERE conversation_id = old.id;
END;
