-- A category's result as it is kept, in one round trip: where it stands, whether it is of the present state, and its
-- bytes unless the reader names the hash of what it has. No row: there is no such category. The caller's row security
-- applies; whether the caller may see it is for the caller to judge by the path, before it looks at the rest.
CREATE FUNCTION scoring_read_result(p_tenant uuid, p_category uuid, p_known text)
RETURNS TABLE (event_id uuid, contest_id uuid, name text, state text, fresh boolean, hash text, shown bytea)
LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true);
  RETURN QUERY
    SELECT k.event_id, c.contest_id, c.name, c.state,
           coalesce(r.inputs = scoring_result_state(p_tenant, p_category), false), r.hash,
           CASE WHEN r.hash IS DISTINCT FROM p_known THEN r.shown END
      FROM categories c
      JOIN contests k ON k.tenant_id = c.tenant_id AND k.id = c.contest_id
      LEFT JOIN category_results r ON r.tenant_id = c.tenant_id AND r.category_id = c.id
     WHERE c.tenant_id = p_tenant AND c.id = p_category;
END $fn$
