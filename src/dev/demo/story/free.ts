import { parseMillicredits } from '../../../contracts/millicredits';
import { DemoFailed, inCredits, type DemoFacts } from '../facts';
import { AUTOMATED, BY_HAND, costOf } from '../flows';
import { type DemoRun, type Scene, Stage, tell, total, until } from '../stage';
import { FREE } from '../teams';
import { count, credits, day } from '../text';

const CAP_USD = '5.00';
/** Every run in flight is stopped here while the act looks around. */
const GATE = '/steps/4';

export interface FreeAct {
  readonly stage: Stage;
  readonly facts: Omit<DemoFacts['free'], 'runs' | 'releasedByReset'>;
  /** Who waits when the act ends. */
  readonly waiting: readonly DemoRun[];
}

/** A Free team runs out: what is in flight completes, new runs wait, what needs no credits goes, PAYG is refused. */
export async function freeAct(scene: Scene): Promise<FreeAct> {
  const { narrator, checks, platform } = scene;
  const stage = new Stage(scene, FREE);
  narrator.act('1  A Free team runs out');
  const opened = await stage.open();
  await stage.watch();
  const included = opened.balances.included.available;
  narrator.say(
    `Team ${stage.name}, plan ${opened.plan}: ${credits(included)} until ${day(opened.period.end)}.`,
  );

  const { least } = costOf(scene.plays.eightRequests, AUTOMATED, scene.card);
  narrator.say(
    `A run of eight-requests costs ${inCredits(least)}. We start some, until the ledger says wait:`,
  );
  platform.api.holdBack(GATE);
  const { admitted: inFlight, waiting: first } = await stage.startUntilOneWaits(scene.plays.eightRequests);
  const second = await stage.start(scene.plays.eightRequests);
  narrator.detail(tell(second));
  await narrator.beat();

  await until('all admitted runs to be in flight', () => platform.api.heldBack() === inFlight.length);
  const views = await Promise.all(inFlight.map(({ workflowId }) => platform.client.run(workflowId)));
  const sofar = total(views.map(({ charged }) => parseMillicredits(charged)));
  checks.that(
    'every admitted run is running',
    views.every(({ status }) => status === 'running'),
    views.map(({ status }) => status).join(', '),
  );
  narrator.say(`${count(inFlight.length, 'run')} in flight, ${credits(sofar)} charged so far; two wait.`);

  const localRun = await localLogicGoes(stage);
  const paygRefusal = await paygIsRefused(stage);

  platform.api.letGo();
  await stage.completed(inFlight);
  const charges = await Promise.all(inFlight.map((run) => stage.factsOf(run)));
  const used = total(charges.map(({ charged }) => parseMillicredits(charged)));
  const overdraft = (await stage.overview()).overdraft;
  checks.equal(
    'what was in flight costs what was estimated',
    used,
    parseMillicredits(least) * BigInt(inFlight.length),
  );
  checks.equal('what went beyond the included credits is overdraft', overdraft, used - included);
  narrator.holds(
    `what was in flight completed: ${credits(used)} used, ${credits(overdraft)} more than there were (overdraft, not billed)`,
  );

  const third = await stage.start(scene.plays.eightRequests);
  narrator.detail(tell(third));
  const waiting = [first, second, third];
  const line = await stage.line();
  checks.sameOrder(
    'new runs wait in the order they came',
    line,
    waiting.map(({ workflowId }) => workflowId),
  );
  for (const [index, { workflowId, admission }] of waiting.entries()) {
    checks.that(
      `"${workflowId}" waits at place ${index + 1}`,
      admission.status === 'waiting' && admission.place === index + 1,
      JSON.stringify(admission),
    );
  }
  const after = await stage.overview();
  checks.equal('nothing is left to spend', after.spendable, 0n);
  narrator.holds(
    `${count(line.length, 'new run')} wait${line.length === 1 ? 's' : ''}, in order, until ${day(after.period.end)}`,
  );
  await narrator.beat();
  return { stage, waiting, facts: { inFlight: inFlight.length, localRun, paygRefusal, line } };
}

async function localLogicGoes(stage: Stage): Promise<DemoFacts['free']['localRun']> {
  const { narrator, checks, plays } = stage.scene;
  const run = await stage.start(plays.logic, BY_HAND);
  await stage.completed([run]);
  const facts = await stage.factsOf(run);
  checks.equal('a manual local run of logic is admitted', run.admission.status, 'admitted');
  checks.equal('a manual local run of logic costs nothing', facts.charged, '0');
  narrator.holds(
    `${run.workflowId} local-logic, started by hand, requires no credits: it went past the line and completed`,
  );
  return facts;
}

async function paygIsRefused(stage: Stage): Promise<DemoFacts['free']['paygRefusal']> {
  const { narrator, checks } = stage.scene;
  const answer = await stage.turnPaygOn(CAP_USD);
  if (answer.status !== 'refused')
    throw new DemoFailed(`pay-as-you-go was turned on for team "${stage.name}" on plan free`);
  const { payg } = await stage.overview();
  checks.equal('pay-as-you-go stays off', payg.enabled, false);
  narrator.holds(`turning pay-as-you-go on is refused: ${answer.message}`);
  await narrator.beat();
  return { reason: answer.reason, message: answer.message };
}
