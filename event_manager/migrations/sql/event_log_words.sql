-- The words of an entry's payload (values, not field names), and its tenant as one more word: so that the index meets
-- both in one walk, and a word common elsewhere costs this tenant nothing.
CREATE FUNCTION event_log_words(p_tenant uuid, p_body bytea) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
  SELECT jsonb_to_tsvector('simple', convert_from(p_body, 'UTF8')::jsonb, '["string", "numeric"]')
         || array_to_tsvector(ARRAY[p_tenant::text])
$fn$
