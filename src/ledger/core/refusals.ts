import { type Json } from '../../contracts/json';
import { type Refused } from './operations';

export function refused(reason: Refused['reason'], message: string, detail?: Json): Refused {
  return detail === undefined
    ? { status: 'refused', reason, message }
    : { status: 'refused', reason, message, detail };
}

export function unknownRun(team: string, runId: string): Refused {
  return refused('unknown-run', `team "${team}": run "${runId}" is unknown; it must ask for admission first`);
}
