-- When a month of the log begins and ends as ids, if there is such a partition.
CREATE FUNCTION event_log_month(p_part text, OUT from_id uuid, OUT to_id uuid, OUT ends timestamptz)
  LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $fn$
DECLARE
  v_start timestamptz;
BEGIN
  IF p_part !~ '^event_log_p2[0-9]{5}$' OR NOT EXISTS (
       SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'event_log'::regclass AND c.relname = p_part) THEN
    RAISE EXCEPTION 'the event log has no month %', p_part USING ERRCODE = 'undefined_table';
  END IF;
  v_start := make_timestamptz(substr(p_part, 12, 4)::int, substr(p_part, 16, 2)::int, 1, 0, 0, 0, 'UTC');
  ends := (v_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
  from_id := uuidv7_floor(v_start);
  to_id := uuidv7_floor(ends);
END $fn$;

-- Why a month must stay as it is, null when it may go: it is not over, has entries that no seal covers, or somebody has
-- still to read it.
CREATE FUNCTION event_log_needed(p_part text) RETURNS text LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
DECLARE
  v_month record;
  v_xid xid8;
  v_id uuid;
  v_reader text;
BEGIN
  SELECT * INTO v_month FROM event_log_month(p_part);
  IF now() < v_month.ends + interval '1 day' THEN
    RETURN 'the month is not over';
  END IF;
  EXECUTE format('SELECT xid, id FROM %I ORDER BY xid DESC, id DESC LIMIT 1', p_part) INTO v_xid, v_id;
  IF v_id IS NULL THEN
    RETURN NULL;
  ELSIF NOT EXISTS (SELECT FROM event_seals WHERE (last_xid, last_id) >= (v_xid, v_id)) THEN
    RETURN 'some of its entries are not sealed';
  END IF;
  SELECT name INTO v_reader FROM event_cursors WHERE (xid, id) < (v_xid, v_id) ORDER BY xid, id LIMIT 1;
  IF FOUND THEN
    RETURN format('the reader %s has not come to its end', v_reader);
  ELSIF EXISTS (SELECT FROM webhook_queue WHERE event_id >= v_month.from_id AND event_id < v_month.to_id) THEN
    RETURN 'deliveries of its entries are still waiting';
  ELSIF EXISTS (SELECT FROM webhook_replays
                 WHERE state IN ('running', 'paused') AND (coalesce(xid, '0'), coalesce(entry_id, v_id)) < (v_xid, v_id)) THEN
    RETURN 'a replay has not come to its end';
  END IF;
  RETURN NULL;
END $fn$;

-- Drops a whole month of the log; runs as the owner, since nobody else may. Returns what was dropped, by tenant: how many
-- entries, and the SHA-256 over their ids in the order of the tree. Refuses what `event_log_needed` names.
CREATE FUNCTION event_log_retire(p_part text)
  RETURNS TABLE (tenant_id uuid, from_id uuid, to_id uuid, entries bigint, digest bytea) LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $fn$
DECLARE
  v_month record;
  v_reason text;
BEGIN
  SELECT * INTO v_month FROM event_log_month(p_part);
  EXECUTE format('LOCK TABLE %I IN SHARE MODE', p_part);
  v_reason := event_log_needed(p_part);
  IF v_reason IS NOT NULL THEN
    RAISE EXCEPTION '% stays: %', p_part, v_reason USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT e.tenant_id, $1, $2, count(*), sha256(string_agg(uuid_send(e.id), '''' ORDER BY e.xid, e.id))'
    '  FROM %I e GROUP BY e.tenant_id', p_part) USING v_month.from_id, v_month.to_id;
  EXECUTE format('DROP TABLE %I', p_part);
END $fn$
