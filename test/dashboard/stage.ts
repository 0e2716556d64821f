import { expect } from '@jest/globals';
import { type AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { Times } from '../../dashboard/src/format/times';
import { type Role } from '../../src/api';
import { servePage } from '../../src/api/page';
import { type FlowInput } from '../../src/contracts/flow';
import { toIso, type Instant } from '../../src/contracts/time';
import { watchTeams } from '../../src/ledger/read';
import { openApiDesk, type ApiDesk, type ApiDeskOptions } from '../api/desk';
import { atEnd } from '../support';
import { startChromium } from '../support/chromium';
import { callsInTurn } from '../workflows/desk';
import { builtPage } from './built';

export interface Reader {
  readonly role: Role;
  readonly team?: string;
}

export interface Stage extends ApiDesk {
  readonly browser: Browser;
  /** Where the page is served. */
  readonly address: string;
  /** The page as somebody opens it by their platform's link; `to` a view. */
  open(to: string, as: Reader, options?: BrowserContextOptions): Promise<Page>;
  /** What browsers said was wrong since the last time: errors, violations of the content security policy. */
  complaints(): readonly string[];
}

/** The API with the built page on a port, live updates and all, and a real browser in front of it. */
export async function openStage(options: Omit<ApiDeskOptions, 'api'> = {}): Promise<Stage> {
  const [folder, browser] = await Promise.all([builtPage(), startChromium()]);
  atEnd(() => browser.close());
  const desk = await openApiDesk({
    ...options,
    api: ({ databaseUrl }) => {
      const changes = watchTeams(databaseUrl);
      atEnd(() => changes.close());
      return { changes, plugins: [servePage(folder)], live: { everyMs: 20 } };
    },
  });
  await desk.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = desk.app.server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/`;
  const heard: string[] = [];
  return {
    ...desk,
    browser,
    address,
    complaints: () => heard.splice(0),
    open: async (to, as, contextOptions = {}) => {
      const context = await browser.newContext({
        locale: 'en-US',
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...contextOptions,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') heard.push(message.text());
      });
      page.on('pageerror', (error) => heard.push(error.message));
      const token = await desk.token(as);
      await page.goto(`${address}#token=${token}&to=${encodeURIComponent(to)}`);
      return page;
    },
  };
}

/** A period as the page names it to a reader of American English. */
export function spanText({ start, end }: { start: Instant; end: Instant }, timeZone = 'UTC'): string {
  return new Times(timeZone, 'en-US').span(toIso(start), toIso(end));
}

/** Waits until the page says that it hears of changes. */
export async function untilLive(page: Page): Promise<void> {
  await page.getByRole('banner').getByText('Live', { exact: true }).waitFor();
}

/** Nothing is wider than the window: nobody has to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate<readonly [number, number]>(
    '[document.documentElement.scrollWidth, innerWidth]',
  );
  expect({ at: page.url(), wide }).toEqual({ at: page.url(), wide: window });
}

/** Whoever scrolls to the end is at the end of what there is to see: what is only read out takes no room. */
export async function expectNoEmptyEnd(page: Page): Promise<void> {
  const hidden = await page.evaluate<readonly string[]>(`
    [...document.querySelectorAll('.hidden-but-read')]
      .filter(({ offsetHeight }) => offsetHeight > 1)
      .map(({ outerHTML }) => outerHTML)`);
  expect({ at: page.url(), hidden }).toEqual({ at: page.url(), hidden: [] });
}

/** What has the focus, as {@link Page.evaluate} gives it: in which named part of the page; null: nothing has. */
export async function focusedRegion(page: Page): Promise<string | null> {
  return page.evaluate<string | null>(`(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    const title = at.closest('section')?.querySelector('h2');
    return title ? title.textContent : at.tagName;
  })()`);
}

/** A flow that is under way for an hour before it requests so many things: it holds what it will use. */
export function holds(url: string, requests: number): FlowInput {
  const flow = callsInTurn(
    url,
    Array.from({ length: requests }, (_, n) => `b${n}`),
  );
  return {
    ...flow,
    blocks: [...flow.blocks, { id: 'hour', type: 'delay', config: { duration: 'PT1H' } }],
    connections: [
      { from: 'start', to: 'hour' },
      { from: 'hour', to: 'b0' },
      ...(flow.connections ?? []).filter(({ from }) => from !== 'start'),
    ],
  };
}
