import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { workflowBundle } from '../support/bundle';
import { THERE, workflowsOf } from './record-plugin';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const folder = join(__dirname, 'recorded');
const names = readdirSync(folder)
  .filter((name) => name.startsWith('plugin-'))
  .map((name) => name.replace(/\.json$/, ''));

/** What a platform may have set by the time a worker goes on with a workflow that began under something else. */
const SETTINGS: Record<string, FlowCreditsPluginOptions> = {
  metered: { team: 'args[0].team' },
  off: { team: 'args[0].team', mode: 'off' },
  'team elsewhere': { team: { memo: 'team' } },
  'team by code': { team: () => null },
  around: { team: 'args[0].team', around: { taskQueues: [THERE] } },
  'around another': { team: 'args[0].team', around: { activities: ['lookUp', 'attempt'] } },
};

async function replay(name: string, plugin: FlowCreditsPlugin | null): Promise<void> {
  const history = historyFromJSON(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as unknown);
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
  const bundle = await workflowBundle({
    workflowsPath: workflowsOf(name),
    plugins: plugin === null ? [] : [plugin],
  });
  await Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
}

describe('histories under the plugin', () => {
  it('are all there: turned on and off, from observe to enforce, families, local, around', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'plugin-around',
        'plugin-around-turned-on',
        'plugin-continued',
        'plugin-family-child',
        'plugin-family-parent',
        'plugin-local',
        'plugin-metered',
        'plugin-observed-then-enforced',
        'plugin-switched-on',
        'plugin-team-by-code',
        'plugin-team-elsewhere',
        'plugin-turned-off',
        'plugin-turned-on',
        'plugin-waited',
      ]),
    );
  });

  describe.each(Object.keys(SETTINGS))('replay where it is set to "%s":', (set) => {
    it.each(names)('%s', async (name) => {
      const options = SETTINGS[set];
      if (options === undefined) throw new Error(set);
      await replay(name, new FlowCreditsPlugin(options));
    });
  });

  it('do not replay where a metered workflow’s worker has lost it', async () => {
    await expect(replay('plugin-metered', null)).rejects.toThrow(/TMPRL1100|[Nn]ondetermin/);
    // One from before it does, and so does a child that spends on its parent's run.
    await replay('plugin-switched-on', null);
    await replay('plugin-family-child', null);
  });
});
