import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type WorkerOptions } from '@temporalio/worker';
import { TASK_QUEUE } from '../contracts/names';
import { type CheckedOptions, type FlowCreditsPluginOptions } from './plugin-options';
import { settingsIn } from './interceptors/settings';

/** In every bundle that was built with the plugin: the name of its patch. */
const IN_BUNDLE = 'flow-credits-metered';

/** Refuses, before anything polls, a worker on which metering could not work. The message says the way out. */
export function checkWorker(
  options: WorkerOptions,
  plugin: FlowCreditsPluginOptions,
  checked: CheckedOptions,
): void {
  if (options.taskQueue === TASK_QUEUE) {
    throw new TypeError(
      `FlowCreditsPlugin: task queue "${TASK_QUEUE}" is that of our own worker; give yours another name`,
    );
  }
  checkLedger(plugin, checked);
  checkBundle(options, checked);
}

function checkLedger({ ledger, reader, pricing }: FlowCreditsPluginOptions, { mode }: CheckedOptions): void {
  const parts = { ledger, reader, pricing };
  const missing = Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [name] : []));
  if (mode === 'off' && missing.length === 3) return;
  if (missing.length > 0) {
    throw new TypeError(
      `FlowCreditsPlugin: a worker in mode "${mode}" needs ${missing.join(', ')}: openLedger, openReader and ` +
        `loadPricing make them. A client and a bundle need only "team", and mode "off" needs none of them`,
    );
  }
  if (mode !== 'off' && !pricing?.cards.some(({ activities }) => Object.keys(activities).length > 0)) {
    throw new TypeError(
      `FlowCreditsPlugin: no rate card prices an activity (${pricing?.cards.map(({ id }) => id).join(', ') ?? ''}), so nothing ` +
        'would be charged; give a card "activities" and load it by loadPricing({ cardFiles: [...] })',
    );
  }
}

function checkBundle({ workflowBundle }: WorkerOptions, { bundle, mode }: CheckedOptions): void {
  if (workflowBundle === undefined) return;
  const code = 'code' in workflowBundle ? workflowBundle.code : readFileSync(workflowBundle.codePath, 'utf8');
  if (!code.includes(IN_BUNDLE)) {
    throw new TypeError(
      'FlowCreditsPlugin: the workflow bundle was built without it, so its workflows would run unmetered; ' +
        'build it by bundleWorkflowCode({ ..., plugins: [plugin] })',
    );
  }
  const built = settingsIn(code);
  if (mode === 'off' || !built.on) return;
  const same = isDeepStrictEqual(built.team, bundle.team) && isDeepStrictEqual(built.around, bundle.around);
  if (same) return;
  const told = ({ team, around }: typeof built): string => JSON.stringify({ team: team ?? 'code', around });
  throw new TypeError(
    `FlowCreditsPlugin: the workflow bundle was built with other settings, ${told(built)}, than this worker has, ` +
      `${told(bundle)}; build it anew with the same`,
  );
}
