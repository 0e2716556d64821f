-- The ledger's tables. Every key begins with team_id, so that they distribute and partition by team as they are.
-- Amounts are whole millicredits, money is whole micro-dollars, moments are whole milliseconds since 1970 in UTC
-- (columns "..._ms"). There are no foreign keys: one transaction writes all rows of a team under the lock of the
-- team's row, and `flow-credits verify` looks for orphans.

-- Ledger time is Postgres's clock plus this offset. Only development and tests ever move it, and only forward.
CREATE TABLE flow_credits.ledger_clock (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  offset_ms bigint NOT NULL DEFAULT 0 CHECK (offset_ms >= 0)
);
INSERT INTO flow_credits.ledger_clock DEFAULT VALUES;

-- fillfactor: most updates touch no indexed column and find room on the same page (HOT), so no index is written.
CREATE TABLE flow_credits.teams (
  team_id text COLLATE "C" PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
  plan text NOT NULL,
  next_plan text,
  anchor text NOT NULL,
  time_zone text NOT NULL,
  custom_included bigint CHECK (custom_included >= 0),
  overdraft_policy text NOT NULL CHECK (overdraft_policy IN ('forgive', 'carry')),
  run_limit bigint CHECK (run_limit >= 0),
  payg_enabled boolean NOT NULL,
  payg_cap_micro_usd bigint CHECK (payg_cap_micro_usd >= 0),
  payg_rate_micro_usd bigint CHECK (payg_rate_micro_usd >= 0),
  payg_rate_credits bigint CHECK (payg_rate_credits > 0),
  last_time_ms bigint NOT NULL,
  period integer NOT NULL,
  period_start_ms bigint NOT NULL,
  period_end_ms bigint NOT NULL,
  period_included bigint NOT NULL,
  period_opening bigint NOT NULL,
  period_granted bigint NOT NULL,
  period_charged bigint NOT NULL,
  period_expired bigint NOT NULL,
  period_withdrawn bigint NOT NULL,
  payg_charged bigint NOT NULL,
  payg_held bigint NOT NULL CHECK (payg_held >= 0),
  payg_reversed bigint NOT NULL,
  overdraft bigint NOT NULL,
  owed bigint NOT NULL CHECK (owed >= 0),
  period_held_over bigint NOT NULL,
  period_payg_held_over bigint NOT NULL,
  waiting integer NOT NULL CHECK (waiting >= 0),
  next_place integer NOT NULL,
  next_entry bigint NOT NULL,
  next_grant integer NOT NULL,
  wake boolean NOT NULL,
  -- Counts the transactions that changed anything of the team. A process that remembers the team's rows knows by it
  -- whether they are still as it remembers: whoever repairs rows of a team by hand must count it up too.
  version bigint NOT NULL DEFAULT 1,
  CHECK (period_start_ms < period_end_ms),
  CHECK ((payg_rate_micro_usd IS NULL) = (payg_rate_credits IS NULL))
) WITH (fillfactor = 50);

-- Somebody must act for these.
CREATE INDEX teams_wake ON flow_credits.teams (team_id) WHERE wake;
-- The monthly reset asks who is due.
CREATE INDEX teams_due ON flow_credits.teams (period_end_ms, team_id);

CREATE TABLE flow_credits.grants (
  team_id text COLLATE "C",
  grant_id integer,
  kind text NOT NULL CHECK (kind IN ('included', 'purchased', 'adjustment')),
  period integer NOT NULL,
  granted_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  granted bigint NOT NULL CHECK (granted >= 0),
  charged bigint NOT NULL CHECK (charged >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  expired bigint NOT NULL CHECK (expired >= 0),
  withdrawn bigint NOT NULL CHECK (withdrawn >= 0),
  charged_in_period bigint NOT NULL,
  after_close jsonb NOT NULL,
  note text,
  -- Something of it is available, held or charged in the period: a batch loads it. A column of its own, since an index
  -- on the amounts would be written by every charge.
  live boolean NOT NULL,
  PRIMARY KEY (team_id, grant_id),
  -- granted = charged + held + available + expired + withdrawn, and available >= 0.
  CONSTRAINT grants_add_up CHECK (granted - charged - held - expired - withdrawn >= 0)
) WITH (fillfactor = 50);

CREATE INDEX grants_live ON flow_credits.grants (team_id) WHERE live;
CREATE INDEX grants_included ON flow_credits.grants (team_id, period) WHERE kind = 'included';

CREATE TABLE flow_credits.runs (
  team_id text COLLATE "C",
  run_id text COLLATE "C",
  workflow_id text NOT NULL,
  execution_id text NOT NULL,
  flow text NOT NULL,
  flow_hash text NOT NULL,
  trigger text NOT NULL,
  location text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('enforce', 'observe')),
  rate_card text NOT NULL,
  requires_credits boolean NOT NULL,
  least bigint NOT NULL CHECK (least >= 0),
  credit_limit bigint CHECK (credit_limit >= 0),
  asked_at_ms bigint NOT NULL,
  place integer,
  status text NOT NULL CHECK (status IN ('waiting', 'admitted', 'closed', 'left')),
  admitted_at_ms bigint,
  closed_at_ms bigint,
  close_reason text,
  would_have_waited boolean NOT NULL,
  tell boolean NOT NULL,
  -- JSON as text (cast it to look inside): Postgres need not parse what it only keeps.
  -- [["grant:1", "1000"], ["payg", "500"]]
  holds text NOT NULL,
  -- {"block key": "1000"}
  reservations text NOT NULL,
  charged bigint NOT NULL CHECK (charged >= 0),
  PRIMARY KEY (team_id, run_id),
  CONSTRAINT runs_only_admitted_hold CHECK (status = 'admitted' OR holds = '[]'),
  CONSTRAINT runs_waiting_have_a_place CHECK (status <> 'waiting' OR place IS NOT NULL)
) WITH (fillfactor = 50);

CREATE UNIQUE INDEX runs_line ON flow_credits.runs (team_id, place) WHERE status = 'waiting';
CREATE INDEX runs_tell ON flow_credits.runs (team_id, place) WHERE tell;
-- Reconcile goes through all runs that are open, of whatever team.
CREATE INDEX runs_open ON flow_credits.runs (run_id, team_id) WHERE status IN ('waiting', 'admitted');

-- Append-only: nothing here is ever changed. The moves of a team's entries, folded, give every balance.
CREATE TABLE flow_credits.entries (
  team_id text COLLATE "C",
  seq bigint,
  at_ms bigint NOT NULL,
  period integer NOT NULL,
  kind text NOT NULL,
  run_id text COLLATE "C",
  key text COLLATE "C",
  amount bigint NOT NULL,
  -- JSON as text, as in runs. [["grant:1", "1000"], ["overdraft", "500"]]
  parts text NOT NULL,
  -- [["grant:1.charged", "1000"], ["grant:1.held", "-1000"]]
  moves text NOT NULL,
  detail text,
  late boolean NOT NULL,
  unreserved boolean NOT NULL,
  reverses bigint,
  actor text,
  reason text,
  setting text,
  PRIMARY KEY (team_id, seq),
  CONSTRAINT entries_charge_has_a_key CHECK (kind <> 'charge' OR (run_id IS NOT NULL AND key IS NOT NULL)),
  CONSTRAINT entries_reversal_reverses CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
);

-- At most one charge per team, run and key; at most one reversal per charge.
CREATE UNIQUE INDEX entries_charge ON flow_credits.entries (team_id, run_id, key) WHERE kind = 'charge';
CREATE UNIQUE INDEX entries_reversal ON flow_credits.entries (team_id, reverses) WHERE kind = 'reversal';
-- A period's entries are those from its opening on: reports find them without an index on every entry.
CREATE INDEX entries_opening ON flow_credits.entries (team_id, period, seq) WHERE kind = 'open-period';

CREATE TABLE flow_credits.statements (
  team_id text COLLATE "C",
  period integer,
  period_start_ms bigint NOT NULL,
  period_end_ms bigint NOT NULL,
  plan text NOT NULL,
  closed_at_ms bigint NOT NULL,
  opening bigint NOT NULL,
  granted bigint NOT NULL,
  charged bigint NOT NULL,
  expired bigint NOT NULL,
  withdrawn bigint NOT NULL,
  closing bigint NOT NULL,
  held_over_in bigint NOT NULL,
  held_over_out bigint NOT NULL,
  payg_held_over_in bigint NOT NULL,
  payg_held_over_out bigint NOT NULL,
  payg bigint NOT NULL,
  payg_rate_micro_usd bigint NOT NULL,
  payg_rate_credits bigint NOT NULL,
  payg_cents bigint NOT NULL,
  payg_reversed bigint NOT NULL,
  payg_reversed_cents bigint NOT NULL,
  overdraft bigint NOT NULL,
  overdraft_policy text NOT NULL,
  owed bigint NOT NULL,
  PRIMARY KEY (team_id, period),
  CONSTRAINT statements_add_up CHECK (opening + granted = charged + expired + withdrawn + closing)
);

-- The answers of commands, by request id.
CREATE TABLE flow_credits.requests (
  team_id text COLLATE "C",
  request_id text COLLATE "C",
  payload_hash text NOT NULL,
  result json NOT NULL,
  PRIMARY KEY (team_id, request_id)
);

-- Fails the transaction unless as many rows were found as expected: some were changed by another transaction.
CREATE FUNCTION flow_credits.expect_rows(seen bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF seen <> expected THEN
    RAISE EXCEPTION 'another transaction changed % of % teams first', expected - seen, expected
      USING ERRCODE = 'serialization_failure';
  END IF;
END
$$;

CREATE FUNCTION flow_credits.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'flow_credits.% is append-only: % is refused; a charge is undone by a reversal',
    TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON flow_credits.entries
  FOR EACH STATEMENT EXECUTE FUNCTION flow_credits.refuse_change();
CREATE TRIGGER statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON flow_credits.statements
  FOR EACH STATEMENT EXECUTE FUNCTION flow_credits.refuse_change();
CREATE TRIGGER requests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON flow_credits.requests
  FOR EACH STATEMENT EXECUTE FUNCTION flow_credits.refuse_change();
