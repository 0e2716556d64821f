import { DefaultLogger, type LogLevel, type RuntimeOptions } from '@temporalio/worker';
import { logLine } from '../ops/log-line';

const LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/**
 * The runtime's logs as `FLOW_CREDITS_LOG_LEVEL` and `FLOW_CREDITS_LOG_FORMAT` say: `text` for people, or `json`, a line
 * an entry, those of Temporal's core among them. Both go to standard error. `skipped` says which entries are none of ours.
 */
export function runtimeLogs(
  env: NodeJS.ProcessEnv,
  skipped: (message: string) => boolean = () => false,
): Pick<RuntimeOptions, 'logger' | 'telemetryOptions'> {
  const level = levelOf(env['FLOW_CREDITS_LOG_LEVEL']);
  if (!isJson(env['FLOW_CREDITS_LOG_FORMAT'])) {
    const text = new DefaultLogger(level);
    const logger = new DefaultLogger(level, (entry) => {
      if (!skipped(entry.message)) text.log(entry.level, entry.message, entry.meta);
    });
    return { logger };
  }
  return {
    logger: new DefaultLogger(level, (entry) => {
      if (!skipped(entry.message)) process.stderr.write(`${logLine(entry)}\n`);
    }),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  };
}

export function levelOf(text = 'INFO'): LogLevel {
  const level = LEVELS.find((known) => known === text.toUpperCase());
  if (level === undefined)
    throw new Error(`FLOW_CREDITS_LOG_LEVEL "${text}": must be one of ${LEVELS.join(', ')}`);
  return level;
}

function isJson(text = ''): boolean {
  if (text === '' || text === 'text') return false;
  if (text === 'json') return true;
  throw new Error(`FLOW_CREDITS_LOG_FORMAT "${text}": must be text or json`);
}
