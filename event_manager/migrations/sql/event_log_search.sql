-- Ids of the present tenant's entries that fit every filter given (null: any), newest first, at most p_limit, older
-- than p_before.
--
-- Runs as PLATFORM with the tenant's condition written here, since under row security the index of words would not be
-- used (its operator is not leakproof). Each filter walks an index of its own; the statement is made for the filters
-- given, with values only ever as parameters.
--
-- p_words finds entries of p_searchable types only: what is embargoed is not searched. The newest entries are looked
-- through first, which ends the search for a word that is common; the index then finds what is rare.
CREATE FUNCTION event_log_search(
  p_types text[], p_entity uuid, p_actor uuid, p_correlation text, p_from timestamptz, p_to timestamptz,
  p_words text, p_searchable text[], p_before uuid, p_limit int
) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 50
  SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
DECLARE
  v_tenant uuid := coalesce(nullif(current_setting('app.tenant_id', true), ''),
                            '00000000-0000-0000-0000-000000000000')::uuid;
  v_fits text := 'l.tenant_id = $1';
  v_types text[] := CASE WHEN p_types IS NULL THEN p_searchable
                         ELSE ARRAY(SELECT t FROM unnest(p_types) t WHERE t = ANY (p_searchable)) END;
  v_words tsquery;
  v_found uuid[];
  v_likes text[];
BEGIN
  IF p_before IS NOT NULL THEN v_fits := v_fits || ' AND l.id < $7'; END IF;
  -- Ids carry the time of writing, which is that of the entry but for the length of its transaction.
  IF p_from IS NOT NULL THEN
    v_fits := v_fits || ' AND l.at >= $5 AND l.id >= uuidv7_floor($5 - interval ''1 hour'')';
  END IF;
  IF p_to IS NOT NULL THEN
    v_fits := v_fits || ' AND l.at < $6 AND l.id < uuidv7_floor($6 + interval ''1 hour'')';
  END IF;
  IF p_entity IS NOT NULL THEN v_fits := v_fits || ' AND l.entity_id = $2'; END IF;
  IF p_actor IS NOT NULL THEN v_fits := v_fits || ' AND l.actor_id = $3'; END IF;
  IF p_correlation IS NOT NULL THEN v_fits := v_fits || ' AND l.correlation_id = $4'; END IF;

  IF p_words IS NOT NULL THEN
    v_words := plainto_tsquery('simple', p_words) && quote_literal(v_tenant)::tsquery;
    v_fits := v_fits || ' AND l.type = ANY ($8)';
    -- A plain word is in the payload's text if it is among its words at all, and that is ten times quicker to see.
    IF p_words ~ '^\s*[A-Za-z][A-Za-z0-9]*(\s+[A-Za-z][A-Za-z0-9]*)*\s*$' THEN
      v_likes := ARRAY(SELECT '%' || lower(w) || '%' FROM regexp_split_to_table(btrim(p_words), '\s+') w);
    END IF;
    EXECUTE 'SELECT coalesce(array_agg(r.id), ''{}'') FROM (SELECT r.id FROM (SELECT l.id, l.body FROM event_log l WHERE '
            || v_fits || ' ORDER BY l.id DESC LIMIT 1000) r WHERE ($11 IS NULL OR lower(convert_from(r.body, ''UTF8'')) LIKE ALL ($11))'
            || ' AND event_log_words($1, r.body) @@ $9 ORDER BY r.id DESC'
            || ' LIMIT $10) r'
       INTO v_found
      USING v_tenant, p_entity, p_actor, p_correlation, p_from, p_to, p_before,
            v_types, v_words, p_limit, v_likes;
    IF cardinality(v_found) >= p_limit THEN
      RETURN QUERY SELECT unnest(v_found);
      RETURN;
    END IF;
    RETURN QUERY EXECUTE
      'WITH hits AS MATERIALIZED (SELECT l.id FROM event_log l WHERE ' || v_fits
      || ' AND l.type NOT LIKE ''score.%'' AND event_log_words(l.tenant_id, l.body) @@ $9)'
      || ' SELECT id FROM hits ORDER BY id DESC LIMIT $10'
      USING v_tenant, p_entity, p_actor, p_correlation, p_from, p_to, p_before,
            v_types, v_words, p_limit;
  ELSIF p_types IS NOT NULL AND num_nonnulls(p_entity, p_actor, p_correlation) = 0 THEN
    RETURN QUERY EXECUTE
      'SELECT m.id FROM unnest($8) AS t(type) CROSS JOIN LATERAL (SELECT l.id FROM event_log l WHERE ' || v_fits
      || ' AND l.type = t.type ORDER BY l.id DESC LIMIT $9) m ORDER BY m.id DESC LIMIT $9'
      USING v_tenant, p_entity, p_actor, p_correlation, p_from, p_to, p_before, p_types, p_limit;
  ELSE
    IF p_types IS NOT NULL THEN v_fits := v_fits || ' AND l.type = ANY ($8)'; END IF;
    RETURN QUERY EXECUTE 'SELECT l.id FROM event_log l WHERE ' || v_fits || ' ORDER BY l.id DESC LIMIT $9'
      USING v_tenant, p_entity, p_actor, p_correlation, p_from, p_to, p_before, p_types, p_limit;
  END IF;
END $fn$
