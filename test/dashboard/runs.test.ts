import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { runnerTaskQueue } from '../../src/contracts/names';
import { eventually } from '../support';
import { startRunner } from '../workflows/runner';
import { focusedRegion, holds, openStage, untilLive, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

afterEach(() => {
  expect(stage.complaints()).toEqual([]);
});

async function downloaded(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^[\w.-]+\.csv$/);
  return readFile(await download.path(), 'utf8');
}

describe('runs on the page', () => {
  it('explain each charge, and the lines add up to the total', async () => {
    stage.gate.open();
    const team = await stage.team('team');
    const run = await stage.start(
      team,
      Array.from({ length: 12 }, (_, n) => `b${String(n)}`),
    );
    await run.result();
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await page.getByRole('link', { name: 'calls in turn' }).click();
    await page.getByTestId('line-amount').first().waitFor();
    const amounts = await page.getByTestId('line-amount').allTextContents();
    const total = await page.getByTestId('total').textContent();
    const charges = await stage.reader.charges(team, run.runId);
    expect(amounts).toHaveLength(12);
    expect(amounts.reduce((sum, amount) => sum + BigInt(amount), 0n)).toBe(12n);
    expect(total).toBe('12 credits');
    expect((await stage.reader.run(team, run.runId))?.charged).toBe(12_000n);
    for (const { key } of charges) await page.getByText(key, { exact: true }).waitFor();
    // Each line says by which row, how that is known, and where it came from.
    expect(await page.getByText('blocks.http-request').count()).toBe(12);
    expect(await page.getByText('documented', { exact: true }).count()).toBe(12);
    expect(await page.getByText('Taken from included 1').count()).toBe(12);
    await page.context().close();
  });

  it('come page by page, by state and by flow, and as one CSV', async () => {
    stage.gate.open();
    const team = await stage.team('enterprise');
    const all = await Promise.all(Array.from({ length: 55 }, () => stage.start(team, ['a'])));
    await Promise.all(all.map((run) => run.result()));
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    const rows = page.getByRole('link', { name: 'calls in turn' });
    await eventually(async () => (await rows.count()) === 50);
    await page.getByRole('button', { name: 'Load more' }).click();
    await eventually(async () => (await rows.count()) === 55);
    expect(await page.getByRole('button', { name: 'Load more' }).count()).toBe(0);

    const csv = await downloaded(page, 'Download as CSV');
    const [head, ...lines] = csv.trimEnd().split('\n');
    expect(head).toMatch(/^runId,/);
    expect(new Set(lines.map((line) => line.split(',')[0]))).toEqual(new Set(all.map(({ runId }) => runId)));

    await page.getByRole('radio', { name: 'Waiting' }).click();
    await page.getByText('No such runs').waitFor();
    await page.getByRole('radio', { name: 'Ended' }).click();
    await eventually(async () => (await rows.count()) === 50);
    // Who opens one and comes back finds the list as they left it.
    await rows.first().click();
    await page.getByTestId('total').waitFor();
    await page.goBack();
    await eventually(async () => (await rows.count()) === 50);
    expect(await page.getByRole('radio', { name: 'Ended' }).isChecked()).toBe(true);
    const search = page.getByRole('searchbox', { name: 'Flow, by its exact name' });
    await search.fill('another');
    await search.press('Enter');
    await page.getByText('No such runs').waitFor();
    await page.context().close();
  });

  it('can be ended by developers: a waiting one is discarded, one under way is cancelled', async () => {
    stage.gate.open();
    const team = await stage.team('solo');
    const flow = holds(stage.gate.url, 50);
    const under = await stage.client.startRun({ team, flow, trigger: 'api', wait: 'admission' });
    const waits = await stage.start(team, ['a']);
    expect([under.admission?.status, waits.admission?.status]).toEqual(['admitted', 'waiting']);
    const page = await stage.open('/', { role: 'developer', team });
    await untilLive(page);
    await page.getByText('What is left is held by runs under way.').waitFor();
    await page.getByText('the rest is held by running runs').waitFor();
    await page.getByRole('button', { name: 'Discard calls in turn' }).click();
    const discard = page.getByRole('dialog', { name: 'Discard this waiting run?' });
    await discard.getByRole('textbox').fill('stale');
    await discard.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('radio', { name: 'Waiting 0' }).waitFor();
    // Its row is gone: what was done is told all the same, and the focus stays where it was.
    await page.getByText('Taken out of the line').waitFor();
    await eventually(async () => (await focusedRegion(page)) === 'Runs now');
    await expect(waits.result()).rejects.toThrow();
    expect((await stage.reader.run(team, waits.runId))?.status).toBe('left');
    await page.evaluate(`location.hash = '/teams/${team}/runs/${encodeURIComponent(waits.runId)}'`);
    await page.getByText('It left the line without running').waitFor();
    await page.goBack();

    await page.getByRole('radio', { name: 'Running 1' }).click();
    await page.getByRole('button', { name: 'Cancel calls in turn' }).click();
    const cancel = page.getByRole('dialog', { name: 'Cancel this run?' });
    await cancel.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('No run is under way').waitFor();
    await page.getByText('Told to end').waitFor();
    await eventually(async () => (await focusedRegion(page)) === 'Runs now');
    await expect(under.result()).rejects.toThrow();
    await page.context().close();
  });

  it('stay where they cannot be read again, are said to be old, and come anew when they can', async () => {
    stage.gate.open();
    const team = await stage.team('solo');
    await (await stage.start(team, ['a'])).result();
    const page = await stage.open(`/teams/${team}/runs`, { role: 'viewer', team });
    await untilLive(page);
    const rows = page.getByRole('link', { name: 'calls in turn' });
    await rows.waitFor();
    await page.getByText('Completed', { exact: true }).waitFor();
    await page.route(/\/runs(\?|$)/, (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 500, detail: 'the request was not answered' }),
      }),
    );
    await (await stage.start(team, ['a'])).result();
    const old = page.getByRole('alert').filter({ hasText: 'This may be old. The request was not answered.' });
    await old.waitFor();
    expect(await rows.count()).toBe(1);
    await page.unroute(/\/runs(\?|$)/);
    await old.getByRole('button', { name: 'Try again' }).click();
    await eventually(async () => (await rows.count()) === 2);
    await old.waitFor({ state: 'detached' });
    stage.complaints();
    await page.context().close();
  });

  it('say that a private one waits for a runner, and what to do; no more once it is there', async () => {
    stage.gate.open();
    const team = await stage.team('enterprise');
    const run = await stage.start(team, ['a'], { location: 'private-runner' });
    const to = `/teams/${team}/runs/${encodeURIComponent(run.runId)}`;
    const page = await stage.open(to, { role: 'viewer', team });
    const waits = page.getByRole('region', { name: 'Its blocks wait for your private runner' });
    await waits.waitFor();
    expect(await waits.textContent()).toContain(
      `Nobody polls the task queue ${runnerTaskQueue(team, stage.taskQueue)}. ` +
        `Start a runner with flow-credits runner --team ${team}: the run goes on by itself.`,
    );
    await startRunner(stage, team);
    await run.result();
    await waits.waitFor({ state: 'detached' });
    await page.context().close();
  });
});
