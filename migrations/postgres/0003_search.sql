-- What the search box finds a conversation by, in an index of three letters at a time, so that a piece of a word is found,
-- too. It needs no extension. A trigger keeps it in the unit that writes conversations.search; in an index of conversations
-- itself it would be written anew with every message. Two spaces stand before every word: with them a word of one or two
-- letters is looked for at the beginning of words.

CREATE TABLE conversation_search (
    conversation_id UUID PRIMARY KEY NOT NULL,
    words TEXT NOT NULL,
    pieces TEXT[] NOT NULL
);
CREATE INDEX conversation_search_pieces ON conversation_search USING gin (pieces);

-- Every three letters that follow each other in one of the lines.
CREATE FUNCTION search_pieces(lines TEXT) RETURNS TEXT[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT coalesce(array_agg(DISTINCT substr(line, n, 3)), '{}')
        FROM unnest(string_to_array(lines, E'\n')) AS line, generate_series(1, length(line) - 2) AS n
    $$;

-- Whether every line stands in the words: their pieces alone could come from different places.
CREATE FUNCTION search_meets(words TEXT, lines TEXT) RETURNS BOOLEAN
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT coalesce(bool_and(position(line IN words) > 0), TRUE) FROM unnest(string_to_array(lines, E'\n')) AS line $$;

INSERT INTO conversation_search (conversation_id, words, pieces)
    SELECT id, padded, search_pieces(padded)
    FROM (SELECT id, replace('  ' || search, ' ', '  ') AS padded FROM conversations) AS c;

CREATE FUNCTION keep_conversation_search() RETURNS TRIGGER
    LANGUAGE plpgsql SET search_path FROM CURRENT
    AS $$
        DECLARE
            padded TEXT := replace('  ' || new.search, ' ', '  ');
        BEGIN
            INSERT INTO conversation_search (conversation_id, words, pieces) VALUES (new.id, padded, search_pieces(padded))
                ON CONFLICT (conversation_id) DO UPDATE SET words = excluded.words, pieces = excluded.pieces;
            RETURN NULL;
        END
    $$;
CREATE TRIGGER conversation_search_begins AFTER INSERT ON conversations
    FOR EACH ROW EXECUTE FUNCTION keep_conversation_search();
CREATE TRIGGER conversation_search_changes AFTER UPDATE OF search ON conversations
    FOR EACH ROW WHEN (old.search <> new.search) EXECUTE FUNCTION keep_conversation_search();

CREATE FUNCTION end_conversation_search() RETURNS TRIGGER
    LANGUAGE plpgsql SET search_path FROM CURRENT
    AS $$
        BEGIN
            DELETE FROM conversation_search WHERE conversation_id = old.id;
            RETURN NULL;
        END
    $$;
CREATE TRIGGER conversation_search_ends AFTER DELETE ON conversations
    FOR EACH ROW EXECUTE FUNCTION end_conversation_search();
