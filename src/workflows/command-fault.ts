import { type TeamCommandName } from '../contracts/team';

/**
 * What is plainly wrong with a command, before it leaves a trace in history; null if nothing is. The activity parses it
 * in full: here is no zod.
 */
export function commandFault(command: TeamCommandName, payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return `"${command}" takes one object`;
  }
  const fields = new Map<string, unknown>(Object.entries(payload));
  if (command !== 'upsertTeam') {
    for (const name of ['requestId', 'actor']) {
      const value = fields.get(name);
      if (typeof value !== 'string' || value === '') return `"${command}" needs "${name}", a text`;
    }
  }
  if (command === 'setPayAsYouGo' && fields.get('enabled') === true) {
    if ((fields.get('capUsd') === undefined) === (fields.get('uncapped') === undefined)) {
      return 'turning pay-as-you-go on takes either "capUsd" or "uncapped": true';
    }
  }
  return null;
}
