-- Two group roles without login. A worker's login role is a member of the first, a reader's (API, reports) of the second:
--   CREATE ROLE my_worker LOGIN PASSWORD '...' IN ROLE flow_credits_worker;
-- Roles belong to the whole server, so another database may have made them; and who migrates may not be allowed to
-- make any, as on some managed servers: then an administrator makes them and migrates once more.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['flow_credits_worker', 'flow_credits_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL; -- another database was quicker
        WHEN insufficient_privilege THEN
          RAISE NOTICE 'role % is missing and % may not create it', wanted, current_user;
      END;
    END IF;
  END LOOP;
END
$$;
