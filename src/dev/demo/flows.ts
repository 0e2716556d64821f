import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Estimate } from '../../contracts/charge';
import { type RunContext } from '../../contracts/context';
import { type Flow } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { validateFlow } from '../../contracts/validate-flow';
import { estimate, type RateCard } from '../../pricing';
import { DemoFailed } from './facts';

/** A flow of `examples/` with an input: what a run is started with. */
export interface Play {
  readonly flow: Flow;
  readonly input: Json;
}

export interface Plays {
  /** Eight requests, one after the other: always costs the same. */
  readonly eightRequests: Play;
  /** Goes to review: the dearest way through the flow. */
  readonly largeOrder: Play;
  /** Accepted at once: the cheapest way. */
  readonly smallOrder: Play;
  /** A request, a condition, a connector. */
  readonly onboarding: Play;
  readonly hello: Play;
  /** Only logic: started by hand it runs locally and requires no credits. */
  readonly logic: Play;
  /** An AI agent with the tools of an MCP server; it is given {@link ORDERS}. */
  readonly agent: Play;
}

/** What the agent adds up: a hundred, so that it calls one tool a hundred times. */
export const ORDERS = Array.from({ length: 100 }, (_, index) => ({ price: 20 + index, delivery: 5 }));

/** Reads the example flows that the demo runs; `baseUrl` is the server they call. */
export function loadPlays(baseUrl: string): Plays {
  const folder = examplesFolder();
  const play = (file: string, input: Json): Play => ({ flow: readFlow(join(folder, file)), input });
  const order = (price: number): Json => ({
    baseUrl,
    order: { id: 'o1', items: [{ sku: 'lamp', quantity: 2, price }] },
  });
  return {
    eightRequests: play('eight-requests.json', { baseUrl }),
    largeOrder: play('order-check.json', order(300)),
    smallOrder: play('order-check.json', order(30)),
    onboarding: play('onboarding.json', { baseUrl, customer: '42' }),
    hello: play('hello.json', { name: 'Ada' }),
    logic: play('local-logic.json', { items: [{ price: 60, quantity: 2 }] }),
    agent: play('agent.json', { orders: ORDERS }),
  };
}

/** A platform's settings of `examples/` as JSON, each entry with what is different on this machine. */
function exampleSettings(file: string, here: Readonly<Record<string, string>>): string {
  const settings: unknown = JSON.parse(readFileSync(join(examplesFolder(), file), 'utf8'));
  if (typeof settings !== 'object' || settings === null) {
    throw new DemoFailed(`examples/${file} is no object`);
  }
  const entries = Object.entries(settings).map(([name, entry]: [string, object]) => [
    name,
    { ...entry, ...here },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The services that connectors call, at the demo's own server. */
export function exampleServices(baseUrl: string): string {
  return exampleSettings('connectors/services.json', { baseUrl });
}

/** The AI provider, at the demo's own server: nothing is asked of anybody else. */
export function exampleProviders(baseUrl: string): string {
  return exampleSettings('agents/providers.json', { baseUrl });
}

/** The MCP server as the example starts it, from wherever the demo was started. */
export function exampleMcpServers(): string {
  return exampleSettings('agents/mcp-servers.json', {
    command: process.execPath,
    cwd: dirname(examplesFolder()),
  });
}

export const AUTOMATED: RunContext = { trigger: 'api', location: 'cloud' };
export const BY_HAND: RunContext = { trigger: 'manual', location: 'local' };

export function costOf(play: Play, context: RunContext, card: RateCard): Estimate {
  return estimate(play.flow, context, card);
}

function readFlow(path: string): Flow {
  const checked = validateFlow(JSON.parse(readFileSync(path, 'utf8')));
  if (checked.ok) return checked.flow;
  throw new DemoFailed(`${path}: ${checked.faults.map(({ message }) => message).join('; ')}`);
}

/** The checkout's, whether this is the source or was compiled to `dist/`. */
function examplesFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const examples = join(folder, 'examples');
    if (existsSync(join(examples, 'eight-requests.json'))) return examples;
  }
  throw new DemoFailed(
    `no "examples" folder is above ${__dirname}: the demo runs in a checkout of the repository`,
  );
}
