-- Takes a batch of one judge's marks: all of them or none. One statement, so one round trip and one commit.
--
-- p_marks: [{"key", "entry" (of the contest), "criterion", "part", "value" (text or null: the mark is taken back), "comment",
--            "revision" (the one the judge has seen, 0 for none, null: do not compare), "at"}]
-- Answer:  {"refused": code}                              nothing was done
--          {"faults": [{"i", "code", ...}]}               nothing was done; i counts from 0
--          {"saved": [{"i", "revision", "repeated"}]}     everything is durable once this commits
-- The caller's row security applies. The category is share-locked, so that closing it, and locking it or a level above
-- it, waits for marks under way; the seat is locked, so that two devices of one judge take turns. The levels above are
-- read by a statement of their own: it begins after that wait, and so sees the lock that was waited for.
CREATE FUNCTION scoring_submit_marks(
  p_tenant uuid, p_user uuid, p_category uuid,
  p_actor_kind text, p_actor_id uuid, p_actor_name text, p_address text, p_pii bytea, p_correlation text, p_at timestamptz,
  p_marks jsonb
) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_contest uuid;
  v_state text;
  v_shut boolean;
  v_locked boolean;
  v_parts jsonb;
  v_seat uuid;
  v_faults jsonb;
  v_saved jsonb;
  v_units jsonb;
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true);

  SELECT c.contest_id, c.state, c.locked_at IS NOT NULL, c.part_names
    INTO v_contest, v_state, v_shut, v_parts
    FROM categories c
   WHERE c.tenant_id = p_tenant AND c.id = p_category
     FOR SHARE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('refused', 'no-category');
  END IF;
  SELECT v_shut OR num_nonnulls(k.locked_at, e.locked_at) > 0 INTO v_locked
    FROM contests k
    JOIN events e ON e.tenant_id = k.tenant_id AND e.id = k.event_id
   WHERE k.tenant_id = p_tenant AND k.id = v_contest;

  SELECT s.id INTO v_seat
    FROM panel_seats s
   WHERE s.tenant_id = p_tenant AND s.category_id = p_category AND s.user_id = p_user AND s.state = 'active'
     FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('refused', 'no-seat');
  ELSIF v_locked THEN
    RETURN jsonb_build_object('refused', 'locked');
  ELSIF NOT EXISTS (SELECT 1 FROM category_rules r WHERE r.tenant_id = p_tenant AND r.category_id = p_category) THEN
    RETURN jsonb_build_object('refused', 'no-rules');
  END IF;

  WITH given AS MATERIALIZED (
    SELECT (g.n - 1)::int AS i, g.key, g.entry, g.criterion, coalesce(g.part, '') AS part, g.value::numeric AS value,
           coalesce(g.comment, '') AS comment, g.revision
      FROM ROWS FROM (jsonb_to_recordset(p_marks) AS (
             key text, entry uuid, criterion uuid, part text, value text, comment text, revision int
           )) WITH ORDINALITY AS g(key, entry, criterion, part, value, comment, revision, n)
  ), judged AS (
    SELECT g.i,
           CASE
             WHEN r.id IS NOT NULL THEN
               CASE WHEN r.category_id = p_category AND r.category_entry_id IS NOT DISTINCT FROM ce.id
                     AND r.criterion_id = g.criterion AND r.part = g.part
                     AND r.value IS NOT DISTINCT FROM g.value AND r.comment = g.comment
                    THEN NULL ELSE jsonb_build_object('code', 'key-reused') END
             WHEN v_state <> 'judging' THEN jsonb_build_object('code', 'closed', 'state', v_state)
             WHEN ce.id IS NULL THEN jsonb_build_object('code', 'unknown-entry')
             WHEN ce.state <> 'entered' OR e.state NOT IN ('entered')
               THEN jsonb_build_object('code', 'entry-out', 'state',
                                       CASE WHEN ce.state <> 'entered' THEN ce.state ELSE e.state END)
             WHEN x.id IS NOT NULL THEN jsonb_build_object('code', 'recused')
             WHEN cr.id IS NULL THEN jsonb_build_object('code', 'unknown-criterion')
             WHEN (g.part = '') <> (v_parts = '[]') OR (g.part <> '' AND NOT v_parts ? g.part)
               THEN jsonb_build_object('code', 'unknown-part', 'parts', v_parts)
             WHEN g.value < cr.min OR g.value > cr.max
               THEN jsonb_build_object('code', 'out-of-range', 'min', cr.min::text, 'max', cr.max::text)
             WHEN mod(g.value - cr.min, cr.step) <> 0
               THEN jsonb_build_object('code', 'off-step', 'min', cr.min::text, 'step', cr.step::text)
             WHEN g.revision IS NOT NULL AND g.revision <> coalesce(m.revision, 0)
               THEN jsonb_build_object('code', 'conflict', 'revision', coalesce(m.revision, 0), 'value', m.value::text)
             WHEN count(*) OVER (PARTITION BY g.entry, g.criterion, g.part) > 1
               OR count(*) OVER (PARTITION BY g.key) > 1 THEN jsonb_build_object('code', 'twice')
           END AS fault
      FROM given g
      LEFT JOIN mark_revisions r ON r.tenant_id = p_tenant AND r.seat_id = v_seat AND r.key = g.key
      LEFT JOIN category_entries ce ON ce.tenant_id = p_tenant AND ce.category_id = p_category
                                   AND ce.contest_entry_id = g.entry
      LEFT JOIN contest_entries e ON e.tenant_id = p_tenant AND e.id = ce.contest_entry_id
      LEFT JOIN recusals x ON x.tenant_id = p_tenant AND x.seat_id = v_seat AND x.category_entry_id = ce.id
      LEFT JOIN criteria cr ON cr.tenant_id = p_tenant AND cr.category_id = p_category AND cr.id = g.criterion
      LEFT JOIN marks m ON m.tenant_id = p_tenant AND m.category_id = p_category AND m.category_entry_id = ce.id
                       AND m.seat_id = v_seat AND m.criterion_id = g.criterion AND m.part = g.part
  )
  SELECT jsonb_agg(fault || jsonb_build_object('i', i) ORDER BY i) INTO v_faults FROM judged WHERE fault IS NOT NULL;
  IF v_faults IS NOT NULL THEN
    RETURN jsonb_build_object('faults', v_faults);
  END IF;

  WITH given AS MATERIALIZED (
    SELECT (g.n - 1)::int AS i, g.key, g.entry, g.criterion, coalesce(g.part, '') AS part, g.value::numeric AS value,
           coalesce(g.comment, '') AS comment, g.at, ce.id AS started
      FROM ROWS FROM (jsonb_to_recordset(p_marks) AS (
             key text, entry uuid, criterion uuid, part text, value text, comment text, at timestamptz
           )) WITH ORDINALITY AS g(key, entry, criterion, part, value, comment, at, n)
      JOIN category_entries ce ON ce.tenant_id = p_tenant AND ce.category_id = p_category
                              AND ce.contest_entry_id = g.entry
  ), known AS MATERIALIZED (
    SELECT g.i, r.revision FROM given g
      JOIN mark_revisions r ON r.tenant_id = p_tenant AND r.seat_id = v_seat AND r.key = g.key
  ), written AS (
    INSERT INTO marks AS m (tenant_id, category_id, category_entry_id, seat_id, criterion_id, part, value, comment,
                            revision, updated_at)
    SELECT p_tenant, p_category, g.started, v_seat, g.criterion, g.part, g.value, g.comment, 1, p_at
      FROM given g WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.i = g.i)
    ON CONFLICT (tenant_id, category_id, category_entry_id, seat_id, criterion_id, part)
    DO UPDATE SET value = excluded.value, comment = excluded.comment, revision = m.revision + 1,
                  updated_at = excluded.updated_at
    RETURNING m.category_entry_id, m.criterion_id, m.part, m.revision
  ), fresh AS MATERIALIZED (
    SELECT g.*, w.revision FROM given g
      JOIN written w ON w.category_entry_id = g.started AND w.criterion_id = g.criterion AND w.part = g.part
  ), history AS (
    INSERT INTO mark_revisions (tenant_id, category_id, category_entry_id, seat_id, criterion_id, part, value,
                                comment, revision, key, user_id, marked_at)
    SELECT p_tenant, p_category, f.started, v_seat, f.criterion, f.part, f.value, f.comment, f.revision, f.key, p_user,
           f.at
      FROM fresh f
  )
  SELECT (SELECT jsonb_agg(jsonb_build_object('i', s.i, 'revision', s.revision, 'repeated', s.repeated) ORDER BY s.i)
            FROM (SELECT i, revision, true AS repeated FROM known
                  UNION ALL SELECT i, revision, false FROM fresh) s),
         (SELECT jsonb_agg(jsonb_build_object('entryId', f.entry, 'criterionId', f.criterion, 'part', f.part,
                                              'revision', f.revision) ORDER BY f.i) FROM fresh f)
    INTO v_saved, v_units;

  IF v_units IS NOT NULL THEN
    UPDATE panel_seats SET marks_version = marks_version + 1 WHERE tenant_id = p_tenant AND id = v_seat;
    UPDATE category_rules SET frozen_at = p_at
     WHERE tenant_id = p_tenant AND category_id = p_category AND frozen_at IS NULL;
    PERFORM event_log_append(
      p_tenant, 'score.submitted', 1::smallint, 'category', p_category, p_actor_kind, p_actor_id, p_actor_name,
      p_address, p_correlation, NULL, p_at,
      convert_to(jsonb_build_object('categoryId', p_category, 'seatId', v_seat, 'marks', v_units)::text, 'UTF8'), p_pii
    );
  END IF;
  RETURN jsonb_build_object('saved', coalesce(v_saved, '[]'::jsonb), 'seat', v_seat);
END $fn$;
