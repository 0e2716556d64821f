import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { type MeteredRun } from '../../contracts/activities';

/** Says to an activity, a child or a continued execution which run it belongs to. */
export const HEADER = 'flow-credits';

/** Usage of an ordinary activity that could not be committed: the workflow commits it. */
export const UNCOMMITTED_SIGNAL = 'flowCredits.uncommitted';

/** `run` is null where the workflow is not metered: from before the plugin, of no team, or mode `off`. */
export interface ActivityHeader {
  readonly run: MeteredRun | null;
  /** The workflow is a child that spends on its parent's run, and may outlive it. */
  readonly child: boolean;
}

/** `from` is the execution that wrote it: a cron tick or a retry inherits the header and is a run of its own. */
export interface ContinuedHeader {
  readonly from: string;
  readonly runId: string;
  readonly run: MeteredRun | null;
  readonly child: boolean;
}

/** What a child is started with; its retries, and what it continues as, inherit it. */
export interface ChildHeader {
  readonly run: MeteredRun;
  /** It has the team from its parent and asks for itself: a schedule of its own outlives every run. */
  readonly alone: boolean;
}

type Headers = Record<string, Payload>;

export function withHeader(headers: Headers, value: object): Headers {
  return { ...headers, [HEADER]: defaultPayloadConverter.toPayload(value) };
}

export function forActivity(headers: Headers, { run, child }: ActivityHeader): Headers {
  return withHeader(headers, { run, ...(child ? { child } : {}) });
}

export function forContinued(headers: Headers, { child, ...continued }: ContinuedHeader): Headers {
  return withHeader(headers, { ...continued, ...(child ? { child } : {}) });
}

export function forChild(headers: Headers, { run, alone }: ChildHeader): Headers {
  return withHeader(headers, { run, child: true, ...(alone ? { alone } : {}) });
}

export function activityHeader(headers: Headers): ActivityHeader | null {
  const value = read(headers);
  if (!isRecord(value) || !('run' in value) || !isRun(value['run'])) return null;
  return { run: value['run'], child: value['child'] === true };
}

export function continuedHeader(headers: Headers): ContinuedHeader | null {
  const value = read(headers);
  if (!isRecord(value)) return null;
  const { from, runId, run, child } = value;
  if (typeof from !== 'string' || typeof runId !== 'string' || !isRun(run)) return null;
  return { from, runId, run, child: child === true };
}

export function childHeader(headers: Headers): ChildHeader | null {
  const value = read(headers);
  if (!isRecord(value) || value['child'] !== true) return null;
  const { run, alone } = value;
  return isRun(run) && run !== null ? { run, alone: alone === true } : null;
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
