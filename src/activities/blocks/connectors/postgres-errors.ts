import { BlockError } from '../errors';
import { codeOf } from '../http-errors';

/** How far a statement had come. */
export type Phase = 'connect' | 'begin' | 'statement' | 'commit';

interface Situation {
  readonly service: string;
  readonly phase: Phase;
  readonly access: 'read' | 'write';
}

/**
 * What went wrong with Postgres, as a block's failure. SQL that Postgres refuses is refused the next time, too. Tried again
 * is what surely left nothing behind: no connection, or one that was lost before the commit was sent, and transactions
 * that Postgres itself rolled back because they met others.
 */
export function postgresFailure(error: unknown, situation: Situation): unknown {
  if (error instanceof BlockError) return error;
  const { service, phase } = situation;
  const state = stateOf(error);
  const said = error instanceof Error && error.message !== '' ? error.message : codeOf(error);
  const what = `service "${service}"`;
  if (state === null || isLoss(state)) return lost(what, said, situation);
  const told = `${said} (SQLSTATE ${state})`;
  if (phase === 'connect' || phase === 'begin') {
    const mayPass = /^(53|57|58)/.test(state);
    return new BlockError(
      mayPass ? 'PostgresUnreachable' : 'PostgresRefused',
      `${what} takes no connection: ${told}`,
      {
        retryable: mayPass,
      },
    );
  }
  switch (state) {
    case '40001':
    case '40P01':
      return new BlockError('PostgresSerialization', `${what}: ${told}`, { retryable: true });
    case '57014':
      return new BlockError('PostgresTimeout', `${what} ended the statement: ${told}; let it do less`);
    case '25006':
      return new BlockError(
        'PostgresReadOnly',
        `${what} is read-only: ${told}; if flows are to write there, the platform gives it "access": "write"`,
      );
    default:
      return new BlockError('PostgresError', `${what}: ${told}`);
  }
}

/** The server ends the session: it goes down, or somebody ended it. Or the connection broke on the way. */
function isLoss(state: string): boolean {
  return state.startsWith('08') || ['57P01', '57P02', '57P05', '25P03'].includes(state);
}

function lost(what: string, said: string, { phase, access }: Situation): BlockError {
  if (phase === 'connect' || phase === 'begin') {
    return new BlockError('PostgresUnreachable', `${what} cannot be reached: ${said}`, { retryable: true });
  }
  if (phase === 'statement' || access === 'read') {
    const message = `${what}: the connection was lost, and nothing was written: ${said}`;
    return new BlockError('PostgresConnectionLost', message, { retryable: true });
  }
  return new BlockError(
    'PostgresCommitUnknown',
    `${what}: the connection was lost while the transaction committed: ${said}; whether it did is not known, so it is not tried again: look, or write so that a repetition does no harm (ON CONFLICT)`,
  );
}

/** The SQLSTATE of what Postgres said; null for what the network or the client said. */
function stateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('severity' in error)) return null;
  const code = codeOf(error);
  return /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
