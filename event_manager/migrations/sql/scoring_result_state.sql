-- Names the state of all that a category's result is made from: what is counted (its own changes, marks, rules,
-- deductions, decisions), and a digest of its entries, whose numbers and names belong to contests and participants, so
-- that no counter of the category goes up with them.
CREATE FUNCTION scoring_result_state(p_tenant uuid, p_category uuid) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT concat_ws('.',
           c.inputs_version,
           (SELECT coalesce(sum(s.marks_version), 0) FROM panel_seats s
             WHERE s.tenant_id = p_tenant AND s.category_id = p_category),
           (SELECT coalesce(max(r.version), 0) FROM category_rules r
             WHERE r.tenant_id = p_tenant AND r.category_id = p_category),
           (SELECT count(*) + coalesce(sum(d.version), 0) FROM deductions d
             WHERE d.tenant_id = p_tenant AND d.category_id = p_category),
           (SELECT count(*) FROM chair_decisions h WHERE h.tenant_id = p_tenant AND h.category_id = p_category),
           (SELECT encode(sha256(convert_to(coalesce(string_agg(
                     jsonb_build_array(ce.id, e.id, e.number, p.name, p.club, p.country, ce.running_order,
                                       e.running_order, ce.state, e.state, e.facts, ce.facts)::text,
                     E'\n' ORDER BY ce.id), ''), 'UTF8')), 'hex')
              FROM category_entries ce
              JOIN contest_entries e ON e.tenant_id = ce.tenant_id AND e.id = ce.contest_entry_id
              JOIN participants p ON p.tenant_id = e.tenant_id AND p.id = e.participant_id
             WHERE ce.tenant_id = p_tenant AND ce.category_id = p_category))
    FROM categories c
   WHERE c.tenant_id = p_tenant AND c.id = p_category
$fn$
