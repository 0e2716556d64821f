import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { metered, meterOf, type Attempt } from '../../activities';
import { admitFlow, type DoorDeps } from '../../activities/admission';
import { closeRun } from '../../activities/closing';
import { cardOf } from '../../activities/execute-block';
import { teamCommand } from '../../activities/team-commands';
import { type MeteredRun, type TeamCommandRequest } from '../../contracts/activities';
import { BLOCKS } from '../../contracts/blocks';
import { type Trigger } from '../../contracts/context';
import { ZERO } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type Usage } from '../../contracts/usage';
import { openPastLedger, type Ledger } from '../../ledger';
import { type LedgerReader } from '../../ledger/read';
import { type Pricing } from '../../pricing';
import { type Play } from './flows';

/** Nobody waits for these but whoever starts the stack. */
const TIMEOUT_MS = 10_000;
/** How long a run's blocks take, by the count of runs. */
const SECONDS = [4, 11, 7, 38, 5, 19];

export interface PastOptions {
  readonly databaseUrl: string;
  readonly pricing: Pricing;
  readonly reader: LedgerReader;
  readonly team: string;
  /** When its past begins. */
  readonly from: Instant;
  /** Somebody stops the stack: {@link PastTeam.goTo} throws. */
  readonly signal?: AbortSignal;
}

/**
 * A team in the past, through the ledger's own doors: its runs are validated, priced, admitted, charged and closed by the
 * code that does it for workflows, only that there is no workflow. Each run that it starts it closes, so that nobody
 * looks for one.
 */
export class PastTeam {
  private runs = 0;
  private commands = 0;
  /** How runs in the line go on. */
  private readonly line = new Map<string, () => Promise<void>>();

  private constructor(
    readonly team: string,
    private readonly deps: DoorDeps & { readonly ledger: Ledger },
    private readonly clock: { moment: Instant },
    private readonly signal: AbortSignal | undefined,
  ) {}

  static async open({ databaseUrl, pricing, reader, team, from, signal }: PastOptions): Promise<PastTeam> {
    const clock = { moment: from };
    // Its settings are used, no connection of it. A crash of Postgres may take samples with it: nobody waits for the disk.
    const pool = new Pool({ connectionString: databaseUrl, options: '-c synchronous_commit=off' });
    const ledger = await openPastLedger(
      { pool, rules: pricing, timeoutMs: TIMEOUT_MS, announceEveryMs: null },
      () => clock.moment,
    );
    const deadlines = {
      reserveMs: TIMEOUT_MS,
      commitMs: TIMEOUT_MS,
      localMs: TIMEOUT_MS,
      admitMs: TIMEOUT_MS,
    };
    const deps = { ledger, reader, pricing, deadlines, blocks: BLOCKS, searchAttributes: false };
    return new PastTeam(team, deps, clock, signal);
  }

  close(): Promise<void> {
    return this.deps.ledger.close();
  }

  /** Goes on to a moment; one that has passed changes nothing. */
  goTo(moment: Instant): void {
    this.signal?.throwIfAborted();
    this.clock.moment = Math.max(this.clock.moment, moment);
  }

  /** What an operator or an admin does. Throws what it is refused for. */
  async command(command: TeamCommandRequest['command'], actor: string, payload: object): Promise<void> {
    this.commands += 1;
    const asked = command === 'upsertTeam' ? {} : { requestId: `sample-${String(this.commands)}` };
    const answer = await teamCommand(this.deps, {
      team: this.team,
      command,
      payload: { ...payload, ...asked, actor },
    });
    if (answer.status === 'refused') throw new Error(`${command} of team "${this.team}": ${answer.message}`);
  }

  /**
   * One run to its end, or into the line; with `failsAt` it fails at that block. Gives the ledger's id of the run, and
   * whether it waits.
   */
  async run(
    play: Play,
    trigger: Trigger,
    failsAt?: string,
  ): Promise<{ readonly runId: string; readonly waits: boolean }> {
    const { flow } = play;
    this.runs += 1;
    const number = this.runs;
    const { answer, run } = await admitFlow(this.deps, {
      workflowId: `${this.team}-${flow.name.replaceAll(' ', '-')}-${String(number)}`,
      executionId: randomUUID(),
      input: { team: this.team, flow, trigger },
    });
    if (run === null || answer.status === 'rejected') {
      throw new Error(
        `team "${this.team}", flow "${flow.name}": ${answer.status === 'rejected' ? answer.message : 'not metered'}`,
      );
    }
    const finish = (): Promise<void> => this.finish(run, play, number, failsAt);
    const waits = answer.status === 'waiting';
    if (waits) this.line.set(run.runId, finish);
    else await finish();
    return { runId: run.runId, waits };
  }

  /** Those of the line that may go, to their ends. */
  async release(): Promise<void> {
    const { ledger } = this.deps;
    const { team } = this;
    if (this.line.size === 0) return;
    const answer = await ledger.submit({ kind: 'release', team, most: this.line.size });
    if (answer.status === 'refused') throw new Error(answer.message);
    const runIds = answer.runs.map(({ runId }) => runId);
    await ledger.submit({ kind: 'told', team, runIds });
    for (const runId of runIds) {
      await this.line.get(runId)?.();
      this.line.delete(runId);
    }
  }

  private async finish(
    run: MeteredRun,
    { flow: { blocks }, used }: Play,
    number: number,
    failsAt: string | undefined,
  ): Promise<void> {
    this.goTo(this.clock.moment + (SECONDS[number % SECONDS.length] ?? 1) * 1000);
    const usage = used(number);
    const end = failsAt === undefined ? blocks.length : blocks.findIndex(({ id }) => id === failsAt) + 1;
    await Promise.all(
      blocks
        .slice(0, end)
        .map(({ id, type }) => this.block(run, { key: id, type }, usage[id] ?? {}, id === failsAt)),
    );
    const { ledger, pricing } = this.deps;
    await closeRun(ledger, pricing, run, failsAt === undefined ? 'completed' : 'failed', TIMEOUT_MS);
  }

  private async block(
    run: MeteredRun,
    block: { readonly key: string; readonly type: string },
    usage: Usage,
    fails: boolean,
  ): Promise<void> {
    const card = cardOf(this.deps, run);
    const meter = meterOf(this.deps, card, (message) => {
      throw new Error(`block "${block.key}" of run "${run.runId}": ${message}`);
    });
    const attempt: Attempt<null> = {
      execute: () => (fails ? Promise.reject(new Error('it failed')) : Promise.resolve(null)),
      usage: () => usage,
      judge: () => 'final',
    };
    // All of it is over: nothing needs to be set aside beforehand.
    const item = { ...block, run, rows: 'blocks', likely: ZERO, pure: true } as const;
    const { status } = await metered(meter, item, attempt);
    if ((status === 'failed') !== fails) {
      throw new Error(`block "${block.key}" of run "${run.runId}" cannot be priced under card "${card.id}"`);
    }
  }
}
