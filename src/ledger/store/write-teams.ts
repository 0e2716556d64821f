import { type Team } from '../core/types';
import { unnestOf, type Column, type Statement } from './columns';

/**
 * Updates teams that are still at the version at which their books were read, and counts it up; fails the transaction
 * if any is not. The rows are locked in the order they are given in. Parameters: a list per column, the versions, and
 * how many teams there are.
 */
export function updateTeams(name: string, columns: readonly Column<Team>[]): Statement {
  const names = columns.map((column) => column.name);
  const set = names.slice(1).map((column) => `${column} = v.${column}`);
  const lists = unnestOf<Team>([...columns, { name: 'expected', type: 'bigint', of: () => null }]);
  return {
    name,
    text: `
      WITH updated AS (
        UPDATE flow_credits.teams AS t SET ${set.join(', ')}, version = t.version + 1
        FROM ${lists} AS v (${names.join(', ')}, expected)
        WHERE t.team_id = v.team_id AND t.version = v.expected
        RETURNING 1
      )
      SELECT flow_credits.expect_rows((SELECT count(*) FROM updated), $${columns.length + 2}::bigint)`,
  };
}

/** Fails the transaction unless these teams are at these versions. */
export const CHECK_TEAMS: Statement = {
  name: 'check_teams',
  text: `
    SELECT flow_credits.expect_rows((
      SELECT count(*) FROM unnest($1::text[], $2::bigint[]) AS v (team_id, expected)
      JOIN flow_credits.teams t ON t.team_id = v.team_id AND t.version = v.expected
    ), $3::bigint)`,
};
