-- What reports ask for, without going through everything a team ever did.

-- Few entries have an actor: the audit reads those alone.
CREATE INDEX entries_audit ON flow_credits.entries (team_id, seq) WHERE actor IS NOT NULL;
-- A team's runs, page by page. None of these columns ever changes, so updates of runs stay HOT.
CREATE INDEX runs_asked ON flow_credits.runs (team_id, asked_at_ms DESC, run_id);
