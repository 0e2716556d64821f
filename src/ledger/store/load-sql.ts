import { selectOf, type Statement } from './columns';
import { PAST_CHARGE } from './rows/entries';
import { GRANT_COLUMNS } from './rows/grants';
import { REQUEST_COLUMNS } from './rows/requests';
import { RUN_COLUMNS } from './rows/runs';
import { TEAM_COLUMNS } from './rows/teams';

/** In order of the key: two transactions that want the same teams never wait for each other in a circle. */
export const LOCK_TEAMS: Statement = {
  name: 'lock_teams',
  text: `
    SELECT ${selectOf(TEAM_COLUMNS, 't')} FROM flow_credits.teams t
    WHERE t.team_id = ANY ($1::text[]) ORDER BY t.team_id FOR NO KEY UPDATE`,
};

/** At least one row: the ledger's time, in whole milliseconds, comes first in each. It is taken under the lock. */
export const TIME_AND_GRANTS: Statement = {
  name: 'time_and_grants',
  text: `
    SELECT (SELECT trunc(extract(epoch FROM clock_timestamp()) * 1000)::bigint) + c.offset_ms,
      ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')}
    FROM flow_credits.ledger_clock c
    LEFT JOIN flow_credits.grants g ON g.team_id = ANY ($1::text[]) AND g.live`,
};

export const RUNS: Statement = {
  name: 'runs',
  text: `
    SELECT ${selectOf(RUN_COLUMNS, 'r')}
    FROM unnest($1::text[], $2::text[]) AS w (team_id, run_id)
    JOIN flow_credits.runs r ON r.team_id = w.team_id AND r.run_id = w.run_id`,
};

/** So many waiting runs from the head of each team's line. */
export const LINE: Statement = {
  name: 'line',
  text: `
    SELECT ${selectOf(RUN_COLUMNS, 'r')}
    FROM unnest($1::text[], $2::integer[]) AS w (team_id, most)
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.runs x
      WHERE x.team_id = w.team_id AND x.status = 'waiting' ORDER BY x.place LIMIT w.most
    ) r`,
};

/** How many waiting runs stand before each of these, where it waits. */
export const AHEAD: Statement = {
  name: 'ahead',
  text: `
    SELECT r.team_id, r.run_id, (
      SELECT count(*) FROM flow_credits.runs b
      WHERE b.team_id = r.team_id AND b.status = 'waiting' AND b.place < r.place
    )
    FROM unnest($1::text[], $2::text[]) AS w (team_id, run_id)
    JOIN flow_credits.runs r ON r.team_id = w.team_id AND r.run_id = w.run_id AND r.status = 'waiting'`,
};

export const CHARGES: Statement = {
  name: 'charges',
  text: `
    SELECT ${PAST_CHARGE}
    FROM unnest($1::text[], $2::text[], $3::text[]) AS w (team_id, run_id, key)
    JOIN flow_credits.entries e
      ON e.team_id = w.team_id AND e.run_id = w.run_id AND e.key = w.key AND e.kind = 'charge'
    LEFT JOIN flow_credits.entries r ON r.team_id = e.team_id AND r.reverses = e.seq AND r.kind = 'reversal'`,
};

/** The grants that charges came from and the included grants of their periods, live or not. */
export const GRANTS_OF_CHARGES: Statement = {
  name: 'grants_of_charges',
  text: `
    WITH charges AS (
      SELECT e.team_id, e.period, e.parts
      FROM unnest($1::text[], $2::text[], $3::text[]) AS w (team_id, run_id, key)
      JOIN flow_credits.entries e
        ON e.team_id = w.team_id AND e.run_id = w.run_id AND e.key = w.key AND e.kind = 'charge'
    )
    SELECT ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')}
    FROM charges c
    CROSS JOIN LATERAL json_array_elements(c.parts) p
    JOIN flow_credits.grants g
      ON g.team_id = c.team_id AND g.grant_id = substring(p.value ->> 0 FROM '^grant:(\\d+)$')::integer
    UNION ALL
    SELECT ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')}
    FROM charges c
    JOIN flow_credits.grants g ON g.team_id = c.team_id AND g.period = c.period AND g.kind = 'included'`,
};

export const REQUESTS: Statement = {
  name: 'requests',
  text: `
    SELECT ${selectOf(REQUEST_COLUMNS, 'q')}
    FROM unnest($1::text[], $2::text[]) AS w (team_id, request_id)
    JOIN flow_credits.requests q ON q.team_id = w.team_id AND q.request_id = w.request_id`,
};
