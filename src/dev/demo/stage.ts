import { setTimeout as delay } from 'node:timers/promises';
import { type RunContext } from '../../contracts/context';
import { millicredits, type Millicredits } from '../../contracts/millicredits';
import { type AdmissionAnswer } from '../../contracts/run';
import { type TeamCommandAnswers } from '../../contracts/team';
import { type StartedRun } from '../../client';
import { type Part } from '../../ledger/core/types';
import { type TeamOverview } from '../../ledger/read';
import { type RateCard } from '../../pricing';
import { type Checks, DemoFailed, inCredits, type RunFacts } from './facts';
import { AUTOMATED, type Play, type Plays } from './flows';
import { type Narrator } from './narrator';
import { type Platform } from './platform';
import { anchorOf, type DemoTeam } from './teams';
import { teamView } from './team-view';
import { day } from './text';

/** What must happen within this time, or the demo has failed. A bound for what is broken, not a measure of speed. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 40;

/** What every act has at hand. */
export interface Scene {
  readonly platform: Platform;
  readonly plays: Plays;
  readonly card: RateCard;
  readonly narrator: Narrator;
  readonly checks: Checks;
}

export interface DemoRun {
  readonly play: Play;
  readonly workflowId: string;
  readonly runId: string;
  readonly admission: AdmissionAnswer;
  readonly started: StartedRun;
}

/** One team and its runs. Whatever it tells was asked of Temporal or of the ledger. */
export class Stage {
  readonly runs: DemoRun[] = [];
  readonly name: string;
  private started = 0;

  constructor(
    readonly scene: Scene,
    readonly team: DemoTeam,
  ) {
    this.name = `${team.name}${scene.platform.suffix}`;
  }

  /** Creates the team, in a period that began some weeks ago. */
  async open(): Promise<TeamOverview> {
    const { client, reader } = this.scene.platform;
    const anchor = anchorOf(this.team, await reader.now());
    const answer = await within(
      client.upsertTeam(this.name, { plan: this.team.plan, anchor, timeZone: 'UTC' }),
      `team "${this.name}" to be created`,
    );
    this.scene.checks.equal(`team "${this.name}" is created`, answer.status, 'created');
    return this.overview();
  }

  /** On a terminal: the team's state, redrawn until the next act. */
  watch(): Promise<void> {
    const { platform, narrator } = this.scene;
    return narrator.watch(() => teamView(platform.reader, this.name, narrator.colours));
  }

  /** Starts a run; the ledger's answer comes with it. */
  async start(play: Play, context: RunContext = AUTOMATED): Promise<DemoRun> {
    this.started += 1;
    const workflowId = `${this.name}-${this.started}`;
    const started = await within(
      this.scene.platform.client.startRun({
        workflowId,
        team: this.name,
        flow: play.flow,
        input: play.input,
        trigger: context.trigger,
        wait: 'admission',
      }),
      `the ledger's answer to run "${workflowId}"`,
    );
    const { admission, runId } = started;
    if (admission === null) throw new DemoFailed(`run "${workflowId}" got no answer from the ledger`);
    const run = { play, workflowId, runId, admission, started };
    this.runs.push(run);
    return run;
  }

  /** Starts run after run until the ledger lets one wait. Gives those it admitted, and the one that waits. */
  async startUntilOneWaits(play: Play): Promise<{ admitted: DemoRun[]; waiting: DemoRun }> {
    const admitted: DemoRun[] = [];
    for (let tries = 0; tries < 100; tries += 1) {
      const run = await this.start(play);
      this.scene.narrator.detail(tell(run));
      if (run.admission.status === 'waiting') return { admitted, waiting: run };
      admitted.push(run);
    }
    throw new DemoFailed(`team "${this.name}" started 100 runs and never ran out of credits`);
  }

  /** Turns pay-as-you-go on, with a cap. A refusal is an answer. */
  turnPaygOn(capUsd: string): Promise<TeamCommandAnswers['setPayAsYouGo']> {
    return within(
      this.scene.platform.client.setPayAsYouGo(this.name, { actor: 'demo', enabled: true, capUsd }),
      `an answer on pay-as-you-go of team "${this.name}"`,
    );
  }

  async overview(): Promise<TeamOverview> {
    const overview = await this.scene.platform.client.team(this.name);
    if (overview === null) throw new DemoFailed(`the ledger does not know team "${this.name}"`);
    return overview;
  }

  /** Waits until these runs have completed, for Temporal and for the ledger. */
  async completed(runs: readonly DemoRun[]): Promise<void> {
    await Promise.all(
      runs.map(({ workflowId, started }) => within(started.result(), `run "${workflowId}" to complete`)),
    );
  }

  /** Who waits, in the line's order: workflow ids. */
  async line(): Promise<readonly string[]> {
    const line = await this.scene.platform.client.line(this.name);
    return line.map(({ workflowId }) => workflowId);
  }

  /** In which order the ledger admitted these runs: that of the entries which set their first credits aside. */
  async admissionOrder(runs: readonly DemoRun[]): Promise<readonly string[]> {
    const order = await this.scene.platform.reader.admissionOrder(
      this.name,
      runs.map(({ runId }) => runId),
    );
    return order.flatMap((id) =>
      runs.filter(({ runId }) => runId === id).map(({ workflowId }) => workflowId),
    );
  }

  /** Each run with what it was charged and where that came from, by the ledger's entries. */
  async facts(): Promise<readonly RunFacts[]> {
    return Promise.all(this.runs.map((run) => this.factsOf(run)));
  }

  async factsOf({ runId, workflowId, play, admission }: DemoRun): Promise<RunFacts> {
    const { reader } = this.scene.platform;
    const [run, charges] = await Promise.all([
      reader.run(this.name, runId),
      reader.charges(this.name, runId),
    ]);
    if (run === null) throw new DemoFailed(`the ledger does not know run "${workflowId}"`);
    const sources = sourcesOf(charges.flatMap(({ parts }) => parts));
    const charged = total(charges.map(({ amount }) => amount));
    this.scene.checks.equal(
      `run "${workflowId}" is charged what its charges add up to`,
      run.charged,
      charged,
    );
    return {
      workflowId,
      flow: play.flow.name,
      admission,
      charged: charged.toString(),
      sources,
      status: run.status,
    };
  }
}

/** One line on a run: what the ledger answered when it asked. */
export function tell({ workflowId, play, admission }: DemoRun): string {
  const who = `${workflowId} ${play.flow.name}`;
  switch (admission.status) {
    case 'admitted':
      return `${who}: admitted, ${inCredits(admission.held)} held`;
    case 'waiting':
      return `${who}: waits, place ${admission.place}, ${reasonText(admission.reason)}, next reset ${day(Date.parse(admission.nextReset))}`;
    case 'rejected':
      return `${who}: rejected, ${admission.message}`;
  }
}

function reasonText(reason: 'spent' | 'held'): string {
  return reason === 'spent' ? 'all credits are spent' : 'what is left is held by runs';
}

/** Looks again until `probe` says yes. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new DemoFailed(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await delay(LOOK_MS);
  }
}

export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const ended = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: ended.signal, ref: false }).then(() => {
    throw new DemoFailed(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
  });
  // Aborted when the promise was first.
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    ended.abort();
  }
}

export function total(amounts: readonly bigint[]): Millicredits {
  return millicredits(amounts.reduce((sum, amount) => sum + amount, 0n));
}

function sourcesOf(parts: readonly Part[]): Record<string, string> {
  const sums: Record<string, bigint> = {};
  for (const { source, amount } of parts) sums[source] = (sums[source] ?? 0n) + amount;
  return Object.fromEntries(Object.entries(sums).map(([source, sum]) => [source, sum.toString()]));
}
