import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { createApi, type Role } from '../src/api';
import { bearerJwt } from '../src/api/jwt';
import { servePage } from '../src/api/page';
import { Closing } from '../src/dev/demo/closing';
import { openPlatform, type Platform } from '../src/dev/demo/platform';
import { SAMPLE, samplePast, sampleToday } from '../src/dev/sample';
import { watchTeams } from '../src/ledger/read';
import { AUDIENCE, ISSUER, issuer } from '../test/api/tokens';
import { buildInto } from '../test/dashboard/build-into';
import { startChromium } from '../test/support/chromium';

/** Takes pictures of each view in both themes into docs/screenshots: `npm run dashboard:screenshots`. */
interface Shot {
  readonly name: string;
  readonly team?: string;
  readonly role?: Role;
  readonly to: string;
  readonly width?: number;
  readonly height?: number;
  /** What is done before the picture. */
  readonly before?: (page: Page) => Promise<void>;
  /** What is there when all has come. */
  readonly ready: string | RegExp;
}

const { enterprise: busy, runOut: waiting, free } = SAMPLE;
/** One that has used nothing, and some for the operator's list. */
const fresh = 'maple';
const OTHERS = ['initech', 'globex', 'umbrella'].flatMap((name) =>
  ['solo', 'team', 'enterprise'].map((plan) => ({ team: `${name}-${plan}`, plan })),
);

const SHOTS: readonly Shot[] = [
  { name: 'usage', team: busy, to: `/teams/${busy}`, height: 1170, ready: 'AI Agent' },
  { name: 'waiting', team: waiting, to: `/teams/${waiting}`, height: 1080, ready: 'HTTP Request' },
  {
    name: 'pay-as-you-go',
    team: waiting,
    to: `/teams/${waiting}`,
    ready: /All of them go at once/,
    before: (page) => page.getByRole('switch', { name: 'Pay-as-you-go' }).click(),
  },
  {
    name: 'viewer',
    team: waiting,
    role: 'viewer',
    to: `/teams/${waiting}`,
    height: 560,
    ready: 'Only a billing admin',
  },
  { name: 'free', team: free, to: `/teams/${free}`, height: 560, ready: 'has no pay-as-you-go' },
  { name: 'fresh', team: fresh, to: `/teams/${fresh}`, height: 1000, ready: 'No run is under way' },
  { name: 'runs', team: busy, to: `/teams/${busy}/runs`, ready: 'Ended' },
  {
    name: 'run',
    team: busy,
    to: `/teams/${busy}/runs`,
    ready: 'What it was charged for',
    before: async (page) => {
      const search = page.getByRole('searchbox', { name: 'Flow, by its exact name' });
      await search.fill('support answers');
      await search.press('Enter');
      await page.getByRole('link', { name: 'support answers' }).nth(20).click();
      await page.getByTestId('line-amount').first().waitFor();
    },
  },
  { name: 'statements', team: busy, to: `/teams/${busy}/statements`, height: 480, ready: 'Enterprise' },
  {
    name: 'statement',
    team: busy,
    to: `/teams/${busy}/statements`,
    ready: 'Accounted for',
    before: (page) => page.getByRole('table').getByRole('link').first().click(),
  },
  { name: 'prices', team: busy, to: `/teams/${busy}/prices`, ready: 'Included credits' },
  { name: 'audit', team: busy, to: `/teams/${busy}/audit`, height: 560, ready: 'goodwill: an outage' },
  { name: 'teams', role: 'operator', to: '/teams', ready: busy },
  { name: 'narrow', team: busy, to: `/teams/${busy}`, width: 360, height: 2230, ready: 'AI Agent' },
];

async function main(): Promise<void> {
  const closing = new Closing();
  const folder = await mkdtemp(join(tmpdir(), 'flow-credits-page-'));
  closing.now(folder, (path) => rm(path, { recursive: true, force: true }));
  try {
    const [browser, platform, signer] = await Promise.all([
      closing.keep(startChromium(), (opened) => opened.close()),
      openPlatform({ env: process.env, onProgress: say, closing }),
      issuer(),
      buildInto(folder),
    ]);
    await makeTeams(platform);
    const changes = closing.now(watchTeams(platform.stack.databaseUrl), (opened) => opened.close());
    const app = await createApi({
      client: platform.client,
      reader: platform.reader,
      pricing: platform.pricing,
      authenticate: await bearerJwt({ keys: signer.keys, issuer: ISSUER, audience: AUDIENCE }),
      changes,
      plugins: [servePage(folder)],
    });
    closing.now(app, (opened) => opened.close());
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const target = join(__dirname, '../docs/screenshots');
    await mkdir(target, { recursive: true });
    for (const shot of SHOTS) {
      const role = shot.role ?? 'billing-admin';
      const token = await signer.sign({
        sub: `olga@${busy}.example`,
        role,
        ...(shot.team === undefined ? {} : { team: shot.team }),
      });
      const address = `http://127.0.0.1:${port}/#token=${token}&to=${encodeURIComponent(shot.to)}`;
      for (const theme of ['light', 'dark'] as const)
        await take(browser, address, shot, theme, join(target, `${shot.name}-${theme}.png`));
    }
  } finally {
    await closing.close();
  }
}

/** The sample teams of `npm run dev`. The platform has no schedule, so its worker leaves the past alone. */
async function makeTeams({ stack, api, taskQueue, client, reader }: Platform): Promise<void> {
  const options = { apiUrl: api.url, onProgress: say, taskQueue };
  await samplePast(stack, options);
  await sampleToday(stack, options);
  const today = new Date(await reader.now()).toISOString().slice(0, 10);
  for (const { team, plan } of [{ team: fresh, plan: 'solo' }, ...OTHERS]) {
    const answer = await client.upsertTeam(team, { plan, anchor: `${today}T00:00:00`, timeZone: 'UTC' });
    if (answer.status === 'refused') throw new Error(answer.message);
  }
}

async function take(
  browser: Browser,
  address: string,
  { width = 1240, height = 860, before, ready }: Shot,
  colorScheme: 'light' | 'dark',
  path: string,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  await before?.(page);
  await page.getByText(ready).first().waitFor();
  await page.locator('[role=status]', { hasText: 'Loading' }).first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.screenshot({ path, animations: 'disabled' });
  say(path);
  await context.close();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
