import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/bundle';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const folder = join(__dirname, 'recorded');
const names = readdirSync(folder)
  // Those under the plugin are replayed under all its settings, by `replay-plugin.test.ts`.
  .filter((name) => /\.json(\.gz)?$/.test(name) && !name.startsWith('plugin-'))
  .map((name) => name.replace(/\.json(\.gz)?$/, ''));

function recorded(name: string): string {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString();
}

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
  const json = change(recorded(name));
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
        'run-large-1',
        'run-large-2',
        'run-large-before-1',
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
