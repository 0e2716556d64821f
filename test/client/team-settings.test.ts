import { Client, Connection } from '@temporalio/client';
import { describe, expect, it } from '@jest/globals';
import { FlowCreditsClient } from '../../src/client';

describe('settings of a team', () => {
  it('that are wrong are refused by name before anything is sent', async () => {
    // Connects when it is first used: it is not.
    const credits = new FlowCreditsClient({ client: new Client({ connection: Connection.lazy() }) });
    await expect(credits.upsertTeam('acme', { plan: '', anchor: '2026-01-31' })).rejects.toThrow(
      'team "acme": plan must not be empty; it is ""; ' +
        'anchor must be a wall time such as "2026-01-31T00:00:00"; it is "2026-01-31"',
    );
  });
});
