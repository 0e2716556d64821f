import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../src/contracts/error-text';
import { type StartedOnce } from '../../../src/client';
import { type WORKFLOWS } from '../../../src/contracts/names';
import { startOwnPlatform, type OwnPlatform } from '../own-servers';
import { type WorkerProcess } from '../worker';
import { type Dice } from './dice';
import { FLOWS, type ChaosFlow } from './flows';

const ACTOR = 'chaos';

/** Plans, anchors and zones in which months end at odd times. */
const TEAMS = {
  ada: { plan: 'solo', anchor: '2026-01-31T09:00', timeZone: 'America/New_York' },
  bea: { plan: 'enterprise', anchor: '2026-01-15T00:00', timeZone: 'Europe/Berlin' },
  cid: { plan: 'free', anchor: '2026-02-28T00:00', timeZone: 'Asia/Kolkata' },
} as const;
const WORKERS = 2;
/** Whatever is taken away is back within seconds: what still fails then is a finding. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 500;
/** So that a loop of 24 goes on as new twice. */
const BLOCKS_PER_EXECUTION = 10;

export interface ChaosRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly team: string;
  readonly flow: ChaosFlow;
  /** As the HTTP gate knows it. */
  readonly name: string;
  /** Somebody cancelled or terminated it: it need not have completed. */
  disturbed: boolean;
}

/** A platform whose servers and workers may be ended at any time, and everything that was asked of it. */
export class World {
  readonly teams = Object.keys(TEAMS);
  readonly runs: ChaosRun[] = [];
  /** What failed for longer than anything was away. */
  readonly troubles: string[] = [];
  private readonly counts = new Map<string, number>();
  private workers: WorkerProcess[] = [];
  private numbers = 0;

  private constructor(
    readonly own: OwnPlatform,
    private readonly say: (line: string) => void,
  ) {}

  static async open(say: (line: string) => void): Promise<World> {
    const world = new World(await startOwnPlatform(), say);
    const { client, gate } = world.own.platform;
    gate.open();
    await world.startWorkers();
    for (const [team, settings] of Object.entries(TEAMS)) await client.upsertTeam(team, settings);
    return world;
  }

  async close(): Promise<void> {
    await this.own.stop();
  }

  /** A fresh name. */
  name(of: string): string {
    this.numbers += 1;
    return `${of}-${String(this.numbers)}`;
  }

  /** Who commands, under a fresh request id. */
  by(): { readonly requestId: string; readonly actor: string } {
    return { requestId: this.name('command'), actor: ACTOR };
  }

  /** How often each thing was done. */
  get done(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Does it again until it is done: every write is safe to repeat. What is refused is done, too. */
  async insist<T>(what: string, attempt: () => Promise<T>): Promise<T | null> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        const answer = await attempt();
        this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
        return answer;
      } catch (error) {
        if (Date.now() > deadline) {
          this.troubles.push(`${what} failed for ${String(PATIENCE_MS / 1000)} s: ${messageOf(error)}`);
          return null;
        }
        await delay(PAUSE_MS);
      }
    }
  }

  async startRun(dice: Dice): Promise<void> {
    const { client, gate } = this.own.platform;
    const [name, team, flow] = [this.name('run'), dice.one(this.teams), dice.one(FLOWS)];
    const input = {
      team,
      flow: flow.flow(`${gate.url}/${name}`),
      trigger: dice.one(['api', 'schedule', 'webhook'] as const),
      blocksPerExecution: BLOCKS_PER_EXECUTION,
    };
    const answer: StartedOnce | null = await this.insist('start', () =>
      client.startRunOnce(input, { requestId: name, actor: ACTOR }),
    );
    if (answer === null) return;
    if (answer.status !== 'answered' || answer.admission.status === 'rejected') {
      this.troubles.push(`${name} of team ${team} was refused: ${JSON.stringify(answer)}`);
      return;
    }
    const { workflowId, runId } = answer;
    this.runs.push({ workflowId, runId, team, flow, name, disturbed: false });
  }

  /** One worker is ended by SIGKILL, and another one started. */
  async replaceWorker(): Promise<void> {
    const first = this.workers.shift();
    await first?.kill();
    await this.startWorkers();
  }

  async killWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill()));
  }

  async startWorkers(): Promise<void> {
    while (this.workers.length < WORKERS) this.workers.push(await this.own.platform.startWorker());
  }

  /** What their schedules start. */
  async execute(workflow: (typeof WORKFLOWS)['monthlyReset' | 'reconcile']): Promise<void> {
    const { temporal, taskQueue } = this.own.platform;
    const workflowId = this.name(workflow);
    await temporal.workflow.start(workflow, { taskQueue, workflowId, args: [{}] });
  }

  tell(line: string): void {
    const { gate } = this.own.platform;
    this.say(`${line} (${String(this.runs.length)} runs started, ${String(gate.calls.length)} requests)`);
  }
}
