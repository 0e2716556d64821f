import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import fc from 'fast-check';
import { type ActivityReader, type Submitter } from '../../src/activities';
import { argumentPath, teamAt } from '../../src/contracts/team-source';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { anotherFollows, type AttemptFacts } from '../../src/plugin/interceptors/retries';
import { settingsIn, withSettings, type BundleSettings } from '../../src/plugin/interceptors/settings';
import { type WakeSource } from '../../src/plugin/wake-on-release';
import { loadPricing } from '../../src/pricing';

const nobody = (): Promise<never> => Promise.reject(new Error('nobody asks'));
const ledger: Submitter & WakeSource = { submit: nobody, onWake: () => () => undefined };
const reader: ActivityReader = {
  run: nobody,
  now: nobody,
  dueTeams: nobody,
  openRuns: nobody,
  untold: nobody,
  teamsToWake: nobody,
};
const pricing = loadPricing({ cardFiles: [join(__dirname, 'card.json')] });
const all = { team: 'args[0].team', ledger, reader, pricing } as const;
const worker = { taskQueue: 'orders' };

describe('FlowCreditsPlugin refuses, when it is made,', () => {
  it.each<[string, object, RegExp]>([
    ['no team', {}, /team: it is missing and must be a path.*args\[0\]\.teamId/],
    ['a path that is none', { team: 'teamId' }, /team: "teamId" must be a path/],
    ['two places', { team: { memo: 'team', header: 'x' } }, /team:/],
    ['an empty name', { team: { header: '' } }, /team\.header: must not be empty/],
    ['a mode nobody knows', { team: 'args[0]', mode: 'on' }, /mode:.*"enforce"/],
    ['a wait of no time', { team: 'args[0]', longestWaitSeconds: 0 }, /longestWaitSeconds:/],
    ['a misspelt setting of around', { team: 'args[0]', around: { queues: ['x'] } }, /around:.*queues/],
    ['a path with a gap', { team: 'args[0]', around: { usage: 'a..b' } }, /around\.usage: must be a path/],
    ['a context there is not', { team: 'args[0]', context: { trigger: 'x' } }, /context\.trigger:/],
  ])('%s', (_what, options, message) => {
    // What a JavaScript user may write.
    expect(() => new FlowCreditsPlugin(options as FlowCreditsPluginOptions)).toThrow(message);
  });
});

describe('FlowCreditsPlugin refuses, when a worker is created,', () => {
  const configure = (options: FlowCreditsPluginOptions, more: object = {}): unknown =>
    new FlowCreditsPlugin(options).configureWorker({ ...worker, ...more });
  const built = (options: FlowCreditsPluginOptions): string => {
    const [path] =
      new FlowCreditsPlugin(options).configureBundler({ workflowsPath: 'x' }).workflowInterceptorModules ??
      [];
    return `/* flow-credits-metered */ ${path ?? ''}`;
  };

  it('no ledger, and says what is missing', () => {
    expect(() => configure({ team: 'args[0]' })).toThrow(/needs ledger, reader, pricing: openLedger/);
    expect(() => configure({ team: all.team, ledger, pricing })).toThrow(/needs reader/);
    expect(() => configure({ team: 'args[0]', mode: 'off' })).not.toThrow();
  });

  it('rate cards that price no activity', () => {
    expect(() => configure({ ...all, pricing: loadPricing() })).toThrow(/no rate card prices an activity/);
    expect(() => configure({ ...all, pricing: loadPricing(), mode: 'off' })).not.toThrow();
  });

  it('the task queue of our own worker', () => {
    expect(() => configure(all, { taskQueue: 'flow-credits' })).toThrow(/give yours another name/);
  });

  it('activities under our names, and a second plugin', () => {
    const activities = { 'flowCredits.close': () => undefined };
    expect(() => configure(all, { activities })).toThrow(/"flowCredits.close".*belong to FlowCreditsPlugin/);
    const once = new FlowCreditsPlugin(all).configureWorker(worker);
    expect(() => new FlowCreditsPlugin(all).configureWorker(once)).toThrow(/is there another one/);
  });

  it('a bundle that was built without it, or with other settings', () => {
    const with_ = (code: string): object => ({ workflowBundle: { code } });
    expect(() => configure(all, with_('exports.order = 1'))).toThrow(/built without it.*bundleWorkflowCode/);
    expect(() => configure(all, with_(built({ team: { memo: 'team' } })))).toThrow(/other settings.*memo/);
    expect(() => configure(all, with_(built({ team: all.team })))).not.toThrow();
    const around = { taskQueues: ['gpu'] };
    expect(() => configure({ ...all, around }, with_(built({ team: all.team })))).toThrow(/"gpu"/);
    // Turned off without a new bundle, or with one from when it was off.
    expect(() => configure({ team: 'args[1]', mode: 'off' }, with_(built({ team: all.team })))).not.toThrow();
    expect(() => configure(all, with_(built({ team: all.team, mode: 'off' })))).not.toThrow();
  });
});

describe('the settings of a bundle', () => {
  it('come through a bundler’s request as they were, whatever they hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const settings: fc.Arbitrary<BundleSettings> = fc.record({
      on: fc.boolean(),
      team: fc.option(
        fc.oneof(
          text.map((memo) => ({ memo })),
          text.map((header) => ({ header })),
        ),
      ),
      around: fc.record({
        taskQueues: fc.array(text, { maxLength: 3 }),
        activities: fc.array(text, { maxLength: 3 }),
        usage: fc.array(text, { maxLength: 3 }),
      }),
    });
    fc.assert(
      fc.property(settings, (one) => {
        const request = withSettings('/a/b.js', one);
        expect(request).toMatch(/^\/a\/b\.js\?[^!#?\s"'\\]+$/);
        expect(settingsIn(`before "${request}" after`)).toEqual(one);
      }),
    );
  });
});

describe('where a team is named', () => {
  it.each([
    ['args[0].teamId', ['0', 'teamId']],
    ['0.team', ['0', 'team']],
    ['args[1]', ['1']],
    ['args[0].owners[2].team-id', ['0', 'owners', '2', 'team-id']],
    ['args.team', null],
    ['args[0', null],
    ['', null],
    ['args[0]..team', null],
  ])('"%s" is read as a path', (text, path) => {
    expect(argumentPath(text)).toEqual(path);
  });

  it('is looked up in own properties alone', () => {
    const start = { args: [{ team: 'acme' }], headers: {}, memo: {}, searchAttributes: {} };
    expect(teamAt({ argument: 'args[0].team' }, start)).toBe('acme');
    expect(teamAt({ argument: 'args[0].constructor' }, start)).toBeUndefined();
    expect(teamAt({ memo: 'toString' }, start)).toBeUndefined();
    expect(teamAt({ argument: 'args[3].team' }, start)).toBeUndefined();
  });
});

describe('whether Temporal tries again', () => {
  const facts = (info: object, why: object = {}): AttemptFacts =>
    ({
      info: { attempt: 1, scheduleToCloseTimeoutMs: 0, scheduledTimestampMs: 0, ...info },
      cancellationSignal: Object.keys(why).length > 0 ? AbortSignal.abort() : new AbortController().signal,
      cancellationDetails: why,
    }) as AttemptFacts;
  const limited = { retryPolicy: { maximumAttempts: 2 } };
  const cases: [string, boolean, Error, AttemptFacts][] = [
    ['no limit', true, new Error('x'), facts({})],
    ['attempts left', true, new Error('x'), facts(limited)],
    ['the last attempt', false, new Error('x'), facts({ ...limited, attempt: 2 })],
    [
      'the last attempt, ended by a timeout',
      false,
      new Error('x'),
      facts({ ...limited, attempt: 2 }, { timedOut: true }),
    ],
    ['ended by a timeout', true, new Error('x'), facts({}, { timedOut: true })],
    ['ended by a shutdown', true, new Error('x'), facts({}, { workerShutdown: true })],
    ['cancelled', false, new Error('x'), facts({}, { cancelRequested: true })],
    ['its workflow is gone', false, new Error('x'), facts({}, { notFound: true })],
    ['it says so itself', false, ApplicationFailure.nonRetryable('x'), facts({})],
    [
      'its type is not to be',
      false,
      new TypeError('x'),
      facts({ retryPolicy: { nonRetryableErrorTypes: ['TypeError'] } }),
    ],
    ['no time for the pause', false, new Error('x'), facts({ scheduleToCloseTimeoutMs: 10_500 })],
    ['time for the pause', true, new Error('x'), facts({ scheduleToCloseTimeoutMs: 11_500 })],
    [
      'a pause of its own',
      false,
      ApplicationFailure.create({ message: 'x', nextRetryDelay: '5s' }),
      facts({ scheduleToCloseTimeoutMs: 11_500 }),
    ],
    [
      'a pause that has grown',
      false,
      new Error('x'),
      facts({
        attempt: 4,
        scheduleToCloseTimeoutMs: 15_000,
        retryPolicy: { initialInterval: 1000, backoffCoefficient: 2 },
      }),
    ],
    [
      'a pause that may not grow',
      true,
      new Error('x'),
      facts({
        attempt: 4,
        scheduleToCloseTimeoutMs: 15_000,
        retryPolicy: { initialInterval: 1000, maximumInterval: 2000 },
      }),
    ],
  ];
  it.each(cases)('%s: %s', (_what, follows, error, attempt) => {
    expect(anotherFollows(error, attempt, 10_000)).toBe(follows);
  });
});
