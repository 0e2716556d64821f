import { beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDesk, type ApiDesk } from './desk';

let desk: ApiDesk;
beforeAll(async () => {
  desk = await openApiDesk();
  desk.gate.open();
});

describe('reads', () => {
  it('answer', async () => {
    const team = await desk.team('solo');
    const run = await desk.start(team, ['a', 'b']);
    await run.result();
    for (const path of [
      '',
      '/usage',
      '/usage?by=run',
      '/usage?by=flow',
      '/usage?by=type',
      '/runs',
      `/runs/${run.workflowId}`,
      '/line',
      '/statements',
      '/packs',
      '/adjustments',
      '/events',
      '/audit',
    ]) {
      const answer = await desk.ask(`/v1/teams/${team}${path}`, { role: 'billing-admin', team });
      expect({ path, status: answer.statusCode }).toEqual({ path, status: 200 });
    }
    for (const path of ['/v1/me', '/v1/plans', '/v1/rate-cards', '/v1/teams', '/openapi.json', '/docs']) {
      const answer = await desk.ask(path, { role: 'operator' });
      expect({ path, status: answer.statusCode }).toEqual({ path, status: 200 });
    }
  });
});
