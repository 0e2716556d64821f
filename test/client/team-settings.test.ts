import { Client, Connection } from '@temporalio/client';
import { describe, expect, it } from '@jest/globals';
import { FlowCreditsClient } from '../../src/client';

describe('settings of a team', () => {
  it('that are wrong are refused by name before anything is sent', async () => {
    // Connects when it is first used: it is not.
    const credits = new FlowCreditsClient({ client: new Client({ connection: Connection.lazy() }) });
    await expect(credits.upsertTeam('acme', { plan: '', anchor: '2026-01-31' })).rejects.toThrow(
      'team "acme": plan is ""; it must not be empty; ' +
        'anchor is "2026-01-31"; it must be a wall time such as "2026-01-31T00:00:00"',
    );
    // In milliseconds it would be no whole number that a team's row can be read back with.
    const backlog = { any: { longestWaitSeconds: Number.MAX_SAFE_INTEGER } };
    await expect(
      credits.upsertTeam('acme', { plan: 'solo', anchor: '2026-01-31T00:00:00', backlog }),
    ).rejects.toThrow('backlog.any.longestWaitSeconds is 9007199254740991; it must be at most 315360000');
  });
});
