-- Whether a reader or the log itself knows a transaction id above the present one: only after a dump was restored into
-- another server, whose ids have not come as far. Returns by how much the log's ids must be raised, null when they need
-- not be. Every column of type xid8 counts, whichever room it belongs to; what begins a seal lies below what ends it.
CREATE FUNCTION event_log_behind() RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$
DECLARE
  v_place record;
  v_highest bigint := 0;
BEGIN
  FOR v_place IN
    SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.atttypid = 'xid8'::regtype AND NOT a.attisdropped AND (c.relname, a.attname) <> ('event_seals', 'first_xid')
  LOOP
    EXECUTE format('SELECT greatest(%s, coalesce(max(%I)::text::bigint, 0)) FROM %I',
                   v_highest, v_place.attname, v_place.relname) INTO v_highest;
  END LOOP;
  RETURN nullif(greatest(v_highest - event_log_xid()::text::bigint, 0), 0);
END $fn$;

-- Lets the log's transaction ids go on above everything known, by writing what is to be added into the two functions
-- that tell them: a constant there costs an entry next to nothing, a look into a table would cost each one. Returns
-- whether anything had to be done.
CREATE FUNCTION event_log_go_on() RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$
DECLARE
  v_added bigint;
BEGIN
  IF event_log_behind() IS NULL THEN
    RETURN false;
  END IF;
  LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE;  -- nobody is just writing an entry below
  v_added := event_log_xid()::text::bigint - pg_current_xact_id()::text::bigint + event_log_behind() + 1;
  EXECUTE format('CREATE OR REPLACE FUNCTION event_log_xid() RETURNS xid8 LANGUAGE sql STABLE AS $x$'
                 '  SELECT (pg_current_xact_id()::text::bigint + %s)::text::xid8 $x$', v_added);
  EXECUTE format('CREATE OR REPLACE FUNCTION event_log_horizon() RETURNS xid8 LANGUAGE sql STABLE AS $x$'
                 '  SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + %s)::text::xid8 $x$', v_added);
  RETURN true;
END $fn$
