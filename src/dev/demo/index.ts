import { type Closing } from './closing';
import { Checks, DemoFailed, type DemoFacts } from './facts';
import { loadPlays } from './flows';
import { Narrator } from './narrator';
import { openPlatform, type Platform } from './platform';
import { screenFor } from './screen';
import { type Scene } from './stage';
import { agentAct } from './story/agent';
import { freeAct } from './story/free';
import { monthsEnd } from './story/months-end';
import { resetAct } from './story/reset';
import { soloAct } from './story/solo';
import { shown } from './text';
import { verdict } from './verdict';

export { Closing } from './closing';
export { DemoFailed, type DemoFacts } from './facts';
export { type Platform } from './platform';

export interface DemoOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Tells nothing; the facts are the result. */
  readonly silent?: boolean;
  /** Told when something takes its time before the story begins. */
  readonly onProgress: (line: string) => void;
  /** Holds what was opened. The caller closes it, whatever happened. */
  readonly closing: Closing;
}

/**
 * Brings everything up and tells the story: three teams run out of credits and go on, each in its own way, and a fourth
 * runs an agent. Throws `DemoFailed` where something that it tells did not happen. What it opened stays open until `closing` is closed.
 */
export async function runDemo(options: DemoOptions): Promise<{ facts: DemoFacts; platform: Platform }> {
  const { env = process.env, silent = false, onProgress, closing } = options;
  const narrator = new Narrator(screenFor(process.stdout, silent));
  const platform = await openPlatform({ env, onProgress, closing });
  closing.now(narrator, () => narrator.unwatch());
  const card = platform.pricing.cardAt(await platform.reader.now());
  if (card === null) throw new DemoFailed("no rate card is in force at the ledger's time");
  const scene: Scene = {
    platform,
    plays: loadPlays(platform.api.url),
    card,
    narrator,
    checks: new Checks(),
  };
  const facts = await Promise.race([story(scene), platform.broken]);
  await narrator.unwatch();
  return { facts, platform };
}

async function story(scene: Scene): Promise<DemoFacts> {
  const { narrator, platform, card, checks } = scene;
  const { uiUrl, temporalAddress, databaseUrl } = platform.stack;
  narrator.title('Three teams run out of credits, and a fourth runs an AI agent');
  narrator.say(uiUrl === null ? `Temporal     ${temporalAddress}` : `Temporal UI  ${uiUrl}`);
  narrator.say(`Ledger       ${shown(databaseUrl)}`);
  narrator.say(`Rate card    ${card.id}`);
  const free = await freeAct(scene);
  const solo = await soloAct(scene);
  const reset = await resetAct(scene);
  const agent = await agentAct(scene);
  const stages = [free.stage, solo.stage, reset.stage, ...(agent.stage === null ? [] : [agent.stage])];
  const { statements, releasedByReset } = await monthsEnd(scene, free, stages);
  const verify = await verdict(scene);
  return {
    temporalUi: uiUrl,
    rateCard: card.id,
    free: { ...free.facts, runs: await free.stage.facts(), releasedByReset },
    solo: { ...solo.facts, runs: await solo.stage.facts() },
    reset: { ...reset.facts, runs: await reset.stage.facts() },
    agent: agent.facts,
    statements,
    requestsServed: platform.api.served(),
    verify,
    checksHeld: checks.held,
  };
}
