import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { moveClock } from '../../src/ledger';
import { type TeamOverview } from '../../src/ledger/read';
import { callsInTurn } from '../workflows/desk';
import {
  expectNoEmptyEnd,
  expectNoSidewaysScroll,
  holds,
  openStage,
  spanText,
  untilLive,
  type Stage,
} from './stage';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

type Period = TeamOverview['period'];

const ZONE = 'Europe/Berlin';

let stage: Stage;
/** A team that has something on every view, also a month that is over. */
let team: string;
let run: string;
/** The month that is over. */
let closed: Period;

beforeAll(async () => {
  stage = await openStage();
  stage.gate.open();
  team = await stage.team('enterprise', { timeZone: ZONE });
  const actor = 'olga@test';
  await (await stage.start(team, ['a', 'b'])).result();
  await stage.client.addCredits(team, { actor, credits: '7', note: 'a pack with quite a long note to it' });
  await stage.client.adjustCredits(team, { actor, credits: '3', reason: 'goodwill' });
  const first = await stage.reader.team(team);
  if (first === null) throw new Error('the team is not there');
  closed = first.period;
  await moveClock(stage.pool, first.period.end - first.at);
  const spent = (await stage.reader.team(team))?.spendable ?? 0n;
  await stage.client.adjustCredits(team, {
    actor,
    credits: `-${String((spent - 11_000n) / 1000n)}`,
    reason: 'to eleven',
  });
  const charged = await stage.start(team, ['a', 'b', 'c']);
  run = charged.runId;
  await charged.result();
  await stage.client.reverseCharge(team, { actor, runId: run, key: 'b', reason: 'it was down' });
  await stage.client.setPayAsYouGo(team, { actor, enabled: true, capUsd: '0.004' });
  // One that is under way, and some that wait with a name that is hard to lay out.
  await stage.client.startRun({
    team,
    flow: holds(stage.gate.url, 30),
    trigger: 'api',
    wait: 'admission',
  });
  const flow = {
    ...callsInTurn(`${stage.gate.url}/long`, ['a']),
    name: 'a-flow-with-a-very-long-name-that-nobody-would-want-to-read-and-no-place-to-break',
  };
  for (let each = 0; each < 3; each += 1)
    await stage.client.startRun({ team, flow, trigger: 'schedule', wait: 'admission' });
});

afterEach(() => {
  expect(stage.complaints()).toEqual([]);
});

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds that is serious or worse, in words. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ readonly violations: readonly Finding[] }>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
    );
}

interface View {
  readonly name: string;
  readonly path: () => string;
  readonly role: 'billing-admin' | 'operator';
  /** What is there when all has come. */
  readonly ready: (page: Page) => Promise<void>;
}

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

const VIEWS: readonly View[] = [
  {
    name: 'usage',
    path: () => `/teams/${team}`,
    role: 'billing-admin',
    ready: async (page) => {
      await untilLive(page);
      await page.getByText('a pack with quite a long note to it').waitFor();
      await page.getByRole('radio', { name: 'Waiting 3' }).waitFor();
      // A day that is pointed at tells its figures.
      await page.getByTestId('day-bar').last().hover({ force: true });
      await page.getByTestId('day-tip').waitFor();
      await page.getByText('HTTP Request').waitFor();
      await page
        .getByText(/^(No forecast yet|Everything the team has is used up|Runs out on|Lasts until)/)
        .waitFor();
    },
  },
  {
    name: 'the dialog of pay-as-you-go',
    path: () => `/teams/${team}`,
    role: 'billing-admin',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Change cap' }).click();
      await page.getByRole('dialog').getByText('3 runs wait').waitFor();
    },
  },
  {
    name: 'runs',
    path: () => `/teams/${team}/runs`,
    role: 'billing-admin',
    ready: async (page) => {
      await heading(page, 'Runs');
      await page.getByRole('row').nth(4).waitFor();
    },
  },
  {
    name: 'a run',
    path: () => `/teams/${team}/runs/${encodeURIComponent(run)}`,
    role: 'billing-admin',
    ready: async (page) => {
      await page.getByText('1 credit given back').waitFor();
      await page.getByText(`times in ${ZONE}`).waitFor();
    },
  },
  {
    name: 'statements',
    path: () => `/teams/${team}/statements`,
    role: 'billing-admin',
    ready: (page) => page.getByRole('link', { name: spanText(closed, ZONE) }).waitFor(),
  },
  {
    name: 'a statement',
    path: () => `/teams/${team}/statements/${String(closed.index)}`,
    role: 'billing-admin',
    ready: (page) => heading(page, spanText(closed, ZONE)),
  },
  {
    name: 'prices',
    path: () => `/teams/${team}/prices`,
    role: 'billing-admin',
    ready: async (page) => {
      await page.getByRole('cell', { name: 'HTTP Request', exact: true }).waitFor();
      await page.getByText('Included credits', { exact: false }).first().waitFor();
    },
  },
  {
    name: 'the audit',
    path: () => `/teams/${team}/audit`,
    role: 'billing-admin',
    ready: (page) => page.getByText('it was down').waitFor(),
  },
  {
    name: 'teams',
    path: () => '/teams',
    role: 'operator',
    ready: (page) => page.getByRole('link', { name: team }).waitFor(),
  },
];

describe.each(VIEWS)('the view: $name', ({ path, role, ready }) => {
  const open = (options: Parameters<Stage['open']>[2]) =>
    stage.open(path(), role === 'operator' ? { role } : { role, team }, options);

  it.each(['light', 'dark'] as const)('has no serious accessibility finding, %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    await ready(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('has nothing to scroll sideways at 360 pixels, and no finding there', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    await ready(page);
    await expectNoSidewaysScroll(page);
    await expectNoEmptyEnd(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });
});

describe('the view: usage', () => {
  it('keeps very large amounts and long names within their cards at 360 pixels', async () => {
    const large = await stage.team('enterprise');
    await stage.client.addCredits(large, { actor: 'test', credits: '1000000000000', note: 'very many' });
    await stage.client.startRun({
      team: large,
      flow: {
        ...holds(stage.gate.url, 30),
        name: 'a flow whose name is so long that it takes several lines',
      },
      trigger: 'api',
      wait: 'admission',
    });
    const page = await stage.open(
      `/teams/${large}`,
      { role: 'viewer', team: large },
      { viewport: { width: 360, height: 740 } },
    );
    await page.getByText(/^1,000,000,000,000 of/).waitFor();
    await page.getByRole('link', { name: 'a flow whose name' }).waitFor();
    const out = await page.evaluate<
      readonly string[]
    >(`[...document.querySelectorAll('section:has(> header)')].flatMap((card) =>
      [...card.querySelectorAll('strong, span, a')]
        .filter((part) => part.getBoundingClientRect().right > card.getBoundingClientRect().right - 8)
        .map((part) => part.textContent || part.outerHTML))`);
    expect(out).toEqual([]);
    expect(await page.evaluate("getComputedStyle(document.querySelector('td a')).textAlign")).toBe('left');
    await page.context().close();
  });
});
