-- Billing in full: packs with what was paid, reversals of single lines, rules of the line, thresholds, and events.

ALTER TABLE flow_credits.teams
  -- JSON as text: {"schedule": {"policy": "keep-latest", "longestWaitMs": null, "mostWaiting": 100}}
  ADD COLUMN backlog text NOT NULL DEFAULT '{}',
  -- ["schedule"]: triggers of which the latest waiting run of a flow alone is kept; follows from backlog.
  ADD COLUMN keep_latest text NOT NULL DEFAULT '[]',
  -- {"percent": [50, 75, 90, 100], "payg": ["5000000"]}
  ADD COLUMN alerts text NOT NULL DEFAULT '{"percent":[50,75,90,100],"payg":null}',
  ADD COLUMN held_over_charged bigint NOT NULL DEFAULT 0,
  ADD COLUMN held_over_returned bigint NOT NULL DEFAULT 0,
  -- Thresholds that have fired in the period: ["50", "payg:5000000"]
  ADD COLUMN alerted text NOT NULL DEFAULT '[]',
  -- {"api": 3}
  ADD COLUMN waiting_by text NOT NULL DEFAULT '{}',
  ADD COLUMN next_event bigint NOT NULL DEFAULT 1,
  -- Which ledger instance made the present version: a batch that relies on its own predecessor must not take another's
  -- change for that.
  ADD COLUMN writer bigint NOT NULL DEFAULT 0;

ALTER TABLE flow_credits.grants
  ADD COLUMN paid_amount text,
  ADD COLUMN paid_currency text,
  ADD COLUMN paid_reference text;

ALTER TABLE flow_credits.runs
  ADD COLUMN likely bigint NOT NULL DEFAULT 0 CHECK (likely >= 0),
  -- Admitted from the line and not heard of since: it counts to the window of releases.
  ADD COLUMN starting boolean NOT NULL DEFAULT false;
UPDATE flow_credits.runs SET likely = least WHERE likely < least;

-- Who waited before there were such counts.
UPDATE flow_credits.teams t SET waiting_by = counts.by_trigger, version = t.version + 1
FROM (
  SELECT team_id, json_object_agg(trigger, n)::text AS by_trigger
  FROM (
    SELECT team_id, trigger, count(*) AS n FROM flow_credits.runs WHERE status = 'waiting' GROUP BY 1, 2
  ) AS by_team_and_trigger
  GROUP BY team_id
) AS counts
WHERE t.team_id = counts.team_id;

CREATE INDEX runs_starting ON flow_credits.runs (team_id) WHERE starting;
-- A flow's waiting runs, for teams that keep the latest alone.
CREATE INDEX runs_waiting_of_flow ON flow_credits.runs (team_id, flow, trigger, place) WHERE status = 'waiting';

ALTER TABLE flow_credits.entries ADD COLUMN reversed_line integer CHECK (reversed_line >= 0);
-- At most one reversal of a line, and at most one of what is left of a charge.
DROP INDEX flow_credits.entries_reversal;
CREATE UNIQUE INDEX entries_reversal ON flow_credits.entries (team_id, reverses, coalesce(reversed_line, -1))
  WHERE kind = 'reversal';

ALTER TABLE flow_credits.statements
  ADD COLUMN held_over_charged bigint NOT NULL DEFAULT 0,
  ADD COLUMN held_over_returned bigint NOT NULL DEFAULT 0;

-- The outbox: what happened, written with the transaction it happened in; how its delivery goes, by who delivers it.
CREATE TABLE flow_credits.events (
  team_id text COLLATE "C",
  seq bigint,
  at_ms bigint NOT NULL,
  kind text NOT NULL,
  data text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  -- Not to be tried before.
  due_ms bigint NOT NULL,
  last_error text,
  delivered_at_ms bigint,
  PRIMARY KEY (team_id, seq)
) WITH (fillfactor = 80);

CREATE INDEX events_pending ON flow_credits.events (due_ms, team_id, seq) WHERE status = 'pending';
CREATE INDEX events_dead ON flow_credits.events (team_id, seq) WHERE status = 'dead';
