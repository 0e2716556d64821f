import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/bundle';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const folder = join(__dirname, 'recorded');
const names = readdirSync(folder)
  // Those under the plugin are replayed under all its settings, by `replay-plugin.test.ts`.
  .filter((name) => name.endsWith('.json') && !name.startsWith('plugin-'))
  .map((name) => name.replace(/\.json$/, ''));

const interceptor = require.resolve('../../src/plugin/interceptors/workflow');

/** An ordinary workflow is replayed with the plugin's interceptor, whether it was there when it was recorded or not. */
function bundleFor(name: string): Promise<{ codePath: string }> {
  return name.startsWith('order-')
    ? workflowBundle({
        workflowsPath: require.resolve('../plugin/workflows'),
        workflowInterceptorModules: [interceptor],
      })
    : workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
}

async function replay(name: string, change: (json: string) => string = (json) => json): Promise<void> {
  const json = change(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const history = historyFromJSON(JSON.parse(json) as unknown);
  // A run knows its signals by its workflow id: it is replayed under the very one.
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
  expect(workflowId).not.toBe('');
  await Worker.runReplayHistory({ workflowBundle: await bundleFor(name) }, history, workflowId);
}

describe('recorded histories', () => {
  it('are all there', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'deliverEvents',
        'monthlyReset',
        'order-before-plugin',
        'order-with-plugin',
        'reconcile',
        'reconcile-with-events',
        'run-agent',
        'run-cancelled',
        'run-connector',
        'run-flow-tool',
        'run-loops-1',
        'run-loops-2',
        'run-many-blocks',
        'run-private',
        'run-private-agent',
        'run-released',
        'team-billing',
      ]),
    );
  });

  it.each(names)('%s replays', async (name) => {
    await replay(name);
  });

  it('that do not fit the code are found out', async () => {
    const other = (json: string): string => json.replaceAll('flowCredits.executeBlock', 'flowCredits.other');
    await expect(replay('run-many-blocks', other)).rejects.toThrow(/TMPRL1100|[Nn]ondetermin/);
  });
});
