import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { workflowBundle } from '../support/bundle';

const ROOT = resolve(__dirname, '../..');
const LOG_LINES = 40;

/** A worker in a process of its own. */
export interface WorkerProcess {
  /** SIGKILL: it gets no chance to finish, report or close anything. */
  kill(): Promise<void>;
  /** What it complained of lately. */
  log(): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts a worker process; it polls when this resolves. */
export async function startWorkerProcess(env: Environment, taskQueue: string): Promise<WorkerProcess> {
  const { codePath } = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
  return startProcess('worker-process.ts', [taskQueue, codePath], env);
}

/** Starts a team's private runner; it polls when this resolves. */
export function startRunnerProcess(env: Environment, team: string): Promise<WorkerProcess> {
  return startProcess('runner-process.ts', [team], env);
}

async function startProcess(name: string, args: readonly string[], env: Environment): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, name), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => {
    log.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    log.splice(0, log.length - LOG_LINES);
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const isReady = await Promise.race([
    once(lines, 'line').then(([line]) => line === 'ready'),
    ended.then(() => false),
  ]);
  if (!isReady) throw new Error(`the worker process did not come up:\n${log.join('\n')}`);
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    log: () => log.join('\n'),
  };
}
