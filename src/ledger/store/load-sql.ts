import { selectOf, type Statement } from './columns';
import { PAST_CHARGE } from './rows/entries';
import { GRANT_COLUMNS } from './rows/grants';
import { REQUEST_COLUMNS } from './rows/requests';
import { RUN_COLUMNS } from './rows/runs';
import { TEAM_COLUMNS, VERSION } from './rows/teams';

/** In order of the key: two transactions that want the same teams never wait for each other in a circle. */
export const LOCK_TEAMS: Statement = {
  name: 'lock_teams',
  text: `
    SELECT ${selectOf(TEAM_COLUMNS, 't')}, ${VERSION} FROM flow_credits.teams t
    WHERE t.team_id = ANY ($1::text[]) ORDER BY t.team_id FOR NO KEY UPDATE`,
};

export const TEAMS: Statement = {
  name: 'teams',
  text: `
    SELECT ${selectOf(TEAM_COLUMNS, 't')}, ${VERSION} FROM flow_credits.teams t WHERE t.team_id = ANY ($1::text[])`,
};

export const GRANTS: Statement = {
  name: 'grants',
  text: `
    SELECT ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')} FROM flow_credits.grants g
    WHERE g.team_id = ANY ($1::text[]) AND g.live`,
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
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.runs x WHERE x.team_id = w.team_id AND x.run_id = w.run_id LIMIT 1
    ) r
    WHERE r.status = 'waiting'`,
};

/**
 * LATERAL with LIMIT: one look into the index per key. As a plain join a plan made while the table was small would read
 * all of the partial index, for as long as the connection lives.
 */
const CHARGES_OF_KEYS = `
    FROM unnest($1::text[], $2::text[], $3::text[]) AS w (team_id, run_id, key)
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.entries x
      WHERE x.team_id = w.team_id AND x.run_id = w.run_id AND x.key = w.key AND x.kind = 'charge' LIMIT 1
    ) e`;

/** The ledger's time, and charges: at least one row, each of which begins with the time. */
export const TIME_AND_CHARGES: Statement = {
  name: 'time_and_charges',
  text: `
    SELECT trunc(extract(epoch FROM clock_timestamp()) * 1000)::bigint + c.offset_ms, found.*
    FROM flow_credits.ledger_clock c
    LEFT JOIN (
      SELECT ${PAST_CHARGE}
      ${CHARGES_OF_KEYS}
    ) found ON true`,
};

/** So many charges of a run are reversed in one go. */
const MOST_OF_A_RUN = 100_000;

/** LATERAL with LIMIT, as above. */
const CHARGES_OF_RUN_IDS = `
    FROM unnest($1::text[], $2::text[]) AS w (team_id, run_id)
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.entries x
      WHERE x.team_id = w.team_id AND x.run_id = w.run_id AND x.kind = 'charge'
      ORDER BY x.key LIMIT ${MOST_OF_A_RUN}
    ) e`;

/** All charges of these runs. */
export const CHARGES_OF_RUNS: Statement = {
  name: 'charges_of_runs',
  text: `
    SELECT ${PAST_CHARGE}
    ${CHARGES_OF_RUN_IDS}`,
};

/** The grants those came from and the included grants of their periods, live or not. */
export const GRANTS_OF_RUNS: Statement = {
  name: 'grants_of_runs',
  text: grantsOf(CHARGES_OF_RUN_IDS),
};

/** Admitted runs that are unheard of. */
export const STARTING: Statement = {
  name: 'starting',
  text: `
    SELECT ${selectOf(RUN_COLUMNS, 'r')} FROM flow_credits.runs r WHERE r.team_id = ANY ($1::text[]) AND r.starting`,
};

/** So many that an admission which keeps the latest alone puts out of the line at once. */
const MOST_OF_A_FLOW = 1000;

/** Waiting runs of a flow and trigger, where the team keeps the latest of those alone, or may from this batch on. */
export const SAME_FLOW: Statement = {
  name: 'same_flow',
  text: `
    SELECT ${selectOf(RUN_COLUMNS, 'r')}
    FROM unnest($1::text[], $2::text[], $3::text[]) AS w (team_id, flow, trigger)
    JOIN flow_credits.teams t ON t.team_id = w.team_id AND t.waiting > 0
      AND (t.keep_latest::jsonb ? w.trigger OR t.team_id = ANY ($4::text[]))
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.runs x
      WHERE x.team_id = w.team_id AND x.status = 'waiting' AND x.flow = w.flow AND x.trigger = w.trigger
      ORDER BY x.place LIMIT ${MOST_OF_A_FLOW}
    ) r`,
};

/** Waiting runs that a filter means: an empty text of flow or trigger is any, and so is a null list of runs. */
export const MATCHING: Statement = {
  name: 'matching',
  text: `
    SELECT ${selectOf(RUN_COLUMNS, 'r')} FROM flow_credits.runs r
    WHERE r.team_id = $1 AND r.status = 'waiting'
      AND ($2::text IS NULL OR r.flow = $2)
      AND ($3::text IS NULL OR r.trigger = $3)
      AND ($4::bigint IS NULL OR r.asked_at_ms < $4)
      AND ($5::text[] IS NULL OR r.run_id = ANY ($5))
    ORDER BY r.place LIMIT $6`,
};

/** The grants that charges came from and the included grants of their periods, live or not. */
export const GRANTS_OF_CHARGES: Statement = {
  name: 'grants_of_charges',
  text: grantsOf(CHARGES_OF_KEYS),
};

function grantsOf(charges: string): string {
  return `
    WITH charges AS (SELECT e.team_id, e.period, e.parts ${charges})
    SELECT ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')}
    FROM charges c
    CROSS JOIN LATERAL json_array_elements(c.parts::json) p
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.grants x
      WHERE x.team_id = c.team_id AND x.grant_id = substring(p.value ->> 0 FROM '^grant:(\\d+)$')::integer LIMIT 1
    ) g
    UNION ALL
    SELECT ${selectOf(GRANT_COLUMNS.slice(0, -1), 'g')}
    FROM charges c
    CROSS JOIN LATERAL (
      SELECT * FROM flow_credits.grants x
      WHERE x.team_id = c.team_id AND x.period = c.period AND x.kind = 'included' LIMIT 1
    ) g`;
}

export const REQUESTS: Statement = {
  name: 'requests',
  text: `
    SELECT ${selectOf(REQUEST_COLUMNS, 'q')}
    FROM unnest($1::text[], $2::text[]) AS w (team_id, request_id)
    JOIN flow_credits.requests q ON q.team_id = w.team_id AND q.request_id = w.request_id`,
};
