import { credits } from '../../src/contracts/millicredits';
import { type Ledger } from '../../src/ledger';
import { type Operation } from '../../src/ledger/core/operations';

/** Under way at once while teams are made. */
const WAVE = 4_000;
/** A run in so many teams holds credits over the boundary. */
const HOLDING_EVERY = 20;
/** In one of so many of those, another run waits for what it holds. */
const WAITING_EVERY = 25;

/**
 * Makes so many teams of one anchor through the ledger itself, so that their books are what real ones are: all have
 * credits, one in twenty has a run that holds them all, one in five hundred a run that waits behind it.
 */
export async function makeTeams(ledger: Ledger, prefix: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += WAVE) {
    const wave = Array.from({ length: Math.min(WAVE, count - from) }, (_, index) => from + index);
    const operations = wave.flatMap((number) => operationsOf(`${prefix}-${number}`, number));
    await Promise.all(
      operations.map(async (operation) => {
        const { status } = await ledger.submit(operation);
        if (status === 'refused') throw new Error(`${operation.kind} of ${operation.team} was refused`);
      }),
    );
  }
}

function operationsOf(team: string, number: number): readonly Operation[] {
  const created: Operation = {
    kind: 'upsertTeam',
    team,
    plan: 'free',
    anchor: '2026-01-01T00:00:00',
    timeZone: 'UTC',
  };
  if (number % HOLDING_EVERY !== 0) return [created];
  const holds = admission(team, 'holds');
  return number % (HOLDING_EVERY * WAITING_EVERY) === 0
    ? [created, holds, admission(team, 'waits')]
    : [created, holds];
}

function admission(team: string, name: string): Operation {
  const least = credits(25);
  return {
    kind: 'admit',
    team,
    runId: `${team}.${name}:bench`,
    workflowId: `${team}.${name}`,
    executionId: 'bench',
    flow: 'bench',
    flowHash: 'bench',
    context: { trigger: 'api', location: 'cloud' },
    mode: 'enforce',
    quotes: [{ rateCard: 'postman-2026-03-01', inForceFrom: 0, requiresCredits: true, least, likely: least }],
    limit: null,
  };
}
