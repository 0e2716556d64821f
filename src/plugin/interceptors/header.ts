import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { type MeteredRun } from '../../contracts/activities';

/** Says to an activity which run it belongs to, and to a continued execution which run it goes on with. */
export const HEADER = 'flow-credits';

/** Usage of an ordinary activity that could not be committed: the workflow commits it. */
export const UNCOMMITTED_SIGNAL = 'flowCredits.uncommitted';

/** `run` is null where the workflow is not metered: from before the plugin, of no team, or mode `off`. */
export interface ActivityHeader {
  readonly run: MeteredRun | null;
}

/** `from` is the execution that wrote it: a cron tick or a retry inherits the header and is a run of its own. */
export interface ContinuedHeader {
  readonly from: string;
  readonly runId: string;
  readonly run: MeteredRun | null;
}

type Headers = Record<string, Payload>;

export function withHeader(headers: Headers, value: ActivityHeader | ContinuedHeader): Headers {
  return { ...headers, [HEADER]: defaultPayloadConverter.toPayload(value) };
}

export function activityHeader(headers: Headers): ActivityHeader | null {
  const value = read(headers);
  return isRecord(value) && 'run' in value && isRun(value['run']) ? { run: value['run'] } : null;
}

export function continuedHeader(headers: Headers): ContinuedHeader | null {
  const value = read(headers);
  if (!isRecord(value)) return null;
  const { from, runId, run } = value;
  if (typeof from !== 'string' || typeof runId !== 'string' || !isRun(run)) return null;
  return { from, runId, run };
}

function read(headers: Headers): unknown {
  const payload = headers[HEADER];
  return payload === undefined ? null : defaultPayloadConverter.fromPayload<unknown>(payload);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isRun(value: unknown): value is MeteredRun | null {
  if (value === null) return true;
  return isRecord(value) && ['team', 'runId', 'rateCard'].every((name) => typeof value[name] === 'string');
}

/** Headers as far as they are JSON: where a team may be named. */
export function plainHeaders(headers: Headers): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, payload]) => {
      try {
        return [[name, defaultPayloadConverter.fromPayload<unknown>(payload)] as const];
      } catch {
        return [];
      }
    }),
  );
}
