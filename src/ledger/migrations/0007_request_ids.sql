-- The request id of the command that an entry came of, on every kind of entry: a reversal's `key` is its charge's.
-- Entries of before stay as they are; of those but reversals the id is their `key`.
ALTER TABLE flow_credits.entries ADD COLUMN request_id text COLLATE "C";
