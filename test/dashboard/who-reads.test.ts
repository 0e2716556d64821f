import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { Times } from '../../dashboard/src/format/times';
import { toIso } from '../../src/contracts/time';
import { eventually } from '../support';
import { openStage, untilLive, type Stage } from './stage';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'";

/** What is loaded when it is first shown: the chart by day. */
const CHART = '**/assets/day-chart-*.js';
const BARS = '[data-testid=day-bar]';

let stage: Stage;
let team: string;
beforeAll(async () => {
  stage = await openStage();
  team = await stage.team('solo');
});

describe('who reads', () => {
  it('is known by the token of the address, which is gone from it at once and stays for the tab', async () => {
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    expect(page.url()).toBe(`${stage.address}#/teams/${team}/runs`);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.goBack().catch(() => null);
    expect(page.url()).not.toContain('token');
    await page.context().close();
  });

  it('is told what to do without a token, and with one that is over', async () => {
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await page.goto(stage.address);
    await page.getByText('You are not signed in').waitFor();
    const over = await stage.token({ role: 'viewer', team, expiresIn: -60 });
    await page.goto(`${stage.address}#token=${over}`);
    // Told, too, to who does not see that the page is another now.
    await page.getByRole('alert').filter({ hasText: 'Your session has expired' }).waitFor();
    // A fresh one, pasted over it.
    const fresh = await stage.token({ role: 'viewer', team });
    await page.goto(`${stage.address}#token=${fresh}`);
    await page.getByRole('heading', { level: 1, name: 'Resource usage' }).waitFor();
    await context.close();
  });

  it('sees no other team', async () => {
    const other = await stage.team('solo');
    const page = await stage.open(`/teams/${other}`, { role: 'billing-admin', team });
    await page.getByText('Not found', { exact: true }).waitFor();
    // Nothing is being connected.
    expect(await page.getByRole('banner').getByRole('status').count()).toBe(0);
    await page.context().close();
  });

  it('finds any team, as an operator', async () => {
    const page = await stage.open('/', { role: 'operator' });
    const search = page.getByRole('searchbox', { name: 'Find a team' });
    await search.fill(team);
    await search.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Resource usage' }).waitFor();
    expect(page.url()).toBe(`${stage.address}#/teams/${team}`);
    await page.getByRole('link', { name: 'All teams' }).click();
    await page.getByRole('link', { name: team }).waitFor();
    // By any part of its name, wherever in the list it stands; what no name can hold finds none.
    const settings = { plan: 'free', anchor: '2026-11-01T00:00:00', timeZone: 'UTC' };
    for (const name of ['Zenith', 'zebra']) await stage.client.upsertTeam(name, settings);
    await search.fill('ENIT');
    await page.getByRole('link', { name: team }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Zenith' }).waitFor();
    expect(await page.getByRole('link', { name: 'zebra' }).count()).toBe(0);
    await search.fill('no such');
    await page.getByText('No team has this in its name').waitFor();
    await search.fill('enith');
    await page.getByRole('link', { name: 'Zenith' }).waitFor();
    await search.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Resource usage' }).waitFor();
    expect(page.url()).toBe(`${stage.address}#/teams/Zenith`);
    await page.goBack();
    await page.getByRole('link', { name: 'Zenith' }).waitFor();
    expect(await search.inputValue()).toBe('enith');
    await page.context().close();
  });

  it('reads numbers and dates in their own language, times in the zone of the team', async () => {
    const tokyo = await stage.team('solo', { timeZone: 'Asia/Tokyo' });
    await stage.client.adjustCredits(tokyo, { actor: 'test', credits: '1234.5', reason: 'many' });
    const page = await stage.open('/', { role: 'billing-admin', team: tokyo }, { locale: 'de-DE' });
    await page
      .getByText('von 1.284,5', { exact: false })
      .or(page.getByText('1.284,5').first())
      .first()
      .waitFor();
    await page.getByText('times in Asia/Tokyo').waitFor();
    const end = (await stage.reader.team(tokyo))?.period.end ?? NaN;
    await page
      .getByText(new Times('Asia/Tokyo', 'de-DE').moment(toIso(end)))
      .first()
      .waitFor();
    // And types them so: a thousand dollars are a thousand.
    await page.getByRole('switch', { name: 'Pay-as-you-go' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on pay-as-you-go' });
    await dialog.getByRole('textbox').fill('1.000');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText(/^At most 1\.000,00.\$ each month\.$/).waitFor();
    expect((await stage.reader.team(tokyo))?.payg.cap).toBe(1_000_000_000n);
    await page.context().close();
  });

  it('chooses a theme, which stays', async () => {
    const page = await stage.open('/', { role: 'viewer', team }, { colorScheme: 'light' });
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    await page.getByRole('heading', { level: 1, name: 'Resource usage' }).waitFor();
    expect(await background()).toBe('rgb(246, 246, 244)');
    await page.getByRole('radio', { name: 'Dark' }).click();
    await eventually(async () => (await background()) === 'rgb(15, 17, 19)');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Resource usage' }).waitFor();
    expect(await background()).toBe('rgb(15, 17, 19)');
    await page.getByRole('radio', { name: 'As the system' }).click();
    await eventually(async () => (await background()) === 'rgb(246, 246, 244)');
    await page.context().close();
  });

  it('needs no inline script and no inline style sheet, where a policy forbids both', async () => {
    const page = await stage.open('/', { role: 'billing-admin', team });
    stage.complaints();
    stage.gate.open();
    await (await stage.start(team, ['a'])).result();
    await page.route(stage.address, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        headers: { ...response.headers(), 'content-security-policy': POLICY },
      });
    });
    const [answer] = await Promise.all([page.waitForResponse(stage.address), page.reload()]);
    expect(answer.headers()['content-security-policy']).toBe(POLICY);
    await untilLive(page);
    await page.locator(BARS).first().waitFor();
    await page.getByRole('switch', { name: 'Pay-as-you-go' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on pay-as-you-go' });
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('Pay-as-you-go is on').waitFor();
    for (const view of ['Runs', 'Prices', 'Audit']) {
      await page.getByRole('link', { name: view }).click();
      await page.getByRole('heading', { level: 1, name: view }).waitFor();
    }
    expect(stage.complaints()).toEqual([]);
    await page.context().close();
  });

  it('is told while nothing answers, and reads on by itself when it is back', async () => {
    stage.gate.open();
    await (await stage.start(team, ['b'])).result();
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await untilLive(page);
    const { server } = stage.app;
    const { port } = new URL(stage.address);
    await page.route(CHART, async (route) => {
      // The server goes away while a part of the page is on its way.
      if (server.listening) server.close();
      server.closeAllConnections();
      await route.continue();
    });
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByText('The connection is lost').waitFor();
    await stage.client.adjustCredits(team, { actor: 'test', credits: '4', reason: 'meanwhile' });
    await page.unroute(CHART);
    server.listen(Number(port), '127.0.0.1');
    await untilLive(page);
    await page.getByText('of 54 credits').waitFor();
    await page.locator(BARS).first().waitFor();
    await page.context().close();
  });

  it('is told where nothing answers from the start, and has everything as soon as it does', async () => {
    const page = await stage.open(`/teams/${team}/prices`, { role: 'billing-admin', team });
    await untilLive(page);
    await page.clock.install();
    await page.route('**/v1/**', (route) => route.abort());
    await page.reload();
    const away = page.getByRole('alert').filter({ hasText: 'The server does not answer' });
    // The page's own clock is turned on: it asks some times before it says so.
    await eventually(async () => {
      await page.clock.runFor(2_000);
      return away.isVisible();
    });
    await page.unroute('**/v1/**');
    const audit = page.getByRole('link', { name: 'Audit' });
    await eventually(async () => {
      await page.clock.runFor(2_000);
      return audit.isVisible();
    });
    await page.getByRole('heading', { level: 1, name: 'Prices' }).waitFor();
    await page.context().close();
  });

  it('is told of a part of the page that another version has replaced, and sees everything else', async () => {
    stage.gate.open();
    await (await stage.start(team, ['c'])).result();
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await untilLive(page);
    await page.route(CHART, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Usage' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'This part of the page is not there' });
    await notice.waitFor();
    await page.getByRole('heading', { name: 'Flows Credits' }).waitFor();
    await page.unroute(CHART);
    await notice.getByRole('button', { name: 'Load the page again' }).click();
    await page.locator(BARS).first().waitFor();
    await page.context().close();
  });

  it('has a part of the page that did not come once, where the server is there', async () => {
    stage.gate.open();
    await (await stage.start(team, ['d'])).result();
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await untilLive(page);
    await page.route(CHART, (route) => route.abort(), { times: 1 });
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.locator(BARS).first().waitFor();
    await page.context().close();
  });

  it('may have more tabs than a browser has connections: those that nobody sees hold none, and catch up', async () => {
    const many = await stage.team('solo');
    const first = await stage.open('/', { role: 'viewer', team: many });
    await untilLive(first);
    const token = await stage.token({ role: 'viewer', team: many });
    for (let tab = 2; tab <= 8; tab += 1) {
      const page = await first.context().newPage();
      await page.goto(`${stage.address}#token=${token}`);
      await untilLive(page);
      await show(page, false);
    }
    await show(first, false);
    await stage.client.adjustCredits(many, { actor: 'test', credits: '7', reason: 'unseen' });
    const last = await first.context().newPage();
    await last.goto(`${stage.address}#token=${token}`);
    await last.getByText('of 57 credits').waitFor();
    await untilLive(last);
    expect(await first.getByText('of 50 credits').isVisible()).toBe(true);
    await show(first, true);
    await first.getByText('of 57 credits').waitFor();
    await stage.client.adjustCredits(many, { actor: 'test', credits: '3', reason: 'seen' });
    await first.getByText('of 60 credits').waitFor();
    await first.context().close();
  });
});

/** As the browser tells a page whose tab somebody goes to or leaves: driven by a program, it takes all for seen. */
async function show(page: Page, shown: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${shown ? 'visible' : 'hidden'}' });
    document.dispatchEvent(new Event('visibilitychange'));`);
}
