import { WORKFLOWS } from '../../../contracts/names';
import { parseMillicredits } from '../../../contracts/millicredits';
import { toIso, type Instant } from '../../../contracts/time';
import { DemoFailed, type DemoFacts } from '../facts';
import { type Scene, Stage, tell, total, within } from '../stage';
import { RESET } from '../teams';
import { count, credits, day, moment } from '../text';

/** So far past a reset the clock is moved. */
const PAST_MS = 60_000;
/** Started all at once: more than the credits are enough for. */
const AT_ONCE = 15;

export interface ResetAct {
  readonly stage: Stage;
  readonly facts: Omit<DemoFacts['reset'], 'runs'>;
}

/** A team runs out; its clock moves past its reset; `monthlyReset` rolls it over; its runs go, in order. */
export async function resetAct(scene: Scene): Promise<ResetAct> {
  const { narrator, checks, plays } = scene;
  const stage = new Stage(scene, RESET);
  narrator.act('3  A team waits for its monthly reset');
  const opened = await stage.open();
  await stage.watch();
  const included = opened.balances.included.available;
  narrator.say(
    `Team ${stage.name}, plan ${opened.plan}: ${credits(included)} until ${day(opened.period.end)}.`,
  );
  await stage.completed(await Promise.all([stage.start(plays.onboarding), stage.start(plays.onboarding)]));
  const { charged } = await stage.overview();
  narrator.say(
    `Two runs of onboarding used ${credits(charged)}. Then ${AT_ONCE} of eight-requests, all at once:`,
  );

  const crowd = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.start(plays.eightRequests)));
  const admitted = crowd.filter(({ admission }) => admission.status === 'admitted');
  const waiting = crowd
    .flatMap((run) => (run.admission.status === 'waiting' ? [{ ...run, place: run.admission.place }] : []))
    .sort((a, b) => a.place - b.place);
  narrator.detail(
    `${count(admitted.length, 'run')} admitted; the ledger put the others in line as they reached it:`,
  );
  for (const run of waiting) narrator.detail(tell(run));
  await stage.completed(admitted);
  const spent = await stage.overview();
  checks.equal(
    'every admitted and waiting run is one of those started',
    admitted.length + waiting.length,
    AT_ONCE,
  );
  checks.equal('nothing is left to spend', spent.spendable, 0n);
  const line = await stage.line();
  const wanted = waiting.map(({ workflowId }) => workflowId);
  checks.sameOrder('the line is in the order of arrival', line, wanted);
  narrator.say(`${credits(spent.charged)} are charged; ${count(line.length, 'run')} wait.`);
  await narrator.beat();

  const clockMovedTo = toIso(spent.period.end + PAST_MS);
  narrator.say(
    `The ledger's clock is moved from ${moment(spent.at)} to ${moment(spent.period.end + PAST_MS)}.`,
  );
  const closed = await rollOver(scene, spent.period.end + PAST_MS);
  narrator.say(`monthlyReset closed ${count(closed, 'period')}.`);
  checks.equal('only the period of this team has ended', closed, 1);
  await stage.completed(waiting);

  const released = await stage.admissionOrder(waiting);
  checks.sameOrder('the reset released the line in its order', released, wanted);
  const facts = await Promise.all(waiting.map((run) => stage.factsOf(run)));
  const used = total(facts.map((fact) => parseMillicredits(fact.charged)));
  const now = await stage.overview();
  const { available } = now.balances.included;
  checks.equal('the new period has its own credits and no others', available + used, included);
  checks.equal('its runs are paid by them', now.charged, used);
  narrator.holds(
    `${count(released.length, 'run')} went, in order: ${credits(used)} of the new period's ${credits(included)}, ${credits(available)} left`,
  );
  narrator.detail(released.join(', '));
  await narrator.beat();
  return { stage, facts: { line, clockMovedTo, released, available: available.toString() } };
}

/** Moves the ledger's clock, and has `monthlyReset` do its work. Gives the number of periods it closed. */
export async function rollOver({ platform }: Scene, to: Instant): Promise<number> {
  await platform.moveClockTo(to);
  const result: unknown = await within(
    platform.temporal.workflow.execute(WORKFLOWS.monthlyReset, {
      workflowId: `demo-${WORKFLOWS.monthlyReset}-${toIso(to).slice(0, 10)}${platform.suffix}`,
      taskQueue: platform.taskQueue,
      args: [],
    }),
    'monthlyReset to complete',
  );
  if (typeof result === 'object' && result !== null && 'periodsClosed' in result) {
    return Number(result.periodsClosed);
  }
  throw new DemoFailed(`monthlyReset answered ${JSON.stringify(result)}`);
}
