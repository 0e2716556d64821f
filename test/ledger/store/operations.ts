import { credits } from '../../../src/contracts/millicredits';
import { type Admit, type Commit, type Operation, type Reserve } from '../../../src/ledger/core/operations';
import { detailOf } from '../core/arbitrary-operations';

export function newTeam(team: string, plan = 'solo'): Extract<Operation, { kind: 'upsertTeam' }> {
  return { kind: 'upsertTeam', team, plan, anchor: '2026-01-31T09:00:00', timeZone: 'America/New_York' };
}

export function admitting(team: string, runId: string, least = 1): Admit {
  return {
    kind: 'admit',
    team,
    runId,
    workflowId: `w-${runId}`,
    executionId: `e-${runId}`,
    flow: 'a flow',
    flowHash: 'hash',
    context: { trigger: 'api', location: 'cloud' },
    mode: 'enforce',
    quotes: [
      {
        rateCard: 'card',
        inForceFrom: 0,
        requiresCredits: true,
        least: credits(least),
        likely: credits(least),
      },
    ],
    limit: null,
  };
}

export function reserving(team: string, runId: string, key: string, amount = 1): Reserve {
  return { kind: 'reserve', team, runId, key, amount: credits(amount) };
}

export function committing(team: string, runId: string, key: string, amount = 1): Commit {
  return {
    kind: 'commit',
    team,
    runId,
    key,
    amount: credits(amount),
    detail: detailOf(credits(amount)),
  };
}
