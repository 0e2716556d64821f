-- Not numbered: repeated after every migration, so that roles made later get their rights too. Safe to repeat.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'flow_credits_worker') THEN
    GRANT USAGE ON SCHEMA flow_credits TO flow_credits_worker;
    GRANT SELECT ON ALL TABLES IN SCHEMA flow_credits TO flow_credits_worker;
    GRANT INSERT, UPDATE ON flow_credits.teams, flow_credits.grants, flow_credits.runs, flow_credits.events
      TO flow_credits_worker;
    -- Events alone are pruned: what they tell of stands in the entries.
    GRANT DELETE ON flow_credits.events TO flow_credits_worker;
    -- No UPDATE, DELETE or TRUNCATE: what was written stays.
    GRANT INSERT ON flow_credits.entries, flow_credits.statements, flow_credits.requests TO flow_credits_worker;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'flow_credits_reader') THEN
    GRANT USAGE ON SCHEMA flow_credits TO flow_credits_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA flow_credits TO flow_credits_reader;
  END IF;
END
$$;
