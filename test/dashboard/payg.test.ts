import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { eventually } from '../support';
import { openStage, untilLive, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.gate.open();
});

afterEach(() => {
  expect(stage.complaints()).toEqual([]);
});

const paygSwitch = (page: Page) => page.getByRole('switch', { name: 'Pay-as-you-go' });
const waiting = (page: Page, count: number) =>
  page.getByRole('radio', { name: `Waiting ${count}`, exact: true });

interface Focused {
  readonly name: string | null;
  readonly role: string | null;
  /** Whether anybody sees that it has the focus. */
  readonly seen: boolean;
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: element.textContent,
    role: element.getAttribute('role'),
    seen: outlineStyle !== 'none' && outlineWidth !== '0px',
  };
})()`;

describe('pay-as-you-go on the page', () => {
  it('lets waiting runs go: run out, see them wait, turn it on with a cap, watch them go, all without a reload', async () => {
    const team = await stage.team('solo');
    const page = await stage.open('/', { role: 'billing-admin', team });
    await untilLive(page);
    await page.getByText('of 50 credits · 0%').waitFor();

    // The last credits, and then some: a run in flight completes.
    await (
      await stage.start(
        team,
        Array.from({ length: 49 }, (_, n) => `b${n}`),
      )
    ).result();
    await page.getByText('of 50 credits · 98%').waitFor();
    const last = await stage.start(team, ['x', 'y', 'z']);
    await last.result();
    await page.getByText('nothing until the reset').waitFor();
    await page.getByRole('img', { name: /Used, included: 50; Overdraft: 2/ }).waitFor();

    const runs = [];
    for (let run = 0; run < 3; run += 1) runs.push(await stage.start(team, ['a', 'b', 'c', 'd']));
    await waiting(page, 3).waitFor();
    await page.getByText('Everything is spent. Waiting runs go').waitFor();
    await page.getByText('3 runs wait, about 12 credits, $0.01.').waitFor();
    expect(await paygSwitch(page).isChecked()).toBe(false);

    await paygSwitch(page).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on pay-as-you-go' });
    await dialog.getByText('3 runs wait, about 12 credits, $0.01.').waitFor();
    await dialog.getByText('All of them go at once.').waitFor();
    const cap = dialog.getByRole('textbox', { name: 'Cap in dollars' });
    await cap.fill('0.005');
    await dialog.getByText('2 of them go at once').waitFor();
    await cap.fill('lots');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByText('An amount in dollars').waitFor();
    await eventually(() => page.evaluate<boolean>("document.activeElement.matches('[role=dialog] input')"));
    expect((await stage.reader.team(team))?.payg.enabled).toBe(false);
    await cap.fill('10');
    await dialog.getByText('All of them go at once.').waitFor();
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.waitFor({ state: 'detached' });

    expect(await paygSwitch(page).isChecked()).toBe(true);
    await waiting(page, 0).waitFor();
    await Promise.all(runs.map((run) => run.result()));
    await page.getByText('12 credits used beyond what the team has.').waitFor();
    await page.getByText('$0.01 this month of $10.00').waitFor();
    await page.getByText('At most $10.00 each month.').waitFor();
    // The chart's figures are there for who cannot point at a bar, too.
    const figures = page.getByText('Each day in figures');
    await figures.focus();
    await figures.press('Enter');
    const days = page.getByRole('table', { name: 'Credits used by day' });
    for (const name of ['Included', 'Pay-as-you-go', 'Overdraft'])
      await days.getByRole('columnheader', { name }).waitFor();
    await eventually(async () => {
      const rows = await days.getByRole('row').allTextContents();
      // On two days where midnight was meanwhile.
      return rows.length > 2 || rows.at(-1)?.endsWith('50' + '12' + '2' + '64') === true;
    });
    // Of another cap it is said what it means now that everything is used up.
    await page.getByRole('button', { name: 'Change cap' }).click();
    const change = page.getByRole('dialog', { name: 'Change the cap' });
    await change.getByText('Nothing is left: what new runs use is billed.').waitFor();
    await change.getByRole('textbox').fill('0.012');
    await change.getByText('This cap is reached already').waitFor();
    await change.getByRole('button', { name: 'Change cap' }).click();
    await page.getByText('The cap of pay-as-you-go is reached: new runs wait').waitFor();
    await page.getByText('nothing, and the cap is reached').waitFor();
    expect(await stage.reader.team(team)).toMatchObject({
      payg: { enabled: true, cap: 12_000n, charged: 12_000n },
    });
    const [set] = await stage.reader.audit(team, { limit: 1 });
    expect(set).toMatchObject({ actor: 'billing-admin@test', requestId: expect.stringMatching(/^page-/) });
    await page.context().close();
  });

  it('is turned off again, and says what is billed all the same', async () => {
    const team = await stage.emptyTeam('team');
    await stage.client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
    await (await stage.start(team, ['a', 'b'])).result();
    const page = await stage.open('/', { role: 'billing-admin', team }, { forcedColors: 'active' });
    await page.getByText('$0.00 this month, no cap').waitFor();
    // What is on and what is chosen is seen in the reader's own colours, too.
    const [on, thumb, chosen, other] = await page.evaluate<readonly string[]>(`
      ['[role=switch]', '[role=switch] > span', '[role=radio][data-checked]', '[role=radio][data-unchecked]']
        .map((each) => getComputedStyle(document.querySelector(each)).backgroundColor)`);
    expect(thumb).not.toBe(on);
    expect(chosen).not.toBe(other);
    await paygSwitch(page).click();
    const dialog = page.getByRole('dialog', { name: 'Turn off pay-as-you-go' });
    await dialog.getByText('was used this month and will be billed').waitFor();
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => !(await paygSwitch(page).isChecked()));
    expect((await stage.reader.team(team))?.payg.enabled).toBe(false);
    await page.context().close();
  });

  it('is not the viewer’s to turn: the switch says why, and the API agrees', async () => {
    const team = await stage.emptyTeam('solo');
    const page = await stage.open('/', { role: 'viewer', team });
    await untilLive(page);
    const control = paygSwitch(page);
    const reason = 'Only a billing admin of the team can turn this on or off.';
    await page.getByText(reason).waitFor();
    expect(await control.getAttribute('aria-disabled')).toBe('true');
    const described = await control.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described ?? ''}"]`).textContent()).toBe(reason);
    await control.click({ force: true });
    await control.press('Space');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await control.isChecked()).toBe(false);
    // Nothing else of those with more rights is there, either.
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    const refused = await stage.ask(
      `/v1/teams/${team}/pay-as-you-go`,
      { role: 'viewer', team },
      { method: 'PUT', body: { enabled: true, uncapped: true } },
    );
    expect(refused.statusCode).toBe(403);
    await page.context().close();
  });

  it('is greyed on Free, with the reason, for its billing admin too', async () => {
    const team = await stage.emptyTeam('free');
    const run = await stage.start(team, ['a']);
    expect(run.admission?.status).toBe('waiting');
    const page = await stage.open('/', { role: 'billing-admin', team });
    await page.getByText('The Free plan has no pay-as-you-go.').waitFor();
    await waiting(page, 1).waitFor();
    await page
      .getByText('Everything is spent. Waiting runs go, in their order, at the reset.', { exact: true })
      .waitFor();
    expect(await paygSwitch(page).getAttribute('aria-disabled')).toBe('true');
    await page.context().close();
  });

  it('can be turned on by keyboard alone, and the focus is seen and never lost', async () => {
    const team = await stage.emptyTeam('solo');
    const run = await stage.start(team, ['a']);
    const page = await stage.open('/', { role: 'billing-admin', team });
    await waiting(page, 1).waitFor();
    const focused = () => page.evaluate<Focused | null>(FOCUSED);
    let steps = 0;
    for (; steps < 30; steps += 1) {
      await page.keyboard.press('Tab');
      const at = await focused();
      expect({ steps, ...at }).toMatchObject({ seen: true });
      if (at?.role === 'switch') break;
    }
    expect(steps).toBeLessThan(30);

    await page.keyboard.press('Space');
    const dialog = page.getByRole('dialog', { name: 'Turn on pay-as-you-go' });
    await dialog.getByText('1 run waits, about 1 credit, $0.00.').waitFor();
    // Esc changes nothing, and gives the focus back.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => (await focused())?.role === 'switch');

    await page.keyboard.press('Space');
    await dialog.waitFor();
    const within = () => page.evaluate<boolean>("document.activeElement.closest('[role=dialog]') !== null");
    await eventually(within);
    for (let tab = 0; tab < 12; tab += 1) {
      expect(await within()).toBe(true);
      if ((await focused())?.role === 'radio') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowDown');
    expect(await dialog.getByRole('radio', { name: 'No cap' }).isChecked()).toBe(true);
    await dialog.getByText('It goes at once.').waitFor();
    for (let tab = 0; tab < 12; tab += 1) {
      await page.keyboard.press('Tab');
      if ((await focused())?.name === 'Turn on') break;
    }
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await run.result();
    await waiting(page, 0).waitFor();
    expect(await stage.reader.team(team)).toMatchObject({ payg: { enabled: true, cap: null } });
    await page.context().close();
  });

  it('says that it takes long, asks a service that answers but once, and does nothing twice', async () => {
    const team = await stage.emptyTeam('solo');
    const page = await stage.open('/', { role: 'billing-admin', team });
    await untilLive(page);
    const keys: (string | null)[] = [];
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/pay-as-you-go', async (route) => {
      keys.push(await route.request().headerValue('idempotency-key'));
      await answered;
      // What the API answers where no worker does; the command itself is done.
      await route.fetch();
      await route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 503, detail: 'no worker has answered for 20000 ms' }),
      });
    });
    await paygSwitch(page).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on pay-as-you-go' });
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByRole('status').filter({ hasText: 'No answer yet' }).waitFor();
    answer();
    await dialog.getByRole('alert').filter({ hasText: 'could not carry it out in time' }).waitFor();
    expect(keys).toHaveLength(1);
    await page.unroute('**/pay-as-you-go');
    const [again] = await Promise.all([
      page.waitForRequest((request) => request.method() === 'PUT'),
      dialog.getByRole('button', { name: 'Turn on' }).click(),
    ]);
    expect(await again.headerValue('idempotency-key')).toBe(keys[0]);
    await dialog.waitFor({ state: 'detached' });
    expect(await paygSwitch(page).isChecked()).toBe(true);
    await page.getByText('usage goes on as pay-as-you-go').waitFor();
    const audit = await stage.reader.audit(team, { limit: 10 });
    expect(audit.filter(({ setting }) => setting?.paygEnabled === true)).toHaveLength(1);
    stage.complaints();
    await page.context().close();
  });
});
