import { parseMillicredits, type MillicreditsText } from '../../../contracts/millicredits';
import { DemoFailed, inCredits, type DemoFacts } from '../facts';
import { AUTOMATED, costOf } from '../flows';
import { type DemoRun, type Scene, Stage, tell, total } from '../stage';
import { SOLO } from '../teams';
import { count, credits, day, dollars, rateText } from '../text';

const CAP_USD = '5.00';

export interface SoloAct {
  readonly stage: Stage;
  readonly facts: Omit<DemoFacts['solo'], 'runs'>;
}

/** A Solo team runs out; its runs wait; pay-as-you-go lets them go, in order. */
export async function soloAct(scene: Scene): Promise<SoloAct> {
  const { narrator, checks, plays } = scene;
  const stage = new Stage(scene, SOLO);
  narrator.act('2  A Solo team runs out, and pays as it goes');
  const opened = await stage.open();
  await stage.watch();
  const included = opened.balances.included.available;
  narrator.say(
    `Team ${stage.name}, plan ${opened.plan}: ${credits(included)} until ${day(opened.period.end)}.`,
  );
  await spendAll(stage);

  narrator.say('New runs of several flows wait in line:');
  for (const play of [plays.largeOrder, plays.onboarding, plays.hello, plays.smallOrder]) {
    narrator.detail(tell(await stage.start(play)));
  }
  const waiting = stage.runs.filter(({ admission }) => admission.status === 'waiting');
  const wanted = waiting.map(({ workflowId }) => workflowId);
  const line = await stage.line();
  checks.sameOrder('runs wait in the order they came', line, wanted);
  await narrator.beat();

  const preview = previewOf(waiting, scene);
  const { payg } = opened;
  const most = preview.most === null ? null : parseMillicredits(preview.most);
  narrator.say(
    `What pay-as-you-go would cost for these ${line.length}, at ${rateText(payg.rate)}: ${inCredits(preview.least)} to ` +
      `${most === null ? 'any number of credits' : `${credits(most)}, ${dollars(most, payg.rate)}`}.`,
  );
  const answer = await stage.turnPaygOn(CAP_USD);
  if (answer.status === 'refused') throw new DemoFailed(`pay-as-you-go was refused: ${answer.message}`);
  narrator.say(`An operator turns it on, with a cap of $${CAP_USD}.`);
  await stage.completed(waiting);

  const released = await stage.admissionOrder(waiting);
  checks.sameOrder('pay-as-you-go released the line in its order', released, wanted);
  const facts = await Promise.all(waiting.map((run) => stage.factsOf(run)));
  for (const { workflowId, sources, charged } of facts) {
    checks.equal(`"${workflowId}" is paid as pay-as-you-go`, sources['payg'] ?? '0', charged);
  }
  const used = total(facts.map(({ charged }) => parseMillicredits(charged)));
  const after = await stage.overview();
  checks.equal('the ledger has it all as pay-as-you-go', after.payg.charged, used);
  checks.equal('nothing waits any more', after.waiting, 0);
  checks.that(
    'it cost what the preview said',
    used >= parseMillicredits(preview.least) && (most === null || used <= most),
    credits(used),
  );
  narrator.holds(
    `${count(released.length, 'run')} went, in order, and completed: ${credits(used)}, ${dollars(used, after.payg.rate)}`,
  );
  narrator.detail(released.join(', '));
  await narrator.beat();
  return { stage, facts: { line, preview, released } };
}

/** Orders first, at once; then runs of a fixed price until the ledger lets one wait. */
async function spendAll(stage: Stage): Promise<void> {
  const { narrator, checks, plays } = stage.scene;
  const orders = [
    ...Array.from({ length: 4 }, () => plays.largeOrder),
    ...Array.from({ length: 6 }, () => plays.smallOrder),
  ];
  const started = await Promise.all(orders.map((play) => stage.start(play)));
  await stage.completed(started);
  const facts = await Promise.all(started.map((run) => stage.factsOf(run)));
  const used = total(facts.map(({ charged }) => parseMillicredits(charged)));
  narrator.say(`${count(started.length, 'run')} of order-check at once used ${credits(used)}. Then:`);
  const { admitted } = await stage.startUntilOneWaits(plays.eightRequests);
  await stage.completed(admitted);
  const { charged, spendable } = await stage.overview();
  checks.equal('nothing is left to spend', spendable, 0n);
  narrator.say(`${credits(charged)} are charged; nothing is left.`);
}

/** The sum of the estimates: what the line costs if every run takes its cheapest, or its dearest way. */
function previewOf(
  runs: readonly DemoRun[],
  { card }: Scene,
): { readonly least: MillicreditsText; readonly most: MillicreditsText | null } {
  const costs = runs.map(({ play }) => costOf(play, AUTOMATED, card));
  const mosts = costs.flatMap(({ most }) => (most === null ? [] : [parseMillicredits(most)]));
  return {
    least: total(costs.map(({ least }) => parseMillicredits(least))).toString(),
    most: mosts.length < costs.length ? null : total(mosts).toString(),
  };
}
