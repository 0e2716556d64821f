-- Delivery of events: those that no webhook is to have are kept for who reads the feed, and what is done with is pruned.

ALTER TABLE flow_credits.events DROP CONSTRAINT events_status_check;
ALTER TABLE flow_credits.events ADD CONSTRAINT events_status_check
  CHECK (status IN ('pending', 'delivered', 'dead', 'kept'));

CREATE INDEX events_done ON flow_credits.events (at_ms) WHERE status IN ('delivered', 'kept');
